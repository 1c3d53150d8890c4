import pytest

from worker.core.expanding.labels import Labels, from_zip, member_label


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("a/b.txt", "!a/b.txt"),
        ("/etc/passwd", "!etc/passwd"),
        ("../../etc/passwd", "!etc/passwd"),
        ("a/../b.txt", "!a/b.txt"),
        ("./a//b.txt", "!a/b.txt"),
        ("C:\\wire\\a.txt", "!wire/a.txt"),
        ("a:b.txt", "!a:b.txt"),
        ("..", "!unnamed"),
        ("", "!unnamed"),
        ("#1", "!#1"),
    ],
)
def test_a_label_leads_nowhere(name: str, label: str) -> None:
    assert member_label(name.encode()) == label.encode()


@pytest.mark.parametrize(
    ("stored", "is_utf8", "name"),
    [
        pytest.param("café", True, "café", id="flagged"),
        pytest.param("café".encode().decode("cp437"), False, "café", id="UTF-8 without the flag"),
        pytest.param("caf\N{LATIN SMALL LETTER E WITH ACUTE}", False, "café", id="code page 437"),
        pytest.param("日本.txt", False, "日本.txt", id="of an extra field, without the flag"),
        pytest.param("a.txt", False, "a.txt", id="ASCII"),
    ],
)
def test_names_in_a_zip(stored: str, name: str, *, is_utf8: bool) -> None:
    assert from_zip(stored, is_utf8=is_utf8) == name.encode()


def test_names_that_come_twice_are_told_apart() -> None:
    labels = Labels()

    given = [labels.distinct(label) for label in (b"a", b"a (2)", b"a", b"b", b"a")]

    assert given == [b"a", b"a (2)", b"a (3)", b"b", b"a (4)"]
