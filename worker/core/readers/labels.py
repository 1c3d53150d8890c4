"""Read the labelled lines that some desks, and mail that was pasted, have above a story.

``Slug: …``, ``Headline: …``, ``Byline: …``, one below the other, from the first line on. They mean
what the same names mean in JSON. A single one may be any headline (``Date: night at the opera``),
so there are two at least, all with names that are known; only ``Headline:`` says it alone.

Nothing is dropped: the lines stay, marked, but for the headline, which is the headline. A subject
that was forwarded or answered is one without ``Fwd:`` and ``Re:``, and its line stays as well.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from worker.core import notice
from worker.core.article import Draft, Kind
from worker.core.readers import json_article
from worker.core.readers.json_article import key
from worker.core.readers.markup import Marked
from worker.core.wordlist import words

_MAX_LINES: Final = 30
_LABEL = re.compile(r"\s{0,3}([A-Za-z][A-Za-z -]{1,20}):\s+(\S.*)")
_BODY = re.compile(r"(?:body|text|story|content)\s?:\s*", re.IGNORECASE)
_LISTED = re.compile(r"[,;|]")

_MEANINGS: Final = {  # the names that JSON has for them; none: known, and kept as it stands
    **dict.fromkeys(words("headline title subject"), "headline"),
    **dict.fromkeys(words("byline author by writer reporter from mwandishi"), "author"),
    **dict.fromkeys(words("date published publicationdate publisheddate sent tarehe"), "date"),
    **dict.fromkeys(words("updated lastupdated"), "updated"),
    **dict.fromkeys(words("location place"), "located"),
    **dict.fromkeys(words("source agency publisher"), "source"),
    **dict.fromkeys(words("keywords tags topics"), "keywords"),
    **dict.fromkeys(words("url link"), "url"),
    **dict.fromkeys(words("embargo embargoed embargoeduntil"), "embargo"),
    **{name: name for name in words("language urgency copyright rights guid ednote")},
    **dict.fromkeys(
        words("slug slugline section category desk words wordcount to cc dateline time venue")
    ),
}

_SENT_ON = re.compile(r"(?:(?:fwd? ?: *|re ?: +)){1,5}", re.IGNORECASE)


class Labelled(NamedTuple):
    known: Draft  # without blocks
    parts: Marked
    lines: Sequence[str]  # those after the labelled ones


def read(lines: Sequence[str]) -> Labelled | None:
    """What the labelled lines say that *lines* begin with; None: they begin with none."""
    found = list(_labelled(lines))
    if len(found) < 2 and [name for name, _ in found] != ["headline"]:
        return None
    fields: dict[str, object] = {}
    parts: list[tuple[Kind, str]] = []
    for (name, value), line in zip(found, lines, strict=False):
        meaning = _MEANINGS[name]
        told = subject(value) if name == "subject" else value
        if name == "dateline":
            parts.append((Kind.DATELINE, value))
        elif meaning != "headline" or meaning in fields or told != value:
            parts.append((Kind.BOILERPLATE, line.strip()))
        if meaning is not None:
            fields.setdefault(meaning, _LISTED.split(told) if meaning == "keywords" else told)
    return Labelled(json_article.draft_of(fields), tuple(parts), _story(lines[len(found) :]))


def subject(text: str) -> str:
    """What *text* forwards or answers; talk about a kill, and a kill sent on, stay as they are."""
    sent_on = _SENT_ON.match(text)
    rest = text[sent_on.end() :].lstrip() if sent_on else ""
    return rest if rest and notice.signal(rest) != "kill" else text


def _labelled(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each known name with its value, to the first line that is none of them."""
    for line in lines[:_MAX_LINES]:
        label = _LABEL.fullmatch(line)
        name = key(label[1]) if label else ""
        if label is None or name not in _MEANINGS:
            return
        yield name, label[2]


def _story(lines: Sequence[str]) -> Sequence[str]:
    """*lines* without blank ones before them, and without a label of the text itself."""
    at = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    rest = list(lines[at:])
    if rest and (label := _BODY.match(rest[0])):
        rest[0] = rest[0][label.end() :]
    return rest
