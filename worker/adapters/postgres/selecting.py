"""Files that an operator chose, in SQL."""

from collections.abc import Mapping

from worker.core.selection import Selection, like

# What ``Selection`` means, for every command that takes one. Null is no condition.
CHOSEN = """
    (cast(:states as text[]) is null or f.state = any(:states))
    and (cast(:reasons as text[]) is null or f.reason = any(:reasons))
    and (cast(:ids as bigint[]) is null or f.id = any(:ids))
    and (cast(:inbox as text) is null or f.inbox = :inbox)
    and (cast(:path as text) is null or f.path like :path)
    and (cast(:since as timestamptz) is null or f.noticed_at >= :since)
    and (cast(:until as timestamptz) is null or f.noticed_at < :until)
    and (cast(:pipeline as text) is null or f.pipeline = :pipeline)
    and (cast(:source as text) is null or exists (
        select from desk.version v
        where v.article_id = f.article_id and v.version = f.version and v.source = :source
    ))
"""

# A generation that another one followed stays, or an old text would come after a newer one.
LATEST = """not exists (
    select from desk.file later
    where later.inbox = f.inbox and later.path_key = f.path_key and later.generation > f.generation
)"""


def chosen(which: Selection) -> Mapping[str, object]:
    """The parameters of ``CHOSEN``."""
    return {
        "states": [state.value for state in which.states] or None,
        "reasons": [reason.value for reason in which.reasons] or None,
        "ids": list(which.ids) or None,
        "inbox": which.inbox,
        "path": None if which.path is None else like(which.path),
        "since": which.since,
        "until": which.until,
        "pipeline": which.pipeline,
        "source": which.source,
    }
