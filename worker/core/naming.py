"""What people call an article: its id, or the beginning of it."""

import re
from typing import Final
from uuid import UUID

FEWEST_DIGITS: Final = 4
_DIGITS: Final = 32
_BEGINNING = re.compile(r"[0-9a-f]+")


def between(name: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that *name* may be the beginning of; None where it is no such.

    >>> between("0195851f-2f")
    (UUID('0195851f-2f00-0000-0000-000000000000'), UUID('0195851f-2fff-ffff-ffff-ffffffffffff'))
    """
    digits = name.strip().casefold().removeprefix("urn:uuid:").replace("-", "")
    if not FEWEST_DIGITS <= len(digits) <= _DIGITS or not _BEGINNING.fullmatch(digits):
        return None
    return UUID(digits.ljust(_DIGITS, "0")), UUID(digits.ljust(_DIGITS, "f"))
