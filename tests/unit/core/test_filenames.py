import pytest

from worker.core.filenames import refuse
from worker.core.ledger import Path, Reason

EXCLUDE = ("README*", "*.log")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b"story.txt", None, id="a story"),
        pytest.param(b"a/b/story", None, id="no extension"),
        pytest.param(b"-rf", None, id="leading dash"),
        pytest.param(b"line\nbreak.txt", None, id="newline"),
        pytest.param(b"caf\xe9.txt", None, id="not UTF-8"),
        pytest.param(b"part", None, id="the suffix alone is a name"),
        pytest.param(b"story.partial.txt", None, id="a suffix inside the name"),
        pytest.param(b"v1.0/story.txt", None, id="a dot inside a folder's name"),
        pytest.param(b"story.txt.part", Reason.TEMPORARY_NAME, id="part"),
        pytest.param(b"STORY.TMP", Reason.TEMPORARY_NAME, id="upper case"),
        pytest.param(b"caf\xe9.crdownload", Reason.TEMPORARY_NAME, id="not UTF-8, temporary"),
        pytest.param(b"story.txt~", Reason.TEMPORARY_NAME, id="editor's copy"),
        pytest.param(b".story.txt.swp", Reason.TEMPORARY_NAME, id="swap file"),
        pytest.param(b".story.txt", Reason.TEMPORARY_NAME, id="dot file"),
        pytest.param(b"a/.story.txt", Reason.TEMPORARY_NAME, id="dot file in a folder"),
        pytest.param(b".incoming/story.txt", Reason.TEMPORARY_NAME, id="in a dot folder"),
        pytest.param(b"README.md", Reason.EXCLUDED_BY_PATTERN, id="excluded"),
        pytest.param(b"a/README", Reason.EXCLUDED_BY_PATTERN, id="excluded in a folder"),
        pytest.param(b"\xe9.log", Reason.EXCLUDED_BY_PATTERN, id="not UTF-8, excluded"),
        pytest.param(b"readme.md", None, id="patterns respect case"),
        pytest.param(b"README/story.txt", None, id="patterns match names, not folders"),
    ],
)
def test_refuse(raw: bytes, expected: Reason | None) -> None:
    assert refuse(Path(raw), EXCLUDE) is expected
