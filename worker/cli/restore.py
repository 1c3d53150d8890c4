"""``copydesk restore``: let consumers see again what was taken back."""

from worker.cli.withdrawing import AsJson, Named, named, tell


def restore(article: Named, *, as_json: AsJson = False) -> None:
    """Lift all that was taken back of a story, by a person or by a kill: consumers see it again.

    A copy that took its place meanwhile stays its latest version. What was erased cannot be
    restored. Of an article that nothing was taken back of, nothing changes.
    """
    with named(article, "restore") as (desk, meant):
        tell(meant, desk.restore(meant), as_json=as_json)
