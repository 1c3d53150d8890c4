"""Containers of records: JSON Lines, JSON arrays, feeds and NewsML-G2 messages.

Lines and arrays are read as a stream. An array is cut by a JSON parser that is asked for one value
at a time, so a record keeps the very bytes that it had. Where an array breaks, nobody can say where
the next record begins: the rest of it is one bad record, and those before it stand.

Feeds and messages are parsed whole, so they may be no larger than an article: what they say of
all entries may stand at their end.
"""

import codecs
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any, Final

import orjson

from worker.core import roots
from worker.core.decode import decode
from worker.core.errors import Rejected
from worker.core.expanding.entry import Entry, Loaded, OneArticle, too_large
from worker.core.expanding.rules import Rules
from worker.core.ledger import Reason
from worker.core.readers import feeds, json_article, markup, newsml

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Entries = Callable[[str], Iterable[str]]

_BLOCK: Final = 1 << 20  # bytes
_NOT_SPACE: Final = re.compile(r"[^ \t\r\n]")


def lines(stream: io.BufferedReader, rules: Rules) -> Iterator[Entry]:
    """A record a line; they are numbered as an editor numbers lines, blank ones included."""
    limit, number = rules.member_bytes, 0
    records = _in_utf8(stream)
    while line := records.readline(limit + 1):
        number += 1
        label = b"#%d" % number
        if len(line) > limit and not line.endswith(b"\n"):
            _skip_line(records)
            yield Entry(label, partial(too_large, limit))
        elif record := line.removeprefix(codecs.BOM_UTF8).strip():
            yield Entry(label, partial(_line, record))


def _in_utf8(stream: io.BufferedReader) -> IO[bytes]:
    """*stream*; if it opens with the mark of UTF-16, recoded on the way."""
    if stream.peek()[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return stream
    return io.BufferedReader(_Recoded(stream), _BLOCK)


class _Recoded(io.RawIOBase):
    """UTF-16 with its mark, as UTF-8."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-16")().decode
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view, block = memoryview(buffer), b" "
        while not self._ready and block:
            block = self._stream.read(len(view))
            self._ready = self._recoded(block)
        n = min(len(view), len(self._ready))
        view[:n], self._ready = self._ready[:n], self._ready[n:]
        return n

    def _recoded(self, block: bytes) -> bytes:
        try:
            return self._decode(block, not block).encode()
        except UnicodeDecodeError as error:
            raise Rejected(Reason.UNDECODABLE, f"it is no UTF-16: {error.reason}") from error


def _skip_line(stream: IO[bytes]) -> None:
    while (piece := stream.readline(_BLOCK)) and not piece.endswith(b"\n"):
        pass


def _line(record: bytes) -> Loaded:
    try:
        value = orjson.loads(record)
    except orjson.JSONDecodeError as error:
        return Loaded(record, Reason.MALFORMED, f"the line is no JSON: {error.msg}")
    if isinstance(value, (dict, list)):
        return Loaded(record)
    return Loaded(record, Reason.MALFORMED, "the line is JSON, and holds no record")


def array(stream: IO[bytes], rules: Rules) -> Iterator[Entry]:
    """The values of a JSON array, and of those behind it: some writers append one with each run."""
    window = _Window(stream, rules.member_bytes)
    number = 1
    while window.step("["):
        while not window.step("]"):
            label = b"#%d" % number
            try:
                value = window.value()
            except (ValueError, RecursionError) as error:
                yield Entry(label, partial(_broken, window.rest(), str(error)))
                return
            yield Entry(label, partial(_value, value))
            number += 1
            window.step(",")
    if window.peek():
        yield Entry(b"#%d" % number, partial(_broken, window.rest(), "more follows its end"))


def _value(value: bytes) -> Loaded:
    if value.startswith((b"{", b"[")):
        return Loaded(value)
    return Loaded(value, Reason.MALFORMED, "the value is JSON, and holds no record")


def _broken(rest: bytes, why: str) -> Loaded:
    return Loaded(rest, Reason.MALFORMED, f"the array breaks here: {why}")


class _Window:
    """The part of a JSON text that is looked at just now: one value, and a block of what follows.

    Bytes that are no UTF-8 pass through it unchanged: what they are is for a reader to find out.
    """

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape").decode
        self._text, self._at = "", 0
        self._stream = stream
        self._limit = limit  # of one value; in characters, which is near enough
        self._scan = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while (found := _NOT_SPACE.search(self._text, self._at)) is None:
            if not self._grow():
                return ""
        self._at = found.start()
        return found[0]

    def step(self, character: str) -> bool:
        """Go beyond *character*, if it is what comes next; whether it was."""
        found = self.peek() == character
        self._at += found
        return found

    def value(self) -> bytes:
        """The value that comes next. Raises ``ValueError`` or ``RecursionError`` if none does."""
        self.peek()
        while True:
            try:
                end = self._scan(self._text, self._at)[1]
            except json.JSONDecodeError:
                if len(self._text) - self._at > self._limit or not self._grow():
                    raise
            else:
                break
        start, self._at = self._at, end
        return _encoded(self._text[start:end])

    def rest(self) -> bytes:
        return _encoded(self._text[self._at :])

    def _grow(self) -> bool:
        block = self._stream.read(_BLOCK)
        self._text = self._text[self._at :] + self._decode(block, not block)
        self._at = 0
        return bool(block)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def document(stream: IO[bytes], rules: Rules, entries: Entries) -> Iterator[Entry]:
    """The entries of a feed, a message or an object, which *entries* takes apart.

    Raises:
        Rejected: what ``decode`` and the parser raise: the whole is refused.
        OneArticle: the document is one.

    """
    content = stream.read(rules.member_bytes + 1)
    if len(content) > rules.member_bytes:
        raise Rejected(Reason.TOO_LARGE, f"a feed of more than {rules.member_bytes} bytes")
    text, _ = decode(content, declared=markup.declared_charset(content))
    for number, entry in enumerate(entries(text), 1):
        yield Entry(b"#%d" % number, partial(Loaded, _encoded(entry)))


def feed(text: str) -> Iterator[str]:
    """The entries of an XML feed."""
    return _several(feeds.entries(text))


def message(text: str) -> Iterator[str]:
    """The items of a NewsML-G2 message."""
    return _several(newsml.entries(text))


def json_object(text: str) -> Iterator[str]:
    """The entries of a JSON Feed, or of lists in an object that is no article itself.

    Of the lists whose names say that they hold records, or else of the first that holds objects.
    """
    value = json_article.parse(text)
    if not isinstance(value, dict):
        raise Rejected(Reason.MALFORMED, "its start says JSON, and it is none")
    if feeds.is_json_feed(value):
        return _several(feeds.entries(text))
    if _is_article(value):
        raise OneArticle
    return (orjson.dumps(record).decode() for record in chain.from_iterable(_lists(value)))


def _lists(value: dict[str, Any]) -> list[list[object]]:
    lists = {k: v for k, v in value.items() if isinstance(v, list) and v and isinstance(v[0], dict)}
    if not lists:
        raise Rejected(Reason.UNSUPPORTED_FORMAT, "JSON whose list of records is in another value")
    return [v for k, v in lists.items() if k.lower() in roots.LISTS] or list(lists.values())[:1]


def _several(entries: Iterator[str]) -> Iterator[str]:
    """A feed of one entry is what each entry of a larger one becomes: an article."""
    first = list(islice(entries, 2))
    if len(first) == 1:
        raise OneArticle
    return chain(first, entries)


def _is_article(value: dict[str, Any]) -> bool:
    try:
        json_article.read(value)
    except Rejected:
        return False
    return True
