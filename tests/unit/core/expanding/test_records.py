import json

import pytest

from tests.unit.core.expanding.makers import told, unpack
from worker.core.errors import Rejected
from worker.core.expanding.entry import OneArticle
from worker.core.expanding.rules import Rules
from worker.core.ledger import Reason

BLOCK = 1 << 20
ITEMS = "<item><title>one</title></item><item><title>two</title></item>"


# --- lines ----------------------------------------------------------------------------------------


def test_a_record_is_numbered_as_its_line_and_keeps_its_bytes() -> None:
    content = b'\xef\xbb\xbf{"a":  1}\r\n\n  [ "b" ]\n{"c": "\xc3\xa9"}'

    assert told(unpack(content, "w.jsonl")) == [
        ("#1", b'{"a":  1}'),
        ("#3", b'[ "b" ]'),
        ("#4", b'{"c": "\xc3\xa9"}'),
    ]


@pytest.mark.parametrize("order", ["le", "be"])
def test_lines_in_utf_16(order: str) -> None:
    """Code points that a block's end cuts, and what looks like a line's end to others, included."""
    record = '{"a": "\U0001f4f0\u2028é' + "\U0001f4f0" * (BLOCK // 3) + '"}'
    content = f'\ufeff{record}\r\n\n{{"b": 2}}'.encode(f"utf-16-{order}")

    assert told(unpack(content, "w.jsonl")) == [("#1", record.encode()), ("#3", b'{"b": 2}')]


@pytest.mark.parametrize("end", [b"{", b"\xd8\x3d\0{"], ids=["half a character", "half a pair"])
def test_lines_that_are_no_utf_16_after_all(end: bytes) -> None:
    content = '\ufeff{"a": 1}\n'.encode("utf-16-be") + end

    with pytest.raises(Rejected, match="it is no UTF-16"):
        unpack(content, "w.jsonl")


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        (b'{"a":', "the line is no JSON"),
        (b"text", "the line is no JSON"),
        (b'{"a": "\xff"}', "the line is no JSON"),
        (b"7", "holds no record"),
        (b'"text"', "holds no record"),
    ],
)
def test_a_bad_line_spoils_no_other(line: bytes, detail: str) -> None:
    first, bad, last = unpack(b'{"a": 1}\n%s\n{"c": 3}\n' % line, "w.jsonl")

    assert told([first, last]) == [("#1", b'{"a": 1}'), ("#3", b'{"c": 3}')]
    assert (bad.content, bad.reason) == (line, Reason.MALFORMED)
    assert detail in bad.detail


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        pytest.param(b'{"a": "12345678"}', b'{"a": "12345678"}', id="as long as allowed"),
        pytest.param(b'{"a": "123456789"}', "too_large", id="longer"),
        pytest.param(b'{"a": "%s"}' % (b"x" * 3 * BLOCK), "too_large", id="much longer"),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\n{}", b""], ids=["ended", "followed", "the last"])
def test_a_line_may_be_too_long(line: bytes, outcome: object, end: bytes) -> None:
    found = told(unpack(line + end, "w.jsonl", rules=Rules(member_bytes=17)))

    assert found == [("#1", outcome), *([("#2", b"{}")] if end.endswith(b"}") else [])]


# --- arrays ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b' [ {"a":  1} ,\n[2] ] ', [("#1", b'{"a":  1}'), ("#2", b"[2]")], id="space"),
        pytest.param(b'[{"a": "\xff"}]', [("#1", b'{"a": "\xff"}')], id="bytes of no encoding"),
        pytest.param(b'[{"a":"[{\\"]"}]', [("#1", b'{"a":"[{\\"]"}')], id="brackets in a string"),
        pytest.param(b'\xef\xbb\xbf[{"a": 1}]', [("#1", b'{"a": 1}')], id="a byte order mark"),
        pytest.param(
            b'[{"a": 1}, 7, {}]',
            [("#1", b'{"a": 1}'), ("#2", "malformed"), ("#3", b"{}")],
            id="a value that is no record",
        ),
        pytest.param(
            b'[{"a": %s}]' % (b"9" * 5_000),
            [("#1", b'{"a": %s}' % (b"9" * 5_000))],
            id="a number of any length",
        ),
        pytest.param(
            b'[{"a": 1}]\n[{"b": 2}, {"c": 3}][]\n',
            [("#1", b'{"a": 1}'), ("#2", b'{"b": 2}'), ("#3", b'{"c": 3}')],
            id="arrays one after the other",
        ),
        pytest.param(
            b'[{"a": 1}], [{"b": 2}]',
            [("#1", b'{"a": 1}'), ("#2", "malformed")],
            id="more that is no array",
        ),
    ],
)
def test_the_values_of_an_array(content: bytes, expected: list[tuple[str, bytes | str]]) -> None:
    assert told(unpack(content)) == expected


@pytest.mark.parametrize(
    ("rest", "kept"),
    [
        pytest.param(b'{"b" 2}, {"c": 3}]', b'{"b" 2}, {"c": 3}]', id="no JSON"),
        pytest.param(b'{"b": 2', b'{"b": 2', id="cut off in a record"),
        pytest.param(b"", b" ", id="cut off between records"),
        pytest.param(b'{"b": ' + b"[" * 200_000, b'{"b": ' + b"[" * 200_000, id="much too deep"),
    ],
)
def test_where_an_array_breaks_the_rest_is_one_bad_record(rest: bytes, kept: bytes) -> None:
    first, bad = unpack(b'[{"a": 1}, ' + rest)

    assert first.content == b'{"a": 1}'
    assert (bad.label, bad.reason, bad.content) == (b"#2", Reason.MALFORMED, kept)
    assert "the array breaks here" in bad.detail


def test_an_array_is_read_in_blocks() -> None:
    """Records that lie across the ends of blocks, in letters of several bytes."""
    records = [json.dumps({"n": n, "text": "é" * 400_000}, ensure_ascii=False) for n in range(5)]
    content = f"[{', '.join(records)}]".encode()

    assert [member.content for member in unpack(content)] == [r.encode() for r in records]


def test_a_value_that_is_too_large_ends_the_array() -> None:
    content = b'[{"a": 1}, {"b": "%s"}, {"c": 3}]' % (b"x" * 3 * BLOCK)

    first, bad = unpack(content, rules=Rules(member_bytes=BLOCK))

    assert first.content == b'{"a": 1}'
    assert bad.reason is Reason.MALFORMED
    assert len(bad.content or b"") <= 3 * BLOCK


# --- documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "count"),
    [
        pytest.param(f"<rss><channel>{ITEMS}</channel></rss>", 2, id="RSS"),
        pytest.param(
            '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>'
            '<newsItem guid="1"/><newsItem guid="2"/><newsItem guid="3"/></itemSet></newsMessage>',
            3,
            id="NewsML-G2",
        ),
        pytest.param(
            '{"version": "https://jsonfeed.org/version/1.1", "title": "Wire",'
            ' "items": [{"id": "1", "content_text": "a"}, {"id": "2", "content_text": "b"}]}',
            2,
            id="JSON Feed",
        ),
        pytest.param('{"status": "ok", "n": 1, "articles": [{"title": "a"}]}', 1, id="a list"),
    ],
)
def test_documents_are_taken_apart(content: str, count: int) -> None:
    found = unpack(content.encode())

    assert [member.label for member in found] == [b"#%d" % n for n in range(1, count + 1)]
    assert all(member.content and member.reason is None for member in found)


def test_a_list_in_an_object_gives_its_records() -> None:
    content = b'{"empty": [], "names": ["a"], "articles": [{"title": "a"}, {"title": "b"}]}'

    assert told(unpack(content)) == [("#1", b'{"title":"a"}'), ("#2", b'{"title":"b"}')]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            '{"status": "ok", "sources": [{"id": "cnn"}], "articles": [{"n": 1}, {"n": 2}]}',
            [("#1", b'{"n":1}'), ("#2", b'{"n":2}')],
            id="another list before it",
        ),
        pytest.param(
            '{"News": [{"n": 1}], "tags": [{"id": 7}], "stories": [{"n": 2}]}',
            [("#1", b'{"n":1}'), ("#2", b'{"n":2}')],
            id="two of them",
        ),
        pytest.param(
            '{"page": {"items": [{"id": 7}]}, "posts": [{"n": 1}], "tags": [{"id": 7}]}',
            [("#1", b'{"n":1}')],
            id="none by its name: the first",
        ),
    ],
)
def test_lists_of_records_are_known_by_their_names(
    content: str, expected: list[tuple[str, bytes | str]]
) -> None:
    assert told(unpack(content.encode())) == expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("<rss><channel><item><item/></item></channel></rss>", id="a feed of one"),
        pytest.param('{"title": "a", "items": [{"id": 1}]}', id="an article with a list in it"),
    ],
)
def test_one_article_is_no_container(content: str) -> None:
    with pytest.raises(OneArticle):
        unpack(content.encode())


@pytest.mark.parametrize(
    ("content", "limit", "reason"),
    [
        pytest.param(f"<rss>{ITEMS}", 1_000, Reason.MALFORMED, id="no XML"),
        pytest.param('{"items": [{"a": 1}', 1_000, Reason.MALFORMED, id="no JSON"),
        pytest.param(f"<rss>{ITEMS}</rss>", 72, Reason.TOO_LARGE, id="too large"),
        pytest.param(
            '{"response": {"results": [{"a": 1}]}}',
            1_000,
            Reason.UNSUPPORTED_FORMAT,
            id="a list deeper in it",
        ),
    ],
)
def test_a_document_may_be_refused_as_a_whole(content: str, limit: int, reason: Reason) -> None:
    with pytest.raises(Rejected) as refusal:
        unpack(content.encode(), rules=Rules(member_bytes=limit))
    assert refusal.value.reason is reason


def test_a_document_may_be_as_large_as_an_article() -> None:
    content = f"<rss>{ITEMS}</rss>".encode()

    assert len(unpack(content, rules=Rules(member_bytes=len(content)))) == 2
