"""Word lists in source, written as words: a set of forty quoted strings hides what is in it."""


def words(text: str, *, between: str | None = None) -> tuple[str, ...]:
    """The words of *text*, in order: cut at white space, or at each *between*."""
    return tuple(text.split(between))
