"""Read what compressed bytes stand for, a block at a time, and count every byte of it."""

import bz2
import gzip
import io
import lzma
import sys
import zlib
from typing import IO, TYPE_CHECKING, Final

from worker.core.expanding.rules import Meter

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import SupportsRead, WriteableBuffer

_BLOCK: Final = 1 << 17  # bytes


def _gunzip(source: IO[bytes]) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=source, mode="rb")


BROKEN: Final = (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, zstd.ZstdError)
"""What is raised for compressed bytes that are not what they should be."""

OPENERS: "Final[dict[str, Callable[[IO[bytes]], SupportsRead[bytes]]]]" = {
    "gzip": _gunzip,
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
    "zstd": zstd.ZstdFile,
}


def unpacked(source: IO[bytes], compression: str | None, meter: Meter) -> io.BufferedReader:
    """The bytes that *source* stands for; without a *compression*, itself."""
    packed = OPENERS[compression](source) if compression else source
    return io.BufferedReader(_Counted(packed, meter), _BLOCK)


class _Counted(io.RawIOBase):
    def __init__(self, source: "SupportsRead[bytes]", meter: Meter) -> None:
        self._source = source
        self._meter = meter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        block = self._source.read(len(view))
        self._meter.spend(len(block))
        view[: len(block)] = block
        return len(block)
