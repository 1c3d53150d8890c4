"""Stories here are made to measure: each case names the one score that it is about."""

from dataclasses import fields, replace
from itertools import permutations
from math import nan
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.articles import STORY, article
from worker.core.article import Relation, Scores, Verdict
from worker.core.dedupe import Candidate, Neighbour, Policy, compare, decide
from worker.core.fingerprint import PROOF_WORDS, Text, text

POLICY = Policy()
UNLIKE = "x" * 100
OWN = {"same_path": True, "own": True}  # how a file finds the article that it made


def title(percent: int) -> str:
    """A headline that agrees with ``title(100)`` to so many percent."""
    return "a" * percent + "b" * (100 - percent)


def word(n: int) -> str:
    """One of many words, none with a digit in it."""
    return "".join(chr(ord("a") + n // 26**i % 26) for i in range(3))


def prose(first: int = 0, last: int = 100, *, headline: str = UNLIKE, numbers: str = "") -> str:
    """A story with the shingles from *first* to *last* of one endless text."""
    words = (word(n) for n in range(first, last + PROOF_WORDS - 1))
    return f"{headline} {numbers}\n{' '.join(words)}"


def brief(words: int, first: int = 0, *, headline: str = UNLIKE) -> str:
    """A story of so many words."""
    return prose(first, first + words - PROOF_WORDS + 1, headline=headline)


PLAIN = prose()


def candidate(story: str = PLAIN, *, content_hash: bytes = b"mine") -> Candidate:
    made = Candidate.of(article(story))
    return replace(made, fingerprint=replace(made.fingerprint, content_hash=content_hash))


def comparable(story: str) -> Text:
    return text(*story.split("\n"))


def neighbour(story: str = PLAIN, **given: Any) -> Neighbour:  # noqa: ANN401 -- any field
    """A stored version that shares one key with the candidate, which no other version has."""
    told = {
        "article_id": UUID(int=1),
        "version": 1,
        "latest": True,
        "content_hash": b"theirs",
        "text": comparable(story),
        "postings": (1,),
    }
    return Neighbour(**{**told, **given})


def relation(mine: str, theirs: str, **given: Any) -> Relation:  # noqa: ANN401 -- any field
    return decide(candidate(mine), [neighbour(theirs, **given)], POLICY).relation


# --- the same text --------------------------------------------------------------------------------


def test_nothing_stored_is_new() -> None:
    verdict = decide(candidate(), [], POLICY)

    assert verdict == Verdict(Relation.NEW, "no stored text is like it")
    assert (verdict.of, verdict.version) == (None, None)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        pytest.param({}, Relation.EXACT, id="elsewhere"),
        pytest.param({"same_uri": True}, Relation.EXACT, id="elsewhere, same identifier"),
        pytest.param({"latest": False}, Relation.EXACT, id="elsewhere, an old version"),
        pytest.param({"same_text": True}, Relation.EXACT, id="elsewhere, to the letter"),
        pytest.param(OWN | {"same_text": True}, Relation.UNCHANGED, id="its own, to the letter"),
        pytest.param(OWN, Relation.REVISION, id="its own, written otherwise"),
        pytest.param(
            OWN | {"same_text": True, "latest": False}, Relation.REVISION, id="back at an old text"
        ),
        pytest.param({"same_path": True}, Relation.UNCHANGED, id="still a copy"),
        pytest.param(
            {"same_path": True, "latest": False},
            Relation.UNCHANGED,
            id="still a copy, of what has a later version by now",
        ),
        pytest.param(
            {"own": True, "same_text": True},
            Relation.EXACT,
            id="back at a story that the file once had",
        ),
    ],
)
def test_same_hash(given_: dict[str, bool], expected: Relation) -> None:
    """Whatever the texts look like: the hash decides, and whose text it is."""
    theirs = neighbour(prose(500, 600), content_hash=b"mine", version=7, **given_)

    verdict = decide(candidate(), [theirs], POLICY)

    assert verdict.relation is expected
    assert (verdict.of, verdict.version) == (theirs.article_id, 7)


@pytest.mark.parametrize(
    ("given_", "because"),
    [
        pytest.param({}, "word for word", id="elsewhere"),
        pytest.param({"same_path": True}, "has its own article's text", id="still a copy"),
        pytest.param(OWN, "the words are the same, their writing is not", id="rewritten"),
        pytest.param(OWN | {"latest": False}, "back at the text of version 2", id="back"),
    ],
)
def test_a_verdict_on_the_same_hash_says_why(given_: dict[str, bool], because: str) -> None:
    theirs = neighbour(content_hash=b"mine", version=2, **given_)

    assert because in decide(candidate(), [theirs], POLICY).because


def test_an_old_text_that_is_also_the_latest_is_no_news() -> None:
    """A → B → A, and saved again: version 1 has the text too, and must not revise the article."""
    stored = [
        neighbour(content_hash=b"mine", version=n, latest=n == 3, same_text=True, **OWN)
        for n in (1, 3)
    ]

    verdicts = {decide(candidate(), order, POLICY).relation for order in permutations(stored)}

    assert verdicts == {Relation.UNCHANGED}


# --- the same identifier, the same path -----------------------------------------------------------


def test_the_publishers_identifier_revises_whatever_the_text() -> None:
    mine, theirs = prose(), prose(500, 600)

    assert relation(mine, theirs, same_uri=True) is Relation.REVISION
    assert relation(mine, theirs, same_uri=True, latest=False) is Relation.REVISION
    assert relation(mine, theirs) is Relation.NEW


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(12, Relation.REVISION, id="long enough to tell"),
        pytest.param(11, Relation.NEW, id="a word too short"),
    ],
)
def test_a_file_that_grew_or_shrank(words: int, expected: Relation) -> None:
    """Only where the file made the article: else a brief would swallow the long story."""
    short, long = brief(words), prose()

    assert relation(short, long, own=True) is expected
    assert relation(long, short, own=True) is expected
    assert relation(long, short, same_path=True) is Relation.NEW
    assert relation(long, short) is Relation.NEW


@pytest.mark.parametrize(
    "short",
    [
        pytest.param(brief(12, first=1), id="another beginning"),
        pytest.param(f"{brief(12)} zzz", id="another end"),
    ],
)
def test_a_text_begins_with_all_of_another_or_not_at_all(short: str) -> None:
    assert relation(prose(), short, **OWN) is Relation.NEW


# --- nearly the same text -------------------------------------------------------------------------

# In pairs: a story on each side of one threshold, and on the right side of all the others.
SAME = title(100)


@pytest.mark.parametrize(
    ("mine", "theirs", "near"),
    [
        # weighted containment: shared / 100
        pytest.param((0, 100), (55, 155, SAME), True, id="text"),
        pytest.param((0, 100), (56, 156, SAME), False, id="too little text"),
        # the headline, where the text alone would not do
        pytest.param((0, 100), (50, 150, title(80)), True, id="headline"),
        pytest.param((0, 100), (50, 150, title(79)), False, id="headline too unlike"),
        # without the same headline: weighted containment,
        pytest.param((0, 100), (40, 140, title(45)), True, id="text alone"),
        pytest.param((0, 100), (41, 141, title(45)), False, id="too little text alone"),
        # Jaccard,
        pytest.param((0, 70), (0, 200, title(45)), True, id="70 of 200"),
        pytest.param((0, 70), (0, 201, title(45)), False, id="70 of 201"),
        # and at least a little of the headline,
        pytest.param((0, 100), (30, 130, title(45)), True, id="a like headline"),
        pytest.param((0, 100), (30, 130, title(44)), False, id="not even a like headline"),
        # or most of the text
        pytest.param((0, 100), (25, 125, UNLIKE), True, id="75 of 125"),
        pytest.param((0, 100), (26, 126, UNLIKE), False, id="74 of 126"),
    ],
)
def test_near(mine: tuple[int, int], theirs: tuple[int, int, str], *, near: bool) -> None:
    one, other = prose(*mine, headline=SAME), prose(*theirs[:2], headline=theirs[2])
    expected = Relation.NEAR if near else Relation.NEW

    assert relation(one, other) is expected
    assert relation(other, one) is expected


@pytest.mark.parametrize(
    ("mine", "theirs", "near"),
    [
        pytest.param((59,), (60, 0, title(80)), True, id="headline just the same"),
        pytest.param((59,), (60, 0, title(79)), False, id="headline not the same"),
        pytest.param((60,), (60, 0, title(79)), True, id="no longer short"),
        pytest.param((42,), (102, 0, SAME), True, id="40 of 100"),
        pytest.param((42,), (103, 0, SAME), False, id="40 of 101"),
        pytest.param((8,), (8, 0, SAME), True, id="not quite tiny"),
        pytest.param((7,), (8, 0, SAME), False, id="tiny"),
    ],
)
def test_near_short(mine: tuple[int], theirs: tuple[int, int, str], *, near: bool) -> None:
    """Either text may be the short one."""
    one, other = brief(*mine, headline=SAME), brief(*theirs[:2], headline=theirs[2])
    expected = Relation.NEAR if near else Relation.NEW

    assert relation(one, other) is expected
    assert relation(other, one) is expected


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        pytest.param("1 2", "1 2 3", Relation.NEAR, id="one has more"),
        pytest.param("1 2 3", "1 2", Relation.NEAR, id="one has fewer"),
        pytest.param("1 2", "3 4", Relation.REVISION, id="too few to contradict"),
        pytest.param("1 2 3 4", "1 2 5 6", Relation.REVISION, id="half agree"),
        pytest.param("1 2 3 4", "1 5 6 7", Relation.NEW, id="fewer than half agree"),
        pytest.param("1 2 3", "4 5 6 7 8 9", Relation.NEW, id="three are enough to contradict"),
    ],
)
def test_numbers(mine: str, theirs: str, expected: Relation) -> None:
    """Figures that changed on both sides are an update; too many, another item of a template."""
    assert relation(prose(numbers=mine), prose(20, 120, numbers=theirs)) is expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        pytest.param(80, Relation.REVISION, id="so much text that the figures do not matter"),
        pytest.param(79, Relation.NEW, id="a little less"),
    ],
)
def test_numbers_matter_less_in_the_same_text(last: int, expected: Relation) -> None:
    mine, theirs = prose(0, last, numbers="1 2 3"), prose(numbers="4 5 6")

    assert relation(mine, theirs) is expected


def test_a_verdict_shows_which_numbers_changed() -> None:
    stored = [neighbour(prose(numbers="14 7"))]

    verdict = decide(candidate(prose(numbers="15 7")), stored, POLICY)

    assert "14 became 15" in verdict.because
    assert "100%" in verdict.because


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        pytest.param({}, Relation.NEAR, id="elsewhere"),
        pytest.param(OWN, Relation.REVISION, id="its own"),
        pytest.param({"own": True}, Relation.REVISION, id="its own, of some time ago"),
        pytest.param({"same_path": True}, Relation.UNCHANGED, id="a copy, and still one"),
    ],
)
def test_nearly_the_text_of_a_files_article(given_: dict[str, bool], expected: Relation) -> None:
    """A file that made an article edits it; one that only copied it has nothing to say."""
    stored = [neighbour(prose(10, 110), **given_)]

    verdict = decide(candidate(), stored, POLICY)

    assert verdict.relation is expected
    assert "90% of the shorter" in verdict.because


# --- scores ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("postings", "weighted"),
    [
        pytest.param((1,), 0.6, id="a key that one version has"),
        pytest.param((12,), 0.0, id="a common key"),
        pytest.param((25,), 0.0, id="a very common key"),
        pytest.param((11,), 0.021, id="nearly common"),
        pytest.param((1, 12), 0.3, id="the mean of both"),
        pytest.param((), 0.0, id="found by its path, no key shared"),
    ],
)
def test_containment_is_weighted_by_rarity(postings: tuple[int, ...], weighted: float) -> None:
    theirs = neighbour(prose(40, 140), postings=postings)

    scores = compare(comparable(prose()), theirs, POLICY)

    assert scores == Scores(containment=0.6, jaccard=0.4286, weighted=weighted, title=1.0)


def test_containment_is_of_the_shorter_text() -> None:
    scores = compare(comparable(prose(0, 50)), neighbour(prose(headline="b")), POLICY)

    assert scores == Scores(containment=1.0, jaccard=0.5, weighted=1.0, title=0.0)


def test_texts_without_shingles_share_nothing() -> None:
    alone = f"{SAME}\n"

    assert compare(comparable(alone), neighbour(alone), POLICY) == Scores(title=1.0)


def test_headlines_agree_whatever_their_case() -> None:
    mine, theirs = comparable(prose(headline="FERRY returns")), prose(headline="Ferry")

    scores = compare(mine, neighbour(theirs), POLICY)

    assert scores.title == 1.0


# --- which of many --------------------------------------------------------------------------------

STRONGEST_FIRST = [
    neighbour(content_hash=b"mine", same_text=True, **OWN),
    neighbour(content_hash=b"mine"),
    neighbour(same_uri=True),
    neighbour(),
]


@pytest.mark.parametrize("weakest", range(1, 5))
def test_the_strongest_relation_wins(weakest: int) -> None:
    stored = STRONGEST_FIRST[-weakest:]
    expected = list(Relation)[-weakest - 1]

    verdicts = {decide(candidate(), order, POLICY).relation for order in permutations(stored)}

    assert verdicts == {expected}


def test_then_the_most_shared_text_then_the_smallest_id() -> None:
    stored = [
        neighbour(prose(10, 110), article_id=UUID(int=1)),
        neighbour(prose(5, 105), article_id=UUID(int=4)),
        neighbour(prose(5, 105), article_id=UUID(int=3)),
        neighbour(prose(500, 600), article_id=UUID(int=2)),
    ]

    found = {decide(candidate(), order, POLICY).of for order in permutations(stored)}

    assert found == {UUID(int=3)}


NEIGHBOURS = st.builds(
    neighbour,
    st.builds(prose, headline=st.sampled_from([SAME, UNLIKE]), first=st.integers(0, 99)),
    article_id=st.integers(1, 5).map(lambda n: UUID(int=n)),
    content_hash=st.sampled_from([b"mine", b"theirs"]),
    latest=st.booleans(),
    same_text=st.booleans(),
    same_path=st.booleans(),
    own=st.booleans(),
    same_uri=st.booleans(),
)


@given(st.lists(NEIGHBOURS, max_size=5), st.randoms(use_true_random=False))
def test_order_does_not_matter(stored: list[Neighbour], random: Random) -> None:
    mine = candidate(prose(headline=SAME))
    shuffled = random.sample(stored, len(stored))

    one, other = decide(mine, stored, POLICY), decide(mine, shuffled, POLICY)

    assert (one.relation, one.of) == (other.relation, other.of)


def test_of_the_versions_of_one_article_the_latest_is_named() -> None:
    """A → B → A: two versions have the text; the later one is what readers know."""
    stored = [neighbour(content_hash=b"mine", version=n, latest=n == 3) for n in (1, 3)]

    versions = {decide(candidate(), order, POLICY).version for order in permutations(stored)}

    assert versions == {3}


# --- candidates and policies ----------------------------------------------------------------------


def test_a_candidate_is_made_from_an_article() -> None:
    made = Candidate.of(article(STORY))

    assert made.article == article(STORY)
    assert made.text.headline == STORY.split("\n")[0]
    assert made.fingerprint.words == len(made.text.tokens)


RATIOS = [
    "min_weighted",
    "min_weighted_alone",
    "min_jaccard_alone",
    "same_jaccard",
    "same_title",
    "like_title",
    "short_jaccard",
    "numbers_jaccard",
    "min_number_overlap",
]
COUNTS = ["short_words", "tiny_words", "common_key", "prefix_words"]


def test_every_threshold_is_a_ratio_or_a_count() -> None:
    """A field that is added must be tested below, one way or the other."""
    assert {field.name for field in fields(Policy)} == {*RATIOS, *COUNTS}


@pytest.mark.parametrize("name", RATIOS)
@pytest.mark.parametrize("value", [0, 1])
def test_a_policy_accepts_its_bounds(name: str, value: float) -> None:
    assert getattr(replace(POLICY, **{name: value}), name) == value


@pytest.mark.parametrize("name", RATIOS)
@pytest.mark.parametrize("value", [-0.01, 1.01, nan])
def test_a_policy_refuses_impossible_thresholds(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{name} is {value}"):
        replace(POLICY, **{name: value})


@pytest.mark.parametrize("name", COUNTS)
def test_a_count_is_no_share(name: str) -> None:
    assert getattr(replace(POLICY, **{name: 500}), name) == 500


# Each at the one place where it decides, on both sides of a value of our own.
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param({"same_jaccard": 0.66}, Relation.NEAR, id="alike enough"),
        pytest.param({"same_jaccard": 0.67}, Relation.NEW, id="not alike enough"),
    ],
)
def test_same_jaccard_is_the_policys(policy: dict[str, float], expected: Relation) -> None:
    """Of 80 and 120: the headlines say nothing of the same."""
    stored = [neighbour(prose(20, 120, headline=SAME))]

    assert decide(candidate(), stored, replace(POLICY, **policy)).relation is expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param({"numbers_jaccard": 0.66}, Relation.REVISION, id="alike enough"),
        pytest.param({"numbers_jaccard": 0.67}, Relation.NEW, id="not alike enough"),
    ],
)
def test_numbers_jaccard_is_the_policys(policy: dict[str, float], expected: Relation) -> None:
    """Of 80 and 120: no number agrees."""
    mine, theirs = prose(numbers="1 2 3"), prose(20, 120, numbers="4 5 6")

    found = decide(candidate(mine), [neighbour(theirs)], replace(POLICY, **policy))

    assert found.relation is expected
