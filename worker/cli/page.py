"""An article on a page: its text with names and quotes in colour, and all that is known of it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from worker.cli.console import printable
from worker.cli.painting import Paint, painted

if TYPE_CHECKING:
    from worker.ports import Shown

_NAMES = {"people": "cyan", "organisations": "magenta", "places": "green"}
_QUOTE = "italic"
_LISTED = 10  # of copies, relations, files, names of a kind; the rest is counted
_EXCEPT_TEXT = "dim"  # paragraphs of another kind

Row = tuple[str, str | Text | None]


def as_object(shown: "Shown") -> dict[str, Any]:
    """The object of ``show --json``; keys may be added, and keep their meaning."""
    return {
        "article": shown.article,
        "versions": shown.versions,
        "copies": shown.copies,
        "relations": shown.relations,
        "files": shown.files,
    }


def page(shown: "Shown") -> RenderableType:
    article = shown.article
    return Group(
        painted(article["headline"], _paints(article, "headline"), style="bold"),
        _grid(_about(article)),
        Text(),
        *_body(article),
        _grid([*_tags(article), *_history(shown)]),
    )


# --- the text -------------------------------------------------------------------------------------


def _body(article: dict[str, Any]) -> Iterable[RenderableType]:
    paints = _paints(article, "body_text")
    for paragraph in article["paragraphs"]:
        if paragraph["kind"] == "text":
            text = painted(paragraph["text"], paints, start=paragraph["start"])
        else:
            text = Text(f"[{paragraph['kind']}] {printable(paragraph['text'])}", style=_EXCEPT_TEXT)
        yield Padding(text, (0, 2, 1, 2))


def _paints(article: dict[str, Any], field: str) -> list[Paint]:
    names = [
        (mention["start"], mention["end"], style)
        for kind, style in _NAMES.items()
        for entity in article[kind] or ()
        for mention in entity["mentions"]
        if mention["field"] == field
    ]
    quotes = article["quotes"] or () if field == "body_text" else ()
    return names + [(quote["start"], quote["end"], _QUOTE) for quote in quotes]


# --- what is known of it --------------------------------------------------------------------------


def _about(article: dict[str, Any]) -> Iterable[Row]:
    published, precision = article["published_at"], article["published_precision"]
    when = (
        published and f"{_at(published)} UTC, to the {precision}, per {article['published_source']}"
    )
    words = f"{article['language']}, {article['word_count']:,} words, version {article['version']}"
    rows = [
        ("byline", article["byline"]),
        ("dateline", article["dateline"] and article["dateline"]["text"]),
        ("published", when),
        ("source", article["source"]),
        ("url", article["url"]),
        ("corrects", article["corrects"]),
        ("to editors", article["ed_note"]),
        ("rights", article["rights"]),
        ("language", words),
        ("id", article["id"]),
        ("uri", article["uri"]),
    ]
    return [(label, value and printable(value)) for label, value in rows]


def _tags(article: dict[str, Any]) -> list[Row]:
    names: list[Row] = [(kind, _names(article[kind], style)) for kind, style in _NAMES.items()]
    subjects = [f"{s['name']} ({s['qcode']}, {s['score']:.2f})" for s in article["subjects"] or ()]
    return [
        *names,
        ("countries", ", ".join(c["code"] for c in article["countries"] or ())),
        ("topics", _some(subjects, "\n")),
        ("keyphrases", _some([k["phrase"] for k in article["keywords"] or ()], ", ")),
        ("quotes", _some([_quote(quote) for quote in article["quotes"] or ()], "\n")),
        ("dates", _some([_date(date) for date in article["dates"] or ()], ", ")),
        ("tags", "" if article["tags_status"] == "complete" else article["tags_status"]),
    ]


def _names(entities: Sequence[dict[str, Any]] | None, style: str) -> Text:
    shown = (entities or ())[:_LISTED]
    line = Text(", ").join(
        Text.assemble(
            (printable(e["name"]), style), (f" {e['country']}" if e["country"] else "", "dim")
        )
        for e in shown
    )
    rest = len(entities or ()) - len(shown)
    return line.append(f", {rest} more", style="dim") if rest else line


def _quote(quote: dict[str, Any]) -> str:
    return f"“{quote['text']}” — {quote['speaker'] or 'nobody named'}"


def _history(shown: "Shown") -> list[Row]:
    versions = [
        f"{v['version']}  {_at(v['stored_at'])}  {v['cause']}" for v in reversed(shown.versions)
    ]
    copies = [f"{c['relation']}  {c['path']}  {c['evidence']}" for c in shown.copies]
    files = [f"{f['id']}  {f['path']}  {f['state']}, {f['size']:,} bytes" for f in shown.files]
    relations = [
        f"{r['relation']}  {_other(r, shown)} “{r['headline']}”: {r['evidence']}"
        for r in shown.relations
    ]
    return [
        ("versions", _some(versions, "\n")),
        ("copies", _some(copies, "\n")),
        ("related", _some(relations, "\n")),
        ("files", _some(files, "\n")),
        ("read by", f"version {shown.article['pipeline']} of the code"),
        ("position", f"{shown.article['position']:,} of the feed"),
    ]


def _other(relation: dict[str, Any], shown: "Shown") -> str:
    ours, other = shown.article["id"], str(relation["other_id"])
    return str(relation["article_id"]) if other == ours else other


def _date(date: dict[str, Any]) -> str:
    """With the day that is meant, where that is known: one that hangs on nothing has none."""
    return f"{date['text']} ({date['value']})" if date["value"] else str(date["text"])


def _some(lines: Sequence[str], separator: str) -> str:
    rest = len(lines) - _LISTED
    listed = [printable(line) for line in lines[:_LISTED]]
    return separator.join([*listed, f"… {rest:,} more"] if rest > 0 else listed)


def _grid(rows: Iterable[Row]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in rows:
        if value:
            table.add_row(label, value)
    return table


def _at(timestamp: str) -> str:
    return timestamp[:16].replace("T", " ")
