import pytest

from worker.core.sight import CLEAR_SIGHT, SILENT_SECONDS, Sight, Word, merged


def word(
    *,
    inbox: str = "/in",
    silent_seconds: float = 0.5,
    settling: int = 0,
    sight: Sight = CLEAR_SIGHT,
) -> Word:
    return Word(inbox, silent_seconds, settling, sight)


DEAF = word(settling=2, sight=Sight(scanning="no events come"))
FULL = word(settling=3, sight=Sight(paused="the disk is full"))
GONE = SILENT_SECONDS + 0.1


@pytest.mark.parametrize(
    ("words", "settling", "sight"),
    [
        pytest.param([], 0, CLEAR_SIGHT, id="nobody watches"),
        pytest.param([DEAF], 2, DEAF.sight, id="one"),
        pytest.param(
            [DEAF, FULL],
            3,
            Sight("no events come", "the disk is full"),
            id="two see the same files, and each has its trouble",
        ),
        pytest.param(
            [DEAF, word(inbox="/other", settling=4, sight=DEAF.sight)],
            6,
            DEAF.sight,
            id="two inboxes have files of their own",
        ),
        pytest.param(
            [word(settling=9, silent_seconds=GONE, sight=FULL.sight), DEAF],
            2,
            DEAF.sight,
            id="who fell silent has no say",
        ),
        pytest.param(
            [word(settling=9, silent_seconds=GONE + 1), word(settling=1, silent_seconds=GONE)],
            1,
            CLEAR_SIGHT,
            id="where all did, the last word stands",
        ),
        pytest.param(
            [word(settling=1, silent_seconds=SILENT_SECONDS), word()],
            1,
            CLEAR_SIGHT,
            id="late, but not gone",
        ),
        pytest.param(
            [word(inbox="/other", settling=4, silent_seconds=GONE), DEAF],
            6,
            DEAF.sight,
            id="each inbox has its last word",
        ),
    ],
)
def test_words_are_merged(words: list[Word], settling: int, sight: Sight) -> None:
    assert merged(words) == (settling, sight)
    assert merged(reversed(words)) == (settling, sight)


def test_folders_are_named_once_and_the_oldest_file_counts() -> None:
    one = word(sight=Sight(scanning="deaf", unlisted=("b", "c"), waiting_seconds=5.0))
    two = word(sight=Sight(scanning="deaf", unlisted=("a", "b"), waiting_seconds=90.0))

    _, sight = merged([one, two, word()])

    assert sight == Sight(scanning="deaf", unlisted=("a", "b", "c"), waiting_seconds=90.0)
