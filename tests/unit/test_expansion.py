import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from zlib import crc32

import pytest

from tests.articles import INBOX, STAGES, text
from tests.doubles import Moments
from worker import expansion, pipeline
from worker.adapters.memory import MemoryStore, Row
from worker.core.article import Article
from worker.core.errors import Rejected, Unavailable
from worker.core.expanding.rules import Rules
from worker.core.ledger import Lane, Path, Reason, Stat, State, Witness
from worker.expansion import CHUNK_MEMBERS, LIVE_MEMBERS, PART_MEMBERS, PART_SECONDS, Tools
from worker.pipeline import Stages
from worker.ports import Claim, Finished, Notice


def record(title: str) -> bytes:
    return json.dumps({"title": title}).encode()


def lines(*titles: str) -> bytes:
    return b"".join(record(title) + b"\n" for title in titles)


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return target.getvalue()


def feed(*titles: str) -> bytes:
    items = "".join(f"<item><title>{title}</title></item>" for title in titles)
    return f"<rss><channel><title>Wire</title>{items}</channel></rss>".encode()


def read(content: bytes, name: str) -> Article:
    """Members are read like anything else: only here by a reader that knows one title."""
    if b"bad" in content:
        raise Rejected(Reason.MALFORMED, "a bad record")
    return STAGES.read(f"Title\n{text(1 + crc32(content))}".encode(), name)


@dataclass
class House:
    rules: Rules = field(default_factory=Rules)
    store: MemoryStore = field(default_factory=MemoryStore)
    rings: list[tuple[tuple[int, ...], int]] = field(default_factory=list)  # and how many are live
    clock: Moments = field(default_factory=lambda: Moments(wall_ns=0))
    commit_seconds: float = 0.0

    def drop(self, path: str, content: bytes, lane: Lane = Lane.LIVE) -> None:
        where, stat = Path(path.encode()), Stat(len(content), 1, 1, 1)
        digest = sha256(content).digest()
        kept = Notice(where, stat, Witness.RENAMED, lane, content=content, sha256=digest)
        self.store.record(INBOX, [kept])

    def step(self) -> Finished | None:
        """One claim to its end, or to its pause."""
        claims = self.store.claim((), 32)
        if not claims:
            return None
        if not claims[0].bulk:
            return pipeline.run(claims, self.store, self.stages)
        return expansion.run(claims[0], self.tools)

    def work(self) -> None:
        while self.step():
            pass

    @property
    def stages(self) -> Stages:
        return Stages(read, STAGES.judge, STAGES.tag)

    @property
    def tools(self) -> Tools:
        return Tools(self.store, self.stages, self.store, self.rules, self.clock, self._ring)

    def _ring(self, ids: Sequence[int], live: int) -> None:
        self.rings.append((tuple(ids), live))
        self.clock.sleep(self.commit_seconds)

    def rows(self, path: str) -> list[Row]:
        return [row for row in self.store.rows.values() if row.path.text == path]

    def outcome(self, path: str) -> tuple[State, Reason | None, str]:
        row = self.rows(path)[-1]
        return row.state, row.reason, row.detail

    @property
    def outcomes(self) -> dict[str, str]:
        return {
            row.path.text: f"{row.state.value} {row.reason.value if row.reason else ''}".strip()
            for row in self.store.rows.values()
        }


# --- from a container to articles -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "content", "members"),
    [
        pytest.param("w.jsonl", lines("a", "b"), ["#1", "#2"], id="lines"),
        pytest.param("w.json", b"[%s]" % b",".join([record("a")] * 1), ["#1"], id="array"),
        pytest.param("f.xml", feed("a", "b"), ["#1", "#2"], id="feed"),
        pytest.param("b.zip", zipped(a_txt=b"a", b_txt=b"b"), ["!a.txt", "!b.txt"], id="archive"),
        pytest.param("w.jsonl.gz", gzip.compress(lines("a")), ["#1"], id="packed lines"),
    ],
)
def test_every_member_becomes_a_file_of_its_own(
    path: str, content: bytes, members: list[str]
) -> None:
    house = House()
    house.drop(path, content)

    house.work()

    expected = {path: "expanded", **{path + member: "stored" for member in members}}
    assert house.outcomes == expected
    assert house.outcome(path)[2] == f"{len(members)} members"


def test_one_bad_record_quarantines_one_record() -> None:
    house = House()
    house.drop("w.jsonl", lines("a", "bad") + b'{"broken\n' + lines("d"))

    house.work()

    assert house.outcomes == {
        "w.jsonl": "expanded",
        "w.jsonl#1": "stored",
        "w.jsonl#2": "quarantined malformed",
        "w.jsonl#3": "quarantined malformed",
        "w.jsonl#4": "stored",
    }
    assert house.store.content_of(house.rows("w.jsonl#3")[0]) == b'{"broken'


def test_containers_in_a_container_are_taken_apart_in_turn() -> None:
    house = House()
    house.drop("b.zip", zipped(w_jsonl=lines("a"), n_zip=zipped(t_txt=b"t")))

    house.work()

    assert house.outcomes == {
        "b.zip": "expanded",
        "b.zip!w.jsonl": "expanded",
        "b.zip!n.zip": "expanded",
        "b.zip!w.jsonl#1": "stored",
        "b.zip!n.zip!t.txt": "stored",
    }


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"title": "T", "text": "t", "items": [{"id": 1}, {"id": 2}]}', id="JSON"),
        pytest.param(feed("a").replace(b"<item>", b"<item><item/>"), id="a feed of one entry"),
    ],
)
def test_what_looks_like_a_container_and_is_one_article_is_read_as_such(content: bytes) -> None:
    house = House()
    house.drop("one", content)
    (row,) = house.rows("one")

    house.work()

    assert row.bulk
    assert house.outcomes == {"one": "stored"}


@pytest.mark.parametrize(
    ("size", "outcome"),
    [
        pytest.param(8, (State.STORED, None), id="an article"),
        pytest.param(9, (State.QUARANTINED, Reason.TOO_LARGE), id="too large for one"),
    ],
)
def test_what_newer_code_knows_to_be_no_container_is_read_as_a_file(
    size: int, outcome: tuple[State, Reason | None]
) -> None:
    house = House(Rules(member_bytes=8))
    house.drop("w.jsonl", b"a" * size)
    (claim,) = house.store.claim((), 32)

    expansion.run(replace(claim, path=Path(b"notes.txt")), house.tools)

    assert house.outcome("w.jsonl")[:2] == outcome


# --- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        pytest.param("b.zip", zipped(), Reason.EMPTY, id="an empty archive"),
        pytest.param("w.json", b"[]", Reason.EMPTY, id="an empty array"),
        pytest.param("b.zip", b"PK\x03\x04 and no more", Reason.MALFORMED, id="no archive"),
    ],
)
def test_a_container_that_gives_nothing_says_why(path: str, content: bytes, reason: Reason) -> None:
    house = House()
    house.drop(path, content)

    house.work()

    state, given, detail = house.outcome(path)
    assert (state, given) == (State.QUARANTINED, reason)
    assert detail


def test_what_came_before_the_break_stands() -> None:
    """Also the members of a commit that was not full yet."""
    packed = gzip.compress(lines(*(f"{n:080}" for n in range(6_000))), 0)
    house = House()
    house.drop("w.jsonl.gz", packed[: len(packed) // 2])

    house.step()

    state, reason, detail = house.outcome("w.jsonl.gz")
    members = len(house.store.rows) - 1
    assert (state, reason) == (State.QUARANTINED, Reason.MALFORMED)
    assert detail.endswith(f"; {members} before that stand")
    assert members % expansion.CHUNK_MEMBERS != 0


@pytest.mark.parametrize(
    ("depth", "deepest"), [(1, "quarantined archive_too_deep"), (2, "expanded")]
)
def test_archives_in_archives_end_somewhere(depth: int, deepest: str) -> None:
    house = House(Rules(depth=depth))
    house.drop("a.zip", zipped(b_zip=zipped(c_zip=zipped(d_txt=b"d"))))

    house.work()

    assert house.outcomes["a.zip!b.zip!c.zip"] == deepest


@pytest.mark.parametrize(("total", "state"), [(5_999, State.QUARANTINED), (6_500, State.EXPANDED)])
def test_what_a_file_comes_to_is_counted_over_all_containers_in_it(
    total: int, state: State
) -> None:
    """Each on its own is small enough; every member weighs a thousand bytes and its content."""
    house = House(Rules(total_bytes=total))
    house.drop("a.zip", zipped(b_jsonl=lines("1", "2"), c_jsonl=lines("3", "4")))

    house.work()

    assert house.outcome("a.zip!c.jsonl")[0] is state
    assert house.outcome("a.zip")[0] is State.EXPANDED
    if state is State.QUARANTINED:
        assert house.outcome("a.zip!c.jsonl")[1] is Reason.ARCHIVE_BOMB


def test_a_defect_of_ours_ends_the_container_and_no_worker() -> None:
    house = House()
    house.drop("w.jsonl", lines("a"))
    (claim,) = house.store.claim((), 32)
    house.store.open = _break  # type: ignore[method-assign, assignment]

    expansion.run(claim, house.tools)

    assert house.outcome("w.jsonl") == (
        State.QUARANTINED,
        Reason.INTERNAL_ERROR,
        "LookupError: a defect",
    )


def _break(_: Claim) -> None:
    raise LookupError("a defect")


def test_a_store_that_is_away_is_nobodys_fault() -> None:
    house = House()
    house.drop("w.jsonl", lines("a"))
    (claim,) = house.store.claim((), 32)
    house.store.open = _go_away  # type: ignore[method-assign, assignment]

    with pytest.raises(Unavailable):
        expansion.run(claim, house.tools)
    assert house.outcome("w.jsonl")[0] is State.PROCESSING


def _go_away(_: Claim) -> None:
    raise Unavailable("the store is away")


# --- parts ----------------------------------------------------------------------------------------


def test_a_large_container_lets_others_go_first() -> None:
    house = House()
    house.drop("w.jsonl", lines(*(str(n) for n in range(PART_MEMBERS + 1))))

    first = house.step()
    paused = house.outcome("w.jsonl")[0], len(house.store.rows) - 1
    (claim,) = house.store.claim([1], 1)
    second = expansion.run(claim, house.tools)

    assert first == Finished((), None, freed=(1,))
    assert paused == (State.NOTICED, PART_MEMBERS)
    assert second.written == (1,)
    assert len(house.store.rows) == PART_MEMBERS + 2
    assert len({row.path for row in house.store.rows.values()}) == PART_MEMBERS + 2


@pytest.mark.parametrize(
    ("seconds", "recorded"), [(PART_SECONDS, CHUNK_MEMBERS), (PART_SECONDS - 1, 2 * CHUNK_MEMBERS)]
)
def test_a_slow_store_makes_parts_small(seconds: float, recorded: int) -> None:
    """But never smaller than a commit, or nothing would ever be done."""
    house = House(commit_seconds=seconds)
    house.drop("w.jsonl", lines(*(str(n) for n in range(3 * CHUNK_MEMBERS))))

    house.step()

    assert len(house.store.rows) - 1 == recorded


def test_a_container_that_somebody_else_has_is_left_to_them() -> None:
    house = House()
    house.drop("w.jsonl", lines("a"))
    (late,) = house.store.claim((), 32)
    house.store.rows[1].token += 1

    assert expansion.run(late, house.tools) == Finished((), None)
    assert len(house.store.rows) == 1
    assert house.rings == []


def test_workers_hear_of_members_while_the_container_is_still_worked() -> None:
    house = House()
    house.drop("w.jsonl", lines("a", "b"))

    house.step()

    assert house.rings == [((2, 3), 2)]


def test_workers_hear_how_many_members_are_live() -> None:
    """Never too many, though some that are live were known and need nobody."""
    house = House()
    names = [f"{n:03}_txt" for n in range(LIVE_MEMBERS + 2)]
    house.drop("b.zip", zipped(**dict.fromkeys(names[:2], b"old")))
    house.work()
    house.rings.clear()
    old = dict.fromkeys(names[:2], b"old")
    house.drop("b.zip", zipped(**{**dict.fromkeys(names, b"new"), **old}))

    house.step()

    ((due, live),) = house.rings
    assert [house.store.rows[n].lane for n in due] == (
        [Lane.LIVE] * (LIVE_MEMBERS - 2) + [Lane.BACKFILL] * 2
    )
    assert live == LIVE_MEMBERS - 2


def test_many_members_are_a_flood() -> None:
    house = House()
    house.drop("w.jsonl", lines(*(str(n) for n in range(LIVE_MEMBERS + 1))))
    house.drop("b.jsonl", lines("x"), lane=Lane.BACKFILL)

    house.step()
    (claim,) = house.store.claim([2], 1)
    expansion.run(claim, house.tools)

    lanes = {row.path.text: row.lane for row in house.store.rows.values()}
    assert lanes[f"w.jsonl#{LIVE_MEMBERS}"] is Lane.LIVE
    assert lanes[f"w.jsonl#{LIVE_MEMBERS + 1}"] is lanes["b.jsonl#1"] is Lane.BACKFILL


# --- generations ----------------------------------------------------------------------------------


def test_lines_that_are_added_are_all_that_is_new() -> None:
    house = House()
    for content in (lines("a", "b"), lines("a", "b", "c")):
        house.drop("w.jsonl", content)
        house.work()

    assert len(house.rows("w.jsonl")) == 2
    assert [len(house.rows(f"w.jsonl#{n}")) for n in (1, 2, 3)] == [1, 1, 1]
    assert house.rows("w.jsonl#3")[0].parent == house.rows("w.jsonl")[1].file_id


def test_entries_that_moved_down_in_a_feed_are_known() -> None:
    house = House()
    for titles in ("abc", "xabc", "yxab"):
        house.drop("f.xml", feed(*titles))
        house.work()

    contents = [house.store.content_of(row) for row in house.store.rows.values() if row.parent]
    titles = [content.split(b"<title>")[-1][:1] for content in contents if content]
    assert titles == [b"a", b"b", b"c", b"x", b"y"]


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        pytest.param(feed(*"abcd"), feed("a", "b"), "w.jsonl", id="too large today"),
        pytest.param(lines("a"), lines("a", "b"), "w.json", id="no container today"),
        pytest.param(
            lines("a", "b" * 99), lines("a", "b"), "w.jsonl", id="a record too large today"
        ),
    ],
)
def test_what_cannot_be_taken_apart_any_more_spoils_no_generation_after_it(
    before: bytes, after: bytes, path: str
) -> None:
    house = House()
    house.drop("w.jsonl", before)
    house.work()
    house.drop("w.jsonl", after)
    house.rules = Rules(member_bytes=len(after))
    (claim,) = house.store.claim((), 32)

    expansion.run(replace(claim, path=Path(path.encode())), house.tools)

    assert house.rows("w.jsonl")[0].state is State.EXPANDED
    assert house.outcome("w.jsonl") == (State.EXPANDED, None, "2 members")


def test_records_before_the_break_of_the_generation_before_are_known() -> None:
    house = House()
    house.drop("w.jsonl", lines("a", "b", "c"))
    house.work()
    house.drop("w.jsonl", lines("c", "a"))
    house.rules = Rules(members=2)

    house.work()

    assert house.outcome("w.jsonl")[0] is State.EXPANDED
    assert [len(house.rows(f"w.jsonl#{n}")) for n in (1, 2)] == [2, 1], "a is known, c is not"


def test_a_record_that_returns_to_what_it_was_is_not_known() -> None:
    """A → B → A is three, as it is for a file."""
    house = House()
    for title in ("a", "b", "a"):
        house.drop("w.jsonl", lines(title))
        house.work()

    assert [row.generation for row in house.rows("w.jsonl#1")] == [1, 2, 3]


def test_files_in_an_archive_are_known_by_their_names() -> None:
    """One that moved to another name is a file of that name, as it would be in a folder."""
    house = House()
    for content in (zipped(a_txt=b"a", b_txt=b"b"), zipped(a_txt=b"a", c_txt=b"b")):
        house.drop("b.zip", content)
        house.work()

    assert [len(house.rows(f"b.zip!{name}.txt")) for name in "abc"] == [1, 1, 1]
