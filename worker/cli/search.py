"""``copydesk search``: find published articles."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from worker.cli.console import machine, piping, printable, say
from worker.cli.painting import painted
from worker.cli.selecting import moment_of
from worker.cli.signals import interrupting
from worker.core.document import timestamp
from worker.core.errors import UsageError
from worker.core.searching import Findings, Found, Marked, Query

_MATCH = "bold yellow"

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY",
        help="Words, as on the web: '\"a phrase\"', or, and after -- also -without. None: the "
        "newest of all that the options below allow.",
    ),
]
Source = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only by this publisher.")
]
Language = Annotated[
    str | None,
    typer.Option("--language", metavar="CODE", help="Only in this language: en, sw, …"),
]
Topic = Annotated[
    str | None,
    typer.Option(
        "--topic",
        metavar="TOPIC",
        help="Only about this Media Topic: its name, qcode or number.",
    ),
]
Entity = Annotated[
    str | None,
    typer.Option(
        "--entity",
        metavar="NAME",
        help="Only about this person, organisation or place, by any name of it.",
    ),
]
Country = Annotated[
    str | None,
    typer.Option("--country", metavar="CODE", help="Only about this country: KE, TZ, …"),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="TIME",
        help="Only published since, as the article says: 2026-03-11T09:00, 90m, 2d.",
    ),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="TIME", help="Only published before, as for --since."),
]
Limit = Annotated[
    int, typer.Option("--limit", metavar="N", min=1, max=200, help="At most so many.")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Write one JSON object an article to stdout instead.")
]


def search(  # noqa: PLR0913 -- an option each
    query: Words = None,
    *,
    source: Source = None,
    language: Language = None,
    topic: Topic = None,
    entity: Entity = None,
    country: Country = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 10,
    as_json: AsJson = False,
) -> None:
    """Find published articles, the best first: headlines weigh most, then names, then the text.

    Words are found in all their forms where PostgreSQL knows the language. The newest 500 articles
    that match are compared; where none matches, those whose headlines look like the query are
    shown. Nothing that consumers cannot see is found.
    """
    asked = Query(
        words=" ".join(query or ()).strip(),
        source=source,
        language=language,
        topic=topic,
        entity=entity,
        country=country,
        since=moment_of("--since", since),
        until=moment_of("--until", until),
    )
    if asked == Query():
        raise UsageError("say what to search for, or narrow it; see copydesk search --help")
    from worker.bootstrap import operating
    from worker.cli.store import found
    from worker.settings import load

    with (
        interrupting(),
        piping(),
        found(load(), "copydesk search") as running,
        operating.searching(running.settings) as store,
    ):
        findings = store.search(asked, limit)
    with piping():
        if as_json:
            for article in findings.found:
                machine(as_object(article, alike=findings.alike))
        else:
            tell(findings)


def as_object(found: Found, *, alike: bool) -> dict[str, Any]:
    """The object of ``search --json``; keys may be added, and keep their meaning."""
    return {
        "id": str(found.article_id),
        "uri": found.uri,
        "version": found.version,
        "position": found.position,
        "score": found.score,
        "alike": alike,
        "headline": found.headline.text,
        "headline_matches": found.headline.spans,
        "excerpt": found.excerpt.text,
        "excerpt_matches": found.excerpt.spans,
        "source": found.source,
        "language": found.language,
        "published_at": timestamp(found.published_at) if found.published_at else None,
    }


def tell(findings: Findings) -> None:
    if findings.alike:
        say("Nothing has these words. Headlines that look like them:")
    for article in findings.found:
        say(lines(article))
    if summary := _summary(findings):
        say(Text(summary, style="dim"))


def _summary(findings: Findings) -> str:
    if findings.names:
        return f"did you mean {', '.join(map(printable, findings.names))}?"
    if findings.alike:
        return ""
    if findings.common:
        return "nothing is left to look for: such words are in every text"
    if not findings.found:
        return "nothing found"
    of = f"the newest {findings.ranked:,} that match" if findings.capped else f"{findings.ranked:,}"
    return f"{len(findings.found):,} of {of}"


def lines(found: Found) -> Text:
    """A headline, where it is from, and what was found in it."""
    parts = [found.source, _day(found.published_at), found.language, str(found.article_id)]
    where = "  ".join(printable(part) for part in parts if part)
    return Text("\n").join(
        [
            highlighted(found.headline, "bold"),
            Text(where, style="dim"),
            highlighted(found.excerpt),
            Text(),
        ]
    )


def highlighted(text: Marked, style: str = "") -> Text:
    return painted(text.text, [(a, b, _MATCH) for a, b in text.spans], style=style)


def _day(at: datetime | None) -> str | None:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" if at else None
