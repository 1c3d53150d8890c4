"""The recorder over a ledger that answers late, while the next batch is read."""

from tests.articles import INBOX, notice
from tests.doubles import Backlog, Gong, Moments
from worker.adapters.memory import MemoryStore
from worker.watcher.recorder import BATCH_BYTES, Recorder


class Late:
    """A recorder, and a ledger that answers when it is told to."""

    def __init__(self) -> None:
        self._ledger, self._backlog = MemoryStore(), Backlog()
        self.recorder = Recorder(
            INBOX, self._ledger, Gong(), Moments(wall_ns=0), submit=self._backlog.submit
        )

    def read(self, *contents: tuple[str, str]) -> None:
        for path, content in contents:
            self.recorder.add(notice(path, content))
        self.recorder.flush()

    def answer(self) -> None:
        self._backlog.work()
        self.recorder.flush()

    def another_watcher_records(self, path: str, content: str) -> None:
        self._ledger.record(INBOX, [notice(path, content)])

    def answers(self) -> list[str]:
        """All that is left; gives the paths that somebody has to look at again."""
        while self.recorder.waiting:
            self.answer()
        return [stale.path.text for stale in self.recorder.take_stale()]

    @property
    def contents(self) -> set[tuple[str, int, bytes]]:
        return {(r.path.text, r.generation, r.sha256 or b"") for r in self._ledger.rows.values()}


def expected(*rows: tuple[str, int, str]) -> set[tuple[str, int, bytes]]:
    return {(path, n, notice(path, content).sha256 or b"") for path, n, content in rows}


def test_what_is_rewritten_while_its_batch_is_underway_is_its_next_generation() -> None:
    """It may be gone by a second look: what was read is kept."""
    late = Late()
    late.read(("a", "one"), ("b", "one"))
    late.read(("a", "two"), ("c", "one"))  # while the first two are underway
    late.answer()
    late.read(("a", "three"), ("c", "two"))

    assert late.answers() == []
    assert late.contents == expected(
        ("a", 1, "one"), ("a", 2, "two"), ("a", 3, "three"),
        ("b", 1, "one"),
        ("c", 1, "one"), ("c", 2, "two"),
    )  # fmt: skip


def test_a_batch_of_nothing_but_what_was_rewritten() -> None:
    late = Late()
    late.read(("a", "one"))
    late.read(("a", "two"))

    assert late.answers() == []
    assert late.contents == expected(("a", 1, "one"), ("a", 2, "two"))


def test_another_watcher_that_came_in_after_our_batch_overtakes() -> None:
    late = Late()
    late.read(("a", "one"))
    late.read(("a", "two"), ("b", "one"))
    late.answer()  # the first batch; of the second, what is new goes first
    late.another_watcher_records("a", "theirs")

    assert late.answers() == ["a"]


def test_another_watcher_that_came_in_before_our_batch_overtakes() -> None:
    """Also a path that our batch did not have, and one that was stale in it already."""
    late = Late()
    late.read(("a", "one"), ("b", "one"))
    late.another_watcher_records("b", "theirs")
    late.another_watcher_records("c", "theirs")
    late.read(("a", "two"), ("b", "two"), ("c", "one"))

    assert late.answers() == ["b", "b", "c"]
    assert late.contents == expected(
        ("a", 1, "one"), ("a", 2, "two"), ("b", 1, "theirs"), ("c", 1, "theirs")
    )


def test_a_path_that_is_read_after_the_answer_goes_by_the_newer_mark() -> None:
    late = Late()
    late.read(("a", "one"))
    late.answer()
    late.another_watcher_records("a", "theirs")
    late.recorder.known()
    late.read(("a", "two"), ("b", "one"))

    assert late.answers() == []
    assert late.contents >= expected(("a", 3, "two"))


def test_what_has_to_wait_for_the_next_batch_counts_towards_it() -> None:
    late = Late()
    late.read(("a", "one"))
    late.read(("a", "x" * BATCH_BYTES), ("b", "one"))
    late.answer()

    assert late.recorder.full
