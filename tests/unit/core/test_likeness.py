import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core.article import Scores
from worker.core.fingerprint import Text, text
from worker.core.likeness import (
    Headlines,
    changed_names,
    changed_numbers,
    headlines,
    letters,
    measure,
    overlap,
)

WORDS = st.lists(st.sampled_from("ferry lake maize rain 14 12 of the".split()), max_size=30)
TEXTS = st.builds(lambda h, b: text(" ".join(h), " ".join(b)), WORDS, WORDS)


def headed(headline: str, body: str = "") -> Text:
    return text(headline, body)


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        pytest.param("Ferry returns", "FERRY RETURNS!", "same", id="written otherwise"),
        pytest.param("Ferry returns", "Ferry returns on Monday", "same", id="one says more"),
        pytest.param("Ferry is back", "Ferry back at it", "same", id="particles name nothing"),
        pytest.param("Rates revised up", "Rates revised down", "rival", id="two letters that name"),
        pytest.param("UPDATE 2-Ferry back", "Report: ferry back", "same", id="labels"),
        pytest.param("12 killed on lake", "15 killed on lake", "rival", id="a number"),
        pytest.param("5 killed on lake", "6 killed on lake", "rival", id="a digit"),
        pytest.param("Rain in Kisumu today", "Rain in Mombasa today", "rival", id="a name"),
        pytest.param("Rain in Kisumu", "Storm in Kisumu", "rival", id="half in common"),
        pytest.param("Rain over Kisumu", "Maize at Kisumu market", "unlike", id="a third"),
        pytest.param("渡轮 返航", "渡轮 停航", "rival", id="Han: every sign names"),
        pytest.param("On it", "On it", "same", id="nothing but particles"),
        pytest.param("", "Ferry", "same", id="no headline contradicts nothing"),
    ],
)
def test_headlines(mine: str, theirs: str, expected: str) -> None:
    assert headlines(headed(mine), headed(theirs)) == expected
    assert headlines(headed(theirs), headed(mine)) == expected


LEAD = "A ferry that links the islands sailed"


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        pytest.param(LEAD, Headlines.TOLD, id="first"),
        pytest.param(f"{'word ' * 73}{LEAD}", Headlines.TOLD, id="just early enough"),
        pytest.param(f"{'word ' * 77}{LEAD}", Headlines.UNLIKE, id="too late"),
        pytest.param("A ferry that links the", Headlines.TOLD, id="most of it"),
        pytest.param("A ferry that", Headlines.UNLIKE, id="little of it"),
    ],
)
def test_a_headline_that_is_the_others_lead(opening: str, expected: Headlines) -> None:
    one, other = headed(LEAD), headed("Crossing resumes", opening)

    assert headlines(one, other) is expected
    assert headlines(other, one) is expected


def test_a_headline_of_three_words_is_nobodys_lead() -> None:
    assert headlines(headed("A ferry sailed"), headed("Maize", "A ferry sailed")) == "unlike"


BODY = "a b c d e f g h i j k l"  # ten shingles


def test_scores() -> None:
    scores = measure(text("Ferry 1", BODY), text("Ferry 2", f"{BODY} m n o p q r s t u v"), ())

    assert scores == Scores(containment=1.0, jaccard=0.5, weighted=1.0, title=0.5, numbers=0.0)


@pytest.mark.parametrize(
    ("siblings", "weighted"),
    [
        pytest.param([], 0.5, id="none"),
        pytest.param(["a b c d e f g"], 0.3333, id="one has all that is shared: it counts half"),
        pytest.param(["a b c d e f g"] * 2, 0.2, id="two: a quarter"),
        pytest.param([BODY], 0.5, id="one has all: nothing is particular"),
        pytest.param(["x y z"], 0.5, id="one has nothing of it"),
        pytest.param(["f g h i j k l"], 0.6667, id="one has what is not shared"),
    ],
)
def test_what_others_have_weighs_less(siblings: list[str], weighted: float) -> None:
    mine, theirs = text("", BODY), text("", "a b c d e f g x1 x2 x3 x4 x5")
    others = [text("", sibling).shingles for sibling in siblings]

    assert measure(mine, theirs, others).weighted == weighted


def test_texts_without_shingles_share_nothing() -> None:
    assert measure(headed("Ferry"), headed("Ferry"), ()) == Scores(title=1.0, numbers=1.0)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3))
def test_measures_are_symmetric_shares(mine: Text, theirs: Text, others: list[Text]) -> None:
    known = [other.shingles for other in others]
    scores = measure(mine, theirs, known)

    assert all(0 <= getattr(scores, name) <= 1 for name in Scores.__slots__)
    assert len(mine.shingles) == len(theirs.shingles) or scores == measure(theirs, mine, known)


def test_letters_forgive_misprints() -> None:
    mine, theirs = text("", "the harbour police said"), text("", "the harb0ur police said")

    assert letters(mine, theirs) == overlap(mine.grams, theirs.grams) == round(14 / 19, 4)


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        pytest.param("and 12 were killed", "and 15 were killed", [("12", "15")], id="changed"),
        pytest.param("and 12 were killed", "and 12 were killed", [], id="the same"),
        pytest.param("and 12 were killed", "and 15 are killed", [], id="another place"),
        pytest.param("it has 3.5 million", "it has 4.5 million", [("3.5", "4.5")], id="decimal"),
        pytest.param(
            "it cost 2,300 shillings",
            "it cost 2 500\nshillings",
            [("2,300", "2 500")],
            id="as written",
        ),
        pytest.param("a \uff13 b", "a 4 b", [("3", "4")], id="written in wide digits"),
        pytest.param("a 1 b a 2 b", "a 3 b", [], id="a place that is there twice"),
        pytest.param("a 1 b a 2 b", "a 3 b a 1 b", [("2", "3")], id="one of two there"),
        pytest.param("a 1 b a 2 b", "a 2 b a 1 b", [], id="in another order"),
        pytest.param("a 1 b a 2 b", "a 2 b", [], id="one less"),
        pytest.param("a 1 b a 1 b", "a 3 b", [("1", "3")], id="and says the same twice"),
        pytest.param("12 were killed", "15 were killed", [], id="nothing before it"),
        pytest.param("they killed 12", "they killed 15", [], id="nothing behind it"),
        pytest.param("", "", [], id="nothing"),
    ],
)
def test_changed_numbers(old: str, new: str, changed: list[tuple[str, str]]) -> None:
    assert list(changed_numbers(text("", old), text("", new))) == changed
    assert list(changed_numbers(text(old, ""), text(new, ""))) == changed


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        pytest.param(
            "as Ann Abuor said it",
            "as Juma Dalmar said it",
            [("Ann Abuor", "Juma Dalmar")],
            id="somebody else",
        ),
        pytest.param("as Ann Abuor said it", "as Ann Abuor said it", [], id="the same"),
        pytest.param("as Barasa said it", "as Barosa said it", [], id="a misprint"),
        pytest.param("as Kisumu said it", "as Goma told it", [], id="another place"),
        pytest.param("as people said it", "as others said it", [], id="no names"),
        pytest.param("and PEOPLE said it", "and OTHERS said it", [], id="capitals alone"),
        pytest.param("so. Maize is up", "so. Sugar is up", [], id="a sentence begins"),
    ],
)
def test_changed_names(old: str, new: str, changed: list[tuple[str, str]]) -> None:
    assert list(changed_names(text("", old), text("", new))) == changed


@given(TEXTS)
def test_a_text_changes_nothing_of_itself(same: Text) -> None:
    assert changed_numbers(same, same) == changed_names(same, same) == ()
