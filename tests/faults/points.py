"""The boundaries of the transactions at which a worker may die: three of a batch, and a part's."""

POINTS = tuple(
    f"{when} {step}"
    for step in ("claim", "decide", "finish")
    for when in ("before", "inside", "after")
)

EXPANDING = ("inside add", "after add")
