"""Find what people said in an article, and who said it.

Words in quotation marks are speech when somebody is told to have said them, or when there are
enough of them; one to three alone are a name, a nickname or a distance that the writer keeps
("so-called"), and so are titles of works and laws. Calling a slogan a quotation is the smaller
mistake: it was somebody's words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.core.article import Quote
from worker.core.tagging.quoted import Stretch, stretches
from worker.core.tagging.speakers import Actor, Attribution, Scene
from worker.core.tagging.words import Text

_MIN_WORDS = 4  # of speech, where nothing else shows that it is
_MIN_WORDS_ATTRIBUTED = 2
_LONG = 4  # letters: shorter words of a title may be small
_ENDS_SENTENCE = re.compile(r"[.\N{HORIZONTAL ELLIPSIS}][\s'\N{RIGHT SINGLE QUOTATION MARK})]*\Z")
_INTRODUCES = re.compile(r"[,:]\s*\Z")
_STOPS = (".", "!", "?")  # behind the marks they end the sentence, too
_NOBODY = Attribution()


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch with the bounds of what may tell of it."""

    stretch: Stretch
    paragraph: int  # where its first paragraph starts
    since: int  # end of the quotation before, in this paragraph
    until: int  # start of the next, or end of the paragraph


def find_quotes(body: Text, actors: Sequence[Actor]) -> tuple[Quote, ...]:
    """What is said in *body*, in reading order.

    Args:
        body: The whole body text.
        actors: Every mention of people and organisations in it, in reading order.

    """
    spans = stretches(body.content)
    if not spans:
        return ()
    scene = Scene(body, [actor for actor in actors if not _inside(actor, spans)])
    quotes: list[Quote] = []
    previous: _Place | None = None
    for place in _places(body.content, spans):
        told = _told(scene, place)
        found = told or _carried(scene, place, previous, quotes)
        if _is_speech(body.content, place, told):
            quotes.append(_quote(body.content, place.stretch, found))
            previous = place
    return tuple(quotes)


def _inside(actor: Actor, spans: Sequence[Stretch]) -> bool:
    return any(span.start <= actor.start and actor.end <= span.end for span in spans)


def _places(content: str, spans: Sequence[Stretch]) -> list[_Place]:
    places: list[_Place] = []
    for i, span in enumerate(spans):
        first = content.rfind("\n", 0, span.start) + 1
        end = content.find("\n", span.end)
        end = len(content) if end < 0 else end
        since = spans[i - 1].end + 1 if i and spans[i - 1].end > first else first
        until = spans[i + 1].start - 1 if i + 1 < len(spans) else end
        places.append(_Place(span, first, since, min(until, end)))
    return places


def _told(scene: Scene, place: _Place) -> Attribution | None:
    """What the sentence around the stretch says of its speaker."""
    content, span = scene.text.content, place.stretch
    if not scene.begins_sentence(scene.text.word_from(span.start)):
        found = scene.before(span.start - 1, place.since)
        if found is not None:
            return found
    if _ENDS_SENTENCE.search(content, span.start, span.end) and not _goes_on(content, span):
        return None
    if content[span.end + 1 : span.end + 2] in _STOPS and scene.names_source(span.end + 1):
        return None
    return scene.after(span.end + 1, place.until)


def _goes_on(content: str, span: Stretch) -> bool:
    """Whether the sentence goes on after the marks, whatever ends inside of them."""
    return content[span.end + 1 :].lstrip(" ,")[:1].islower()


def _carried(
    scene: Scene, place: _Place, previous: _Place | None, quotes: Sequence[Quote]
) -> Attribution:
    """Who goes on speaking where nobody is named."""
    content = scene.text.content
    start, end = place.since, place.stretch.start - 1  # of what stands before it
    if previous is not None and previous.paragraph == place.paragraph:
        others = scene.subjects(previous.stretch.end, place.stretch.start) - {quotes[-1].speaker}
        return _NOBODY if others else Attribution(quotes[-1].speaker)
    if not content[start:end].strip():
        end = len(content[: place.paragraph].rstrip("\n"))
        start = content.rfind("\n", 0, end) + 1
        if previous is not None and previous.stretch.end > start:
            return Attribution(quotes[-1].speaker)
    elif not scene.begins_sentence(scene.text.word_from(place.stretch.start)):
        return _NOBODY
    indirect = scene.before(end, start)
    return Attribution(indirect.speaker) if indirect else _NOBODY


def _is_speech(content: str, place: _Place, told: Attribution | None) -> bool:
    words = content[place.stretch.start : place.stretch.end].split()
    introduced = told is not None and (
        _INTRODUCES.search(content, place.since, place.stretch.start - 1) is not None
    )
    if len(words) < _MIN_WORDS:
        whole = words[:1] != [] and words[0][0].isupper() and len(words) >= _MIN_WORDS_ATTRIBUTED
        return whole and told is not None and (introduced or _follows(content, place))
    return introduced or not _is_title(words)


def _follows(content: str, place: _Place) -> bool:
    """Whether a clause that is not a new sentence follows the stretch, which begins its own."""
    before = content[place.since : place.stretch.start - 1].rstrip()
    inside = content[place.stretch.start : place.stretch.end]
    return before[-1:] in ("", ".", "!", "?") and not _ENDS_SENTENCE.search(inside)


def _is_title(words: Sequence[str]) -> bool:
    """Capitals on every long word, and no end of a sentence: a law, a film, a report."""
    long = [word for word in words if len(word) >= _LONG and word[0].isalpha()]
    return bool(long) and all(word[0].isupper() for word in long) and words[-1][-1] not in ".!?,"


def _quote(content: str, span: Stretch, said: Attribution) -> Quote:
    """Without the spaces that French has inside its marks."""
    inside = content[span.start : span.end]
    start = span.end - len(inside.lstrip())
    text = inside.strip()
    return Quote(
        text=text,
        start=start,
        end=start + len(text),
        speaker=said.speaker,
        speaker_mention=said.mention,
        cue=said.cue,
    )
