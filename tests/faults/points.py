"""The boundaries of a batch's three transactions, at which a worker may die."""

POINTS = tuple(
    f"{when} {step}"
    for step in ("claim", "decide", "finish")
    for when in ("before", "inside", "after")
)
