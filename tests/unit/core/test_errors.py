import pytest

from worker.core import errors
from worker.core.errors import CopydeskError, Rejected, Unavailable, UsageError
from worker.core.ledger import Reason


@pytest.mark.parametrize("kind", [Rejected, Unavailable, UsageError])
def test_one_root(kind: type[Exception]) -> None:
    assert issubclass(kind, CopydeskError)


def test_the_endings_are_told_apart() -> None:
    """A handler for one of them never catches another."""
    kinds = (Rejected, Unavailable, UsageError)

    assert [(a, b) for a in kinds for b in kinds if a is not b and issubclass(a, b)] == []


def test_the_tree_is_drawn_whole() -> None:
    """Whatever class the module defines stands in the drawing at its top."""
    defined = [name for name, value in vars(errors).items() if isinstance(value, type)]
    own = [name for name in defined if vars(errors)[name].__module__ == errors.__name__]

    assert [name for name in own if f"── {name} " not in (errors.__doc__ or "")] == [
        "CopydeskError"
    ]


@pytest.mark.parametrize(
    ("detail", "message"),
    [
        pytest.param("byte 7 is 0x00", "undecodable: byte 7 is 0x00", id="what was seen"),
        pytest.param("", f"undecodable: {Reason.UNDECODABLE.meaning}", id="else what it means"),
    ],
)
def test_a_rejection_says_why(detail: str, message: str) -> None:
    rejected = Rejected(Reason.UNDECODABLE, detail)

    assert str(rejected) == message
    assert (rejected.reason, rejected.detail) == (Reason.UNDECODABLE, detail)
