from itertools import permutations
from uuid import UUID

import pytest

from worker.core.feed import Change, ChangeKind, Pointer
from worker.core.withdrawal import (
    Bearer,
    Part,
    Scope,
    Standing,
    Turn,
    Withdrawal,
    standing,
    told,
)

A, B = (bytes([n]) * 32 for n in range(2))
ARTICLE = UUID(int=1)


def bearer(
    n: int = 1,
    part: Part = Part.VERSION,
    *,
    version: int = 1,
    sha256: bytes = A,
    source: str | None = "Lake News",
    edition: int | None = None,
    near: bool = False,
    followed: bool = False,
) -> Bearer:
    return Bearer(
        n,
        part,
        version,
        sha256,
        source=source,
        edition=edition,
        near=near,
        followed=followed,
    )


def rule(scope: Scope = Scope.ALL, *, erases: bool = False, **named: object) -> Withdrawal:
    return Withdrawal(scope, "it was not so", erases=erases, **named)  # type: ignore[arg-type]


SOURCE = rule(Scope.SOURCE, source="Lake News")
KILL = rule(Scope.SOURCE, source="Lake News", edition=2)


@pytest.mark.parametrize(
    ("withdrawal", "file", "meant"),
    [
        pytest.param(rule(), bearer(source="B"), True, id="all: whoever sent it"),
        pytest.param(rule(Scope.FILE, sha256=A), bearer(sha256=A), True, id="file: the bytes"),
        pytest.param(rule(Scope.FILE, sha256=A), bearer(sha256=B), False, id="file: other bytes"),
        pytest.param(SOURCE, bearer(source="lake  NEWS "), True, id="source: as it is written"),
        pytest.param(SOURCE, bearer(source="Hill News"), False, id="source: another"),
        pytest.param(SOURCE, bearer(source=None), True, id="source: nobody knows whose it is"),
        pytest.param(rule(Scope.SOURCE), bearer(source=None), True, id="source: neither known"),
        pytest.param(rule(Scope.SOURCE), bearer(), False, id="source: the file's is known"),
        pytest.param(KILL, bearer(edition=1), True, id="an edition before the kill"),
        pytest.param(KILL, bearer(edition=2), True, id="that of the kill"),
        pytest.param(KILL, bearer(edition=3), False, id="a later one"),
        pytest.param(KILL, bearer(), True, id="a file without an edition"),
        pytest.param(SOURCE, bearer(edition=3), True, id="a rule without an edition"),
    ],
)
def test_which_files_are_meant(withdrawal: Withdrawal, file: Bearer, *, meant: bool) -> None:
    assert withdrawal.means(file) is meant


def test_the_greatest_version_left_is_shown() -> None:
    files = [bearer(1, version=1), bearer(2, version=2), bearer(3, version=3, source="B")]

    assert standing(files, []) == Standing({}, shown=3)
    assert standing(files, [SOURCE]) == Standing({1: SOURCE, 2: SOURCE}, shown=3)
    assert standing(files, [rule(Scope.SOURCE, source="B")]).shown == 2


@pytest.mark.parametrize(
    ("copies", "heir"),
    [
        pytest.param([bearer(2, Part.COPY, source="B")], 2, id="a copy"),
        pytest.param([bearer(2, Part.COPY)], None, id="one that is meant, too"),
        pytest.param([bearer(2, Part.SAME, source="B")], None, id="no copy of its own"),
        pytest.param([bearer(2, Part.WAITING, source="B")], None, id="not to be seen yet"),
        pytest.param(
            [bearer(2, Part.COPY, source="B", near=True), bearer(3, Part.COPY, source="B")],
            3,
            id="the same words first",
        ),
        pytest.param(
            [bearer(2, Part.COPY, source="B", followed=True), bearer(3, Part.COPY, source="B")],
            3,
            id="what its path holds first",
        ),
        pytest.param(
            [bearer(3, Part.COPY, source="B"), bearer(2, Part.COPY, source="C")],
            2,
            id="the oldest first",
        ),
        pytest.param(
            [bearer(2, Part.COPY, source="B"), bearer(3, Part.COMING, source="C")],
            None,
            id="one is on its way",
        ),
    ],
)
def test_a_copy_takes_over_where_no_version_is_left(copies: list[Bearer], heir: int | None) -> None:
    found = [standing([bearer(1), *order], [SOURCE]) for order in permutations(copies)]

    assert {(each.shown, each.heir) for each in found} == {(None, heir)}


def test_no_copy_takes_over_where_a_version_is_left() -> None:
    files = [bearer(1, source="B"), bearer(2, Part.COPY, source="C")]

    assert standing(files, [SOURCE]).heir is None


def test_the_strongest_rule_is_named() -> None:
    one = rule(Scope.FILE, sha256=A)
    erasing = rule(erases=True)
    rules = [one, SOURCE, rule(), erasing]

    assert {standing([bearer()], r).withdrawn[1] for r in permutations(rules)} == {erasing}
    assert {standing([bearer()], r).withdrawn[1] for r in permutations(rules[:2])} == {SOURCE}


# --- what consumers are told ----------------------------------------------------------------------

SEEN, NEXT = Pointer(1, 2), Pointer(2, 0)
STORED = (ChangeKind.STORED, 1)
BACK = "nothing of it is taken back any more"


def turn(
    before: Pointer | None = SEEN,
    after: Pointer | None = SEEN,
    *,
    last: tuple[ChangeKind, int] | None = STORED,
    rules: tuple[Withdrawal, ...] = (rule(),),
    marked: bool = False,
    finished: bool = False,
) -> Turn:
    return Turn(
        article_id=ARTICLE,
        before=before,
        last=last,
        after=after,
        cause="its own cause",
        rules=rules,
        marked=marked,
        finished=finished,
    )


def change(kind: str, pointer: Pointer, cause: str = "it was not so") -> Change:
    return Change(ChangeKind(kind), ARTICLE, pointer, cause)


ERASED = (rule(erases=True),)


@pytest.mark.parametrize(
    ("turn_", "expected"),
    [
        pytest.param(turn(after=None), change("retracted", SEEN), id="gone"),
        pytest.param(turn(after=None, rules=ERASED), change("erased", SEEN), id="erased"),
        pytest.param(turn(None, None), None, id="it was gone before"),
        pytest.param(
            turn(None, None, last=(ChangeKind.RETRACTED, 3), rules=ERASED),
            change("erased", Pointer(3, 0)),
            id="erased, and gone before",
        ),
        pytest.param(
            turn(None, None, last=(ChangeKind.ERASED, 3), rules=ERASED), None, id="erased before"
        ),
        pytest.param(turn(None, None, last=None, rules=ERASED), None, id="nobody ever saw it"),
        pytest.param(
            turn(None, SEEN, last=None), change("stored", SEEN, "its own cause"), id="the first"
        ),
        pytest.param(
            turn(None, SEEN, last=(ChangeKind.RETRACTED, 1), rules=()),
            change("restored", SEEN, BACK),
            id="restored",
        ),
        pytest.param(
            turn(None, NEXT, last=(ChangeKind.RETRACTED, 1)),
            change("restored", NEXT, "its own cause"),
            id="another takes over",
        ),
        pytest.param(
            turn(None, SEEN, last=(ChangeKind.REGROUPED, 1)),
            change("regrouped", SEEN),
            id="it was merged",
        ),
        pytest.param(
            turn(None, NEXT, last=(ChangeKind.REGROUPED, 1)),
            change("revised", NEXT, "its own cause"),
            id="it was merged, and another takes over",
        ),
        pytest.param(turn(NEXT, SEEN), change("revised", SEEN), id="back to an earlier one"),
        pytest.param(
            turn(SEEN, NEXT), change("revised", NEXT, "its own cause"), id="on to a later one"
        ),
        pytest.param(
            turn(finished=True, marked=True),
            change("retagged", SEEN, "its tags were made anew"),
            id="tagged again",
        ),
        pytest.param(turn(marked=True), change("regrouped", SEEN), id="other files"),
        pytest.param(
            turn(SEEN, Pointer(1, 1), rules=()),
            change("regrouped", Pointer(1, 1), BACK),
            id="other copies",
        ),
        pytest.param(turn(), None, id="nothing changed"),
    ],
)
def test_what_is_told(turn_: Turn, expected: Change | None) -> None:
    assert told(turn_) == expected
