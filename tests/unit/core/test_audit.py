from uuid import UUID

import pytest

from worker.core.audit import (
    Check,
    Finding,
    Found,
    Known,
    OnItsWay,
    Step,
    Watching,
    compare,
    reflect,
    replay,
)
from worker.core.ledger import Path, Reason, State

NOW = 1_000_000.0  # seconds since 1970
A, B = UUID(int=1), UUID(int=2)
MINE, OTHER = b"mine", b"other"

UNWATCHED = Watching(alive=False, scanned_at=NOW)
WATCHED = Watching(alive=True, scanned_at=NOW)
FIRST_SCAN = Watching(alive=True, scanned_at=None)


def found(
    path: str = "a.txt", *, sha256: bytes | None = MINE, changed_at: float = NOW - 3_600
) -> Found:
    return Found(Path(path.encode()), changed_at, sha256)


def known(
    state: State = State.STORED, *, reason: Reason | None = None, sha256: bytes | None = MINE
) -> Known:
    return Known(state, reason, sha256, size=4)


# --- the folder -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "row", "watching", "expected"),
    [
        pytest.param(found(), known(), UNWATCHED, None, id="as it should be"),
        pytest.param(found(), known(State.NOTICED), UNWATCHED, None, id="waiting for a worker"),
        pytest.param(found(), None, UNWATCHED, Check.UNSEEN, id="nobody will see it"),
        pytest.param(found(), None, WATCHED, Check.UNSEEN, id="a scan passed it over"),
        pytest.param(found(), None, FIRST_SCAN, OnItsWay.UNSEEN, id="the first scan goes on"),
        pytest.param(
            found(changed_at=NOW + 1), None, WATCHED, OnItsWay.UNSEEN, id="after the last scan"
        ),
        pytest.param(
            found(changed_at=NOW - 60), None, WATCHED, OnItsWay.UNSEEN, id="about when it ended"
        ),
        pytest.param(
            found(changed_at=NOW - 61), None, WATCHED, Check.UNSEEN, id="well before it ended"
        ),
        pytest.param(
            found(changed_at=NOW + 1), None, UNWATCHED, Check.UNSEEN, id="new, and nobody watches"
        ),
        pytest.param(found(sha256=OTHER), known(), WATCHED, Check.CHANGED, id="other bytes"),
        pytest.param(found(sha256=None), known(), WATCHED, Check.CHANGED, id="another size"),
        pytest.param(
            found(sha256=OTHER, changed_at=NOW), known(), WATCHED, OnItsWay.CHANGED, id="just now"
        ),
        pytest.param(
            found(),
            known(State.QUARANTINED, reason=Reason.TOO_LARGE, sha256=None),
            WATCHED,
            None,
            id="refused unread",
        ),
        pytest.param(
            found("a.txt.part", sha256=None),
            known(State.IGNORED, reason=Reason.TEMPORARY_NAME, sha256=None),
            WATCHED,
            None,
            id="ignored by its name",
        ),
        pytest.param(
            found("README", sha256=None),
            known(State.IGNORED, reason=Reason.EXCLUDED_BY_PATTERN, sha256=None),
            WATCHED,
            Check.MISJUDGED,
            id="ignored by a pattern that is no more",
        ),
        pytest.param(
            found("pipe", sha256=None),
            known(State.IGNORED, reason=Reason.SPECIAL_FILE, sha256=None),
            WATCHED,
            None,
            id="ignored by its kind",
        ),
    ],
)
def test_a_file_of_the_folder(
    file: Found, row: Known | None, watching: Watching, expected: Check | OnItsWay | None
) -> None:
    answer = compare(file, row, watching)

    assert (answer.check if isinstance(answer, Finding) else answer) == expected


def test_what_is_excluded_is_rightly_ignored() -> None:
    row = known(State.IGNORED, reason=Reason.EXCLUDED_BY_PATTERN, sha256=None)

    assert compare(found("README"), row, WATCHED, ("README*",)) is None


def test_a_finding_names_the_file_as_people_read_it() -> None:
    file = Found(Path(b"caf\xe9.txt"), NOW, MINE)

    assert compare(file, None, UNWATCHED) == Finding(Check.UNSEEN, r"caf\xe9.txt")


@pytest.mark.parametrize("check", list(Check))
def test_every_check_says_what_is_wrong_and_what_to_do(check: Check) -> None:
    assert len(check.meaning) > 20
    assert len(check.mend) > 20


# --- the feed -------------------------------------------------------------------------------------


def step(
    position: int,
    article_id: UUID = A,
    *,
    kind: str = "stored",
    version: int = 1,
    into: UUID | None = None,
) -> Step:
    return Step(position, kind, article_id, version, into)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param([step(1), step(2, B)], {A: (1, 1), B: (1, 2)}, id="two articles"),
        pytest.param(
            [step(1), step(2, kind="revised", version=2)], {A: (2, 2)}, id="the last counts"
        ),
        pytest.param([step(1), step(2, kind="what is to come")], {A: (1, 2)}, id="a new kind"),
        pytest.param([step(1), step(2, kind="retracted")], {}, id="withdrawn"),
        pytest.param([step(1, kind="erased")], {}, id="erased, and never seen"),
        pytest.param(
            [step(1), step(2, kind="retracted"), step(3, kind="restored")],
            {A: (1, 3)},
            id="withdrawn and restored",
        ),
        pytest.param([step(1), step(2, kind="regrouped", into=B)], {}, id="merged into another"),
    ],
)
def test_replay(steps: list[Step], expected: dict[UUID, tuple[int, int]]) -> None:
    assert replay(steps, 1, len(steps)) == (expected, [])


@pytest.mark.parametrize(
    ("positions", "smallest", "greatest", "wrong"),
    [
        pytest.param([1, 2, 3], 1, 3, [], id="dense"),
        pytest.param([4, 5], 4, 5, [], id="from where it is kept"),
        pytest.param([1, 3], 1, 3, ["3"], id="a gap"),
        pytest.param([2, 3], 1, 3, ["2"], id="the first is missing"),
        pytest.param([1, 2], 1, 3, ["2"], id="it ends before its head"),
        pytest.param([], 1, 1, ["0"], id="empty, against its head"),
    ],
)
def test_positions_are_dense(
    positions: list[int], smallest: int, greatest: int, wrong: list[str]
) -> None:
    _, findings = replay([step(p) for p in positions], smallest, greatest)

    assert [f.subject for f in findings] == wrong
    assert {f.check for f in findings} <= {Check.POSITIONS}


@pytest.mark.parametrize(
    ("view", "smallest", "wrong"),
    [
        pytest.param([(A, 2, 7)], 1, [], id="the same"),
        pytest.param([(A, 1, 7)], 1, [A], id="another version"),
        pytest.param([(A, 2, 6)], 1, [A], id="another position"),
        pytest.param([], 1, [A], id="not in the view"),
        pytest.param([(A, 2, 7), (B, 1, 3)], 1, [B], id="not in the feed"),
        pytest.param([(A, 2, 7), (B, 1, 3)], 4, [], id="older than what the feed keeps"),
        pytest.param([(A, 2, 7), (B, 1, 4)], 4, [B], id="not older, and missing"),
    ],
)
def test_the_view_reflects_the_feed(
    view: list[tuple[UUID, int, int]], smallest: int, wrong: list[UUID]
) -> None:
    findings = reflect({A: (2, 7)}, view, smallest)

    assert [f.subject for f in findings] == [str(article_id) for article_id in wrong]
    assert {f.check for f in findings} <= {Check.REPLAY}
