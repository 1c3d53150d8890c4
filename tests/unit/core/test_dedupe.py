"""Stories here are made to measure: each case names the one score that it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.articles import STORY, article
from worker.core.article import Kinship, Moment, Precision, Relation, Verdict
from worker.core.dedupe import Candidate, Neighbour, decide, examine
from worker.core.fingerprint import PROOF_WORDS, Text, text
from worker.core.likeness import Headlines
from worker.core.policy import Bar, Policy

POLICY = Policy()
OWN: dict[str, Any] = {"same_path": True, "own": True}  # how a file finds the article that it made


# Headlines, by what they are to FERRY.
FERRY = "ferry sails across lake"
LONGER = "ferry sails across lake again"
TRAIN = "train rolls across lake"
OTHER = "maize prices double"


def word(n: int) -> str:
    """One of many words, none with a digit in it."""
    return "".join(chr(ord("a") + n // 26**i % 26) for i in range(3))


def prose(first: int = 0, last: int = 100, *, headline: str = FERRY, numbers: str = "") -> str:
    """A story with the shingles from *first* to *last* of one endless text."""
    words = (word(n) for n in range(first, last + PROOF_WORDS - 1))
    return f"{headline} {numbers}\n{' '.join(words)}"


def brief(words: int, first: int = 0, *, headline: str = FERRY) -> str:
    """A story of so many words."""
    return prose(first, first + words - PROOF_WORDS + 1, headline=headline)


PLAIN = prose()


def candidate(story: str = PLAIN, *, content_hash: bytes = b"mine") -> Candidate:
    made = Candidate.of(article(story))
    return replace(made, fingerprint=replace(made.fingerprint, content_hash=content_hash))


def comparable(story: str) -> Text:
    return text(*story.split("\n"))


def neighbour(story: str = PLAIN, **given: Any) -> Neighbour:  # noqa: ANN401 -- any field
    """A stored version."""
    told = {
        "article_id": UUID(int=1),
        "version": 1,
        "latest": True,
        "content_hash": b"theirs",
        "text": comparable(story),
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
def test_same_hash(given_: dict[str, Any], expected: Relation) -> None:
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
def test_a_verdict_on_the_same_hash_says_why(given_: dict[str, Any], because: str) -> None:
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
    ("mine", "newest", "expected"),
    [
        pytest.param("2", "3", Relation.NEAR, id="it was on its way for longer"),
        pytest.param("9", "10", Relation.NEAR, id="numbers, not letters"),
        pytest.param("1.9", "1.10", Relation.NEAR, id="in parts"),
        pytest.param("3", "3", Relation.REVISION, id="the publisher forgot to count"),
        pytest.param("4", "3", Relation.REVISION, id="the next"),
        pytest.param("final", "3", Relation.REVISION, id="no number"),
        pytest.param("2", "final", Relation.REVISION, id="nothing to compare it with"),
        pytest.param(None, "3", Relation.REVISION, id="none"),
        pytest.param("2", None, Relation.REVISION, id="none before"),
    ],
)
def test_an_earlier_version_that_comes_late_is_no_news(
    mine: str | None, newest: str | None, expected: Relation
) -> None:
    made = Candidate.of(replace(article(PLAIN), publisher_version=mine))
    stored = [
        neighbour(prose(500, 600), same_uri=True, newest=newest, version=n, latest=n == 2)
        for n in (1, 2)
    ]

    verdict = decide(made, stored, POLICY)

    assert (verdict.relation, verdict.version) == (expected, 2)
    assert ("came before version" in verdict.because) == (expected is Relation.NEAR)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(12, Relation.REVISION, id="long enough to tell"),
        pytest.param(11, Relation.NEW, id="a word too short"),
    ],
)
def test_a_file_that_grew_or_shrank(words: int, expected: Relation) -> None:
    """Only where the file made the article: else a brief would swallow the long story."""
    short, long = brief(words, headline=OTHER), prose()

    assert relation(short, long, own=True) is expected
    assert relation(long, short, own=True) is expected
    assert relation(long, short, same_path=True) is Relation.NEW
    assert relation(long, short) is Relation.NEW


@pytest.mark.parametrize("words", [0, 5])
def test_a_file_that_is_written_line_by_line(words: int) -> None:
    """Its headline tells it, however little of the body was there when it was first read."""
    whole, begun = prose(), brief(words)

    assert relation(whole, begun, own=True) is Relation.REVISION
    assert relation(begun, whole, own=True) is Relation.REVISION
    assert relation(whole, begun, same_path=True) is Relation.NEW
    assert relation(whole, brief(words, headline=OTHER), own=True) is Relation.NEW


@pytest.mark.parametrize(
    "short",
    [
        pytest.param(brief(12, first=1, headline=OTHER), id="another beginning"),
        pytest.param(f"{brief(12, headline=OTHER)} zzz", id="another end"),
    ],
)
def test_a_text_begins_with_all_of_another_or_not_at_all(short: str) -> None:
    assert relation(prose(), short, **OWN) is Relation.NEW


# --- nearly the same text -------------------------------------------------------------------------

# In pairs: a story on each side of one threshold, and on the right side of all the others.


@pytest.mark.parametrize(
    ("headline", "mine", "theirs", "near"),
    [
        # the same headline: weighted containment
        pytest.param(LONGER, (0, 100), (70, 170), True, id="30 of 100"),
        pytest.param(LONGER, (0, 100), (71, 171), False, id="29 of 100"),
        # each names what the other does not: the same, much more of it
        pytest.param(TRAIN, (0, 100), (30, 130), True, id="rival: 70 of 100"),
        pytest.param(TRAIN, (0, 100), (31, 131), False, id="rival: 69 of 100"),
        # unlike headlines: weighted containment and Jaccard
        pytest.param(OTHER, (0, 100), (20, 120), True, id="unlike: 80 of 100"),
        pytest.param(OTHER, (0, 100), (21, 121), False, id="unlike: 79 of 100"),
        pytest.param(OTHER, (0, 60), (0, 200), True, id="unlike: 60 of all 200"),
        pytest.param(OTHER, (0, 60), (0, 201), False, id="unlike: 60 of all 201"),
    ],
)
def test_near(headline: str, mine: tuple[int, int], theirs: tuple[int, int], *, near: bool) -> None:
    one, other = prose(*mine), prose(*theirs, headline=headline)
    expected = Relation.NEAR if near else Relation.NEW

    assert relation(one, other) is expected
    assert relation(other, one) is expected


@pytest.mark.parametrize(
    ("mine", "theirs", "near"),
    [
        pytest.param((0, 100), (65, 165), True, id="35 of 100"),
        pytest.param((0, 100), (66, 166), False, id="34 of 100"),
        pytest.param((0, 40), (0, 250), True, id="40 of all 250"),
        pytest.param((0, 40), (0, 251), False, id="40 of all 251"),
    ],
)
def test_near_a_text_that_opens_with_the_headline(
    mine: tuple[int, int], theirs: tuple[int, int], *, near: bool
) -> None:
    """Some outlets drop the headline, and the lead takes its place."""
    lead = " ".join(word(n) for n in range(theirs[0], theirs[0] + 4))
    one, other = prose(*mine, headline=lead), prose(*theirs, headline=OTHER)
    expected = Relation.NEAR if near else Relation.NEW

    assert relation(one, other) is expected
    assert relation(other, one) is expected


@pytest.mark.parametrize(
    ("headline", "words", "expected"),
    [
        pytest.param(FERRY, 8, Relation.NEAR, id="not quite tiny"),
        pytest.param(FERRY, 7, Relation.NEW, id="tiny"),
        pytest.param(TRAIN, 60, Relation.NEAR, id="rival, no longer short"),
        pytest.param(TRAIN, 59, Relation.NEW, id="rival and short: two companies' dividends"),
    ],
)
def test_short_texts_tell_little(headline: str, words: int, expected: Relation) -> None:
    """Either text may be the short one."""
    one, other = brief(words), brief(words + 1, headline=headline)

    assert relation(one, other) is expected
    assert relation(other, one) is expected


@pytest.mark.parametrize(
    ("words", "first", "expected"),
    [
        pytest.param(60, 35, Relation.NEAR, id="23 of 58, not short"),
        pytest.param(59, 35, Relation.NEW, id="22 of 57, short"),
        pytest.param(52, 25, Relation.NEAR, id="25 of 50, short"),
    ],
)
def test_short_texts_must_share_half(words: int, first: int, expected: Relation) -> None:
    """Under the same headline too: the market's forecast is revised every hour."""
    assert relation(brief(words), brief(100, first)) is expected


def template(first: int) -> str:
    """One of a series: the first half is the same in all, the second its own."""
    return f"{prose(0, 50)} {' '.join(word(n) for n in range(first, first + 50))}"


def test_what_others_say_too_does_not_count() -> None:
    """Half of the text is shared; with two siblings that have it, next to nothing is."""
    mine, theirs = template(1000), template(2000)
    siblings = [neighbour(template(n * 1000), article_id=UUID(int=n)) for n in (3, 4)]

    alone = decide(candidate(mine), [neighbour(theirs)], POLICY)
    among = decide(candidate(mine), [neighbour(theirs), *siblings], POLICY)

    assert (alone.relation, among.relation) == (Relation.NEAR, Relation.NEW)


def test_other_texts_of_the_same_article_are_no_siblings() -> None:
    mine = template(1000)
    texts = [neighbour(template(n * 1000), version=n, latest=n == 4) for n in (2, 3, 4)]

    assert decide(candidate(mine), texts, POLICY).relation is Relation.NEAR


# --- misprints ------------------------------------------------------------------------------------

WORDS = [f"{word(n)}harbour{word(n)}" for n in range(60)]


def misread(every: int, *, headline: str = FERRY) -> str:
    """The words with one letter wrong in each of so many."""
    words = [w.replace("o", "0") if n % every == 0 else w for n, w in enumerate(WORDS)]
    return f"{headline}\n{' '.join(words)}"


def with_numbers(story: str, *numbers: int) -> Text:
    """Those of it that count, wherever they stand."""
    return replace(comparable(story), numbers=frozenset(map(str, numbers)))


def judged(mine: Text, theirs: Text, policy: Policy = POLICY) -> Relation:
    made = Candidate.of(article())
    made.__dict__["text"] = mine
    return decide(made, [neighbour(text=theirs)], policy).relation


@pytest.mark.parametrize(
    ("headline", "numbers", "expected"),
    [
        pytest.param(FERRY, (1, 2, 3), Relation.NEAR, id="letters are all that differs"),
        pytest.param(FERRY, (1, 2, 3, 4, 5), Relation.NEAR, id="and some numbers"),
        pytest.param(FERRY, (1, 5, 6), Relation.NEW, id="and most numbers"),
        pytest.param(TRAIN, (1, 2, 3), Relation.NEW, id="and the headline"),
    ],
)
def test_misread_letters(headline: str, numbers: tuple[int, ...], expected: Relation) -> None:
    """Of three words in a row one is always misread, so that no word sequence is shared."""
    theirs = with_numbers(misread(3, headline=headline), *numbers)
    anyhow = replace(POLICY, min_weighted=0.0)

    assert judged(with_numbers(misread(100), 1, 2, 3), theirs, anyhow) is expected


def test_letters_are_not_asked_where_no_words_are_shared() -> None:
    assert relation(misread(100), misread(3)) is Relation.NEW


def test_like_letters_are_no_like_words() -> None:
    theirs = prose(0, 9).replace("\n", f"\n{' '.join(word(n) for n in range(1000, 1100))} ")

    assert relation(prose(), theirs) is Relation.NEW


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        pytest.param((1, 2), (3, 4), Relation.NEAR, id="too few to contradict"),
        pytest.param((1, 2, 3, 4, 5), (1, 2, 3, 6, 7), Relation.NEAR, id="three of five agree"),
        pytest.param((1, 2, 3, 4), (1, 2, 5, 6), Relation.NEW, id="half agree"),
        pytest.param((1, 2, 3), (4, 5, 6, 7), Relation.NEW, id="three are enough to contradict"),
    ],
)
def test_numbers(mine: tuple[int, ...], theirs: tuple[int, ...], expected: Relation) -> None:
    one, other = with_numbers(prose(), *mine), with_numbers(prose(51, 151), *theirs)

    assert judged(one, other) is expected
    assert judged(other, one) is expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        pytest.param(50, Relation.NEAR, id="half of the text"),
        pytest.param(51, Relation.NEW, id="a little less"),
    ],
)
def test_under_the_same_headline_half_of_the_text_outweighs_numbers(
    first: int, expected: Relation
) -> None:
    one, other = with_numbers(prose(), 1, 2, 3), with_numbers(prose(first, first + 100), 4, 5, 6)

    assert judged(one, other) is expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        pytest.param(80, Relation.NEAR, id="four fifths of both are the same"),
        pytest.param(79, Relation.NEW, id="a little less"),
    ],
)
def test_numbers_are_not_asked_of_texts_that_are_the_same(last: int, expected: Relation) -> None:
    one = with_numbers(prose(headline=TRAIN), 1, 2, 3)
    other = with_numbers(prose(0, last), 4, 5, 6)

    assert judged(one, other) is expected


@pytest.mark.parametrize(
    ("words", "theirs", "expected"),
    [
        pytest.param(60, (3, 4), Relation.NEAR, id="long enough to outweigh its numbers"),
        pytest.param(59, (3, 4), Relation.NEW, id="short: they are half of the news"),
        pytest.param(59, (1, 4), Relation.NEW, id="short, half of them"),
        pytest.param(59, (1, 2), Relation.NEAR, id="short, and the same"),
        pytest.param(59, (3,), Relation.NEAR, id="short, one number alone"),
    ],
)
def test_a_short_text_says_little_besides_its_numbers(
    words: int, theirs: tuple[int, ...], expected: Relation
) -> None:
    one, other = with_numbers(brief(words), 1, 2), with_numbers(brief(words, 10), *theirs)

    assert judged(one, other) is expected
    assert judged(other, one) is expected


def priced(cents: int, rise: int, first: int = 0) -> str:
    """An item that comes every other day."""
    return f"{prose(first, first + 100)} Heating oil is {cents} cents, or {rise} cents more now"


@pytest.mark.parametrize(
    ("theirs", "expected", "kinships"),
    [
        pytest.param(priced(48, 5, 30), Relation.NEW, [Kinship.RECURRING], id="the next item"),
        pytest.param(priced(47, 5, 30), Relation.REVISION, [], id="one of them stays"),
        pytest.param(priced(48, 5, 10), Relation.REVISION, [], id="so do most of the words"),
    ],
)
def test_where_every_number_is_another(
    theirs: str, expected: Relation, kinships: list[Kinship]
) -> None:
    """The words stay, and all numbers change: no story develops like that."""
    verdict = decide(candidate(priced(47, 3)), [neighbour(theirs)], POLICY)

    assert (verdict.relation, [k.kinship for k in verdict.links]) == (expected, kinships)


def table(first: int, numbers: int) -> str:
    """Of ten words so many are numbers."""
    words = (str(9000 + n) if n % 10 < numbers else word(n) for n in range(first, first + 102))
    return f"{FERRY}\n{' '.join(words)}"


@pytest.mark.parametrize(
    ("first", "numbers", "expected"),
    [
        pytest.param(30, 5, Relation.NEAR, id="70 of 100"),
        pytest.param(31, 5, Relation.NEW, id="69 of 100"),
        pytest.param(31, 3, Relation.NEAR, id="no table"),
    ],
)
def test_two_tables_are_their_numbers(first: int, numbers: int, expected: Relation) -> None:
    assert relation(table(0, numbers), table(first, numbers)) is expected


def test_a_table_and_a_text_are_no_two_tables() -> None:
    mine, theirs = comparable(table(0, 5)), comparable(table(31, 5))
    theirs.__dict__["numerals"] = 0

    assert judged(mine, theirs) is Relation.NEAR


def killed(count: int, story: str = PLAIN) -> str:
    return f"{story} So {count} people were killed and 3 others hurt, the harbour police said."


@pytest.mark.parametrize(
    "given_",
    [
        pytest.param({}, id="elsewhere"),
        pytest.param({"same_path": True}, id="by a copy"),
        pytest.param(OWN, id="its own"),
        pytest.param({"same_uri": True}, id="under the same identifier"),
    ],
)
def test_a_number_that_changed_is_news(given_: dict[str, Any]) -> None:
    verdict = decide(candidate(killed(15)), [neighbour(killed(12), **given_)], POLICY)

    assert verdict.relation is Relation.REVISION
    assert verdict.changed == (("12", "15"),)
    assert "same_uri" in given_ or "12 became 15" in verdict.because


def test_a_number_that_changed_in_a_fragment_revises_nothing() -> None:
    """Else a cut copy would take the place of the whole text."""
    mine, theirs = killed(15, brief(50)), killed(12)

    verdict = decide(candidate(mine), [neighbour(theirs)], POLICY)

    assert (verdict.relation, verdict.changed) == (Relation.NEAR, (("12", "15"),))
    assert "12 became 15" in verdict.because


def led_by(name: str) -> str:
    return f"{PLAIN} The officer in charge, {name}, told the press so"


@pytest.mark.parametrize(
    ("given_", "changed"),
    [
        pytest.param(OWN, True, id="its own"),
        pytest.param({"same_source": True}, True, id="its source's"),
        pytest.param({"same_uri": True}, True, id="under the same identifier"),
        pytest.param({}, False, id="elsewhere: another paper names itself"),
    ],
)
def test_a_name_that_changed_is_news_of_the_same_source(
    given_: dict[str, Any], *, changed: bool
) -> None:
    stored = [neighbour(led_by("Achieng Barasa"), **given_)]

    verdict = decide(candidate(led_by("Daudi Kombo")), stored, POLICY)

    assert verdict.relation is (Relation.REVISION if changed else Relation.NEAR)
    assert verdict.changed == ((("Achieng Barasa", "Daudi Kombo"),) if changed else ())


@pytest.mark.parametrize(
    ("theirs", "given_", "expected"),
    [
        pytest.param(prose(10, 110), {}, Relation.REVISION, id="within the window"),
        pytest.param(
            prose(10, 110), {"same_source": False}, Relation.NEAR, id="another source's copy"
        ),
        pytest.param(prose(11, 111), {}, Relation.NEAR, id="it says too much else"),
        pytest.param(
            prose(0, 110),
            {"arrived_apart": timedelta(hours=72, seconds=1)},
            Relation.NEAR,
            id="late",
        ),
        pytest.param(prose(0, 110), {"arrived_apart": None}, Relation.NEAR, id="nobody knows when"),
        pytest.param(
            prose(10, 110), {"same_path": True}, Relation.UNCHANGED, id="a copy, and still one"
        ),
        pytest.param(prose(0, 167), {}, Relation.NEAR, id="a part of what it said"),
    ],
)
def test_a_source_that_tells_its_story_anew(
    theirs: str, given_: dict[str, Any], expected: Relation
) -> None:
    told = {"same_source": True, "arrived_apart": timedelta(hours=72)} | given_

    verdict = decide(candidate(), [neighbour(theirs, **told)], POLICY)

    assert verdict.relation is expected
    assert ("tells it anew" in verdict.because) == (expected is Relation.REVISION)


def test_a_stale_copy_is_compared_with_the_version_that_it_has() -> None:
    stored = [neighbour(killed(12), latest=False), neighbour(killed(15), version=2)]

    for order in permutations(stored):
        verdict = decide(candidate(killed(12, prose(1))), order, POLICY)

        assert (verdict.relation, verdict.version) == (Relation.NEAR, 1)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        pytest.param({}, Relation.NEAR, id="elsewhere"),
        pytest.param(OWN, Relation.REVISION, id="its own"),
        pytest.param({"own": True}, Relation.REVISION, id="its own, of some time ago"),
        pytest.param({"same_path": True}, Relation.UNCHANGED, id="a copy, and still one"),
    ],
)
def test_nearly_the_text_of_a_files_article(given_: dict[str, Any], expected: Relation) -> None:
    """A file that made an article edits it; one that only copied it has nothing to say."""
    stored = [neighbour(prose(10, 110), **given_)]

    verdict = decide(candidate(), stored, POLICY)

    assert verdict.relation is expected
    assert "90% of the shorter" in verdict.because


# --- items that come again ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "gone", "apart", "near"),
    [
        pytest.param(120, 1, timedelta(days=7), True, id="a week"),
        pytest.param(120, 1, timedelta(days=7, seconds=1), False, id="longer"),
        pytest.param(99, 1, timedelta(days=3), True, id="short, three days"),
        pytest.param(99, 1, timedelta(days=3, seconds=1), False, id="short, longer"),
        pytest.param(200, 1, timedelta(days=999), True, id="long, and the same"),
        pytest.param(199, 1, timedelta(days=999), False, id="not quite so long"),
        pytest.param(220, 12, timedelta(days=999), False, id="not quite the same"),
    ],
)
def test_an_item_that_comes_again(words: int, gone: int, apart: timedelta, *, near: bool) -> None:
    mine, theirs = brief(words + gone), brief(words, gone)
    for given_ in ({"published_apart": apart}, {"arrived_apart": apart}):
        verdict = decide(candidate(mine), [neighbour(theirs, **given_)], POLICY)

        assert verdict.relation is (Relation.NEAR if near else Relation.NEW)
        assert [k.kinship for k in verdict.links] == ([] if near else [Kinship.RECURRING])


def test_when_it_was_published_counts_more_than_when_it_came() -> None:
    """An archive that is dropped all at once, and an old copy that comes late."""
    long_ago, just_now = timedelta(days=99), timedelta(seconds=1)

    late = relation(PLAIN, prose(1), published_apart=just_now, arrived_apart=long_ago)
    archived = relation(PLAIN, prose(1), published_apart=long_ago, arrived_apart=just_now)

    assert (late, archived) == (Relation.NEAR, Relation.NEW)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        pytest.param({"published_apart": timedelta(days=99)}, Relation.NEW, id="dated"),
        pytest.param({"arrived_apart": timedelta(days=99)}, Relation.EXACT, id="undated"),
        pytest.param(
            {"published_apart": timedelta(days=99), "same_uri": True}, Relation.EXACT, id="named"
        ),
    ],
)
def test_the_same_words_long_after(given_: dict[str, Any], expected: Relation) -> None:
    """A file may come again at any time; a publisher says when it says the same anew."""
    stored = [neighbour(content_hash=b"mine", **given_)]

    assert decide(candidate(), stored, POLICY).relation is expected


@pytest.mark.parametrize("given_", [OWN, {"same_path": True}], ids=["own", "copy"])
def test_a_file_may_be_edited_at_any_time(given_: dict[str, Any]) -> None:
    long_ago = timedelta(days=99)
    stored = [neighbour(prose(1), published_apart=long_ago, arrived_apart=long_ago, **given_)]

    assert decide(candidate(), stored, POLICY).relation is not Relation.NEW


# --- what stays apart -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "theirs", "kinship"),
    [
        pytest.param(
            prose(0, 60), prose(0, 260, headline=OTHER), Kinship.CONTAINED, id="in a roundup"
        ),
        pytest.param(
            prose(0, 100), prose(50, 150, headline=TRAIN), Kinship.RECURRING, id="of a template"
        ),
        pytest.param(
            f"{prose(0, 100)} in Lamu",
            f"{prose(51, 151, headline=TRAIN)} in Lamu",
            Kinship.RELATED,
            id="of one subject",
        ),
        pytest.param(brief(50), prose(0, 260, headline=OTHER), None, id="too brief to be a part"),
        pytest.param(prose(0, 100), prose(80, 180), Kinship.RELATED, id="the same headline"),
        pytest.param(prose(0, 100), prose(95, 195), None, id="the same headline alone"),
        pytest.param(prose(0, 100), prose(60, 160, headline=OTHER), None, id="some words"),
    ],
)
def test_kinship(mine: str, theirs: str, kinship: Kinship | None) -> None:
    verdict = decide(candidate(mine), [neighbour(theirs)], POLICY)

    assert verdict.relation is Relation.NEW
    assert [link.kinship for link in verdict.links] == ([kinship] if kinship else [])


def test_three_links_are_enough_the_closest_first() -> None:
    stored = [
        neighbour(prose(40 + n, 140 + n, headline=TRAIN), article_id=UUID(int=n)) for n in range(5)
    ]

    for order in (stored, stored[::-1]):
        verdict = decide(candidate(), order, POLICY)

        assert [link.of.int for link in verdict.links] == [0, 1, 2]


def test_a_copy_has_no_links_of_its_own() -> None:
    rival = neighbour(prose(50, 150, headline=TRAIN), article_id=UUID(int=2))

    assert decide(candidate(), [neighbour(prose(1)), rival], POLICY).links == ()
    assert decide(candidate(), [neighbour(prose(1), **OWN), rival], POLICY).links != ()


def test_an_article_is_not_linked_to_itself() -> None:
    """One of its texts is near, another is not."""
    stored = [neighbour(prose(1), **OWN), neighbour(prose(80, 180), version=2)]

    verdict = decide(candidate(), stored, POLICY)

    assert (verdict.relation, verdict.links) == (Relation.REVISION, ())


# --- two articles that are one --------------------------------------------------------------------


def joined(first: Text, second: Text, mine: Text | None = None) -> list[int]:
    made = Candidate.of(article(PLAIN))
    if mine is not None:
        made.__dict__["text"] = mine
    stored = [neighbour(text=first), neighbour(text=second, article_id=UUID(int=2))]
    verdict = decide(made, stored, POLICY)

    assert verdict.of == UUID(int=1)
    return [article_id.int for article_id in verdict.joins]


@pytest.mark.parametrize(
    ("first", "second", "joins"),
    [
        pytest.param(prose(), prose(70, 170), [2], id="the same headline, 30 of 100"),
        pytest.param(prose(), prose(71, 171), [], id="the same headline, less"),
        pytest.param(prose(1), prose(2, 102, headline=OTHER), [], id="another headline"),
        pytest.param(prose(1, headline=OTHER), prose(2, 102), [], id="the closest has another"),
        pytest.param(prose(1), prose(95, 195), [], id="another story"),
    ],
)
def test_a_text_that_shows_two_articles_to_be_one(
    first: str, second: str, joins: list[int]
) -> None:
    assert joined(comparable(first), comparable(second)) == joins


@pytest.mark.parametrize(
    ("numbers", "joins"),
    [
        pytest.param((1, 9), [2], id="half of the numbers agree"),
        pytest.param((1, 8, 9), [2], id="half of the fewer"),
        pytest.param((8, 9), [], id="none agree"),
    ],
)
def test_numbers_keep_two_articles_apart(numbers: tuple[int, ...], joins: list[int]) -> None:
    """The text may be a copy of either, and they two days of one series."""
    mine, first = with_numbers(PLAIN, 1, 2), with_numbers(prose(1), 1, 2)

    assert joined(first, with_numbers(prose(30, 130), *numbers), mine) == joins


def test_like_letters_make_no_two_articles_one() -> None:
    mine, first = comparable(misread(100)), comparable(misread(50))

    assert joined(first, comparable(misread(4)), mine) == []
    assert joined(first, comparable(misread(10)), mine) == [2]


# --- why ------------------------------------------------------------------------------------------


def test_each_neighbour_is_given_its_rule() -> None:
    stored = [
        neighbour(prose(1)),
        neighbour(prose(50, 150, headline=TRAIN), article_id=UUID(int=2)),
        neighbour(brief(5), article_id=UUID(int=3)),
        neighbour(prose(0, 20, headline=OTHER), article_id=UUID(int=4)),
    ]

    findings = examine(candidate(), stored, POLICY)

    assert [(f.neighbour.article_id.int, f.relation, f.headlines) for f in findings] == [
        (1, Relation.NEAR, Headlines.SAME),
        (2, None, Headlines.RIVAL),
        (4, None, Headlines.UNLIKE),
        (3, None, Headlines.SAME),
    ]
    assert "where 70% are needed" in findings[1].because
    assert "20% of both texts is shared, where 30% are needed" in findings[2].because
    assert findings[3].because == "the headlines say the same, and 5 words are too few to tell"


def test_numbers_that_contradict_are_named() -> None:
    made = Candidate.of(article())
    made.__dict__["text"] = with_numbers(prose(), 1, 2, 3)
    stored = [neighbour(text=with_numbers(prose(51, 151), 4, 5, 6))]

    (finding,) = examine(made, stored, POLICY)

    assert "0% of their numbers agree, where 55% are needed" in finding.because


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
    st.builds(prose, headline=st.sampled_from([FERRY, OTHER]), first=st.integers(0, 99)),
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
    mine = candidate()
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


@pytest.mark.parametrize(
    ("precision", "dated"),
    [
        pytest.param(Precision.SECOND, True, id="second"),
        pytest.param(Precision.DAY, True, id="day"),
        pytest.param(Precision.MONTH, False, id="month"),
        pytest.param(Precision.YEAR, False, id="year"),
    ],
)
def test_only_a_day_dates_a_candidate(precision: Precision, *, dated: bool) -> None:
    day = datetime(2024, 5, 17, tzinfo=UTC)
    made = Candidate.of(replace(article(), published=Moment(day, precision, "metadata")))

    assert made.published == (day if dated else None)


def test_an_undated_candidate() -> None:
    assert Candidate.of(article()).published is None


def test_a_candidate_made_of_parts_has_a_text_too() -> None:
    made = Candidate.of(article(PLAIN))

    assert Candidate(made.article, made.fingerprint).text == made.text


def test_the_thresholds_are_the_policys() -> None:
    strict = replace(POLICY, same=Bar(weighted=0.91))
    stored = [neighbour(prose(10, 110))]

    assert decide(candidate(), stored, POLICY).relation is Relation.NEAR
    assert decide(candidate(), stored, strict).relation is Relation.NEW
