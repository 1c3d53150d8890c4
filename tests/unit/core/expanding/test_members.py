import bz2
import gzip
import io
import lzma
from collections.abc import Callable

import pytest

from tests.unit.core.expanding.makers import tarred, told, unpack, zipped
from worker.core.errors import Rejected
from worker.core.expanding import streams
from worker.core.expanding.entry import OneArticle
from worker.core.expanding.members import members
from worker.core.expanding.rules import Rules
from worker.core.ledger import Reason

LINES = b'{"a": 1}\n{"b": 2}\n{"c": 3}\n'
TOLD = [("#1", b'{"a": 1}'), ("#2", b'{"b": 2}'), ("#3", b'{"c": 3}')]
Pack = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("gz", gzip.compress),
        ("bz2", bz2.compress),
        ("xz", lzma.compress),
        ("zst", streams.zstd.compress),
    ],
)
@pytest.mark.parametrize(
    ("inner", "content", "expected"),
    [
        pytest.param("w.jsonl", LINES, TOLD, id="lines"),
        pytest.param("a.tar", tarred(("a.txt", b"alpha")), [("!a.txt", b"alpha")], id="tar"),
        pytest.param("a.json", b'[{"a": 1}]', TOLD[:1], id="array"),
        pytest.param("dir/a.txt", b"a story", [("!a.txt", b"a story")], id="a file"),
        pytest.param("a.txt", b"", [("!a.txt", b"")], id="nothing"),
    ],
)
def test_what_is_compressed_is_opened_on_the_way(
    name: str, pack: Pack, inner: str, content: bytes, expected: list[tuple[str, bytes]]
) -> None:
    assert told(unpack(pack(content), f"{inner}.{name}")) == expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(zipped({"a.txt": b"alpha"}), id="ZIP"),
        pytest.param(b"<rss><channel><item/><item/></channel></rss>", id="feed"),
        pytest.param(gzip.compress(LINES), id="compressed again"),
    ],
)
def test_other_containers_in_a_compressed_file_are_files_of_their_own(content: bytes) -> None:
    assert told(unpack(gzip.compress(content), "inner.gz")) == [("!inner", content)]


@pytest.mark.parametrize(("size", "outcome"), [(10, b"a" * 10), (11, "too_large")])
def test_one_compressed_file_may_be_too_large(size: int, outcome: bytes | str) -> None:
    found = unpack(gzip.compress(b"a" * size), "a.txt.gz", rules=Rules(member_bytes=10))

    assert told(found) == [("!a.txt", outcome)]


@pytest.mark.parametrize("start", range(4))
def test_going_on_behind_what_was_kept(start: int) -> None:
    numbered = list(members(io.BytesIO(LINES), b"w.jsonl", Rules(), start=start))

    assert [number for number, _ in numbered] == list(range(start, 3))
    assert told([member for _, member in numbered]) == TOLD[start:]


def test_going_on_gives_the_same_labels() -> None:
    content = tarred(("a.txt", b"1"), ("a.txt", b"2"), ("./a.txt", b"3"))

    assert told(unpack(content)) == [("!a.txt", b"1"), ("!a.txt (2)", b"2"), ("!a.txt (3)", b"3")]
    assert told(unpack(content, start=2)) == [("!a.txt (3)", b"3")]


def test_an_archive_that_was_begun_is_gone_on_with_though_it_has_too_many_by_now() -> None:
    content = zipped({"a.txt": b"1", "b.txt": b"2", "c.txt": b"3"})
    numbered = members(io.BytesIO(content), b"a.zip", Rules(members=2), start=1)

    assert told([next(numbered)[1]]) == [("!b.txt", b"2")]
    with pytest.raises(Rejected, match="more than 2 members"):
        next(numbered)


def test_names_that_a_folder_would_ignore_are_ignored() -> None:
    content = zipped({"__MACOSX/._a.txt": b"a", ".git/b.txt": b"b", "d/c.part": b"c", "R.md": b"d"})

    found = unpack(content, rules=Rules(exclude=("R*",)))

    assert [member.reason for member in found] == [
        Reason.TEMPORARY_NAME,
        Reason.TEMPORARY_NAME,
        Reason.TEMPORARY_NAME,
        Reason.EXCLUDED_BY_PATTERN,
    ]
    assert all(member.content is None for member in found)


@pytest.mark.parametrize("content", [LINES, gzip.compress(LINES)], ids=["plain", "compressed"])
def test_members_have_a_limit(content: bytes) -> None:
    numbered = members(io.BytesIO(content), b"w.jsonl", Rules(members=2))
    kept = [next(numbered), next(numbered)]

    with pytest.raises(Rejected, match="more than 2 members") as refusal:
        next(numbered)
    assert len(kept) == 2
    assert refusal.value.reason is Reason.ARCHIVE_BOMB


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(LINES * 1_000)[:-50], id="gzip"),
        pytest.param(bz2.compress(LINES)[:-10], id="bzip2"),
        pytest.param(lzma.compress(LINES)[:-10], id="xz"),
        pytest.param(streams.zstd.compress(LINES)[:-10], id="Zstandard"),
        pytest.param(b"(\xb5/\xfd rest", id="no Zstandard after all"),
        pytest.param(b"\x1f\x8b\x08" + b"\xff" * 50, id="no gzip after all"),
        pytest.param(b"\xfd7zXZ\x00" + b"\xff" * 50, id="no xz after all"),
        pytest.param(b"BZh" + b"\xff" * 50, id="no bzip2 after all"),
    ],
)
def test_what_cannot_be_unpacked_is_malformed(content: bytes) -> None:
    with pytest.raises(Rejected, match="it is broken") as refusal:
        unpack(content, "w.jsonl.gz")
    assert refusal.value.reason is Reason.MALFORMED


def test_unpacking_stops_where_it_is_too_much() -> None:
    """Long before all is unpacked."""
    bomb = gzip.compress(b'{"a": 1}\n' * 2_000_000)
    rules = Rules(free_bytes=1_000_000, ratio=10)

    numbered = members(io.BytesIO(bomb), b"w.jsonl.gz", rules)
    with pytest.raises(Rejected) as refusal:
        list(numbered)
    assert refusal.value.reason is Reason.ARCHIVE_BOMB


def test_an_article_is_no_container() -> None:
    with pytest.raises(OneArticle):
        unpack(b"A story")
