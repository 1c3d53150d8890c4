"""Make files out of a fuzzer's bytes, so that it spends its time behind the parsers' doors.

Bytes alone are hardly ever well-formed XML or JSON. So each byte chooses what comes next: a
fragment of the format, an opening or closing mark, or the bytes that follow, as they are.
"""

from collections.abc import Iterator, Sequence

import orjson

_RAW = 250  # from here on, a byte says that up to its share of raw bytes follows
_CLOSE = 249
_MAX_DEPTH = 60


def soup(data: bytes, fragments: Sequence[bytes]) -> bytes:
    """Fragments and raw bytes in a row."""
    return b"".join(piece for _, piece in _pieces(data, fragments))


def tree(data: bytes, root: bytes, names: Sequence[bytes], texts: Sequence[bytes]) -> bytes:
    """Well-formed XML, but for what raw bytes do to it: *root*, with elements in elements."""
    out, open_names = [b"<" + root + b">"], [root.split()[0]]
    for code, piece in _pieces(data, [*names, *texts]):
        if code == _CLOSE and len(open_names) > 1:
            out.append(b"</" + open_names.pop() + b">")
        elif code is not None and code < len(names) and len(open_names) < _MAX_DEPTH:
            out.append(b"<" + piece + b">")
            open_names.append(piece.split()[0])
        else:
            out.append(piece)
    return b"".join([*out, *(b"</" + name + b">" for name in reversed(open_names))])


def value(data: bytes, names: Sequence[bytes], texts: Sequence[bytes]) -> bytes:
    """JSON: an object of objects, lists and strings."""
    stack: list[dict[str, object] | list[object]] = [{}]
    key = "title"
    for code, piece in _pieces(data, [*names, *texts]):
        text = piece.decode("utf-8", "replace")
        if code == _CLOSE and len(stack) > 1:
            stack.pop()
        elif code is not None and code < len(names):
            key = text
        elif code is not None and code % 5 == 0 and len(stack) < _MAX_DEPTH:
            child: dict[str, object] | list[object] = [] if code % 2 else {}
            _put(stack[-1], key, child)
            stack.append(child)
        else:
            _put(stack[-1], key, text)
    return orjson.dumps(stack[0])


def _put(parent: dict[str, object] | list[object], key: str, child: object) -> None:
    if isinstance(parent, dict):
        parent[key] = child
    else:
        parent.append(child)


def _pieces(data: bytes, fragments: Sequence[bytes]) -> Iterator[tuple[int | None, bytes]]:
    """The number of a fragment and itself; no number for raw bytes."""
    at = 0
    while at < len(data):
        code = data[at]
        at += 1
        if code >= _RAW:
            length = (code - _RAW + 1) * 4
            yield None, data[at : at + length]
            at += length
        elif code == _CLOSE:
            yield code, b""
        else:
            yield code % len(fragments), fragments[code % len(fragments)]
