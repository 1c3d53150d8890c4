"""``copydesk erase``: let a story's text go for good."""

from typing import TYPE_CHECKING

from worker.cli.console import printable, say
from worker.cli.naming import Name
from worker.cli.options import Yes
from worker.cli.withdrawing import AsJson, Because, confirms, heed_merger, meant, tell
from worker.core.errors import UsageError

if TYPE_CHECKING:
    from worker.ports import Meant

_PATHS = 20  # that are listed


def erase(
    name: Name,
    *,
    because: Because = "its text had to be erased",
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Take a story back and erase it: texts, documents, tags, and all that says something of them.

    There is no way back. Its id and its changes stay in the feed, as a tombstone, with hashes of
    its words and bytes: so the same file or the same words, coming again, are erased as well. Files
    that lie in the inbox or in an archive are yours to delete, and so are backups.
    """
    with meant(name, "erase") as (desk, article):
        _name(article)
        heed_merger(article, yes=yes)
        if not (yes or confirms("erase all of it for good?")):
            raise UsageError("nothing was erased; --yes goes ahead without asking")
        tell(article, desk.erase(article, because), as_json=as_json)
        say("  delete these yourself where they still lie in the inbox, in an archive or a backup")


def _name(meant: "Meant") -> None:
    say(f"{meant.article_id}  {printable(meant.headline)}")
    for path in meant.paths[:_PATHS]:
        say(f"  {printable(path)}")
    if len(meant.paths) > _PATHS:
        say(f"  and {len(meant.paths) - _PATHS:,} more")
