"""Pick the phrases that say what an article is about, besides the names in it.

Candidates are runs of words between stop words, punctuation and names, in the manner of RAKE (Rose
et al., "Automatic keyword extraction from individual documents", 2010), and parts of such runs.
They are scored by how often they stand, how early, and how many words they have; what is said once
is no key to anything. There are no parts of speech here: verbs are kept out by lists and endings,
which loses some nouns ("ruling") and lets some verbs pass; and so are words with a capital, which
are names that nobody recognised, titles, or the first of a sentence.

A phrase that is missing is not missed; a silly one is seen. So few are given.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from worker.core.article import Keyword
from worker.core.tagging.cues import ROLES
from worker.core.tagging.words import Text
from worker.core.wordlist import words

_MOST = 8
_MAX_WORDS = 3
_MIN_LETTERS = 4
_HEADLINE = 2.0  # what standing there counts, beside each time in the body
_MIN_COUNT = 2  # times; one is enough for what the headline has, too
_BY_LENGTH = {1: 1.0, 2: 2.0, 3: 2.5}  # a longer phrase says more
_ENGLISH = """
a about above across after again against ago ahead all almost alone along already also although
always am among an and another any anybody anyone anything are aren't around as asked at available
away back be became because become been before began behind being believe below best better
between big billion both bring brought but by call called came can can't cannot cent come comes
could couldn't day days did didn't different do does doesn't doing don't done down due during each
earlier early either eight end enough even ever every everyone everything example expected face
faced far feel few fifth first five following for former found four fourth from full further
future gave get getting give given go goes going good got great group had half happened has have
haven't having he head held help her here herself high him himself his hold hour hours how however
hundred i if important in including instead into is isn't it it's its itself january just keep
kept key kind knew know known large last late later latest least led left less let like likely
little local long longer look lot low made main make makes making man many may me mean means
meanwhile member members men might million minute minutes moment month months more most mr mrs ms
much must my near need needed needs never new next night nine no none nor not nothing now number
of off often old on once one ones only onto or order other others our out over own part parts past
people per percent person place plan plans point possible previous put quite rather read real
really reason recent recently right rise rose said same saw say saying says second see seems seen
sent set seven several shall she should show since six small so some someone something soon
special still such sure take taken takes taking tell ten than that that's the their them
themselves then there these they thing things think third this those though thought thousand three
through thus time times to today together told too took top toward towards turn two under until up
upon us use used uses using very view wake want wanted wants was way ways we week weeks well went
were what when where whether which while who whole whom whose why will wish with within without
woman women won't work working world would wouldn't wrote year years yes yesterday yet you young
your monday tuesday wednesday thursday friday saturday sunday february march april june july
august september october november december mondays fridays sundays area areas calls cuts dies edge
join joins kill kills line pound pretty promote side sides situation struck subject threaten
threatens spent stood paid beat beats declare declares accept accepts forget forgets heard hears
miles feet metres meters kilometres visit delay delays name names moved based able issue issues
announced added agreed allowed showed spoke met meet meets sees hits hit wins loses urges seeks
eyes vows warns backs slams hails lauds holds visits leads leaves tells gets start starts
"""
_SWAHILI = """
na ya wa kwa la za katika ni cha vya kuwa hiyo hii huo huu hao hawa yake wake lake zake yao wao
baada kabla lakini pia kama ambayo ambao ambaye ambapo hivyo hivi sasa zaidi wakati mwaka miaka
siku leo jana kesho wako vile pamoja kutoka hadi hata bado tu si sio au kila kwamba kuhusu dhidi
kati mwa pa po ile yule wale hizo hizi hilo hili huyo huyu mmoja moja mbili tatu nne tano sita saba
nane tisa kumi mia elfu milioni bilioni wengine nyingine mengi wengi watu mtu kitu vitu jambo mambo
alisema amesema anasema walisema wamesema akisema akasema ameongeza aliongeza alikuwa ilikuwa
walikuwa kulikuwa atakuwa imekuwa amekuwa wamekuwa iwapo ikiwa huku kwenye ndani nje juu chini
mbele nyuma karibu mbali upya mpya mkubwa kubwa wakubwa ndogo kwanza pili mwisho sana kabisa yeye
sisi nyinyi mimi wewe hapo hapa kule pale bila licha sababu ili namna jinsi kufanya kufanyika
kupitia kutokana kuelekea mara huenda kuna hakuna yote wote wetu yangu wangu zetu yetu huko nchini
mjini jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili januari februari machi aprili mei
juni julai agosti septemba oktoba novemba desemba
"""
_FRENCH = """
le la les un une des du de d l et ou mais donc car ni que qui quoi dont où ce cet cette ces son sa
ses leur leurs notre nos votre vos mon ma mes il elle ils elles on nous vous je tu se s en y dans
par pour sur sous avec sans entre vers chez depuis pendant avant après contre selon est sont était
étaient a ont avait avaient sera seront être avoir fait faire plus moins très aussi ainsi comme si
pas ne n qu aux au à cela ceci celui celle ceux tout tous toute toutes même autre autres deux
trois quatre cinq premier première dernier dernière nouveau nouvelle grand grande ans année années
jour jours mois lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai
juin juillet août septembre octobre novembre décembre déclaré dit affirmé ajouté encore alors lors
afin été hier demain cependant toutefois malgré m mm me mgr
"""
_STOP = {"en": _ENGLISH, "sw": _SWAHILI, "fr": _FRENCH}
STOP_WORDS = {language: frozenset(words(listed)) for language, listed in _STOP.items()}
_ENGLISH_NOUNS = frozenset(
    words(
        "building funding meeting mining farming training housing shipping banking spending hearing"
        " fishing trading gaming boxing cycling swimming wedding feed seed speed need breed weed"
        " family assembly supply monopoly rally ally bully reply anomaly"
    )
)
_ENGLISH_VERB_ENDINGS = ("ing", "ed", "ly", "n't", "'ll", "'ve", "'re")
_SWAHILI_BEGINNINGS = ("amba", "ame", "ime", "tuna", "tume", "wame", "zime")  # relatives, verbs
# Too little, alone: "city council" says enough.
_EMPTY_ALONE = frozenset(words("action city event multi nature office service state"))
_READ_AS = {"und": "en"}

Phrase = tuple[str, ...]  # case folded
Part = tuple[int, int]  # of a text: its first word, and the one beyond its last


class _Scored(NamedTuple):
    """In the order in which they sort: the best first."""

    minus_score: float
    phrase: Phrase
    part: Part  # where it stands first


def find_keyphrases(
    headline: Text, body: Text, language: str, in_names: AbstractSet[int]
) -> tuple[Keyword, ...] | None:
    """The likeliest first.

    Args:
        headline: Of the article: a phrase of the body counts more when it stands there.
        body: Its whole body.
        language: BCP 47 primary subtag.
        in_names: Indexes of the body's words that are part of somebody's or something's name.

    Returns:
        Phrases with scores from 0 to 1 within this article; None: no list is in its language.

    """
    stop = STOP_WORDS.get(_READ_AS.get(language, language))
    if stop is None:
        return None
    in_headline = frozenset(map(_singular, headline.folded))
    stems = _stems(body.positions, stop, in_headline)
    chosen = _chosen(sorted(_scored(body, _places(body, stems, in_names), in_headline)))
    return tuple(
        Keyword(
            body.slice(found.part[0], found.part[1] - 1),
            round(found.minus_score / chosen[0].minus_score, 4),
        )
        for found in chosen
    )


def _stems(
    positions: Mapping[str, Sequence[int]], stop: frozenset[str], in_headline: AbstractSet[str]
) -> dict[str, str]:
    """The words that may be part of a key phrase, with their singulars.

    A phrase is repeated, or is in the headline, too: so each of its words is.
    """
    of_verbs = _ENGLISH_VERB_ENDINGS if stop is STOP_WORDS["en"] else ()
    stems: dict[str, str] = {}
    times: defaultdict[str, int] = defaultdict(int)
    for word, places in positions.items():
        if len(word) < _MIN_LETTERS or word in stop:
            continue
        if not word.endswith(of_verbs) or word in _ENGLISH_NOUNS:
            stems[word] = stem = _singular(word)
            times[stem] += len(places)
    worth = in_headline | {stem for stem, count in times.items() if count >= _MIN_COUNT}
    if stop is STOP_WORDS["sw"]:
        worth = {stem for stem in worth if not stem.startswith(_SWAHILI_BEGINNINGS)}
    return {word: stem for word, stem in stems.items() if stem in worth}


def _singular(word: str) -> str:
    return word[:-1] if word[-1] == "s" and word[-2:] != "ss" else word


def _places(
    text: Text, stems: Mapping[str, str], in_names: AbstractSet[int]
) -> dict[Phrase, list[Part]]:
    """Where each phrase stands, in order; a plural is counted with its singular."""
    folded = text.folded
    found: defaultdict[Phrase, list[Part]] = defaultdict(list)
    for first, beyond in _runs(text, stems, in_names):
        for last in range(first, beyond):
            stem = stems[folded[last]]
            for start in range(max(first, last + 1 - _MAX_WORDS), last + 1):
                found[*folded[start:last], stem].append((start, last + 1))
    return found


def _runs(text: Text, content: Iterable[str], in_names: AbstractSet[int]) -> Iterator[Part]:
    """Neighbouring words that may make a phrase."""
    words, first, beyond = text.words, -1, -1
    for i in sorted([i for word in content for i in text.positions[word]]):
        if not words[i][0].islower() or i in in_names:
            continue
        if i > beyond or not text.spaced(i):
            if beyond > first:
                yield first, beyond
            first = i
        beyond = i + 1
    if beyond > first:
        yield first, beyond


def _scored(
    text: Text, places: Mapping[Phrase, Sequence[Part]], in_headline: frozenset[str]
) -> Iterator[_Scored]:
    for stemmed, parts in places.items():
        told_first = in_headline.issuperset(map(_singular, stemmed))
        if not told_first and len(parts) < _MIN_COUNT:
            continue
        first, beyond = parts[0]
        phrase = text.folded[first:beyond]  # in the form that comes first
        if not _is_role(phrase):
            count = len(parts) + _HEADLINE * told_first
            early = 1.5 - first / len(text.words)
            yield _Scored(-count * _BY_LENGTH[len(phrase)] * early, phrase, parts[0])


def _is_role(phrase: Phrase) -> bool:
    """Whether it is a lone "president": who holds it is among the people; or says nothing."""
    return len(phrase) == 1 and (phrase[0] in ROLES or phrase[0] in _EMPTY_ALONE)


def _chosen(ranked: Iterable[_Scored]) -> list[_Scored]:
    """The best, without those that only say again what is in another."""
    chosen: list[_Scored] = []
    said: list[frozenset[str]] = []
    for found in ranked:
        mine = frozenset(found.phrase)
        if not any(mine <= other or mine >= other for other in said):
            chosen.append(found)
            said.append(mine)
        if len(chosen) == _MOST:
            break
    return chosen
