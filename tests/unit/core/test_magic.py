import pytest

from worker.core.magic import recognise


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\x00", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"GIF89a", "a GIF image"),
        (b"\x1f\x8b\x08", "gzip data"),
        (b"\x7fELF\x02", "an ELF program"),
        (b"{\\rtf1\\ansi", "an RTF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (OLE)"),
        (b"PK\x03\x04\x14\x00word/document.xml", "a Word document (docx)"),
        (b"PK\x03\x04\x14\x00xl/workbook.xml", "an Excel workbook (xlsx)"),
        (b"PK\x03\x04\x14\x00a.txt", "a ZIP archive"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a WEBP file"),
        (b"\x00\x00\x00\x18ftypmp42", "an MP4 or HEIF file"),
        (b"a.txt" + b"\x00" * 252 + b"ustar\x0000", "a tar archive"),
        (b"MZ\x90\x00\x03", "a Windows program"),
    ],
)
def test_recognised(content: bytes, kind: str) -> None:
    assert recognise(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ Traders open shop",
        b"RIFF in the cabinet",
        b"GIF makers meet",
        b"PK said",
        b"BM",
        b"A softypo, she said",
        b"Prices of spice rose. ".ljust(256) + b"mustard is dear",
    ],
)
def test_text_is_not_recognised(content: bytes) -> None:
    assert recognise(content) is None
