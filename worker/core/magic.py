"""Recognise by their first bytes files that are certainly not text.

Only signatures that no article can begin with by accident: a false match would refuse a story,
a missed one only makes the reason less precise (the bytes are refused as ``undecodable`` anyway).
"""

from typing import Final

_SIGNATURES: Final = (
    (b"%PDF-", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"(\xb5/\xfd", "Zstandard data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "an ELF program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (OLE)"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"OggS\x00", "an Ogg recording"),
    (b"ID3\x03", "an MP3 recording"),
    (b"ID3\x04", "an MP3 recording"),
    (b"fLaC\x00", "a FLAC recording"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"\xca\xfe\xba\xbe", "a Java class or a Mach-O program"),
    (b"\xcf\xfa\xed\xfe", "a Mach-O program"),
)
_IN_ZIP: Final = (
    (b"word/", "a Word document (docx)"),
    (b"xl/", "an Excel workbook (xlsx)"),
    (b"ppt/", "a PowerPoint presentation (pptx)"),
    (b"mimetypeapplication/vnd.oasis", "an OpenDocument file"),
    (b"mimetypeapplication/epub", "an EPUB book"),
)
_ZIP_LOOK_BYTES: Final = 8192  # member names stand in the local headers


def recognise(content: bytes) -> str | None:
    """Name the kind of *content*, with its article, or None: it may be text."""
    if content.startswith(b"PK\x03\x04"):
        head = content[:_ZIP_LOOK_BYTES]
        return next((kind for part, kind in _IN_ZIP if part in head), "a ZIP archive")
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    return _recognise_inside(content)


def _recognise_inside(content: bytes) -> str | None:
    """Kinds whose signature does not stand first, or is too short to be trusted alone."""
    if content.startswith(b"RIFF") and content[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return f"a {content[8:12].decode().strip()} file"
    if content[4:8] == b"ftyp" and content[:1] == b"\x00":  # else it is in a word
        return "an MP4 or HEIF file"
    if content[257:262] == b"ustar" and b"\x00" in content[:257]:  # else mustard, or custard
        return "a tar archive"
    if content.startswith(b"MZ") and b"\x00" in content[2:64]:
        return "a Windows program"
    return None
