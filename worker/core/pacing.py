"""Decide how long to wait between two comparisons of the folder with the ledger.

Pure. What events do not tell, only a scan finds: the pause is how long a file may go unseen. So it
is short where a scan costs little, and grows with the cost of the last one. In doubt too many scans
are made: they cost a share of one core that is named here, and a file that waits costs trust.
"""

OFTEN_SECONDS = 5.0
_SIGHTED = 50  # pauses are so many times a scan's cost: 2 % of a core
_HURRIED = 10  # at the least, where the pause would become longer than was asked for
_BLIND = 5


def pause_seconds(cost_seconds: float, *, blind: bool, longest_seconds: float) -> float:
    """Seconds from the end of a scan to the next one.

    Args:
        cost_seconds: What the last scan took.
        blind: Whether events do not come, at least from some folder.
        longest_seconds: What was asked for, while events come.
    """
    shortest_seconds = min(OFTEN_SECONDS, longest_seconds)
    if blind:
        return max(shortest_seconds, _BLIND * cost_seconds)
    at_most_seconds = max(longest_seconds, _HURRIED * cost_seconds)
    return min(max(shortest_seconds, _SIGHTED * cost_seconds), at_most_seconds)
