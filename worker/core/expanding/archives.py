"""Containers of files: ZIP and tar.

A ZIP is read by its directory, which stands at its end: what only local headers tell of is not
there for anybody else either. Its sizes are believed when they say "too much", and never otherwise.
A tar is read as a stream, so that one inside a compressed file needs no place of its own.

Links and devices are members too: they are ignored with a reason, and nothing follows them.
"""

import stat
import tarfile
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import IO, Final, Self

from worker.core.errors import Rejected
from worker.core.expanding import streams
from worker.core.expanding.entry import Entry, Loaded, too_large
from worker.core.expanding.labels import from_zip, member_label
from worker.core.expanding.rules import Meter, Rules
from worker.core.ledger import Reason

BROKEN: Final = (*streams.BROKEN, zipfile.BadZipFile, tarfile.TarError)
"""The same of archives."""

_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_BLOCK: Final = 1 << 20  # bytes
_UTF8_NAME: Final = 1 << 11  # flags of a member
_ENCRYPTED: Final = 1
_HEADERS_BYTES: Final = 1 << 20  # of one tar member: long names and attributes of its own
_LAST_SECOND: Final = (1 << 63) // 1_000_000_000  # whose nanoseconds fit into 64 bits, signed
_LINK = Loaded(None, Reason.SYMLINK_OUTSIDE, "a link in an archive; links are not followed")
_DEVICE = Loaded(None, Reason.SPECIAL_FILE, "a device or a pipe in an archive")
_LOCKED = Loaded(None, Reason.UNREADABLE, "it is encrypted")


def zipped(source: IO[bytes], rules: Rules, meter: Meter) -> Iterator[Entry]:
    """The files in a ZIP archive. Raises ``Rejected`` (archive_bomb) or what *BROKEN* names."""
    with zipfile.ZipFile(source) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        meter.foresee(sum(m.file_size for m in members if m.file_size <= rules.member_bytes))
        for member in members:
            yield Entry(_zip_label(member), partial(_unzip, archive, member, rules, meter))


def refuse_crowd(source: IO[bytes], rules: Rules) -> None:
    """Count the members of a ZIP before it is opened: each then takes a kilobyte of memory.

    Raises:
        Rejected: there are too many (archive_bomb).

    """
    source.seek(0)
    count, tail = 0, b""
    while block := source.read(_BLOCK):
        count += (tail + block).count(_DIRECTORY_ENTRY)
        tail = block[-len(_DIRECTORY_ENTRY) + 1 :]
        if count > rules.members:
            raise Rejected(Reason.ARCHIVE_BOMB, f"it has more than {rules.members} members")


def _zip_label(member: zipfile.ZipInfo) -> bytes:
    is_utf8 = bool(member.flag_bits & _UTF8_NAME)
    return member_label(from_zip(member.filename, is_utf8=is_utf8))


def _unzip(archive: zipfile.ZipFile, member: zipfile.ZipInfo, rules: Rules, meter: Meter) -> Loaded:
    if stat.S_ISLNK(member.external_attr >> 16):
        return _LINK
    if member.flag_bits & _ENCRYPTED:
        return _LOCKED
    if member.file_size > rules.member_bytes:
        return too_large(rules.member_bytes)
    try:
        with archive.open(member) as file:
            content = file.read()  # no more than file_size, which its checksum covers
    except NotImplementedError as error:
        return Loaded(None, Reason.UNSUPPORTED_FORMAT, str(error))
    except BROKEN as error:
        return Loaded(None, Reason.MALFORMED, str(error))
    meter.spend(len(content))
    return Loaded(content)


class _Header(tarfile.TarInfo):
    """Says what is wrong with it: ``TarFile.next`` takes any bad one but the first for the end."""

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]  # typeshed lacks it
            raise
        except tarfile.EmptyHeaderError as error:  # type: ignore[attr-defined]  # as above
            raise tarfile.ReadError("it ends without its end mark") from error
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(str(error)) from error


class _Tape(tarfile.TarFile):
    members: list[tarfile.TarInfo]  # of those passed; nobody asks for them again


def tarred(stream: IO[bytes], rules: Rules, meter: Meter) -> Iterator[Entry]:
    """The files in a tar archive. Raises ``Rejected`` (archive_bomb) or what *BROKEN* names."""
    meter.allow(_HEADERS_BYTES)  # the first is read on opening
    with _Tape.open(fileobj=stream, mode="r|", encoding="utf-8", tarinfo=_Header) as archive:
        while (member := archive.next()) is not None:
            archive.members = []  # it would keep them all
            meter.allow(member.size + _HEADERS_BYTES)
            if not member.isdir():
                label = member_label(member.name.encode("utf-8", "surrogateescape"))
                load = partial(_untar, archive, member, rules)
                yield Entry(label, load, _mtime_ns(member.mtime))


def _mtime_ns(seconds: float) -> int:
    """0 for what no clock shows, as for an archive that does not say."""
    return int(seconds) * 1_000_000_000 if abs(seconds) <= _LAST_SECOND else 0


def _untar(archive: tarfile.TarFile, member: tarfile.TarInfo, rules: Rules) -> Loaded:
    if member.issym() or member.islnk():
        return _LINK
    if member.size > rules.member_bytes:
        return too_large(rules.member_bytes)
    file = archive.extractfile(member)
    return _DEVICE if file is None else Loaded(file.read())
