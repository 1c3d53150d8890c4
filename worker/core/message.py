"""What a ring of the doorbell says; ``schemas/message.v1.json`` is the same in JSON Schema.

A hint and no more: it names the files that it was rung for, and a worker that cannot read it
looks for due files all the same. So a message can be lost, doubled or forged at no cost.
"""

from collections.abc import Sequence

INGEST = "desk.ingest"  # the task that hears it, and the queue it is rung on
VERSION = 1
MOST_IDS = 100


def encode(ids: Sequence[int]) -> dict[str, object]:
    """Make a message; takes the first ``MOST_IDS`` of *ids*."""
    return {"v": VERSION, "ids": list(ids[:MOST_IDS])}


def decode(message: object) -> tuple[int, ...]:
    """The ids that *message* names; none of them if it is not one of ours."""
    if not isinstance(message, dict) or message.get("v") != VERSION:
        return ()
    ids = message.get("ids")
    if not isinstance(ids, list) or len(ids) > MOST_IDS:
        return ()
    if not all(type(i) is int and 0 < i < 1 << 63 for i in ids):
        return ()
    return tuple(ids)
