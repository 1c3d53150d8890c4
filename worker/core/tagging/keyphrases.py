"""Pick the phrases that say what an article is about, besides the names in it.

Candidates are runs of words between stop words, punctuation and names, in the manner of RAKE (Rose
et al., "Automatic keyword extraction from individual documents", 2010), and parts of such runs.
They are scored by how often they stand, how early, and how many words they have; what is said once
is no key to anything. There are no parts of speech here: verbs are kept out by lists and endings,
which loses some nouns ("ruling") and lets some verbs pass; and so are words with a capital, which
are names that nobody recognised, titles, or the first of a sentence.

A phrase that is missing is not missed; a silly one is seen. So few are given.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

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
threatens visit delay delays name names moved based able issue issues announced added agreed
allowed showed spoke met meet meets sees hits hit wins loses urges seeks eyes vows warns backs
slams hails lauds holds visits leads leaves tells gets
"""
_SWAHILI = """
na ya wa kwa la za katika ni cha vya kuwa hiyo hii huo huu hao hawa yake wake lake zake yao wao
baada kabla lakini pia kama ambayo ambao ambaye ambapo hivyo hivi sasa zaidi wakati mwaka miaka
siku leo jana kesho kutoka hadi hata bado tu si sio au kila kwamba kuhusu dhidi kati mwa pa po ile
yule wale hizo hizi hilo hili huyo huyu mmoja moja mbili tatu nne tano sita saba nane tisa kumi
mia elfu milioni bilioni wengine nyingine mengi wengi watu mtu kitu vitu jambo mambo alisema
amesema anasema walisema wamesema akisema akasema ameongeza aliongeza alikuwa ilikuwa walikuwa
kulikuwa atakuwa imekuwa amekuwa wamekuwa iwapo ikiwa huku kwenye ndani nje juu chini mbele nyuma
karibu mbali upya mpya mkubwa kubwa wakubwa ndogo kwanza pili mwisho sana kabisa yeye sisi nyinyi
mimi wewe hapo hapa kule pale bila licha sababu ili namna jinsi kufanya kufanyika kupitia kutokana
kuelekea mara huenda kuna hakuna yote wote wetu yangu wangu zetu yetu huko nchini mjini jumatatu
jumanne jumatano alhamisi ijumaa jumamosi jumapili januari februari machi aprili mei juni julai
agosti septemba oktoba novemba desemba
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
afin été
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
_ENGLISH_VERB_ENDINGS = ("ing", "ed", "ly")
_READ_AS = {"und": "en"}


Phrase = tuple[str, ...]  # case folded


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
    found: dict[Phrase, list[tuple[int, int]]] = {}  # where each stands: first word, and beyond
    for run in _runs(body, stop, in_names):
        for part in _parts(*run):
            found.setdefault(tuple(body.folded[part[0] : part[1]]), []).append(part)
    scores = _scores(_merged(found), headline, len(body.words))
    chosen = _chosen(scores)
    return tuple(
        Keyword(_as_written(body, found[phrase][0]), round(scores[phrase] / scores[chosen[0]], 4))
        for phrase in chosen
    )


def _runs(
    text: Text, stop: frozenset[str], in_names: AbstractSet[int]
) -> Iterator[tuple[int, int]]:
    """Neighbouring words that may make a phrase: the first, and the one beyond the last."""
    content = [
        word
        for word in text.positions.keys() - stop
        if len(word) >= _MIN_LETTERS and _is_no_verb(word, stop)
    ]
    places = sorted(i for word in content for i in text.positions[word])
    first = beyond = -1
    for i in places:
        if not text.words[i].text[0].islower() or i in in_names:
            continue
        if i > beyond or not text.spaced(*text.words[i - 1 : i + 1]):
            if beyond > first:
                yield first, beyond
            first = i
        beyond = i + 1
    if beyond > first:
        yield first, beyond


def _is_no_verb(word: str, stop: frozenset[str]) -> bool:
    verb = stop is STOP_WORDS["en"] and word.endswith(_ENGLISH_VERB_ENDINGS)
    return not verb or word in _ENGLISH_NOUNS


def _parts(first: int, beyond: int) -> Iterator[tuple[int, int]]:
    for size in range(1, min(_MAX_WORDS, beyond - first) + 1):
        yield from ((start, start + size) for start in range(first, beyond - size + 1))


def _merged(found: dict[Phrase, list[tuple[int, int]]]) -> dict[Phrase, list[tuple[int, int]]]:
    """Count a plural with its singular, by the form that comes first."""
    forms: dict[Phrase, Phrase] = {}
    for phrase, places in found.items():
        first = forms.setdefault((*phrase[:-1], _singular(phrase[-1])), phrase)
        if first != phrase:
            found[first].extend(places)
    return {phrase: found[phrase] for phrase in forms.values()}


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _scores(
    found: Mapping[Phrase, Sequence[tuple[int, int]]], headline: Text, length: int
) -> dict[Phrase, float]:
    in_headline = {_singular(word) for word in headline.folded}
    scores = {}
    for phrase, places in found.items():
        told_first = {_singular(word) for word in phrase} <= in_headline
        if (told_first or len(places) >= _MIN_COUNT) and not _is_role(phrase):
            count = len(places) + _HEADLINE * told_first
            early = 1.5 - places[0][0] / length
            scores[phrase] = count * _BY_LENGTH[len(phrase)] * early
    return scores


def _is_role(phrase: Phrase) -> bool:
    """Whether it is a lone "president": who holds it is among the people."""
    return len(phrase) == 1 and phrase[0] in ROLES


def _chosen(scores: Mapping[Phrase, float]) -> list[Phrase]:
    """The best, without those that only say again what is in another."""
    chosen: list[Phrase] = []
    for phrase in sorted(scores, key=lambda phrase: (-scores[phrase], phrase)):
        mine = set(phrase)
        if not any(mine <= set(other) or mine >= set(other) for other in chosen):
            chosen.append(phrase)
        if len(chosen) == _MOST:
            break
    return chosen


def _as_written(text: Text, part: tuple[int, int]) -> str:
    return text.content[text.words[part[0]].start : text.words[part[1] - 1].end]
