"""Read Markdown: front matter for what is known of the article, marks for what its blocks are.

Marks that only dress a word are taken off; what they say (a heading, a table, a picture's caption)
becomes the block's kind. Only what newsrooms write is known: the core of CommonMark, tables, front
matter in the simple form ``name: value``. Anything else stays as it was written, which costs
nothing but beauty.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Final

from worker.core.article import Draft, Kind
from worker.core.readers import json_article, markup
from worker.core.readers.markup import Marked

MEDIA_TYPE: Final = "text/markdown"
NAMES: Final = frozenset({".md", ".markdown", ".mdown"})

_MAX_MATTER: Final = 200  # lines
_FIELD = re.compile(r"([A-Za-z][\w -]{0,40}):(?:[ \t]+(.*))?")
_ITEM = re.compile(r"[ \t]{0,8}- +(.*)")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_UNDERLINE = re.compile(r"(=+|-{2,})[ \t]*")
_RULE = re.compile(r"(?:[*_-][ \t]*){3,}")
_FENCE = re.compile(r"(?:```|~~~)")
_BULLET = re.compile(r"(?:[*+-]|\d{1,4}[.)])[ \t]+")
_QUOTE = re.compile(r"(?:>[ \t]?)+")
_TABLE_RULE = re.compile(r"[|: \t-]{3,}")
_DEFINITION = re.compile(r"\[[^\[\]]{1,100}\]:[ \t]")
_PICTURE = re.compile(r"!\[([^\[\]]{0,500})\]\([^()]{0,1000}\)")
_LINK = re.compile(r"\[([^\[\]]{1,500})\](?:\([^()]{0,1000}\)|\[[^\[\]]{0,100}\])")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_]{1,500})(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*\\])([*_])(?=\S)([^*_\\]{1,500})(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"`([^`]{1,500})`")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>|~-])")


def read(text: str) -> Draft:
    """The article of a Markdown text; its first heading is the headline, if it names none."""
    matter, body = _front_matter(text.split("\n"))
    parts = tuple(_parts(body))
    known = json_article.draft_of(matter)
    headline = known.headline
    if headline is None and parts and parts[0][0] is Kind.CROSSHEAD:
        headline, parts = parts[0][1], parts[1:]
    blocks, kinds = markup.split(parts)
    return replace(known, headline=headline, blocks=blocks, kinds=kinds, media_type=MEDIA_TYPE)


def _front_matter(lines: list[str]) -> tuple[Mapping[str, object], list[str]]:
    """What stands between two lines of three dashes at the start, and the rest."""
    if lines[0].rstrip() != "---":
        return {}, lines
    for end, line in enumerate(lines[1:_MAX_MATTER], 1):
        if line.rstrip() in ("---", "..."):
            return _fields(lines[1:end]), lines[end + 1 :]
    return {}, lines


def _fields(lines: list[str]) -> Mapping[str, object]:
    fields: dict[str, object] = {}
    items: list[str] = []
    for line in lines:
        if field := _FIELD.fullmatch(line):
            items = []
            fields[field[1]] = _value(field[2] or "") or items
        elif item := _ITEM.fullmatch(line):
            items.append(_unquoted(item[1]))
    return fields


def _value(written: str) -> str | list[str]:
    value = written.strip()
    if value.startswith("[") and value.endswith("]"):
        return [_unquoted(item) for item in value[1:-1].split(",")]
    return _unquoted(value)


def _unquoted(written: str) -> str:
    value = written.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _parts(lines: list[str]) -> Iterator[tuple[Kind, str]]:
    """Blocks are set apart by blank lines; a heading, an item or a row needs none."""
    for blank, group in groupby(_without_fences(lines), key=lambda line: not line.strip()):
        if not blank:
            yield from _block([line.strip() for line in group])


def _without_fences(lines: list[str]) -> Iterator[str]:
    return (line for line in lines if not _FENCE.match(line.lstrip()))


def _block(lines: list[str]) -> Marked:
    parts: list[tuple[Kind, list[str]]] = []
    for line in lines:
        if parts and parts[-1][0] is Kind.TEXT and _UNDERLINE.fullmatch(line):
            parts[-1] = (Kind.CROSSHEAD, parts[-1][1])
        elif _RULE.fullmatch(line) or _DEFINITION.match(line) or _TABLE_RULE.fullmatch(line):
            continue
        else:
            _add(parts, line)
    bare = ((kind, _bare(" ".join(each))) for kind, each in parts)
    return tuple((kind, text) for kind, text in bare if text)


def _add(parts: list[tuple[Kind, list[str]]], line: str) -> None:
    """Put *line* to the block before it, or begin one with it."""
    quoted = _QUOTE.sub("", line, count=1) if line.startswith(">") else line
    if heading := _HEADING.fullmatch(quoted):
        parts.append((Kind.CROSSHEAD, [heading[2].rstrip("# ")]))
    elif picture := _PICTURE.fullmatch(quoted):
        parts.append((Kind.CAPTION, [picture[1]]))
    elif quoted.startswith("|"):
        parts.append((Kind.TABLE, [" ".join(cell.strip() for cell in quoted.split("|"))]))
    elif bullet := _BULLET.match(quoted):
        parts.append((Kind.TEXT, [quoted[bullet.end() :]]))
    elif parts and parts[-1][0] is Kind.TEXT:
        parts[-1][1].append(quoted)
    else:
        parts.append((Kind.TEXT, [quoted]))


def _bare(text: str) -> str:
    for pattern, kept in ((_PICTURE, r"\1"), (_LINK, r"\1"), (_STRONG, r"\2"), (_EMPHASIS, r"\2")):
        text = pattern.sub(kept, text)
    return _ESCAPE.sub(r"\1", _CODE.sub(r"\1", text)).strip()
