from pathlib import Path

import pytest

from worker.bootstrap import folders
from worker.core.errors import UsageError
from worker.core.sources import Sources
from worker.settings import Settings


def test_without_a_file_nothing_is_known_of_folders() -> None:
    assert folders.sources(Settings()) == Sources()


def test_the_file_of_sources_is_read_with_real_time_zones(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text('[[source]]\nfolder = "wire"\ntime_zone = "Africa/Nairobi"\n', encoding="utf-8")

    rule = folders.sources(Settings(sources=file)).of("wire/a.txt")

    assert str(rule.time_zone) == "Africa/Nairobi"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(None, "COPYDESK_SOURCES: cannot read", id="no file"),
        pytest.param(b"\xff", "COPYDESK_SOURCES: cannot read", id="no text"),
        pytest.param(b"[[source]]", "folder is missing", id="wrong"),
        pytest.param(
            b"[[source]]\nfolder = 'a'\ntime_zone = 'Nowhere/City'", "no time zone", id="zone"
        ),
    ],
)
def test_a_wrong_file_is_a_persons_mistake(
    tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    file = tmp_path / "sources.toml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(UsageError, match=complaint):
        folders.sources(Settings(sources=file))
