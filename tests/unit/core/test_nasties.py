"""Files as newsrooms really drop them: paste the bytes of a bug report here, and what was expected.

Each case is a whole file. ``body`` is ``body_text``, its paragraphs one to a line.
"""
# ruff: noqa: E501, RUF001 -- a table, and one of characters that are easily confused

import codecs
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from worker.core.article import Article, Kind
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.normalise import normalise
from worker.core.readers import read


@dataclass(frozen=True)
class Case:
    id: str
    content: bytes
    name: str = "story.txt"
    headline: str = "Market opens"
    body: str = "One."
    repairs: tuple[str, ...] = ()
    kinds: dict[Kind, str] = field(default_factory=dict)  # of other paragraphs: first of each kind
    charset: str = "utf-8"


@dataclass(frozen=True)
class Refusal:
    id: str
    content: bytes
    reason: Reason
    detail: str = ""
    name: str = "story.txt"


CASES = [
    Case("plain", b"Market opens\nOne.\n"),
    Case("one line", b"Market opens", body=""),
    Case("mojibake", "Market opens\nCafÃ© â€“ itâ€™s open.".encode(), body="Café – it’s open.", repairs=("mojibake",)),
    Case("looks like mojibake and is right", "Market opens\nSÃO PAULO É…".encode(), body="SÃO PAULO É…"),
    Case("one stray pound", b"Market opens\nIt cost \xa3199.", body="It cost £199.", repairs=("stray_bytes",), charset="windows-1252"),
    Case("cp1252 quotes", b"Market opens\n\x93Yes,\x94 she said \x96 twice.", body="“Yes,” she said – twice.", repairs=("stray_bytes",), charset="windows-1252"),
    Case("UTF-16 with mark", codecs.BOM_UTF16_LE + "Market opens\r\nOne.".encode("utf-16-le"), charset="utf-16-le"),
    Case("UTF-16 without mark", "Market opens\nOne.".encode("utf-16-be"), charset="utf-16-be"),
    Case("UTF-32 without mark", "Market opens\nOne.".encode("utf-32-le"), charset="utf-32-le"),
    Case("UTF-8 mark", codecs.BOM_UTF8 + b"Market opens\nOne."),
    Case("mark amid joined files", b"Market opens\n" + codecs.BOM_UTF8 + b"One.", repairs=("bom",)),
    Case("two encodings", "Market opens\nDéjà vu.\n".encode() + b"Caf\xe9.", body="Déjà vu.\nCafé.", repairs=("stray_bytes",)),
    Case("U+FFFD already there", "Market opens\nCaf\ufffd.".encode(), body="Caf\ufffd."),
    Case("NUL", b"Mar\x00ket opens\nO\x00ne.", repairs=("nul",)),
    Case("controls of wire copy", b"\x02Market opens\n\x1eOne.\x03", repairs=("controls",)),
    Case("file separators are no line breaks", b"Market opens\nO\x1cn\x1de.", repairs=("controls",)),
    Case("rare line breaks", "Market opens\u2028One.\x85Two.\x0cThree.\x0bFour.".encode(), body="One.\nTwo.\nThree.\nFour."),
    Case("soft hyphens", "Mar\xadket opens\nOne.".encode(), repairs=("soft_hyphens",)),
    Case("zero width space", "Mar\u200bket opens\nOne.".encode(), repairs=("zero_width",)),
    Case("joiners stay", "Market opens\n👩\u200d🌾 می\u200cشود".encode(), body="👩\u200d🌾 می\u200cشود"),
    Case("ligatures stay", "Market opens\nThe \ufb01re.".encode(), body="The \ufb01re."),
    Case("NFD", "Market opens\nCafe\u0301.".encode(), body="Café.", repairs=("nfc",)),
    Case("spaces", "Market\u3000opens\nOne\u2009two\xa0three.".encode(), body="One two three."),
    Case("bidi overrides", "Market \u202eopens\u202c\nOne.".encode(), repairs=("bidi",)),
    Case("quotes stay curled", "Market opens\n“One”, it’s ‘two’…".encode(), body="“One”, it’s ‘two’…"),
    Case("HTML in .txt", b"<p>Market opens</p><p>One.</p>"),
    Case("CR", b"Market opens\rOne.\rTwo.", body="One.\nTwo."),
    Case("CRLF and LF", b"Market opens\r\n\r\nOne.\nTwo.", body="One.\nTwo."),
    Case("blank line paragraphs", b"Market opens\n\n\nOne.\n\nTwo.\n\n", body="One.\nTwo."),
    Case("all capitals", b"MARKET OPENS\nOne.", headline="MARKET OPENS"),
    Case("headline over 255", b"Word " * 99 + b"\nOne.", headline=("Word " * 99).strip()),
    Case("headline repeated", b"Market opens\nMARKET OPENS.\nOne.", kinds={Kind.REPEAT: "MARKET OPENS."}),
    Case("refrain stays", b"Market opens\nOne.\nOne.\nOne.", body="One.\nOne.\nOne."),
    Case("dateline", b"Market opens\nNAIROBI, Jan 28 (Xinhua) -- One.", kinds={Kind.DATELINE: "NAIROBI, Jan 28 (Xinhua) --"}),
    Case("byline", b"Market opens\nBy Abby Otieno\nOne.", kinds={Kind.BYLINE: "By Abby Otieno"}),
    Case("a sentence with By", b"Market opens\nBy Monday the rain had stopped", body="By Monday the rain had stopped"),
    Case("date line", b"Market opens\nJanuary 5, 2019\nOne.", kinds={Kind.DATE: "January 5, 2019"}),
    Case("also read", b"Market opens\nOne.\nAlso read: Two", kinds={Kind.BOILERPLATE: "Also read: Two"}),
    Case("taken for JSON", b"[Update] Market opens\nOne.", headline="[Update] Market opens"),
    Case("taken for a JSON object", b"{Update} Market opens\nOne.", headline="{Update} Market opens", name="story.text"),
    Case("a ticker taken for a tag", b"MARKET <P> OPENS\nOne.", headline="MARKET <P> OPENS"),
    Case("JSON with markup", b'{"title": "Market opens", "body": "<p>One.</p>"}', name="a.json"),
    Case("JSON with escaped NUL", rb'{"title": "Mar\u0000ket opens", "body": "One."}', name="a.json", repairs=("nul",)),
    Case("an odd name", b"Market opens\nOne.", name="-\xff\n..json.txt"),
]  # fmt: skip

REFUSALS = [
    Refusal("nothing", b"", Reason.EMPTY),
    Refusal("spaces", b" \r\n\t", Reason.EMPTY),
    Refusal("a mark alone", codecs.BOM_UTF8, Reason.EMPTY),
    Refusal("no letter", b"1 - 0\n12:30", Reason.NO_TEXT),
    Refusal("PDF", b"%PDF-1.7\n%\xe2\xe3", Reason.UNSUPPORTED_FORMAT, "PDF"),
    Refusal("docx", b"PK\x03\x04..word/document.xml", Reason.UNSUPPORTED_FORMAT, "Word"),
    Refusal("garbage", bytes(range(128, 256)) * 9, Reason.UNDECODABLE),
    Refusal("an XML bomb", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;">]><x>&b;</x>', Reason.UNSUPPORTED_FORMAT, "XML"),
    Refusal("RSS", b"<rss><channel><title>Market</title></channel></rss>", Reason.UNSUPPORTED_FORMAT, "RSS"),
    Refusal("deep JSON", b'{"a":' * 100_000, Reason.MALFORMED, "JSON", name="a.json"),
    Refusal("many records", b'[{"title": "One"}, {"title": "Two"}]', Reason.UNSUPPORTED_FORMAT, "bulk"),
]  # fmt: skip


def article(content: bytes, name: str = "story.txt") -> Article:
    return normalise(*read(content, name))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_read_right(case: Case) -> None:
    found = article(case.content, case.name)

    texts = [p.text for p in found.paragraphs if p.kind is Kind.TEXT]
    others = {p.kind: p.text for p in reversed(found.paragraphs) if p.kind is not Kind.TEXT}
    assert (found.headline, "\n".join(texts)) == (case.headline, case.body)
    assert (found.evidence.repairs, others) == (case.repairs, case.kinds)
    assert found.evidence.charset == case.charset


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.id)
def test_refused(case: Refusal) -> None:
    with pytest.raises(Rejected) as rejected:
        article(case.content, case.name)

    assert rejected.value.reason is case.reason
    assert case.detail in rejected.value.detail


FRAGMENTS = st.sampled_from(
    [
        *(case.content for case in CASES),
        *(case.content for case in REFUSALS if len(case.content) < 1000),
        b"By Jane Wanjiru\n",
        b"NAIROBI, Jan 28 (AP) - ",
        b"January 5, 2019\n",
        b'{"title": "',
        b'"}',
        b"<p>",
        b"</p>",
        b"&#0;&nbsp;",
        b"\n\n",
        b"    ",
        b"\xff\xfe",
    ]
)
CONTENTS = st.one_of(st.binary(max_size=300), st.lists(FRAGMENTS, max_size=6).map(b"".join))
NAMES = st.sampled_from(["a.txt", "a.json", "a.html", "a.eml", "a", ""])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=CONTENTS, name=NAMES)
@example(content=b'{"headline": "A", "date": 1e400, "author": [[]], "body": [{}]}', name="")
@example(content=b"<html><title>&#0;A&#xd800;</title><p>&#x202e;</p>", name="")
def test_any_bytes_are_an_article_or_refused(content: bytes, name: str) -> None:
    """Never another exception; always storable text, whose offsets hold; always the same."""
    try:
        found = article(content, name)
    except Rejected as rejected:
        with pytest.raises(Rejected, match=rejected.reason):
            article(content, name)
        return

    whole = "\n".join([found.headline, found.body_text, *(p.text for p in found.paragraphs)])
    whole.encode()
    assert "\x00" not in whole
    for p in found.paragraphs:
        assert p.kind is not Kind.TEXT or found.body_text[p.start : p.end] == p.text
    assert article(content, name) == found


@pytest.mark.parametrize(
    "unit",
    [
        b"\n",
        b" ",
        b"-",
        b"\xc2\xad",
        b"word ",
        b"word\n",
        b"    word\n",
        b"<p>",
        b"<!--",
        b"</p>",
        b"[",
        b'{"a":',
        b"By A, ",
        b"NAIROBI, ",
        b"1 ",
        b"\xc3\x83\xc2\xa9 ",
        b"&",
    ],
    ids=repr,
)
@pytest.mark.timeout(10)
def test_repetition_does_not_run_away(unit: bytes) -> None:
    """Half a megabyte of anything ends at once: nothing in here is quadratic."""
    content = b"Market opens\n" + unit * (500_000 // len(unit))
    start = b"" if unit in (b"[", b'{"a":', b"<p>", b"<!--") else b"x"

    try:
        found = article(start + content.removeprefix(b"Market opens\n"))
    except Rejected:
        return

    assert found.headline
