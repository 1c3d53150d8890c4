import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.articles import STORY
from worker.core.fingerprint import (
    KEY_CHARACTERS,
    KEY_WORDS,
    PROOF_CHARACTERS,
    PROOF_WORDS,
    SKETCH_KEYS,
    VERSION,
    Fingerprint,
    fingerprint,
    numbers,
    text,
    tokenise,
)

HEADING = -1352104732149856003
HEADLINE, BODY = STORY.split("\n", 1)
THAI = "เรือข้ามฟากกลับมาให้บริการ"
WORDS = st.lists(st.sampled_from("ferry lake maize rain 14 of the".split()), max_size=60)


# --- tokens ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "tokens"),
    [
        pytest.param("", (), id="nothing"),
        pytest.param(" \n--!?", (), id="no word"),
        pytest.param("The FERRY sailed.", ("the", "ferry", "sailed"), id="words"),
        pytest.param("Straße", ("strasse",), id="folded, not only lowered"),
        pytest.param("\ufb01ne \uff21\uff22", ("fine", "ab"), id="NFKC"),
        pytest.param("cafe\u0301", ("café",), id="composed"),
        pytest.param("sh3.5m", ("sh3", "5m"), id="punctuation parts"),
        pytest.param("渡轮 returns", ("渡", "轮", "returns"), id="Han: a character a token"),
        pytest.param("リbus", ("リ", "bus"), id="Kana beside Latin"),
        pytest.param("\u0e01\u0eff\u1000\u109f", tuple("\u0e01\u0eff\u1000\u109f"), id="edges"),
        pytest.param("한국어 뉴스", ("한국어", "뉴스"), id="Hangul is written with spaces"),
    ],
)
def test_tokenise(value: str, tokens: tuple[str, ...]) -> None:
    assert tokenise(value) == tokens


@given(st.text(alphabet=st.characters()))
def test_no_text_breaks_it(value: str) -> None:
    """Not even one with lone surrogates."""
    assert all(token and not token.isspace() for token in tokenise(value))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("14 days", {"14"}, id="whole"),
        pytest.param("3,000,000.50 shillings", {"300000050"}, id="separators are left out"),
        pytest.param("1.000 is 1,000", {"1000"}, id="so both customs agree"),
        pytest.param("in 2025, 14.", {"2025", "14"}, id="punctuation after it is no separator"),
        pytest.param("a b", set(), id="none"),
    ],
)
def test_numbers(value: str, expected: set[str]) -> None:
    assert numbers(value) == expected


# --- the fingerprint ------------------------------------------------------------------------------


def test_stored_fingerprints_stay_comparable() -> None:
    """Keys of version 2, as stores hold them. If this fails, ``VERSION`` must grow."""
    made = fingerprint(HEADLINE, BODY)

    assert VERSION == 2
    assert (
        made.content_hash.hex()
        == "ce5c0afe3a74c5871fb954e1dcf6e303bbcec7141e813cb6bce63c1a02798060"
    )
    assert made.sketch[:3] == (-8842971528857535538, -8426976508440659831, -8240578261500374099)
    assert made.words == 81
    assert made.headings == (HEADING,)


@given(st.text(), st.text())
def test_deterministic(headline: str, body: str) -> None:
    assert fingerprint(headline, body) == fingerprint(headline, body)


@given(st.text(), st.text())
def test_a_sketch_is_ascending_distinct_and_short(headline: str, body: str) -> None:
    sketch = fingerprint(headline, body).sketch

    assert list(sketch) == sorted(set(sketch))
    assert len(sketch) <= SKETCH_KEYS
    assert all(-(1 << 63) <= key < 1 << 63 for key in sketch)


@given(WORDS, WORDS)
def test_a_text_has_the_smallest_keys_of_its_parts(a: list[str], b: list[str]) -> None:
    """What makes a part findable in the whole: bottom-k sketches merge."""
    whole = set(fingerprint("", " ".join([*a, *b])).sketch)
    apart = {*_keys(a), *_keys(b), *_keys([*a[-KEY_WORDS + 1 :], *b[: KEY_WORDS - 1]])}

    if min(len(a), len(b)) >= KEY_WORDS:
        assert whole == set(sorted(apart)[:SKETCH_KEYS])


def _keys(words: list[str]) -> set[int]:
    return {
        key
        for i in range(len(words) - KEY_WORDS + 1)
        for key in fingerprint("", " ".join(words[i : i + KEY_WORDS])).sketch
    }


def test_a_long_text_has_a_full_sketch() -> None:
    assert len(fingerprint(HEADLINE, BODY).sketch) == SKETCH_KEYS


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        pytest.param(0, 0, id="nothing"),
        pytest.param(1, 1, id="shorter than a shingle: the whole is one"),
        pytest.param(KEY_WORDS, 1, id="as long as a shingle"),
        pytest.param(KEY_WORDS + 1, 2, id="one word more"),
    ],
)
def test_short_texts_have_keys_too(words: int, keys: int) -> None:
    assert len(fingerprint("", " ".join("abcdefgh"[:words])).sketch) == keys


def test_a_headline_alone_is_found_by_its_own_words() -> None:
    alone = fingerprint("Ferry service resumes on the lake", "")

    assert alone.sketch == fingerprint("", "Ferry service resumes on the lake").sketch
    assert alone.words == 0


@pytest.mark.parametrize(
    ("headline", "body", "same"),
    [
        pytest.param(HEADLINE.upper(), BODY.replace("\n", "\n\n "), True, id="case, white space"),
        pytest.param(f"{HEADLINE}!", BODY, True, id="punctuation"),
        pytest.param(HEADLINE, BODY.replace("14", "15"), False, id="a number"),
        pytest.param("Lake ferry", BODY, False, id="the headline"),
        pytest.param(f"{HEADLINE} {BODY}", "", False, id="where the headline ends"),
    ],
)
def test_same_text(headline: str, body: str, *, same: bool) -> None:
    hashed = fingerprint(headline, body).content_hash

    assert (hashed == fingerprint(HEADLINE, BODY).content_hash) is same


# --- the text to compare --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "key", "proof"),
    [
        pytest.param("a b c d e f g h", KEY_WORDS, PROOF_WORDS, id="words"),
        pytest.param("a b c d 渡 轮 返 航", KEY_WORDS, PROOF_WORDS, id="half and half: words"),
        pytest.param("a b c 渡 轮 返 航 了", KEY_CHARACTERS, PROOF_CHARACTERS, id="mostly not"),
        pytest.param(THAI, KEY_CHARACTERS, PROOF_CHARACTERS, id="Thai"),
    ],
)
def test_shingles_are_longer_without_spaces(body: str, key: int, proof: int) -> None:
    tokens = tokenise(body)

    assert len(text("", body).shingles) == len(tokens) - proof + 1
    assert len(fingerprint("", body).sketch) == len(tokens) - key + 1


def test_a_text_made_ready() -> None:
    made = text("Fare is 200", "It rose by 14 percent")

    assert made.headline == "Fare is 200"
    assert made.tokens == ("it", "rose", "by", "14", "percent")
    assert made.shingles == text("", "14 percent It rose by 14 PERCENT").shingles - WRAPPED
    assert len(made.shingles) == 3
    assert made.numbers == {"200", "14"}


WRAPPED = text("", "14 percent it").shingles | text("", "percent it rose").shingles


def test_words_are_counted_as_characters_where_there_are_no_spaces() -> None:
    assert (text("", "a b c").words, text("", THAI).words) == (3, len(tokenise(THAI)) // 2)


@pytest.mark.parametrize(
    ("headline", "words"),
    [
        pytest.param("Ferry service resumes", "ferry service resumes", id="all"),
        pytest.param("Ferry is at 5 on 12 May", "ferry 5 12 may", id="no particles, but numbers"),
        pytest.param("UPDATE 2-Ferry resumes", "ferry resumes", id="a label with a number"),
        pytest.param("Report: ferry resumes", "ferry resumes", id="a label"),
        pytest.param("Reporter killed", "reporter killed", id="a word that begins like a label"),
        pytest.param("It is on", "it is on", id="particles, where there is nothing else"),
        pytest.param("渡轮", "渡 轮", id="Han"),
    ],
)
def test_what_a_headline_names(headline: str, words: str) -> None:
    assert text(headline, "").named == set(words.split())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("Ferry service resumes", "SERVICE: ferry resumes!", True, id="any order"),
        pytest.param("Ferry service resumes", "Ferry service stops", False, id="another word"),
    ],
)
def test_articles_are_found_by_their_headlines(one: str, other: str, *, same: bool) -> None:
    assert (fingerprint(one, "").headings == fingerprint(other, "").headings) is same


def test_a_headline_that_names_little_finds_nobody() -> None:
    assert fingerprint("Ferry resumes", "").headings == ()


def test_a_text_is_found_by_headline_and_body() -> None:
    made = fingerprint(HEADLINE, BODY)

    assert made.keys == (*made.headings, *made.sketch)


def test_letters_run_across_words() -> None:
    assert text("", "a ferry").grams == {"a fer", " ferr", "ferry"}
    assert text("", "lake").grams == frozenset()


def test_an_empty_body_has_no_shingle() -> None:
    assert text("Ferry", "").shingles == frozenset()
    assert fingerprint("", "") == Fingerprint(fingerprint("!", "?").content_hash, (), 0)
