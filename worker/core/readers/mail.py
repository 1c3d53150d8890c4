"""Read an e-mail as an article: a newsroom's inbox has press releases and copy in it.

The subject, without ``Fwd:`` and ``Re:``, is the headline and the sender the byline. The text is
what was written as plain text, else as HTML. Attachments are named, and not read: whoever wants
them read drops them as files.

The message is read from its bytes, since each of its parts may have an encoding of its own. Header
fields are decoded here, within a bound: the library's structured parser may raise anything on what
is no header, and takes a time that grows with the square of it.
"""

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parseaddr
from itertools import chain
from typing import Final

from worker.core.article import Draft, Evidence, Kind
from worker.core.decode import decode
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers import labels, markup, plain
from worker.core.readers.markup import Marked

MEDIA_TYPE: Final = "message/rfc822"
NAMES: Final = frozenset({".eml"})

_LOOK_BYTES: Final = 8192
_MAX_FIELD: Final = 2_000  # characters
_MAX_PARTS: Final = 500
_FIELD = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{1,40}):[ \t]", re.MULTILINE)
_SIGNS: Final = frozenset({b"received", b"return-path", b"mime-version", b"message-id"})
_NAMED_SIGNS: Final = _SIGNS | {b"from", b"date", b"subject"}  # a memo has these as well
_SIGNATURE_LINES: Final = 8
_DASHES = re.compile(r"^-- $", re.MULTILINE)
_SOFT_BREAK = re.compile(r"(?<=\S) \n(?=\S)")  # of format=flowed, RFC 3676
_NO_TEXT: Final = Evidence("us-ascii", 1.0)


def is_mail(content: bytes, suffix: str) -> bool:
    """*content* opens with header fields that only mail has; of a name that says so, with any."""
    start = content[:_LOOK_BYTES].lstrip().replace(b"\r\n", b"\n")
    head = start.partition(b"\n\n")[0]
    if not _FIELD.match(head):
        return False
    fields = {name.lower() for name in _FIELD.findall(head)}
    if suffix in NAMES:
        return not fields.isdisjoint(_NAMED_SIGNS)
    return not fields.isdisjoint(_SIGNS) and b"from" in fields


def read(content: bytes) -> tuple[Draft, Evidence]:
    """The article that the message *content* is, and how its text was decoded.

    Raises:
        Rejected: ``too_expensive`` for more parts than a letter has; ``no_text``; whatever
            ``decode`` raises of its text.

    """
    if content.count(b"boundary") > _MAX_PARTS:
        raise Rejected(Reason.TOO_EXPENSIVE, f"an e-mail of more than {_MAX_PARTS} parts")
    try:
        message = BytesParser(policy=compat32).parsebytes(content.lstrip())
    except RecursionError as error:
        raise Rejected(Reason.MALFORMED, "an e-mail within an e-mail, too often") from error
    headers = _headers(message)
    subject = headers.get("subject")
    parts, evidence = _text(message)
    if not parts and not subject:
        raise Rejected(Reason.NO_TEXT, "an e-mail without a subject or a text")
    number = headers.get("message-id", "").strip("<> ")
    headline = labels.subject(subject) if subject else None
    if subject and headline != subject:
        parts = ((Kind.BOILERPLATE, subject), *parts)
    known = Draft(
        headline=headline,
        blocks=(),
        media_type=MEDIA_TYPE,
        authors=tuple(name for name in [parseaddr(headers.get("from", ""))[0]] if name),
        published=headers.get("date"),
        language=headers.get("content-language"),
        guid=f"mid:{number}" if number else None,
    )
    return plain.completed(known, (*parts, *_attachments(message))), evidence


def _headers(message: Message) -> dict[str, str]:
    """Decoded values by lower-case name; of fields that are repeated, the first."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        if (text := _decoded(str(value)[:_MAX_FIELD])) and name.lower() not in found:
            found[name.lower()] = text
    return found


def _decoded(value: str) -> str:
    """RFC 2047 words, and bytes that stand there raw, as UTF-8 or else cp1252."""
    unfolded = " ".join(value.split())
    try:
        parts = decode_header(unfolded)
    except (HeaderParseError, ValueError):  # base64 that is none
        return _as_text(unfolded, None)
    return "".join(_as_text(part, charset) for part, charset in parts).strip()


def _as_text(part: bytes | str, charset: str | None) -> str:
    raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
    for codec in (charset, "utf-8"):
        try:
            return raw.decode(codec or "ascii")
        except (LookupError, UnicodeError):
            continue
    return raw.decode("cp1252", "ignore")


def _text(message: Message) -> tuple[Marked, Evidence]:
    """The first plain part with a text in it, else the first HTML part."""
    leaves = [part for part in message.walk() if not part.is_multipart()]
    for kind in ("text/plain", "text/html"):
        for part in leaves:
            content = _content(part)
            if part.get_content_type() == kind and not _file_name(part) and content.strip():
                text, evidence = decode(content, declared=part.get_content_charset())
                return _marked(text, kind, flowed=_is_flowed(part)), evidence
    return (), _NO_TEXT


def _is_flowed(part: Message) -> bool:
    return str(part.get_param("format", "")).casefold() == "flowed"


def _marked(text: str, kind: str, *, flowed: bool) -> Marked:
    if kind == "text/html":  # tables are how mail is laid out
        parts = markup.marked(markup.parse(text))
        return tuple((Kind.TEXT if kind is Kind.TABLE else kind, text) for kind, text in parts)
    text, signature = _signed(text)
    text = _SOFT_BREAK.sub(" ", text) if flowed else text
    return (*plain.body(text), *((Kind.BOILERPLATE, line) for line in signature))


def _signed(text: str) -> tuple[str, list[str]]:
    """The text, and the lines from the last ``-- `` on, if a signature has so few (RFC 3676)."""
    *_, last = chain([None], _DASHES.finditer(text))
    lines = text[last.start() :].split("\n") if last else []
    signature = [line.strip() for line in lines if line.strip()]
    if last is None or len(signature) > _SIGNATURE_LINES:
        return text, []
    return text[: last.start()], signature


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _attachments(message: Message) -> Iterator[tuple[Kind, str]]:
    for part in message.walk():
        if name := _file_name(part):
            yield Kind.BOILERPLATE, f"[{name}]"


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename()
    except ValueError:  # a NUL in the name of its encoding
        return "attachment"
    return _decoded(name[:_MAX_FIELD]) if name else ""
