import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core.clean import clean, is_plain
from worker.core.errors import Rejected
from worker.core.ledger import Reason


@pytest.mark.parametrize(
    ("dirty", "expected", "repairs"),
    [
        pytest.param("plain", "plain", (), id="nothing to do"),
        pytest.param("a\r\nb\rc\n\rd", "a\nb\nc\n\nd", (), id="line breaks"),
        pytest.param("a\vb\fc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf", (), id="rare line breaks"),
        pytest.param("a\x1cb\x1db\x1ec\x1fd", "abbcd", ("controls",), id="separators break none"),
        pytest.param("a\x00b", "ab", ("nul",), id="nul"),
        pytest.param("a\x02b\x7f\tc", "ab\tc", ("controls",), id="controls, not the tab"),
        pytest.param("Nai\xadro\xadbi", "Nairobi", ("soft_hyphens",), id="soft hyphens"),
        pytest.param("a\u200bb\u2060c", "abc", ("zero_width",), id="zero width"),
        pytest.param("one\ufefftwo", "onetwo", ("bom",), id="mark amid joined files"),
        pytest.param("\u202eevil\u202c \u2066x\u2069", "evil x", ("bidi",), id="overrides"),
        pytest.param("\u200fא\u200e", "\u200fא\u200e", (), id="direction marks stay"),
        pytest.param("می\u200cشود", "می\u200cشود", (), id="ZWNJ of Persian stays"),
        pytest.param("👩\u200d🌾", "👩\u200d🌾", (), id="ZWJ of emoji stays"),
        pytest.param("a\xa0b\u2009c\u3000d\u202fe", "a b c d e", (), id="spaces"),
        pytest.param("cafe\u0301", "café", ("nfc",), id="composed"),
        pytest.param("\ufb01re ①", "\ufb01re ①", (), id="ligatures stay: NFC, never NFKC"),
        pytest.param("“Haki” ‘yetu’", "“Haki” ‘yetu’", (), id="quotes stay curled"),  # noqa: RUF001
        pytest.param("Itâ€™s cafÃ©", "It’s café", ("mojibake",), id="mojibake"),  # noqa: RUF001
        pytest.param(
            "cafÃ©\nNESTLÉ® ouvre", "café\nNESTLÉ® ouvre", ("mojibake",), id="mojibake in one line"
        ),
        pytest.param("â€œyesâ€\ufffd", "“yesâ€\ufffd", ("mojibake",), id="what is lost stays"),
        pytest.param("It\x92s \x93so\x94", "It’s “so”", ("c1_controls",), id="C1"),  # noqa: RUF001
        pytest.param("Ωs\x85 it\x92s", "Ωs… it’s", ("c1_controls",), id="C1, Greek"),  # noqa: RUF001
        pytest.param("a\x81b", "ab", ("c1_controls", "controls"), id="C1 without meaning"),
        pytest.param("kept \ufffd here", "kept \ufffd here", (), id="what was lost before us"),
        pytest.param("a\uffffb", "ab", ("noncharacters",), id="noncharacter"),
        pytest.param("\x00é\xad\u0301", "é\u0301", ("nul", "soft_hyphens"), id="several, in order"),
    ],
)
def test_clean(dirty: str, expected: str, repairs: tuple[str, ...]) -> None:
    assert clean(dirty) == (expected, repairs)


@pytest.mark.parametrize(
    "right",
    [
        "PARCE QU'IL A MARQUÉ…",
        "Il dit qu’il viendra à l’été",  # noqa: RUF001 -- the apostrophe is the point
        "SÃO PAULO",
        "5×£35",  # noqa: RUF001 -- the sign is the point
        "NESTLÉ® cherche",
        "√π = 1.77",
        "VOCÊ… é",
    ],
)
def test_text_that_only_looks_like_mojibake_stays(right: str) -> None:
    assert clean(right) == (right, ())


@given(st.text())
def test_clean_text_may_be_stored(text: str) -> None:
    cleaned, _ = clean(text)

    assert not set(cleaned) & set("\x00\r\x0b\x0c\x1b\x7f\x85\xa0\xad\u200b\u2028\ufeff\u202e")
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(text)[0] == cleaned


def test_more_mojibake_than_can_be_mended_is_refused() -> None:
    with pytest.raises(Rejected) as rejected:
        clean("cafÃ©\n" * 80_000)

    assert rejected.value.reason is Reason.TOO_EXPENSIVE


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Déjà\tvu\n", True), ("a\xa0b", False), ("a\u200db", False), ("a\rb", False), ("", True)],
)
def test_plain(text: str, expected: bool) -> None:  # noqa: FBT001 -- a table's column
    assert is_plain(text) is expected
