"""What a person may call a file or an article, by a store that knows a few."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import pytest

from worker.cli.naming import all_named, article, file, named, names
from worker.core.errors import UsageError
from worker.core.naming import between
from worker.settings import Settings

FERRY, TRAIN = UUID("0195851f-2f60-7c3a-9d1e-5b7a1f0c2d44"), UUID(int=7)
URI = "tag:example,2026:1"


class Store:
    """File 1 is of no article, 2 of the ferry's; a path is in two inboxes."""

    FILES: ClassVar = {b"0195": (1,), b"wires/a.txt": (2,), b"twice.txt": (1, 2), b"2": (1,)}
    ARTICLES = (TRAIN, FERRY)

    def inboxes(self) -> tuple[str, ...]:
        return ("/srv/elsewhere",)

    def files(self, paths: Sequence[bytes]) -> tuple[int, ...]:
        return tuple(n for path in paths for n in self.FILES.get(path, ()))

    def articles(self, name: str) -> tuple[UUID, ...]:
        first, last = between(name) or (FERRY, FERRY if name == URI else TRAIN)
        return tuple(id_ for id_ in self.ARTICLES if first <= id_ <= last)

    def has(self, file_id: int) -> bool:
        return file_id in (1, 2)

    def article_of(self, file_id: int) -> UUID | None:
        return {2: FERRY}.get(file_id)

    def file_of(self, article_id: UUID) -> int:
        return {FERRY: 2, TRAIN: 3}[article_id]


class TwoTrains(Store):
    ARTICLES = (TRAIN, UUID(int=8))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    return Settings(inbox=Path("in"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("2", 2, id="a number, before a path"),
        pytest.param("0195", 1, id="a path, before the beginning of an id"),
        pytest.param("in/wires/a.txt", 2, id="a path on disk"),
        pytest.param("/srv/elsewhere/wires/a.txt", 2, id="below another inbox of the ledger"),
        pytest.param(str(FERRY), FERRY, id="an id"),
        pytest.param("01958", FERRY, id="the beginning of one, of digits alone"),
        pytest.param(URI, FERRY, id="a uri"),
    ],
)
def test_what_a_name_means(settings: Settings, name: str, expected: int | UUID) -> None:
    assert named(Store(), name, settings) == expected


@pytest.mark.parametrize(
    ("name", "why"),
    [
        pytest.param("9", "nothing is called 9: it may be an article's id", id="no such number"),
        pytest.param("no.txt", "nothing is called no.txt", id="no such path"),
        pytest.param("a\nb", r"nothing is called a\\nb:", id="on one line"),
        pytest.param("twice.txt", "may mean several, such as 1, 2: say which", id="in two inboxes"),
    ],
)
def test_what_means_nothing_or_not_one_thing(settings: Settings, name: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        named(Store(), name, settings)


def test_all_that_a_name_means(settings: Settings) -> None:
    assert all_named(Store(), "twice.txt", settings) == (1, 2)
    assert all_named(Store(), str(FERRY), settings) == (FERRY,)


def test_of_many_articles_not_just_some_are_meant(settings: Settings) -> None:
    with pytest.raises(UsageError, match=r"0{4} may mean several"):
        all_named(TwoTrains(), "0000", settings)


def test_a_file_stands_for_its_article_and_the_other_way_round(settings: Settings) -> None:
    assert article(Store(), "2", settings) == article(Store(), str(FERRY), settings) == FERRY
    assert file(Store(), "2", settings) == file(Store(), str(FERRY), settings) == 2
    with pytest.raises(UsageError, match="1 came to no article; copydesk why 1"):
        article(Store(), "1", settings)


# --- paths ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("a.txt", [b"a.txt"], id="as the ledger has it"),
        pytest.param("in/wires/a.txt", [b"in/wires/a.txt", b"wires/a.txt"], id="as it is on disk"),
        pytest.param("./in/../in/a.txt", [b"./in/../in/a.txt", b"a.txt"], id="with detours"),
        pytest.param("all.zip!a/b.txt", [b"all.zip!a/b.txt"], id="a member"),
        pytest.param("in/caf\udce9.txt", [b"in/caf\xe9.txt", b"caf\xe9.txt"], id="any bytes"),
    ],
)
def test_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, expected: list[bytes]
) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)

    assert names(name, [(tmp_path / "in").resolve()]) == expected


def test_names_through_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "in")
    monkeypatch.chdir(tmp_path)

    assert b"a.txt" in names("link/a.txt", [(tmp_path / "in").resolve()])
