"""Decide how many files a worker takes at once, by what the last full batch took.

Pure. Files of a batch share its transactions, so a larger one costs less a file. But it ends in one
piece: whatever is dropped meanwhile waits for that, and none of its files is seen before. So a
batch is as many files as are worked in about a second, whatever they hold and whoever else wants
the processor. In doubt it is too small: that costs some throughput, and too large a batch costs
every live file its wait.
"""

BATCH_SECONDS = 1.0
FIRST_FILES = 4  # a start is slow, and somebody waits for the first article


def next_files(files: int, seconds: float, *, most: int) -> int:
    """How many to take, after *files* took *seconds*; twice as many at most, of one lucky batch."""
    fitting = int(files * BATCH_SECONDS / seconds) if seconds > 0 else most
    return max(1, min(fitting, 2 * files, most))
