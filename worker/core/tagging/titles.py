"""Titles before names: "President Ruto" is a person, also where a model sees none.

Lists in English, Swahili and French, written by hand. A title alone proves nothing ("the Prime
Minister"); a capitalised word right after one does, unless it begins something else that is known
("President Kenya Airways" is not met with). A word that is also the first word of organisations
("General Electric", "Justice Department") is left out where the next word gives it away.
"""

from collections.abc import Iterator

from worker.core.tagging.phrases import Phrases
from worker.core.tagging.words import Text, key, words

_TITLES = """
President|Vice President|Vice-President|Deputy President|Former President|President-elect
Prime Minister|Deputy Prime Minister|Premier|Chancellor|Minister|Foreign Minister|Finance Minister
Defence Minister|Defense Minister|Health Minister|Interior Minister|Secretary of State|Secretary
Foreign Secretary|Home Secretary|Defence Secretary|Defense Secretary|Cabinet Secretary|CS|PS
Principal Secretary|Permanent Secretary|Chief Cabinet Secretary|Press Secretary|Secretary-General
Secretary General|Attorney General|Attorney-General|Speaker|Senator|Sen|Congressman|Congresswoman
Governor|Deputy Governor|Mayor|Councillor|Commissioner|Ambassador|Envoy|Chairman|Chairwoman
Chairperson|Chief Justice|Justice|Judge|Magistrate|Lawyer|Advocate|Prosecutor|General|Gen|Maj Gen
Lt Gen|Brig Gen|Brigadier|Major General|Lieutenant General|Colonel|Col|Lt Col|Major|Maj|Captain
Capt|Lieutenant|Sergeant|Inspector|Superintendent|Admiral|Field Marshal|Commander|Dr|Doctor|Prof
Professor|Mr|Mrs|Ms|Miss|Sir|Dame|Lord|Lady|King|Queen|Prince|Princess|Emperor|Sultan|Emir|Sheikh
Sheik|Imam|Ayatollah|Pope|Cardinal|Archbishop|Bishop|Reverend|Rev|Pastor|Father|Fr|Sister|Hon
Honourable|Honorable|Eng|Coach|Spokesman|Spokeswoman|Spokesperson|Tsar|Chief Executive|CEO|MP|MCA
Rais|Naibu Rais|Rais mstaafu|Waziri|Waziri Mkuu|Naibu Waziri|Katibu Mkuu|Gavana|Naibu Gavana|Seneta
Mbunge|Spika|Balozi|Jaji|Jaji Mkuu|Meya|Mheshimiwa|Mhe|Bw|Bwana|Bi|Bibi|Mama|Mzee|Dkt|Daktari
Profesa|Mfalme|Malkia|Askofu|Askofu Mkuu|Mchungaji|Sheikh|Ustadh|Jenerali|Kanali|Meja|Kapteni
Inspekta|Mwenyekiti|Kinara|Msemaji|Mkurugenzi|Kocha|Papa
Président|Présidente|Premier ministre|Première ministre|Ministre|Mme|Mlle|Maître|Gouverneur|Maire
Ambassadeur|Général|Colonel|Commandant|Roi|Reine|Pape|Évêque|Cardinal
président|présidente|vice-président|premier ministre|première ministre|ministre|gouverneur|maire
sénateur|sénatrice|député|députée|ambassadeur|porte-parole|secrétaire général|secrétaire générale
général|lieutenant-colonel|colonel|commandant|capitaine|procureur|juge|roi|reine|pape|évêque
archevêque|cardinal|imam|cheikh|professeur|docteur|entraîneur|opposant|opposante
"""
TITLES: Phrases[None] = Phrases.of(
    (title, None) for line in _TITLES.split("\n") for title in line.split("|") if title
)

_OFFICES = """
Administration Agency Assembly Authority Bank Board Bureau Cabinet Center Centre College Command
Commission Committee Company Congress Constitution Council Court Cup Day Debate Defence Delegates
Democrats Department Election Elections Electric Executive Federation Force Forces Foundation
Government Group High Hospital House Inn Institute International League Library Manager Managers
Mills Ministers Ministry Motors Movement Museum Office Palace Parliament Party Police Prize
Programme Province Road School Secretariat Secretary Senate Service Services Soccer Square Stadium
Staff State Street Strike Summit Supreme Team Treasury Union Universe University Updated État Etat
"""
_CALENDAR = """
Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July
August September October November December Jumatatu Jumanne Jumatano Alhamisi Ijumaa Jumamosi
Jumapili Lundi Mardi Mercredi Jeudi Vendredi Samedi Dimanche Today Yesterday Tomorrow
"""
_FUNCTION = """
A About According After All Also An And Are As At Because Before But By Did Do Does During For From
Has Have He Her His How However I If In Into Is It Its Meanwhile Mr Near New No Not Now Of Off On
Only Or Our Out Over Says Said She Since So Some Such Than That The Their Then There These They This
Those Though Through To Under Until Up Was We Were What When Where Which While Who Why Will With
Within Would You Kwa Katika Na Ya Wa Za La Le Les Un Une Des Du Dans Et En Pour Par
"""
_INNER = "al arap bin bint da de del della der di dos du el ibn la le ole van von wa"
OFFICES = frozenset(_OFFICES.split())
NOT_IN_NAMES = frozenset((*_CALENDAR.split(), *_FUNCTION.split()))
_PARTICLES = frozenset(_INNER.split())
_NO_SURNAMES = "Ambassador Commissioner Governor MCA MP Minister President Secretary Senator"
_ARE_NO_SURNAMES = frozenset(_NO_SURNAMES.split())
_NOBODYS_SURNAMES = """
Agency Authority Board Bureau Centre Commission Committee Council County Court Department District
Elementary Federation Hospital Ministry Office Police Sheriff University
"""
_BODIES = frozenset(_NOBODYS_SURNAMES.split())
_PARTIES = frozenset(("Conservatives", "Democrats", "Greens", "Labour", "Republicans", "Tories"))
_CONTESTS_AND_LAWS = """
Act Agreement Awards Bill Championship Championships Classic Cup Derby Festival Games Marathon
Olympics Open Prix Slam Summit Tour Treaty Trophy War
"""
EVENTS = frozenset(_CONTESTS_AND_LAWS.split())  # the last words of their names
# Leagues that are contests; the Arab League is a body.
_OF_LEAGUES = frozenset(("Champions", "Conference", "Europa", "Premier", "Super"))
_NO_ENTITIES = frozenset(("Brexit", "Covid", "Olympic", "Olympics"))
_SAY_LITTLE = frozenset(word.casefold() for word in NOT_IN_NAMES)
_ARE_NO_NAMES = _SAY_LITTLE | {
    word.casefold() for word in (*OFFICES, *words(_TITLES.replace("|", " "))) if word != "Treasury"
}
_MAX_NAME_WORDS = 4


def is_no_name(surface: str) -> bool:
    """Whether *surface* is a lone title, office or day, or made of function words.

    Several offices in a row are an organisation ("Supreme Court"), and so is the Treasury.
    """
    folded = key(surface)
    return folded[0] in _ARE_NO_NAMES if len(folded) == 1 else _SAY_LITTLE.issuperset(folded)


def is_title(surface: str) -> bool:
    """Whether *surface* is titles and offices alone ("Prime Minister")."""
    return _ARE_NO_NAMES.issuperset(key(surface))


def is_event(surface: str) -> bool:
    """Whether it is the name of a contest, a law or a meeting, which are no entities of ours."""
    found = words(surface)
    is_league = found[-1:] == ("League",) and not _OF_LEAGUES.isdisjoint(found)
    return surface in _NO_ENTITIES or (len(found) > 1 and (found[-1] in EVENTS or is_league))


def ends_with_office(surface: str) -> bool:
    """Whether the last word is an office that is nobody's surname (King and Bishop are)."""
    return words(surface)[-1] in _ARE_NO_SURNAMES


def names_body(surface: str) -> bool:
    """Whether it is a party's, or a word after the first is one of bodies: "Kiambu Police"."""
    return surface in _PARTIES or not _BODIES.isdisjoint(words(surface)[1:])


def without_title(text: Text, start: int, end: int) -> int:
    """Where the name begins in the stretch from *start* to *end*, which may begin with titles."""
    position, beyond = text.word_from(start), text.word_from(end)
    while position < beyond:
        title = TITLES.at(text, position)
        if title is None or title.last + 1 >= beyond:
            break
        position = title.last + 1
        start = text.starts[position]
    return start


def after_titles(text: Text) -> Iterator[tuple[int, int]]:
    """Stretches that titles show to be names of people, as far as their capitals go."""
    for title in TITLES.find(text):
        last = _run(text, title.last)
        if last is not None:
            yield text.starts[title.last + 1], text.ends[last]


def _run(text: Text, title_last: int) -> int | None:
    """Index of the last word of the name that follows a title, or None if none does."""
    last = None
    particles = 0
    for i in range(title_last + 1, min(title_last + 1 + _MAX_NAME_WORDS, len(text.words))):
        if not text.joined(i) or _ends_name(text, i):
            break
        if text.capital[i]:
            last, particles = i, 0
        elif last is not None and not particles and text.words[i] in _PARTICLES:
            particles += 1
        else:
            break
    return last


def _ends_name(text: Text, i: int) -> bool:
    word = text.words[i]
    return word in NOT_IN_NAMES or word in OFFICES or TITLES.at(text, i) is not None
