from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles import EPOCH
from worker.core.ledger import Lane, Path, Reason, State, Witness
from worker.core.life import File, Life, advice

LATER = EPOCH + timedelta(minutes=1)


def file(
    state: State = State.STORED,
    reason: Reason | None = None,
    *,
    generation: int = 1,
    kept: bool = True,
) -> File:
    return File(
        id=7,
        inbox="/in",
        path=Path(b"a.txt"),
        generation=generation,
        state=state,
        reason=reason,
        detail="",
        lane=Lane.LIVE,
        witness=Witness.CLOSED,
        size=9,
        sha256=b"x" * 32 if kept else None,
        media_type=None,
        attempts=1,
        deaths=0,
        solo=False,
        noticed_at=EPOCH,
        claimed_at=None,
        decided_at=None,
        finished_at=None,
        lease_until=None,
        next_try_at=EPOCH,
        verdict=None,
        article_id=None,
        version=None,
        pipeline=None,
        parent_id=None,
    )


def life(of: File, *others: File) -> Life:
    return Life(of, None, (of, *others), None, {})


HELD = replace(file(State.PROCESSING), lease_until=LATER)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        pytest.param(file(), "it is done", id="stored"),
        pytest.param(file(State.DUPLICATE, Reason.EXACT), "it is done", id="a copy"),
        pytest.param(file(State.NOTICED), "waits for a worker", id="waiting"),
        pytest.param(
            replace(file(State.NOTICED), next_try_at=LATER), "tried again", id="handed back"
        ),
        pytest.param(HELD, "a worker holds it", id="in work"),
        pytest.param(replace(HELD, lease_until=EPOCH - timedelta(1)), "fell silent", id="deserted"),
        pytest.param(
            file(State.STORED, Reason.TAGGING_FAILED), "retry --id 7 tags", id="without tags"
        ),
        pytest.param(file(State.QUARANTINED, Reason.MALFORMED), "correct the file", id="broken"),
        pytest.param(file(State.QUARANTINED, Reason.POISON), "works it alone", id="poison"),
        pytest.param(file(State.QUARANTINED, Reason.INTERNAL_ERROR), "an update", id="our defect"),
        pytest.param(
            file(State.QUARANTINED, Reason.TOO_LARGE, kept=False), "MAX_FILE_MB", id="too large"
        ),
        pytest.param(
            file(State.QUARANTINED, Reason.UNREADABLE, kept=False), "let the watcher", id="closed"
        ),
        pytest.param(
            file(State.QUARANTINED, Reason.EMPTY, kept=False), "each scan", id="unread otherwise"
        ),
        pytest.param(file(State.IGNORED, Reason.TEMPORARY_NAME), "renamed", id="temporary"),
        pytest.param(file(State.IGNORED, Reason.EXCLUDED_BY_PATTERN), "EXCLUDE", id="excluded"),
        pytest.param(file(State.IGNORED, Reason.SYMLINK_OUTSIDE), "the file itself", id="a link"),
        pytest.param(file(reason=Reason.WITHDRAWN), "copydesk restore", id="taken back"),
        pytest.param(file(reason=Reason.ERASED), "gone for good", id="erased"),
        pytest.param(
            file(State.QUARANTINED, Reason.ERASED), "gone for good", id="erased before it came"
        ),
    ],
)
def test_advice(of: File, expected: str) -> None:
    assert expected in advice(life(of), EPOCH)


def test_a_generation_that_was_followed_needs_nothing() -> None:
    broken = file(State.QUARANTINED, Reason.MALFORMED)

    told = advice(life(broken, file(generation=2)), EPOCH)

    assert told == "nothing: generation 2 took its place"
