import pytest

from worker.watcher import silence
from worker.watcher.silence import Silence


def silent(*paths: bytes) -> Silence:
    """As after a scan met these, and no event told of them until the next."""
    found = Silence()
    for path in paths:
        found.met(path)
    found.judge()
    return found


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param((), "", id="none"),
        pytest.param((b"a.txt",), "no events come from the inbox itself", id="the inbox"),
        pytest.param((b"a/b/1", b"a/b/2"), "no events come from 'a/b'", id="a folder"),
        pytest.param(
            (b"b/1", b"a/1", b"c/1"), "no events come from 'a' and 2 more folder(s)", id="some"
        ),
        pytest.param((b"\xe9/1",), r"no events come from '\\xe9'", id="not UTF-8"),
    ],
)
def test_what_is_said(paths: tuple[bytes, ...], expected: str) -> None:
    found = silent(*paths)

    assert found.sentence() == expected
    assert bool(found) is bool(expected)


def test_only_what_is_new_is_news() -> None:
    found = Silence()
    news = []
    for path in (b"a/1", b"a/2", b"b/1"):
        found.met(path)
        news.append(found.judge())

    assert news == [True, False, True]


def test_what_was_heard_of_in_time_is_no_suspect() -> None:
    found = Silence()
    found.met(b"a/1")
    found.heard(b"a/1")

    assert not found.judge()


def test_an_event_clears_its_folder_and_no_other() -> None:
    found = silent(b"a/1", b"a/b/1")
    found.heard(b"a/2")

    assert found.sentence() == "no events come from 'a/b'"


def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond, what is known is enough to scan often."""
    monkeypatch.setattr(silence, "KEPT", 2)
    found = silent(b"a/1", b"b/1", b"c/1")
    found.met(b"d/1")
    found.judge()

    assert found.sentence() == "no events come from 'a' and 1 more folder(s)"
