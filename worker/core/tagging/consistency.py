"""Let one article speak with one voice: a name is the same kind of thing wherever it stands.

A model judges each mention by its surroundings, and is wrong more often in a headline and on the
bare surname than on a full name in a sentence. So mentions vote, by how much they can know; what a
title, a preposition or a list shows counts more than a guess; and every repeat of a name that was
found once is found everywhere.

The vote of a document over its mentions is the two-stage prediction aggregation of Krishnan &
Manning (ACL 2006, doi:10.3115/1220175.1220316), without their second learner.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from worker.core.article import Field
from worker.core.tagging.facts import Layout
from worker.core.tagging.names import ECHO, RULES, Name
from worker.core.tagging.phrases import Match, Phrases
from worker.core.tagging.span import Label
from worker.core.tagging.titles import NOT_IN_NAMES, TITLES, after_titles
from worker.core.tagging.words import APOSTROPHES, Text, words

Texts = Mapping[Field, Text]
Votes = Mapping[tuple[str, ...], Mapping[Label, int]]

# How much a mention says about what its name is.
_TITLED, _IN_PLACE, _BODY, _HEADLINE, _TITLE_CASE = 30, 6, 4, 2, 1
_SURNAME, _GIVEN_NAME = 4, 4  # times what is known about the full name
_ORDER = {label: i for i, label in enumerate(Label)}  # of those with as many votes
_LOCATIVE = frozenset(("in", "near", "outside", "across", "inside"))
_APOSTROPHES = frozenset(APOSTROPHES)
_MIN_ALONE = 3  # letters of a surname that is looked for on its own
_MIN_OTHER = 4  # letters of a place's or an organisation's single name


def titled(texts: Texts, names: Sequence[Name]) -> list[Name]:
    """Make people of the names that follow titles, whatever they were held for."""
    found = list(names)
    for text in texts.values():
        if text.title_case or text.shouted:
            continue
        for start, end in after_titles(text):
            found = _with_titled(found, _person(text, start, end))
    return found


def consistent(texts: Texts, names: Sequence[Name]) -> list[Name]:
    """Give every mention of a name the label that the article as a whole gives it."""
    agreed = _agreed(texts, names)
    relabelled = [_relabelled(name, agreed) for name in names]
    return _with_repeats(texts, _without_headline_noise(texts, relabelled))


# --- titles ---------------------------------------------------------------------------------------


def _person(text: Text, start: int, end: int) -> Name:
    surface = text.content[start:end]
    return Name(text.field, start, end, surface, Label.PERSON, frozenset({RULES}))


def _with_titled(names: list[Name], person: Name) -> list[Name]:
    there = Layout.of(names).over(person)
    if not there:
        return sorted((*names, person), key=lambda name: name.position)
    if len(there) > 1 or there[0].known_as is not None:
        return names
    return [_titled(name, person) if name is there[0] else name for name in names]


def _titled(guess: Name, person: Name) -> Name:
    """Join what a model guessed with the name after a title that it shares words with.

    A guess of another kind that ends with the name took the title for a part of it ("Nyeri
    Archbishop Anthony Muheria"); one that ends elsewhere saw something that we do not.
    """
    found_by = guess.found_by | person.found_by
    if guess.label is not Label.PERSON:
        return person._replace(found_by=found_by) if guess.end == person.end else guess
    has_mark = not set(APOSTROPHES).isdisjoint(person.text)  # where models stumble: "Nyong'o"
    if guess.start != person.start and not has_mark:
        return guess._replace(found_by=found_by)
    return max(person, guess, key=lambda name: name.end)._replace(found_by=found_by)


# --- votes ----------------------------------------------------------------------------------------


def _agreed(texts: Texts, names: Iterable[Name]) -> dict[tuple[str, ...], Label]:
    votes: defaultdict[tuple[str, ...], dict[Label, int]] = defaultdict(dict)
    for name in names:
        if name.known_as is None:
            label, weight = _vote(texts[name.field], name)
            labels = votes[name.key]
            labels[label] = labels.get(label, 0) + weight
    for part, weight in _parts_of_full_names(votes).items():
        if part in votes:
            votes[part][Label.PERSON] = votes[part].get(Label.PERSON, 0) + weight
    return {name: _elected(labels) for name, labels in votes.items()}


def _vote(text: Text, name: Name) -> tuple[Label, int]:
    if RULES in name.found_by:
        return name.label, _TITLED
    if name.label is Label.PERSON and " " not in name.text and _stands_in(text, name):
        return Label.PLACE, _IN_PLACE
    if name.field is Field.BODY:
        return name.label, _BODY
    return name.label, _TITLE_CASE if text.title_case or text.shouted else _HEADLINE


def _stands_in(text: Text, name: Name) -> bool:
    """Whether a lone word follows a preposition of place: "in Goma", and not "in Ruto's"."""
    i = text.word_from(name.start)
    before = text.words[i - 1] if i else ""
    possessive = text.content[name.end : name.end + 1] in _APOSTROPHES
    return not possessive and before in _LOCATIVE


def _parts_of_full_names(votes: Votes) -> Mapping[tuple[str, ...], int]:
    """First and last words of the full names of people, with what those say about the word."""
    found: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for name, labels in votes.items():
        if len(name) > 1 and _elected(labels) is Label.PERSON:
            found[name[-1:]] += _SURNAME * sum(labels.values())
            found[name[:1]] += _GIVEN_NAME * sum(labels.values())
    return found


def _elected(labels: Mapping[Label, int]) -> Label:
    if len(labels) == 1:
        return next(iter(labels))
    return min(labels, key=lambda label: (-labels[label], _ORDER[label]))


def _relabelled(name: Name, agreed: Mapping[tuple[str, ...], Label]) -> Name:
    if name.known_as is not None:
        return name
    label = agreed[name.key]
    if label is name.label:
        return name
    return name._replace(label=label, found_by=name.found_by | {RULES})


# --- repeats --------------------------------------------------------------------------------------


def _without_headline_noise(texts: Texts, names: Sequence[Name]) -> list[Name]:
    """Drop guesses in a headline of capitals where the body knows better names for the words.

    "Ruto Holds Talks" is no person; "Ruto", which the body has, is, and is found as a repeat.
    """
    headline = texts[Field.HEADLINE]
    if not (headline.title_case or headline.shouted):
        return list(names)
    body = [name for name in names if name.field is Field.BODY]
    keys = {name.key for name in body}
    known = Layout.of(_at(headline, match) for match in _phrases(body).find(headline))
    return [
        name
        for name in names
        if name.field is Field.BODY
        or name.known_as is not None
        or name.key in keys
        or not known.over(name)
    ]


def _with_repeats(texts: Texts, names: Sequence[Name]) -> list[Name]:
    phrases, layout = _phrases(names), Layout.of(names)
    found = [
        _at(text, match)
        for text in texts.values()
        for match in phrases.find(text)
        if not layout.between(text.field, match.start, match.end) and _stands_alone(text, match)
    ]
    return sorted((*names, *found), key=lambda name: name.position)


def _phrases(names: Sequence[Name]) -> Phrases[Label]:
    return Phrases.of(dict(_worth_finding(names)).items())


def _worth_finding(names: Sequence[Name]) -> Iterator[tuple[str, Label]]:
    taken = {name.key for name in names}
    for name in names:
        if name.known_as is not None:
            continue
        parts = words(name.text)
        if name.label is Label.PERSON:
            yield name.text, name.label
            surname = parts[-1]
            if len(parts) > 1 and (surname.casefold(),) not in taken and _is_surname(surname):
                yield surname, name.label
        elif len(parts) > 1 or name.text.isupper() or len(name.text) >= _MIN_OTHER:
            yield name.text, name.label


def _is_surname(word: str) -> bool:
    return len(word) >= _MIN_ALONE and word[0].isupper() and word not in NOT_IN_NAMES


def _at(text: Text, match: Match[Label]) -> Name:
    surface = text.content[match.start : match.end]
    return Name(text.field, match.start, match.end, surface, match.value, frozenset({ECHO}))


def _stands_alone(text: Text, match: Match[Label]) -> bool:
    """Whether a repeat is not part of a longer, unknown name ("Rachel Ruto" is not William)."""
    if text.title_case or text.shouted:
        return True
    before, after = match.first - 1, match.last + 1
    if before >= 0 and text.capital[before] and text.spaced(match.first):
        return _may_precede(text, before) and not _goes_on(text, after)
    return not _goes_on(text, after)


def _goes_on(text: Text, i: int) -> bool:
    """Whether the word at *i* lengthens the name before it."""
    is_capital = i < len(text.words) and text.capital[i]
    return is_capital and text.spaced(i) and text.words[i] not in NOT_IN_NAMES


def _may_precede(text: Text, i: int) -> bool:
    """A title, a function word or a demonym before a name does not lengthen it."""
    word = text.words[i]
    if word in NOT_IN_NAMES or word.endswith(("an", "ese", "ish")):
        return True
    return TITLES.at(text, i) is not None
