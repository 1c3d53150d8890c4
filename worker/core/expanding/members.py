"""Take a container apart: an archive, JSON Lines, a JSON array, a feed; in constant memory.

Pure: bytes come in as a stream that can be sought, members go out one after the other, each with
its content or with the reason why it has none. Who asks keeps them (``worker/expansion.py``), and
may stop and go on at any member.

What is compressed is opened on the way: ``wire.jsonl.gz`` holds records, and ``batch.tar.gz``
files. Otherwise a container in a container is a member like any other, taken apart in its turn.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO

from worker.core.errors import Rejected
from worker.core.expanding.archives import BROKEN, refuse_crowd, tarred, zipped
from worker.core.expanding.entry import Entry, Loaded, OneArticle, too_large
from worker.core.expanding.kinds import (
    HEAD_BYTES,
    Kind,
    Layout,
    inner_name,
    layout_of,
    recognise,
)
from worker.core.expanding.labels import Labels, member_label
from worker.core.expanding.records import array, document, feed, json_object, lines, message
from worker.core.expanding.rules import Meter, Rules
from worker.core.expanding.streams import unpacked
from worker.core.filenames import refuse
from worker.core.ledger import Path, Reason

# What is taken apart on the way out of a compressed file. Others are files of their own there: a
# ZIP has to be sought in, and of a feed nobody knows yet whether it holds more than one article.
_STREAMS = frozenset({Layout.LINES, Layout.ARRAY, Layout.TAR})


@dataclass(frozen=True, slots=True)
class Member:
    """A record or a file of a container."""

    label: bytes  # what follows the container's path: ``#12`` or ``!a/b.txt``
    content: bytes | None
    reason: Reason | None = None  # refused at the door, as a file would be
    detail: str = ""
    mtime_ns: int = 0


def survey(source: IO[bytes], name: bytes) -> Kind | None:
    """What kind of container *source* is, by its first bytes."""
    source.seek(0)
    return recognise(name, source.read(HEAD_BYTES))


def members(
    source: IO[bytes], name: bytes, rules: Rules, *, start: int = 0
) -> Iterator[tuple[int, Member]]:
    """The members from number *start* on, numbered from 0 in an order that never changes.

    Args:
        source: The container, of a kind that ``survey`` knows.
        name: Its path; the last part decides what the content leaves open.
        rules: How much it may unpack to, and which names to ignore.
        start: So many were kept before; they are not read again.

    Raises:
        Rejected: the container is broken from here on (malformed), or too much (archive_bomb,
            too_large).
        OneArticle: it only looked like one; before the first member.

    """
    labels = Labels()
    try:
        for number, entry in enumerate(_entries(source, name, rules, start)):
            if number >= rules.members:
                raise Rejected(Reason.ARCHIVE_BOMB, f"it has more than {rules.members} members")
            numbered = entry.label.startswith(b"#")  # such labels differ anyway
            label = entry.label if numbered else labels.distinct(entry.label)
            if number >= start:
                yield number, _member(label, entry, rules)
    except BROKEN as error:
        raise Rejected(Reason.MALFORMED, f"it is broken: {error}") from error


def _member(label: bytes, entry: Entry, rules: Rules) -> Member:
    ignored = refuse(Path(label.removeprefix(b"!")), rules.exclude)
    loaded = Loaded(None, ignored) if ignored else entry.load()
    return Member(label, loaded.content, loaded.reason, loaded.detail, entry.mtime_ns)


def _entries(source: IO[bytes], name: bytes, rules: Rules, start: int) -> Iterator[Entry]:
    kind = survey(source, name)
    if kind is None:
        raise OneArticle
    meter = Meter(rules, source.seek(0, 2))
    source.seek(0)
    if kind.layout is Layout.ZIP:
        if start == 0:  # what was begun was counted then
            refuse_crowd(source, rules)
        return zipped(source, rules, meter)
    if kind.compression is None:
        return _of_stream(unpacked(source, None, meter), kind.layout, rules, meter)
    stream = unpacked(source, kind.compression, meter)
    inner = inner_name(name)
    layout = layout_of(inner, stream.peek())
    if layout in _STREAMS:
        return _of_stream(stream, layout, rules, meter)
    label = member_label(inner.rpartition(b"/")[2])
    return iter([Entry(label, partial(_single, stream, rules))])


def _of_stream(
    stream: io.BufferedReader, layout: Layout | None, rules: Rules, meter: Meter
) -> Iterator[Entry]:
    match layout:
        case Layout.TAR:
            return tarred(stream, rules, meter)
        case Layout.LINES:
            return lines(stream, rules)
        case Layout.ARRAY:
            return array(stream, rules)
        case Layout.OBJECT:
            return document(stream, rules, json_object)
        case Layout.MESSAGE:
            return document(stream, rules, message)
        case _:
            return document(stream, rules, feed)


def _single(stream: io.BufferedReader, rules: Rules) -> Loaded:
    content = stream.read(rules.member_bytes + 1)
    return too_large(rules.member_bytes) if len(content) > rules.member_bytes else Loaded(content)
