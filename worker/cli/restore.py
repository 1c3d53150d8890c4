"""``copydesk restore``: let consumers see again what was taken back."""

from worker.cli.naming import Name
from worker.cli.withdrawing import AsJson, meant, tell


def restore(name: Name, *, as_json: AsJson = False) -> None:
    """Lift all that was taken back of a story, by a person or by a kill: consumers see it again.

    A copy that took its place meanwhile stays its latest version. What was erased cannot be
    restored. Of an article that nothing was taken back of, nothing changes.
    """
    with meant(name, "restore") as (desk, article):
        tell(article, desk.restore(article), as_json=as_json)
