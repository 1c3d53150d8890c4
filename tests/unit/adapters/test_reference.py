import json
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from worker.adapters import reference
from worker.adapters.reference import DataMismatch, load_reference, read_reference
from worker.core.article import Field
from worker.core.tagging.organisations import known_organisations
from worker.core.tagging.words import Text
from worker.data.build_topics import INTERNATIONAL, WORDS, weighted

POLITICS = "politics and government"
DATA = Path(reference.__file__).parents[1] / "data"


def seen(text: str, language: str = "en") -> list[tuple[str, str]]:
    """Each country that is recognised in a body, as written, with its code."""
    body = Text(Field.BODY, text)
    found = load_reference().countries.see([body], language)
    return [(text[s.start : s.end], s.code) for s in found]


def copy(folder: Path) -> None:
    for file in (*DATA.glob("*.json"), *DATA.glob("*.gz")):
        (folder / file.name).write_bytes(file.read_bytes())


# --- what newspapers write ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("DR Congo", "CD"),
        ("D.R. Congo", "CD"),
        ("DRC", "CD"),
        ("Democratic Republic of Congo", "CD"),
        ("Democratic Republic of the Congo", "CD"),
        ("DEMOCRATIC REPUBLIC OF CONGO", "CD"),
        ("Congo", "CD"),
        ("Congolese", "CD"),
        ("Republic of Congo", "CG"),
        ("Congo-Brazzaville", "CG"),
        ("US", "US"),
        ("U.S.", "US"),
        ("U.S.A.", "US"),
        ("United States", "US"),
        ("United States of America", "US"),
        ("Americans", "US"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("Britain", "GB"),
        ("British", "GB"),
        ("England", "GB"),
        ("Scottish", "GB"),
        ("Kenyans", "KE"),
        ("Ivorian", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Niger", "NE"),
        ("Nigerien", "NE"),
        ("Nigeria", "NG"),
        ("Nigerian", "NG"),
        ("Guinea", "GN"),
        ("Papua New Guinea", "PG"),
        ("Equatorial Guinea", "GQ"),
        ("Guinea-Bissau", "GW"),
        ("Guinea Bissau", "GW"),
        ("Sudan", "SD"),
        ("South Sudan", "SS"),
        ("South Sudanese", "SS"),
        ("Dominica", "DM"),
        ("Dominican Republic", "DO"),
        ("Dominican", "DO"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Eswatini", "SZ"),
        ("Swaziland", "SZ"),
        ("Burma", "MM"),
        ("Cabo Verde", "CV"),
        ("Gaza", "PS"),
        ("South Korea", "KR"),
        ("North Korean", "KP"),
        ("Kosovo", "XK"),
        ("Mauritian", "MU"),
        ("Kigali", "RW"),
        ("Addis Ababa", "ET"),
    ],
)
def test_english(form: str, code: str) -> None:
    assert seen(f"Rain fell, {form}, again") == [(form, code)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nchini Marekani", "US"),
        ("serikali ya Uingereza", "GB"),
        ("Jamhuri ya Kidemokrasia ya Kongo", "CD"),
        ("nchini Kongo", "CD"),
        ("Sudan Kusini", "SS"),
        ("Wakenya", "KE"),
        ("Msumbiji", "MZ"),
        ("Afrika Kusini", "ZA"),
        ("huko Ufaransa", "FR"),
        ("wa Kenya", "KE"),
        ("Uganda", "UG"),
        ("timu ya Sweden", "SE"),
    ],
)
def test_swahili(text: str, code: str) -> None:
    assert [c for _, c in seen(text, "sw")] == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("aux États-Unis", "US"),
        ("la République démocratique du Congo", "CD"),
        ("en RDC", "CD"),
        ("le président congolais", "CD"),
        ("les Congolaises", "CD"),
        ("l'Afrique du Sud", "ZA"),
        ("d'Israël", "IL"),
        ("la Grande-Bretagne", "GB"),
        ("le Royaume-Uni", "GB"),
        ("la diplomatie turque", "TR"),
        ("au Soudan du Sud", "SS"),
        ("le Tchad", "TD"),
    ],
)
def test_french(text: str, code: str) -> None:
    assert [c for _, c in seen(text, "fr")] == [code]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("Give us the turkey, he said", "en", id="us, turkey"),
        pytest.param("GIVE US A CAR", "en", id="words in capitals"),
        pytest.param("Take the CAR home", "en", id="a car alone"),
        pytest.param("said Chad Smith", "en", id="Chad Smith"),
        pytest.param("said Michael Jordan", "en", id="Michael Jordan"),
        pytest.param("Israel Adesanya won", "en", id="Israel Adesanya"),
        pytest.param("across Latin America", "en", id="Latin America"),
        pytest.param("the Gulf of Guinea", "en", id="Gulf of Guinea"),
        pytest.param("in the Congo Basin", "en", id="Congo Basin"),
        pytest.param("the Indian Ocean", "en", id="Indian Ocean"),
        pytest.param("Jersey sales rose", "en", id="a shirt"),
        pytest.param("English lessons", "en", id="a language"),
        pytest.param("Agence France-Presse reported", "en", id="an agency"),
        pytest.param("two million US dollars", "en", id="money"),
        pytest.param("paid in Swiss francs", "en", id="other money"),
        pytest.param("since the Korean War", "en", id="a war"),
        pytest.param("Mali ya umma", "sw", id="property, in Swahili"),
        pytest.param("Réunion de crise", "fr", id="a meeting, in French"),
        pytest.param("selon Maurice Kamto", "fr", id="Maurice, in French"),
        pytest.param("le joueur Jordan Ayew", "fr", id="Jordan, in French"),
    ],
)
def test_what_is_no_country(text: str, language: str) -> None:
    assert seen(text, language) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("in New Mexico", ["US"], id="a state, by its name"),
        pytest.param("the Niger Delta", ["NG"], id="a region of Nigeria"),
        pytest.param("Georgia and Tbilisi", ["GE", "GE"], id="Georgia, the country"),
        pytest.param("Georgia, in the United States", ["US"], id="Georgia, the state"),
        pytest.param("Congo votes in Brazzaville", ["CG", "CG"], id="the other Congo"),
        pytest.param("CAR troops in Bangui", ["CF", "CF"], id="the CAR with a witness"),
        pytest.param("Dominican law in Dominica", ["DM", "DM"], id="of Dominica"),
        pytest.param("US-led, pro-Russia", ["US", "RU"], id="hyphens"),
        pytest.param(
            "Kenya\N{RIGHT SINGLE QUOTATION MARK}s and Haiti's", ["KE", "HT"], id="genitives"
        ),
    ],
)
def test_ambiguity(text: str, expected: list[str]) -> None:
    assert [code for _, code in seen(text)] == expected


@pytest.mark.parametrize(
    ("text", "name", "wikidata"),
    [
        pytest.param("the DRC", "DR Congo", "Q974", id="a country"),
        pytest.param("the Congo", "DR Congo", "Q974", id="an ambiguous name"),
        pytest.param("in England", "England", "Q21", id="a country within one"),
        pytest.param("in Kigali", "Kigali", None, id="a city"),
    ],
)
def test_what_it_is_called(text: str, name: str, wikidata: str | None) -> None:
    (found,) = load_reference().countries.see([Text(Field.BODY, text)], "en")

    assert found.place is not None
    assert (found.place.name, found.place.wikidata) == (name, wikidata)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EAC and AU leaders", ["East African Community", "African Union"]),
        ("M23 rebels", ["M23"]),
        ("UN Security Council, UN", ["United Nations Security Council", "United Nations"]),
        ("IGAD, Igad, SADC, COMESA, ECOWAS", [
            "Intergovernmental Authority on Development",
            "Intergovernmental Authority on Development",
            "Southern African Development Community",
            "Common Market for Eastern and Southern Africa",
            "Economic Community of West African States",
        ]),
        ("l'OMS et le Fonds monétaire international", [
            "World Health Organization", "International Monetary Fund",
        ]),
        ("who said au revoir", []),
    ],
)  # fmt: skip
def test_organisations(text: str, expected: list[str]) -> None:
    found = known_organisations([Text(Field.BODY, text)], load_reference().organisations)

    assert [name.known_as for name in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("the EAC", "Q337456"), ("Cédéao", "Q193272"), ("the FKF", None)]
)
def test_identifiers_of_organisations(text: str, expected: str | None) -> None:
    found = known_organisations([Text(Field.BODY, text)], load_reference().organisations)

    assert next((name.wikidata for name in found), None) == expected


@pytest.mark.parametrize(
    ("language", "head", "text", "expected"),
    [
        (
            "en",
            "President meets ambassador before election",
            "The two diplomats discussed a trade deal, exports and investment.",
            [POLITICS, "economy, business and finance"],
        ),
        ("en", "Striker scores twice in cup final", "The goals came late.", ["sport"]),
        ("sw", "Mshambuliaji afunga mabao mawili", "Timu ilishinda mechi ya ligi.", ["sport"]),
        (
            "fr",
            "Les députés élisent leur président",
            "Le ministre salue l'assemblée nationale.",
            [POLITICS],
        ),
        ("fr", "L'attaquant marque deux buts", "Le match s'est joué au stade.", ["sport"]),
        ("so", "Madaxweynaha oo la kulmay wasiirrada", "Baarlamaanka iyo doorashada.", [POLITICS]),
        ("am", "የጤና ሚኒስቴር ክትባት ጀመረ", "ሆስፒታሎች በሽታውን ይከላከላሉ።", ["health"]),
        ("ti", "ጋንታ ኩዕሶ እግሪ ተዓዊታ", "ኣሰልጣኒ ንተጻወትቲ ኣመስጊኑ።", ["sport"]),
        ("om", "Dhukkubni hospitaala guute", "Talaalliin kennameera.", ["health"]),
        ("lg", "Abasawo bali mu ddwaliro", "Obulwadde bweyongedde.", ["health"]),
        ("rw", "Ikipe yatsinze ibitego bitatu", "Abakinnyi n'umutoza bishimye.", ["sport"]),
        ("rn", "Ingwara yadutse mu bitaro", "Abaganga batanze inkingo.", ["health"]),
        ("ha", "Gwamna ya lashe zaɓe", "Jam'iyyar adawa ta yi zanga-zanga.", [POLITICS]),
        ("yo", "Àwọn dókítà nílé ìwòsàn", "Àrùn náà ti tàn kálẹ̀.", ["health"]),
        ("yo", "Awon dokita nile iwosan", "Arun naa ti tan kale.", ["health"]),
        ("ig", "Ndị uwe ojii jidere ndị ohi", "Ụlọ ikpe ga-ekpe ya.", ["crime, law and justice"]),
        ("sn", "Vanachiremba vari muchipatara", "Varwere vawanda.", ["health"]),
        ("xh", "Umongameli uthethe epalamente", "Urhulumente uphendule.", [POLITICS]),
        ("zu", "Umongameli ukhulume ephalamende", "Uhulumeni uphendulile.", [POLITICS]),
        ("ln", "Ekipi elongi na match ya ndembo", "Bato bazalaki ebele.", ["sport"]),
    ],
)
def test_topics(language: str, head: str, text: str, expected: list[str]) -> None:
    headline, body = Text(Field.HEADLINE, head), Text(Field.BODY, text)

    found = load_reference().topics.subjects(headline, body, language)

    assert [s.name for s in found or () if s.level == 1] == expected


@pytest.mark.parametrize(
    ("text", "of_another"),
    [
        ("It is important that all come", "economy, business and finance"),
        ("They investigate the matter", "economy, business and finance"),
        ("The brandy was wagered", "economy, business and finance"),
        ("The village has electricity", POLITICS),
        ("The cyclone is near", "sport"),
        ("The death penalty stays", "sport"),
        ("The manager is competent", "sport"),
        ("Pastoralists saw monkeys and rabbits", "religion"),
        ("He spoke in Stormont", "disaster, accident and emergency incident"),
        ("The inventory is physical and systemic", "science and technology"),
        ("Hospitality in the nursery, patiently", "health"),
        ("A familiar tune", "society"),
        ("Bombay is on an escalator", "conflict, war and peace"),
    ],
)
def test_words_that_begin_alike(text: str, of_another: str) -> None:
    headline = Text(Field.HEADLINE, text)

    found = load_reference().topics.subjects(headline, Text(Field.BODY, text), "en")

    assert of_another not in [subject.name for subject in found or ()]


def test_topics_speak_by_the_words_of_the_lists() -> None:
    """The lists are edited by hand: what is loaded was built from them as they are."""
    lists = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in WORDS.glob("*.toml")}
    built = json.loads((DATA / "topics.json").read_bytes())["words"]

    assert built == {language: weighted(lists, language) for language in built}
    assert {*built, INTERNATIONAL} == lists.keys()


def test_every_topic_is_below_one_of_the_seventeen() -> None:
    topics = load_reference().topics.topics

    assert len(topics) == 1085
    assert len({topic.top for topic in topics.values()}) == 17
    assert {topic.level for topic in topics.values()} == set(range(1, 7))


# --- the files ------------------------------------------------------------------------------------


def test_every_country_of_iso_3166_1_is_there_once() -> None:
    """249 codes, and Kosovo's, which is not assigned and used everywhere."""
    rows = json.loads((DATA / "countries.json").read_bytes())["countries"]

    codes = [row["code"] for row in rows]

    assert len(codes) == len(set(codes)) == 250
    assert codes == sorted(codes)
    assert all(len(code) == 2 and code.isupper() for code in codes)


def test_every_country_has_a_wikidata_identifier_of_its_own() -> None:
    rows = json.loads((DATA / "countries.json").read_bytes())["countries"]

    identifiers = [row["wikidata"] for row in rows]

    assert len(set(identifiers)) == len(identifiers)
    assert all(i[0] == "Q" and i[1:].isdecimal() for i in identifiers)


def test_every_file_says_where_it_comes_from() -> None:
    files = [file for file in DATA.glob("*.json") if file.name != "MANIFEST.json"]

    assert files
    for file in files:
        sources = json.loads(file.read_bytes())["sources"]
        assert all(source["name"] and source["licence"] for source in sources)


def test_the_manifest_lists_every_data_file() -> None:
    listed = set(json.loads((DATA / "MANIFEST.json").read_bytes()))

    there = (*DATA.glob("*.json"), *DATA.glob("*.gz"))
    assert listed == {file.name for file in there} - {"MANIFEST.json"}


def test_the_version_names_the_data_by_its_hash() -> None:
    digest = sha256((DATA / "countries.json").read_bytes()).hexdigest()

    assert f"countries/{digest[:8]}" in load_reference().version


def test_it_is_read_once_a_process() -> None:
    assert load_reference() is load_reference()


def test_a_copy_reads_the_same(tmp_path: Path) -> None:
    copy(tmp_path)

    assert read_reference(tmp_path) == load_reference()


@pytest.mark.parametrize(
    "name", ["countries.json", "organisations.json", "topics.json", "places.txt.gz"]
)
def test_a_changed_file_stops_the_start(tmp_path: Path, name: str) -> None:
    copy(tmp_path)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b" ")

    with pytest.raises(DataMismatch, match=rf"worker/data/{name} has sha256"):
        read_reference(tmp_path)


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    copy(tmp_path)
    (tmp_path / "countries.json").unlink()

    with pytest.raises(DataMismatch, match=r"worker/data/countries\.json is missing"):
        read_reference(tmp_path)
