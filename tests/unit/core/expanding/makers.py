"""Containers for tests, made by the standard library or by hand where that refuses."""

import io
import tarfile
import zipfile
from collections.abc import Mapping

from worker.core.expanding.members import Member, members
from worker.core.expanding.rules import Rules


def unpack(
    content: bytes, name: str = "noname", *, start: int = 0, rules: Rules | None = None
) -> list[Member]:
    found = members(io.BytesIO(content), name.encode(), rules or Rules(), start=start)
    return [member for _, member in found]


def told(found: list[Member]) -> list[tuple[str, bytes | str]]:
    """The label of each, and its content or the reason why it is refused."""
    return [
        (
            m.label.decode(errors="backslashreplace"),
            m.reason.value if m.reason else m.content or b"",
        )
        for m in found
    ]


def zipped(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def zipped_one(info: zipfile.ZipInfo, content: bytes = b"text") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, content)
    return target.getvalue()


def tarred(
    *members: tarfile.TarInfo | tuple[str, bytes], layout: int = tarfile.PAX_FORMAT
) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=layout) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            name, content = member
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), 5
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


def special(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info
