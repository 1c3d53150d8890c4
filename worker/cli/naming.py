"""What commands are given to name a file or an article: one way to read it, and one complaint."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from worker.cli.console import printable
from worker.core.errors import UsageError
from worker.core.naming import number

if TYPE_CHECKING:
    from worker.ports import Naming
    from worker.settings import Settings

_T = TypeVar("_T")
_FORMS = (
    "an article's id, the beginning of it, or its uri; or a file's number, or its path, as it is "
    "on disk or in the ledger"
)
Name = Annotated[str, typer.Argument(metavar="ID|FILE", help=f"{_FORMS[0].upper()}{_FORMS[1:]}.")]


def all_named(store: "Naming", name: str, settings: "Settings") -> tuple[int, ...] | tuple[UUID]:
    """The files, by their numbers, or else the article that *name* means.

    Raises:
        UsageError: nothing has this name, or several articles.

    """
    file_id = number(name)
    if file_id is not None and store.has(file_id):
        return (file_id,)
    inboxes = (settings.inbox.resolve(), *map(Path, store.inboxes()))
    if files := store.files(names(name, inboxes)):
        return files  # a path may be in several inboxes
    if articles := store.articles(name):
        return (_only(name, articles),)
    raise UsageError(
        f"nothing is called {printable(name)}: it may be {_FORMS}; "
        "copydesk search and copydesk files list what there is"
    )


def named(store: "Naming", name: str, settings: "Settings") -> int | UUID:
    """The file or the article that *name* means; raises ``UsageError`` if it is not one thing."""
    found: Sequence[int | UUID] = all_named(store, name, settings)
    return _only(name, found)


def _only(name: str, found: Sequence[_T]) -> _T:
    if len(found) > 1:
        some = ", ".join(map(str, found))
        raise UsageError(f"{printable(name)} may mean several, such as {some}: say which")
    return found[0]


def article(store: "Naming", name: str, settings: "Settings") -> UUID:
    """The article that *name* means, or that the file came to which it means."""
    found = named(store, name, settings)
    if isinstance(found, UUID):
        return found
    article_id = store.article_of(found)
    if article_id is None:
        raise UsageError(
            f"{printable(name)} came to no article; copydesk why {found} says what became of it"
        )
    return article_id


def file(store: "Naming", name: str, settings: "Settings") -> int:
    """The file that *name* means, or that made the latest version of the article which it means."""
    found = named(store, name, settings)
    return store.file_of(found) if isinstance(found, UUID) else found


def names(name: str, inboxes: Iterable[Path]) -> list[bytes]:
    """The raw paths that *name* may be in the ledger: as it stands, and below the inboxes."""
    here = Path(os.path.normpath(Path.cwd() / name))
    places = (here, here.parent.resolve() / here.name)
    below = [
        place.relative_to(inbox)
        for inbox in inboxes
        for place in places
        if place.is_relative_to(inbox)
    ]
    return [os.fsencode(found) for found in dict.fromkeys((name, *map(str, below)))]
