import pytest

from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.readers.markup import blocks, declared_charset, parse


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<p>One <b>bold</b> and <a href=x>linked</a> word</p>", ["One bold and linked word"]),
        ("<p>Source\nlines</p>", ["Source lines"]),
        ("<p>One<br>line</p>", ["One\nline"]),
        ("One<br><br>Two<br/> <br/>Three", ["One", "Two", "Three"]),
        ("<div>One<p>Two</p>Three</div>", ["One", "Two", "Three"]),
        ("<p>Text<script>evil()</script> goes on</p><style>p{}</style>", ["Text goes on"]),
        ("<p>A<!-- hidden -->B<?php hidden ?></p>", ["AB"]),
        ("<ul><li>One</li><li>Two</li></ul>", ["One", "Two"]),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", ["a\tb", "c"]),
        ("<p>R&amp;D &#8217;25&nbsp;</p>", ["R&D ’25"]),  # noqa: RUF001 -- the mark is the point
        ("<h2>Head</h2><blockquote><p>Quote</p></blockquote>", ["Head", "Quote"]),
        ("<p></p><p> </p><p>One", ["One"]),
        ("<title>Not shown</title><p>One</p>", ["One"]),
        ("<p>nul\x00s</p>", ["nuls"]),
    ],
)
def test_blocks(markup: str, expected: list[str]) -> None:
    assert list(blocks(parse(markup))) == expected


def test_blocks_without_some() -> None:
    page = parse("<nav>Home</nav><p>One</p><footer>Foot</footer> tail")

    assert blocks(page, without=frozenset({"nav", "footer"})) == ("One", "tail")


@pytest.mark.parametrize("markup", ["<!-- nothing -->", "<?pi?>"])
def test_nothing_to_parse(markup: str) -> None:
    with pytest.raises(Rejected) as rejected:
        parse(markup)

    assert rejected.value.reason is Reason.NO_TEXT


def test_entities_of_a_doctype_are_not_expanded() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><p>x &b; y</p>'

    assert "haha" not in " ".join(blocks(parse(bomb)))


def test_deep_nesting_ends() -> None:
    assert parse("<div>" * 100_000 + "deep") is not None


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        (b'<meta charset="koi8-r">', "koi8-r"),
        (b"<META content='text/html; charset=iso-8859-1'>", None),
        (b"<meta http-equiv=Content-Type content='text/html; charset=iso-8859-2'>", "iso-8859-2"),
        (b'<?xml version="1.0" encoding="windows-1251"?>', "windows-1251"),
        (b"The charset=utf-8 of the text", None),
        (b"", None),
    ],
)
def test_declared_charset(content: bytes, charset: str | None) -> None:
    assert declared_charset(content) == charset
