"""Write the columns of ``feed_v1`` as Markdown, from the comments in a migrated database.

    python -m schemas.manual postgresql://…

puts it between the two marks in schemas/README.md. A test holds the page to it.
"""

import sys
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

README = Path(__file__).with_name("README.md")
BEGIN = "<!-- columns: python -m schemas.manual -->\n"
END = "<!-- end of columns -->\n"

_COLUMNS = text("""
    select c.relname as view, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
        obj_description(c.oid) as about, col_description(c.oid, a.attnum) as meaning
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'feed_v1'::regnamespace and c.relkind = 'v' and a.attnum > 0
    order by array_position(:order, c.relname::text), c.relname, a.attnum
""")
_ORDER = (
    "articles versions copies files relations entities aliases mentions topics keyphrases quotes "
    "changes head"
).split()


def manual(connection: Connection) -> str:
    """A table for each view."""
    lines: list[str] = []
    last = None
    for row in connection.execute(_COLUMNS, {"order": _ORDER}):
        if row.view != last:
            lines += ["", f"### {row.view}", "", str(row.about), ""]
            lines += ["| column | type | meaning |", "|---|---|---|"]
            last = row.view
        meaning = str(row.meaning).replace("|", "\\|")
        lines.append(f"| `{row.column}` | {row.type} | {meaning} |")
    return "\n".join([*lines[1:], ""])


def written(page: str, columns: str) -> str:
    """*page* with *columns* between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{columns}\n{END}{after}"


def main(url: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        page = written(README.read_text(encoding="utf-8"), manual(connection))
    README.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
