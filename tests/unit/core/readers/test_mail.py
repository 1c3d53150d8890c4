import base64
from email.message import EmailMessage

import pytest

from worker.core.article import Kind
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers.mail import is_mail, read

HEAD = (
    "From: Jane Wanjiru <jane@lakepost.example>\r\n"
    "Subject: County opens market\r\n"
    "Date: Tue, 28 Jan 2025 10:30:00 +0300\r\n"
    "Message-ID: <1@lakepost.example>\r\n"
)
TEXT = "The county opened a market on Tuesday.\n\nRoads come next.\n"


def message(*, plain: str = TEXT, html: str = "", charset: str = "utf-8") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Jane Wanjiru <jane@lakepost.example>"
    mail["Subject"] = "County opens market"
    mail["Date"] = "Tue, 28 Jan 2025 10:30:00 +0300"
    mail["Message-ID"] = "<1@lakepost.example>"
    mail.set_content(plain, charset=charset)
    mail["Content-Language"] = "en-KE"
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def test_every_field() -> None:
    draft, evidence = read(message().as_bytes())

    assert draft.headline == "County opens market"
    assert draft.blocks == ("The county opened a market on Tuesday.", "Roads come next.")
    assert draft.authors == ("Jane Wanjiru",)
    assert draft.published == "Tue, 28 Jan 2025 10:30:00 +0300"
    assert (draft.guid, draft.language) == ("mid:1@lakepost.example", "en-KE")
    assert (draft.media_type, evidence.charset) == ("message/rfc822", "utf-8")


def test_of_fields_that_are_repeated_the_first_counts() -> None:
    draft, _ = read(b"From: a@b.example\nSubject: Market\nSubject: Roads\n\nOne.")

    assert draft.headline == "Market"


def test_an_embargo_in_the_text() -> None:
    draft, _ = read(message(plain="Embargoed until 2025-01-29\n\nOne.").as_bytes())

    assert (draft.embargo, draft.kinds) == ("2025-01-29", (Kind.BOILERPLATE, Kind.TEXT))


def test_lines_that_flow_are_joined_and_a_signature_is_none_of_the_text() -> None:
    mail = message(plain="The county opened \na market.\n\n-- \nJane Wanjiru\nLake Post\n")
    mail.set_param("format", "Flowed")
    draft, _ = read(mail.as_bytes())

    assert draft.blocks == ("The county opened a market.", "--", "Jane Wanjiru", "Lake Post")
    assert draft.kinds == (Kind.TEXT, *[Kind.BOILERPLATE] * 3)


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param("One.\n--\nTwo.", id="a rule"),
        pytest.param("One.\n-- \n" + "Two.\n" * 8, id="more lines than a signature has"),
    ],
)
def test_no_signature(plain: str) -> None:
    draft, _ = read(message(plain=plain).as_bytes())

    assert set(draft.kinds) == {Kind.TEXT}


def test_lines_that_do_not_flow_stay() -> None:
    draft, _ = read(message(plain="One \ntwo\n").as_bytes())

    assert draft.blocks == ("One", "two")


def test_plain_text_goes_before_html_and_attachments_are_named() -> None:
    mail = message(html="<p>In HTML.</p>")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="budget é.pdf")
    mail.add_attachment("Not read.", filename="notes.txt")

    draft, _ = read(mail.as_bytes())

    assert list(zip(draft.kinds, draft.blocks, strict=True)) == [
        (Kind.TEXT, "The county opened a market on Tuesday."),
        (Kind.TEXT, "Roads come next."),
        (Kind.BOILERPLATE, "[budget é.pdf]"),
        (Kind.BOILERPLATE, "[notes.txt]"),
    ]


def test_html_where_there_is_no_plain_text() -> None:
    table = "<table><tr><td><p>One.</p></td></tr></table><h2>Roads</h2>"

    draft, _ = read(message(plain=" ", html=table).as_bytes())

    assert list(zip(draft.kinds, draft.blocks, strict=True)) == [
        (Kind.TEXT, "One."),
        (Kind.CROSSHEAD, "Roads"),
    ]


def test_wrapped_text_is_joined() -> None:
    line = "The county opened a new market on Tuesday, bringing stalls for"
    text = f"{line}\nthree hundred traders under one roof for the first time since the\nold one.\n"

    draft, _ = read(message(plain=text).as_bytes())

    assert draft.blocks == (" ".join(text.split()),)


def test_a_part_has_its_own_encoding() -> None:
    draft, evidence = read(message(plain="Café prices rose.", charset="iso-8859-1").as_bytes())

    assert (draft.blocks, evidence.charset) == (("Café prices rose.",), "windows-1252")


@pytest.mark.parametrize(
    ("subject", "headline"),
    [
        ("=?utf-8?q?Caf=C3=A9?= opens", "Café opens"),
        ("=?utf-8?b?Q2Fmw6k=?=", "Café"),
        ("=?iso-8859-1?q?Caf=E9?=", "Café"),
        ("Caf\xc3\xa9 opens", "Café opens"),  # raw UTF-8
        ("Caf\xe9 opens", "Café opens"),  # raw Latin-1
        ("=?no-such-code?q?Caf=E9?=", "Café"),
        ("=?utf-8?b?Q?=", "=?utf-8?b?Q?="),
        ("County\r\n opens", "County opens"),
    ],
)
def test_subjects(subject: str, headline: str) -> None:
    content = f"From: a@b.example\r\nSubject: {subject}\r\n\r\nText".encode("latin-1")

    assert read(content)[0].headline == headline


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"{HEAD}Content-Type: text/plain; charset==\r\n\r\nText", id="charset"),
        pytest.param(f"{HEAD}Content-Transfer-Encoding: base64\r\n\r\n!", id="base64"),
        pytest.param(f"{HEAD}Content-Type: multipart/mixed\r\n\r\nText", id="no boundary"),
        pytest.param(f"{HEAD}Content-Type: message/rfc822\r\n\r\nText", id="mail in mail"),
        pytest.param(
            f"{HEAD}Content-Disposition: attachment; filename*=no-such''%ff\r\n\r\nText", id="name"
        ),
        pytest.param(
            f"{HEAD}Content-Disposition: attachment; filename*=a\0b''x\r\n\r\nText", id="NUL"
        ),
        pytest.param(f"{HEAD}\r\n", id="no text"),
    ],
)
def test_odd_mail_has_its_subject(content: str) -> None:
    assert read(content.encode())[0].headline == "County opens market"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"From: a@b.example\r\n\r\n", Reason.NO_TEXT, id="nothing"),
        pytest.param(HEAD.encode() + b"boundary\n" * 501, Reason.TOO_EXPENSIVE, id="many parts"),
        pytest.param(
            HEAD.encode()
            + b"Content-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes(b"%PDF-1.7"),
            Reason.UNSUPPORTED_FORMAT,
            id="a document as text",
        ),
    ],
)
def test_refused(content: bytes, reason: Reason) -> None:
    with pytest.raises(Rejected) as rejected:
        read(content)

    assert rejected.value.reason is reason


def test_mail_in_mail_in_mail_ends() -> None:
    nested = b"Content-Type: message/rfc822\r\n\r\n" * 3000

    with pytest.raises(Rejected, match="too often") as rejected:
        read(HEAD.encode() + nested)

    assert rejected.value.reason is Reason.MALFORMED


@pytest.mark.parametrize(
    ("content", "suffix", "expected"),
    [
        (HEAD, "", True),
        (HEAD, ".eml", True),
        ("From: the county\nTo: all\n\nText", "", False),
        ("From: the county\nTo: all\n\nText", ".eml", True),
        ("To: all\n\nText", ".eml", False),
        ("Message-ID: 1\n\nText", "", False),
        ("County opens market\nFrom: us\n", ".eml", False),
        ("", ".eml", False),
    ],
)
def test_is_mail(content: str, suffix: str, expected: bool) -> None:  # noqa: FBT001 -- expected
    assert is_mail(content.encode(), suffix) is expected
