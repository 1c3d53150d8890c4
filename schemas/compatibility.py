"""Say how a JSON Schema breaks a promise that an earlier release of it made.

Pure. ``released/`` has the schemas as they were last released; a test compares them with the
present ones, so nobody breaks a consumer without noticing. A new release copies them there.

Keys may be added, to an object or to a list of words: consumers are told to expect it (README). All
else that says something else than before is called a break, also where it only allows more: a null
where there was none stops a reader as surely as a key that is gone. A false alarm costs a look.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

_WORDS: Final = frozenset({"title", "description", "examples", "$comment"})  # for people
_NAMED: Final = frozenset({"properties", "$defs"})  # of these, more may come
_LISTED: Final = frozenset({"required", "enum"})  # likewise


def breaks(released: Schema, present: Schema) -> list[str]:
    """What *present* takes back of *released*; nothing where it is another version of it."""
    return [] if released["$id"] != present["$id"] else [*_breaks(released, present, "")]


def _breaks(old: Schema, new: Schema, at: str) -> Iterator[str]:
    for key, was in old.items():
        here = f"{at}/{key}"
        if key in _WORDS:
            continue
        if key not in new:
            yield f"{here} is gone"
        elif key in _NAMED:
            yield from _named(was, new[key], here)
        elif key in _LISTED:
            yield from (f"{here} has no {word!r} any more" for word in was if word not in new[key])
        elif isinstance(was, dict) and isinstance(new[key], dict):
            yield from _breaks(was, new[key], here)
        elif was != new[key]:
            yield f"{here} was {was!r}, and is {new[key]!r}"
    yield from (f"{at}/{key} is new" for key in new if key not in {*old, *_WORDS, *_NAMED})


def _named(old: Schema, new: Schema, at: str) -> Iterator[str]:
    for name, was in old.items():
        if name not in new:
            yield f"{at}/{name} is gone"
        elif isinstance(was, dict) and isinstance(new[name], dict):
            yield from _breaks(was, new[name], f"{at}/{name}")
        elif was != new[name]:  # a property that is forbidden is false, and no object
            yield f"{at}/{name} was {was!r}, and is {new[name]!r}"
