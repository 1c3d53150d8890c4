import gzip
import io
import tarfile
import zipfile

import pytest

from tests.unit.core.expanding.makers import special, tarred, told, unpack, zipped, zipped_one
from worker.core.errors import Rejected
from worker.core.expanding.members import members
from worker.core.expanding.rules import Rules
from worker.core.ledger import Reason

FILES = {"a.txt": b"alpha", "dir/b.txt": b"beta"}
TOLD = [("!a.txt", b"alpha"), ("!dir/b.txt", b"beta")]
MEGABYTE = 1_000_000


def refusal(content: bytes, rules: Rules | None = None) -> Rejected:
    with pytest.raises(Rejected) as raised:
        unpack(content, rules=rules)
    return raised.value


def named(name: str, **attributes: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    return info


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new)


# --- ZIP ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "compression",
    [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA],
)
def test_files_of_a_zip(compression: int) -> None:
    assert told(unpack(zipped({"dir/": b"", **FILES}, compression))) == TOLD


def test_a_zip_may_stand_behind_a_program() -> None:
    assert told(unpack(zipped(FILES) + b"trailing")) == TOLD


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(
            zipped_one(named("a.txt", external_attr=0o120777 << 16), b"/etc/passwd"),
            Reason.SYMLINK_OUTSIDE,
            id="a link",
        ),
        pytest.param(
            changed(
                changed(zipped(FILES, 0), b"PK\x03\x04\x14\0\0", b"PK\x03\x04\x14\0\x01"),
                b"PK\x01\x02\x14\x03\x14\0\0",
                b"PK\x01\x02\x14\x03\x14\0\x01",
            ),
            Reason.UNREADABLE,
            id="encrypted",
        ),
        pytest.param(
            changed(zipped(FILES, 0), b"alpha", b"gamma"), Reason.MALFORMED, id="a bad checksum"
        ),
        pytest.param(
            changed(zipped(FILES, 0), b"PK\x03\x04", b"PK\x03\x05")[:1]
            + changed(zipped(FILES, 0), b"a.txt", b"a.tyt")[1:],
            None,
            id="another name, in both places",
        ),
    ],
)
def test_a_member_is_refused_alone(content: bytes, reason: Reason | None) -> None:
    first = unpack(content)[0]

    assert first.reason is reason


def test_a_member_of_an_unknown_method_is_refused_alone() -> None:
    content = bytearray(zipped(FILES, 0))
    local, central = content.index(b"PK\x03\x04"), content.index(b"PK\x01\x02")
    content[local + 8] = content[central + 10] = 93

    first, second = unpack(bytes(content))

    assert first.reason is Reason.UNSUPPORTED_FORMAT
    assert second.content == b"beta"


@pytest.mark.parametrize(
    ("size", "reason"), [(10, None), (11, Reason.TOO_LARGE)], ids=["fits", "too large"]
)
def test_a_member_of_a_zip_may_be_too_large(size: int, reason: Reason | None) -> None:
    (member,) = unpack(zipped({"a.txt": b"a" * size}), rules=Rules(member_bytes=10))

    assert member.reason is reason


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(zipped(FILES)[:-30], id="cut off"),
        pytest.param(b"PK\x03\x04" + b"\0" * 100, id="no directory"),
        pytest.param(zipped(FILES).replace(b"PK\x01\x02", b"PK\x01\x03"), id="a bad directory"),
    ],
)
def test_what_is_no_zip_is_malformed(content: bytes) -> None:
    assert refusal(content).reason is Reason.MALFORMED


def test_a_zip_that_says_that_it_is_too_much_is_believed() -> None:
    """Before the first member is read."""
    content = zipped({f"{n}.txt": bytes(MEGABYTE) for n in range(3)})
    rules = Rules(free_bytes=2 * MEGABYTE, ratio=10, member_bytes=2 * MEGABYTE)

    assert refusal(content, rules).reason is Reason.ARCHIVE_BOMB
    assert len(unpack(content, rules=Rules(free_bytes=3 * MEGABYTE))) == 3


def test_members_too_large_to_be_kept_count_for_nothing() -> None:
    """They are not unpacked."""
    content = zipped({"a.txt": bytes(3 * MEGABYTE), "b.txt": b"text"})
    rules = Rules(free_bytes=MEGABYTE, ratio=1, member_bytes=MEGABYTE)

    assert told(unpack(content, rules=rules)) == [("!a.txt", "too_large"), ("!b.txt", b"text")]


@pytest.mark.parametrize("count", [3, 4])
def test_a_zip_of_many_members_is_not_even_opened(count: int) -> None:
    content = zipped({f"{n}.txt": b"a" for n in range(count)})

    if count == 3:
        assert len(unpack(content, rules=Rules(members=3))) == 3
    else:
        assert "more than 3 members" in refusal(content, Rules(members=3)).detail


# --- tar ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layout", "long"),
    [
        pytest.param(tarfile.USTAR_FORMAT, "x" * 90, id="ustar"),
        pytest.param(tarfile.GNU_FORMAT, "x" * 120, id="GNU"),
        pytest.param(tarfile.PAX_FORMAT, "x" * 120, id="pax"),
    ],
)
def test_files_of_a_tar(layout: int, long: str) -> None:
    content = tarred(special("dir", tarfile.DIRTYPE), (f"{long}a.txt", b"alpha"), layout=layout)

    (member,) = unpack(content)

    assert told([member]) == [(f"!{long}a.txt", b"alpha")]
    assert member.mtime_ns == 5_000_000_000


def test_names_in_a_tar_are_bytes() -> None:
    content = tarred(("caf\udce9.txt", b"alpha"), layout=tarfile.GNU_FORMAT)

    assert unpack(content)[0].label == b"!caf\xe9.txt"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (tarfile.SYMTYPE, Reason.SYMLINK_OUTSIDE),
        (tarfile.LNKTYPE, Reason.SYMLINK_OUTSIDE),
        (tarfile.FIFOTYPE, Reason.SPECIAL_FILE),
        (tarfile.CHRTYPE, Reason.SPECIAL_FILE),
    ],
)
def test_links_and_devices_are_ignored(kind: bytes, reason: Reason) -> None:
    content = tarred(special("link", kind, "a.txt"), ("a.txt", b"alpha"))

    link, file = unpack(content)

    assert (link.content, link.reason) == (None, reason)
    assert file.content == b"alpha"


def test_a_member_of_a_tar_may_be_too_large() -> None:
    content = tarred(("a.txt", b"a" * 11), ("b.txt", b"b" * 10))

    assert told(unpack(content, rules=Rules(member_bytes=10))) == [
        ("!a.txt", "too_large"),
        ("!b.txt", b"b" * 10),
    ]


def test_a_tar_that_is_cut_off_is_malformed_from_there_on() -> None:
    content = tarred(("a.txt", b"alpha"), ("b.txt", b"b" * 5_000))[:3_000]
    numbered = members(io.BytesIO(content), b"a.tar", Rules())

    assert next(numbered)[1].content == b"alpha"
    with pytest.raises(Rejected, match="unexpected end of data"):
        next(numbered)


def damaged(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


FOUR = tarred(*((f"{n}.txt", b"text") for n in range(4)), layout=tarfile.USTAR_FORMAT)
THIRD = 2 * 2 * tarfile.BLOCKSIZE  # where its header is; each member has a block of content


@pytest.mark.parametrize(
    ("content", "kept", "detail"),
    [
        pytest.param(damaged(FOUR, THIRD), 2, "bad checksum", id="a flipped bit"),
        pytest.param(FOUR[: THIRD + 100], 2, "truncated header", id="cut in a header"),
        pytest.param(FOUR[:THIRD], 2, "without its end mark", id="cut before a header"),
        pytest.param(FOUR[: 2 * THIRD], 4, "without its end mark", id="cut before the end mark"),
        pytest.param(
            tarred(("x" * 120, b"text"), layout=tarfile.GNU_FORMAT)[:1_024],
            0,
            "without its end mark",
            id="a long name of nothing",
        ),
        pytest.param(damaged(FOUR, 0), 0, "bad checksum", id="the first header"),
    ],
)
def test_a_tar_ends_with_its_end_mark_and_nowhere_else(
    content: bytes, kept: int, detail: str
) -> None:
    numbered = members(io.BytesIO(content), b"a.tar", Rules())

    assert [next(numbered)[1].label for _ in range(kept)] == [b"!%d.txt" % n for n in range(kept)]
    with pytest.raises(Rejected, match=detail) as raised:
        next(numbered)
    assert raised.value.reason is Reason.MALFORMED


@pytest.mark.parametrize(
    ("seconds", "mtime_ns"),
    [
        ("1.5", 1_000_000_000),
        ("-1", -1_000_000_000),
        ("9223372036", 9_223_372_036_000_000_000),
        ("9223372037", 0),
        ("-9223372037", 0),
        ("1e400", 0),
        ("inf", 0),
        ("nan", 0),
    ],
)
def test_a_time_that_no_clock_shows_is_none(seconds: str, mtime_ns: int) -> None:
    info = special("a.txt", tarfile.REGTYPE)
    info.pax_headers = {"mtime": seconds}

    (member,) = unpack(tarred(info))

    assert (member.mtime_ns, member.reason) == (mtime_ns, None)


def test_a_header_of_any_size_is_not_read() -> None:
    """A name of megabytes would be held in memory before anybody could refuse it."""
    info = special("L", tarfile.GNUTYPE_LONGNAME)
    info.size = 3 * MEGABYTE
    content = info.tobuf(tarfile.GNU_FORMAT) + b"n" * info.size

    assert refusal(gzip.compress(content)).reason is Reason.ARCHIVE_BOMB


def test_a_tar_counts_what_it_unpacks_to_also_what_is_passed_over() -> None:
    content = gzip.compress(tarred(("a.txt", bytes(3 * MEGABYTE)), ("b.txt", b"beta")))
    rules = Rules(member_bytes=10, free_bytes=MEGABYTE, ratio=1)

    assert refusal(content, rules).reason is Reason.ARCHIVE_BOMB
