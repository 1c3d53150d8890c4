import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core.ledger import Path, Reason, State


def test_a_file_is_final_unless_a_worker_has_to_come() -> None:
    assert [state for state in State if not state.final] == [State.NOTICED, State.PROCESSING]


def test_the_ignored_are_those_whose_content_was_not_read() -> None:
    assert {reason for reason in Reason if reason.ignores} == {
        Reason.TEMPORARY_NAME,
        Reason.EXCLUDED_BY_PATTERN,
        Reason.SYMLINK_OUTSIDE,
        Reason.SPECIAL_FILE,
    }


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_a_stable_word_and_a_sentence(reason: Reason) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", reason)
    assert Reason(str(reason)) is reason
    assert " " in reason.meaning
    assert reason.name == reason.value.upper()


def test_no_two_reasons_mean_the_same() -> None:
    assert len({reason.meaning for reason in Reason}) == len(Reason)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(b"desk/a.txt", "desk/a.txt", id="plain"),
        pytest.param("Zürich.txt".encode(), "Zürich.txt", id="UTF-8"),
        pytest.param(b"Z\xfcrich.txt", r"Z\xfcrich.txt", id="Latin-1"),
        pytest.param(b"a\0b", r"a\x00b", id="a NUL, which PostgreSQL refuses"),
    ],
)
def test_a_path_is_readable_whatever_its_bytes(raw: bytes, text: str) -> None:
    assert Path(raw).text == text


@given(st.binary())
def test_a_readable_path_can_be_stored(raw: bytes) -> None:
    """As PostgreSQL's text: UTF-8, and no NUL."""
    text = Path(raw).text

    assert "\0" not in text
    assert text.encode().decode() == text
