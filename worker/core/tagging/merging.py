"""Gather the mentions of one article into entities: President Ruto, William Ruto and Ruto are one.

Merging two people that are two is worse than showing one twice, so a surname joins a full name only
by its own words; where several full names share it (the two Nyong'os), it joins the one that was
named last before it. Nothing is merged by likeness of spelling.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from worker.core.tagging.names import Name
from worker.core.tagging.words import Text, key

_MIN_ACRONYM = 2

Key = tuple[str, ...]


@dataclass(slots=True)
class Group:
    """Mentions of one entity, as they are gathered; ``name`` is the fullest of them so far."""

    name: str
    key: Key
    names: list[Name] = field(default_factory=list)

    @property
    def country(self) -> str | None:
        """By the first mention that the reference data knows the country of."""
        for name in self.names:
            if name.country is not None:
                return name.country
        return None

    @property
    def wikidata(self) -> str | None:
        for name in self.names:
            if name.wikidata is not None:
                return name.wikidata
        return None


def people(names: Sequence[Name]) -> list[Group]:
    """Group mentions of people: full names first, then what is a part of one of them."""
    groups: dict[Key, Group] = {}
    for name in sorted(names, key=lambda name: (-len(name.key), name.position)):
        called = name.key
        group = groups.get(called) or _best(_candidates(called, groups.values()), name)
        if group is None:
            groups[called] = group = Group(name.text, called)
        group.names.append(name)
    return [_in_order(group) for group in groups.values()]


def organisations(names: Sequence[Name], texts: Iterable[Text]) -> list[Group]:
    """Group by name; a short form joins the long one that the text defines it by, or spells out."""
    full = _long_forms(names, texts)
    return _by_key((name.known_as or full.get(name.key) or name.text, name) for name in names)


def places(names: Sequence[Name]) -> list[Group]:
    """Group by name: the reference data's where it knows the place."""
    return _by_key((name.known_as or name.text, name) for name in names)


def _by_key(called: Iterable[tuple[str, Name]]) -> list[Group]:
    groups: dict[Key, Group] = {}
    for what, name in called:
        shared = key(what)
        if shared not in groups:
            groups[shared] = Group(what, shared)
        groups[shared].names.append(name)
    return list(groups.values())


# --- people ---------------------------------------------------------------------------------------


def _candidates(part: Key, groups: Collection[Group]) -> list[Group]:
    """Groups whose longer name holds *part*: by the surname, else by any of its words, in order."""
    by_surname = [g for g in groups if g.key[-1] == part[-1] and _within(part, g.key)]
    return by_surname or [g for g in groups if len(part) == 1 and part[0] in g.key]


def _within(part: Key, whole: Key) -> bool:
    rest = iter(whole)
    return all(word in rest for word in part)


def _best(candidates: Sequence[Group], name: Name) -> Group | None:
    """The one that was named last before *name*, else the first that is named at all."""
    before = [
        (max(n.position for n in earlier), group)
        for group in candidates
        if (earlier := [n for n in group.names if n.position < name.position])
    ]
    if before:
        return max(before, key=lambda found: found[0])[1]
    return min(candidates, key=lambda group: min(n.position for n in group.names), default=None)


def _in_order(group: Group) -> Group:
    names = sorted(group.names, key=lambda name: name.position)
    fullest = max(names, key=lambda name: (len(name.key), not name.text.isupper()))
    return Group(fullest.text, group.key, names)


# --- organisations --------------------------------------------------------------------------------


def _long_forms(names: Sequence[Name], texts: Iterable[Text]) -> Mapping[Key, str]:
    """What each acronym stands for, by the text itself: "Long Name (LN)", or by its initials."""
    called = {name.key: name.known_as or name.text for name in names}
    spelled = {_initials(name.text): name.known_as or name.text for name in reversed(names)}
    by_initials = {
        name.key: spelled[name.text]
        for name in names
        if _is_acronym(name.text) and name.text in spelled
    }
    return {**by_initials, **dict(_defined(names, texts, called))}


def _defined(
    names: Sequence[Name], texts: Iterable[Text], called: Mapping[Key, str]
) -> Iterator[tuple[Key, str]]:
    content = {text.field: text.content for text in texts}
    previous: defaultdict[object, Name | None] = defaultdict(lambda: None)
    for name in names:
        long = previous[name.field]
        if long and content[name.field][long.end : name.start] == " (" and _is_acronym(name.text):
            yield name.key, called[long.key]
        previous[name.field] = name


def _is_acronym(text: str) -> bool:
    return len(text) >= _MIN_ACRONYM and text.isupper() and " " not in text


def _initials(text: str) -> str:
    return "".join(word[0] for word in text.split() if word[0].isupper())
