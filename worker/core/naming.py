"""What people call a file or an article: its number; its id, or the beginning of that."""

import re
from typing import Final
from uuid import UUID

FEWEST_DIGITS: Final = 4
_DIGITS: Final = 32
_LONGEST_NUMBER: Final = 18  # digits: as many as any number of the ledger has
_BEGINNING = re.compile(r"[0-9a-f]+")


def number(name: str) -> int | None:
    """The file that *name* is the number of; None where it is no such.

    Ids begin with a zero for some centuries to come, and numbers never do.
    """
    plain = name.isascii() and name.isdecimal() and not name.startswith("0")
    return int(name) if plain and len(name) <= _LONGEST_NUMBER else None


def between(name: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that *name* may be the beginning of; None where it is no such.

    >>> between("0195851f-2f")
    (UUID('0195851f-2f00-0000-0000-000000000000'), UUID('0195851f-2fff-ffff-ffff-ffffffffffff'))
    """
    digits = name.strip().casefold().removeprefix("urn:uuid:").replace("-", "")
    if not FEWEST_DIGITS <= len(digits) <= _DIGITS or not _BEGINNING.fullmatch(digits):
        return None
    return UUID(digits.ljust(_DIGITS, "0")), UUID(digits.ljust(_DIGITS, "f"))
