"""Say who spoke: from the words around a quotation to one of the article's people.

The clause before a quotation is read first, then the clause after it; what neither tells is taken
from the quotation before (a speaker goes on: "...," said Lam. "..."), and from the paragraph
before, where somebody was speaking already. Pronouns and roles ("the president") are led back to
the subject of an earlier sentence, or to the one who bears that title.

A wrong speaker is worse than none: what cannot be led back to a name keeps its words as
``mention``, and no speaker. Method: rules over reporting verbs, in the manner of Pouliquen,
Steinberger & Best, "Automatic detection of quotations in multilingual news" (RANLP 2007).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from worker.core.tagging.cues import (
    ABBREVIATIONS,
    ACCORDING,
    AND,
    AUXILIARIES,
    BELONGING,
    CUES,
    DEFINITE,
    HE_OR_SHE,
    INDEFINITE,
    NAMELESS,
    PARTICIPLES,
    ROLES,
    THEY,
)
from worker.core.tagging.titles import NOT_IN_NAMES
from worker.core.tagging.words import Text

_CLAUSE_WORDS = 30  # before or after a quotation: further away, a verb tells of something else
_DESCRIPTION_WORDS = 5  # from "the" to the noun that stands for a speaker
_DASHES = (" - ", "\N{EN DASH}", "\N{EM DASH}")
_HAVE_SUBJECT = ("ali", "ame", "ana", "aka", "aki")  # Swahili verbs of one person, alone
_ONE = frozenset(("a", "an"))
_SENTENCE_MARKS = frozenset(".!?")
_ARTICLES = DEFINITE | INDEFINITE
_PRONOUNS = (THEY | HE_OR_SHE) - {"who"}


class Actor(NamedTuple):
    """A mention, outside all quotations, of somebody or some body that may speak."""

    start: int  # code points into the body
    end: int  # exclusive
    name: str  # canonical
    person: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    speaker: str | None = None  # canonical; None: nobody that we can name
    mention: str | None = None  # as written; None: only by what stands around
    cue: str | None = None  # the verb


class Clause(NamedTuple):
    first: int  # indexes into the text's words
    beyond: int  # exclusive


@dataclass(frozen=True, slots=True)
class Scene:
    text: Text  # the body
    actors: Sequence[Actor]  # in reading order

    def before(self, end: int, start: int) -> Attribution | None:
        """Read the clause that ends at *end*, no further back than *start* (code points)."""
        clause = self._clause_before(end, start)
        for cue in reversed(self._cues(clause)):
            if (found := self._subject(cue, clause)) is not None:
                return found
        if self.text.content[start:end].rstrip().endswith(":"):
            return self._first_actor(clause, cue=None)
        return None

    def after(self, start: int, end: int) -> Attribution | None:
        """Read the clause that begins at *start*, no further than *end* (code points)."""
        clause = self._clause_after(start, end)
        cues = self._cues(clause)
        return self._subject(cues[0], clause) if cues else None

    def names_source(self, start: int) -> bool:
        """Whether a sentence that begins at *start* tells its own source: "According to ..."."""
        i = self.text.word_from(start)
        return not ACCORDING.isdisjoint(self.text.folded[i : i + 1])

    # --- clauses ----------------------------------------------------------------------------------

    def _clause_before(self, end: int, start: int) -> Clause:
        beyond = self.text.word_from(end)
        first = beyond
        least = max(self.text.word_from(start), beyond - _CLAUSE_WORDS)
        while first > least and not (first < beyond and self.begins_sentence(first)):
            first -= 1
        return Clause(first, beyond)

    def _clause_after(self, start: int, end: int) -> Clause:
        first = self.text.word_from(start)
        most = min(self.text.word_from(end), first + _CLAUSE_WORDS)
        beyond = first
        while beyond < most and not (beyond > first and self.begins_sentence(beyond)):
            beyond += 1
        return Clause(first, beyond)

    def begins_sentence(self, i: int) -> bool:
        if not 0 < i < len(self.text.words):
            return True
        gap = self.text.gaps[i]
        if gap == " ":
            return False
        if "\n" in gap:
            return True
        if _SENTENCE_MARKS.isdisjoint(gap) or self.text.words[i][0].islower():
            return False
        return len(self.text.words[i - 1]) > 1 and self.text.folded[i - 1] not in ABBREVIATIONS

    def _cues(self, clause: Clause) -> list[int]:
        """Where the verbs stand; with a capital, one is a name but where a sentence begins."""
        folded, words = self.text.folded, self.text.words
        return [
            i
            for i in range(clause.first, clause.beyond)
            if folded[i] in CUES and (words[i] in CUES or self.begins_sentence(i))
        ]

    # --- the subject of a verb --------------------------------------------------------------------

    def _subject(self, cue: int, clause: Clause) -> Attribution | None:
        word = self.text.folded[cue]
        if word in ACCORDING:
            return self._subject_after(cue, clause)
        if word in PARTICIPLES:
            return self._main_subject(cue, clause)
        found = self._subject_before(cue, clause) or self._subject_after(cue, clause)
        if found is None and word.startswith(_HAVE_SUBJECT):
            actor = self.last_subject(self.text.starts[cue])
            return Attribution(actor.name if actor else None, None, self._verb(cue))
        return found

    def _main_subject(self, cue: int, clause: Clause) -> Attribution | None:
        """Of a participle: "Mr Otieno met Ms Wanjiru, adding" that he did."""
        first = self.text.folded[clause.first]
        if first in HE_OR_SHE or first in THEY:
            return self._pronoun(clause.first, cue)
        return self._first_actor(Clause(clause.first, cue), cue)

    def _first_actor(self, clause: Clause, cue: int | None) -> Attribution | None:
        actors = list(self._within(clause))
        people = [actor for actor in actors if actor.person]
        if actors:
            return self._named((people or actors)[0], cue)
        first = self.text.folded[clause.first] if clause.first < clause.beyond else ""
        if first in HE_OR_SHE or first in THEY:
            return self._pronoun(clause.first, cue)
        return None

    def _subject_before(self, cue: int, clause: Clause) -> Attribution | None:
        last = cue - 1
        while last >= clause.first and self._is_adverb(last):
            last -= 1
        if last < clause.first:
            return None
        if self.text.folded[last] in _PRONOUNS and not self._pauses(last):
            return self._pronoun(last, cue)
        if self.text.folded[last] in AND:  # "Omar met Okello and said"
            return self._main_subject(cue, clause)
        return self._noun_before(last, cue, clause)

    def _noun_before(self, last: int, cue: int, clause: Clause) -> Attribution | None:
        actors = list(self._within(Clause(clause.first, cue)))
        if len(actors) > 1 and self._explains(actors[-1], last):
            last = self.text.word_from(actors.pop().start) - 1
        likeliest = [actor for actor in actors if actor.person] or actors
        if self._pauses(last):  # "Omar, who paid for Okello, said"
            return self._named(likeliest[0], cue) if actors else None
        if actors and actors[-1].end == self.text.ends[last]:
            belongs = not actors[-1].person and self._is_belonging(actors[-1])
            return self._named(likeliest[-1] if belongs else actors[-1], cue)
        described = self._description(last, clause, actors)
        if described is not None:
            return self._described(described, last, cue)
        if self.text.words[last] in NAMELESS and not self._ends_before(actors, last):
            return Attribution(None, self.text.words[last], self._verb(cue))
        if actors:
            return self._named(likeliest[-1], cue)
        return self._unknown_before(last, clause, cue)

    def _subject_after(self, cue: int, clause: Clause) -> Attribution | None:
        first = cue + 1
        while first < clause.beyond and (
            self._is_adverb(first) or self.text.folded[first] in ("to", "na")
        ):
            first += 1
        if first >= clause.beyond:
            return None
        if self.text.folded[first] in HE_OR_SHE or self.text.folded[first] in THEY:
            return self._pronoun(first, cue)
        actors = list(self._within(Clause(first, clause.beyond)))
        people = [actor for actor in actors if actor.person]
        if actors:
            return self._named((people or actors)[0], cue)
        last = next((i for i in range(first, clause.beyond) if self.text.folded[i] in ROLES), first)
        described = self._description(last, Clause(first, clause.beyond), ())
        if described == first:
            return self._described(described, last, cue)
        return self._unknown_after(first, clause, cue)

    def _pauses(self, i: int) -> bool:
        """Whether an aside ends after the word at *i*."""
        gap = self.text.gaps[i + 1]
        return "," in gap or any(dash in gap for dash in _DASHES)

    def _is_adverb(self, i: int) -> bool:
        word = self.text.folded[i]
        return word in AUXILIARIES or (word.endswith("ly") and self.text.words[i].islower())

    def _description(self, last: int, clause: Clause, actors: Sequence[Actor]) -> int | None:
        """Where "the president", which ends at *last* and has no name in it, begins."""
        if not self.text.words[last][0].islower():
            return None
        free_from = self.text.word_from(actors[-1].end) if actors else clause.first
        for i in range(last - 1, max(free_from, last - _DESCRIPTION_WORDS) - 1, -1):
            if self.text.folded[i] in _ARTICLES:
                return i
        return None

    def _explains(self, actor: Actor, last: int) -> bool:
        """Whether it ends at *last*, in brackets: "... of the World Health Organization (WHO)"."""
        return self.text.ends[last] == actor.end and self.text.content[actor.start - 1] == "("

    def _ends_before(self, actors: Sequence[Actor], i: int) -> bool:
        """Whether the last of *actors* stands right before the word at *i*: "Ofgem officials"."""
        return bool(actors) and self.text.word_from(actors[-1].end) == i

    def _is_belonging(self, actor: Actor) -> bool:
        """Whether it is only where somebody belongs: "Asha Omar of the Observer"."""
        i = self.text.word_from(actor.start) - 1
        if i > 0 and self.text.folded[i] == "the":
            i -= 1
        return i >= 0 and self.text.folded[i] in BELONGING

    # --- who that is ------------------------------------------------------------------------------

    def _named(self, actor: Actor, cue: int | None) -> Attribution:
        mention = self.text.content[actor.start : actor.end]
        return Attribution(actor.name, mention, self._verb(cue))

    def _described(self, first: int, last: int, cue: int) -> Attribution:
        mention, start = self.text.slice(first, last), self.text.starts[first]
        role = next((w for w in reversed(self.text.folded[first : last + 1]) if w in ROLES), None)
        actor = None
        if role is not None and self.text.folded[first] not in INDEFINITE:
            actor = self._bearer(role, start)
            if actor is None and not self._introduced(role, first):
                actor = self.last_subject(start)
        return Attribution(actor.name if actor else None, mention, self._verb(cue))

    def _bearer(self, role: str, before: int) -> Actor | None:
        """Who was named with the title, last before *before*: "President William Ruto"."""
        for actor in reversed(self._until(before)):
            i = self.text.word_from(actor.start)
            if actor.person and i > 0 and self.text.folded[i - 1] == role:
                return actor
        return None

    def _introduced(self, role: str, before: int) -> bool:
        """Whether somebody without a name was brought in as one: "a spokesperson said"."""
        places = (i for i in self.text.positions.get(role, ()) if i < before)
        return any(not _ONE.isdisjoint(self.text.folded[max(i - 3, 0) : i]) for i in places)

    def _pronoun(self, i: int, cue: int | None) -> Attribution:
        is_person = self.text.folded[i] not in THEY
        actor = self.last_subject(self.text.starts[i], person=is_person)
        return Attribution(actor.name if actor else None, self.text.words[i], self._verb(cue))

    def last_subject(self, before: int, *, person: bool = True) -> Actor | None:
        """Whom the last sentence that names anybody is about: the first that it names."""
        named = [actor for actor in self._until(before) if actor.person or not person]
        if not named:
            return None
        i = self.text.word_from(named[-1].start)
        while not self.begins_sentence(i):
            i -= 1
        return next(actor for actor in named if actor.start >= self.text.starts[i])

    def _unknown_before(self, last: int, clause: Clause, cue: int) -> Attribution | None:
        """A name that nobody recognised, right before the verb."""
        first = last
        while first >= clause.first and self._in_name(first):
            first -= 1
        if first + 1 == last and self.begins_sentence(last):
            return None  # "Many said" is no name
        return self._unknown(first + 1, last, cue)

    def _unknown_after(self, first: int, clause: Clause, cue: int) -> Attribution | None:
        last = first
        while last < clause.beyond and self._in_name(last):
            last += 1
            if last < clause.beyond and not self.text.joined(last):
                break
        return self._unknown(first, last - 1, cue)

    def _unknown(self, first: int, last: int, cue: int) -> Attribution | None:
        if first > last:
            return None
        mention = self.text.slice(first, last)
        return Attribution(mention, mention, self._verb(cue))

    def _in_name(self, i: int) -> bool:
        return self.text.capital[i] and self.text.words[i] not in NOT_IN_NAMES

    # --- the parts --------------------------------------------------------------------------------

    def _verb(self, cue: int | None) -> str | None:
        return None if cue is None else self.text.words[cue]

    def _within(self, clause: Clause) -> Iterator[Actor]:
        if clause.first >= clause.beyond:
            return
        start = self.text.starts[clause.first]
        end = self.text.ends[clause.beyond - 1]
        at = bisect_left(self.actors, start, key=lambda actor: actor.start)
        for actor in self.actors[at:]:
            if actor.end > end:
                break
            yield actor

    def subjects(self, start: int, end: int) -> set[str | None]:
        """People with whom a sentence begins from *start* to *end*."""
        named = (actor for actor in self.actors if actor.person and start <= actor.start < end)
        begun = (a.name for a in named if self.begins_sentence(self.text.word_from(a.start)))
        return set(begun)

    def _until(self, end: int) -> Sequence[Actor]:
        return self.actors[: bisect_right(self.actors, end, key=lambda actor: actor.end)]
