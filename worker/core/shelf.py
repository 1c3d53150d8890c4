"""Hold stored texts so that those near a candidate can be found: an inverted index.

Pure. The memory adapter keeps its whole store on one shelf; the Postgres adapter lays out what
its probe found, then puts the batch's earlier articles beside it, so twins in a batch see each
other. One piece of code finds neighbours for both, which is why their verdicts agree.

What is indexed is every version, and every near copy that says more or less than what it copies:
a story that came in cut short is found by its full form, and both by the next paper's. Of a sketch
the smallest keys are used, but none that many articles have: a menu or a standing paragraph on
every page of a paper would else fill the sketch, and find all its pages.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache, partial
from uuid import UUID

from worker.core.article import UNTOLD, Decision, Relation, Verdict
from worker.core.dedupe import Candidate, Neighbour
from worker.core.fingerprint import Fingerprint, Text, text

INDEXED_KEYS = 24  # of a sketch
WORDS_A_KEY = 8  # of a long text, which has more
POSTING_CAP = (
    24  # articles; a key that so many have is a template's: it finds nothing, is passed by
)
SHARED_KEYS = 2  # for two texts to be worth comparing
SHORT_SKETCH = 12  # keys; a text with fewer is compared on one
CANDIDATES = 8  # articles compared at most, those with the rarest shared keys
TEXTS = 3  # of one article, besides its latest version
NOVEL_JACCARD = 0.85  # a near copy that shares less with what it copies is indexed as well

PathKey = tuple[str, bytes]  # inbox, raw path


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored text: a version, or a near copy of one.

    ``origin`` names its article in the index: the file that the article's first version came from.
    """

    origin: int
    article_id: UUID
    version: int
    content_hash: bytes
    headline: str
    body_text: str
    file_id: int = 0  # that the text came from
    copy: bool = False  # of the version
    published: datetime | None = None  # per the publisher, to the day at least
    arrived: datetime | None = None  # the store's clock
    embargo_until: datetime | None = None  # nobody may see it before
    publisher_version: str | None = None
    source: str | None = None

    def embargoed(self, now: datetime | None) -> bool:
        return self.embargo_until is not None and now is not None and self.embargo_until > now


@dataclass(frozen=True, slots=True)
class Posting:
    """A text has a key. Of the texts of one article only the first that has it is posted."""

    key: int
    origin: int
    file_id: int


class Shelf:
    def __init__(self) -> None:
        self.posted: list[Posting] = []  # since the shelf was laid out
        self._postings: defaultdict[int, dict[int, int]] = defaultdict(dict)  # key → origin → file
        self._by_hash: defaultdict[bytes, list[Entry]] = defaultdict(list)
        self._by_uri: dict[str, UUID] = {}
        self._by_path: dict[PathKey, tuple[UUID, int]] = {}
        self._own: defaultdict[PathKey, set[UUID]] = defaultdict(set)
        self._versions: dict[tuple[UUID, int], Entry] = {}
        self._latest: dict[UUID, Entry] = {}
        self._articles: dict[int, UUID] = {}  # by origin
        self._by_file: dict[int, Entry] = {}
        self._barred: defaultdict[PathKey, set[UUID]] = defaultdict(set)

    def put(self, entry: Entry) -> None:
        """Add a text; the greatest version of its article is the latest."""
        known = self._by_hash[entry.content_hash]
        if entry not in known:
            known.append(entry)
        self._by_file[entry.file_id] = entry
        if entry.copy:
            return
        self._articles[entry.origin] = entry.article_id
        self._versions[entry.article_id, entry.version] = entry
        latest = self._latest.get(entry.article_id)
        if latest is None or latest.version < entry.version:
            self._latest[entry.article_id] = entry

    def index(self, origin: int, keys: Iterable[int], file_id: int) -> None:
        """Add keys of an article's text, whether or not it is on the shelf itself.

        However many texts of an article have a key, it counts once: a story that is corrected ten
        times must not look like ten stories of one template.
        """
        for key in keys:
            postings = self._postings[key]
            if len(postings) < POSTING_CAP:
                postings.setdefault(origin, file_id)

    def likely(self, print_: Fingerprint) -> dict[int, list[int]]:
        """The articles worth comparing, by origin, and the files whose texts share the most keys.

        Those with the rarest shared keys come first, then the oldest.
        """
        keys = self._usable(print_.sketch)
        files: defaultdict[int, Counter[int]] = defaultdict(Counter)
        rarity: defaultdict[int, float] = defaultdict(float)
        enough = SHARED_KEYS if len(keys) >= SHORT_SKETCH else 1
        weights = dict.fromkeys(keys, 1)
        weights |= dict.fromkeys(self._usable(print_.headings), enough)  # enough by itself
        for key, weight in weights.items():
            postings = self._postings.get(key, {})
            for origin, file_id in postings.items():
                files[origin][file_id] += weight
                rarity[origin] += 1 / len(postings)
        found = [origin for origin, shared in files.items() if shared.total() >= enough]
        found.sort(key=lambda origin: (-rarity[origin], origin))
        return {origin: _most(files[origin]) for origin in found[:CANDIDATES]}

    def _usable(self, keys: Iterable[int]) -> list[int]:
        return [key for key in keys if len(self._postings.get(key, ())) < POSTING_CAP]

    def _indexed(self, print_: Fingerprint) -> list[int]:
        """A long text has more keys, so that a brief of it is found by one of them."""
        most = max(INDEXED_KEYS, print_.words // WORDS_A_KEY)
        return [*self._usable(print_.headings), *self._usable(print_.sketch)[:most]]

    def name_uri(self, article_id: UUID, uri: str) -> None:
        """Remember what a publisher calls an article."""
        self._by_uri[uri] = article_id

    def bears(self, article_id: UUID, uri: str) -> bool:
        """Whether it is that article which the publisher calls so.

        What a person keeps apart from an article may have its identifier as well.
        """
        return self._by_uri.get(uri) == article_id

    def name_path(self, article_id: UUID, version: int, path: PathKey, *, own: bool) -> None:
        """Remember which version a file has the text of; *own*: it made a version of that article.

        A copy is compared with what it copied: next to a later version, it would look like news.
        """
        self._by_path[path] = article_id, version
        if own:
            self._own[path].add(article_id)

    def keep_apart(self, path: PathKey, article_id: UUID) -> None:
        """Whatever the texts say: a person said that the file is not that article."""
        self._barred[path].add(article_id)

    def merge(self, article_id: UUID, into: UUID, version: int) -> None:
        """Make the texts of an article so many copies of *version* of another."""
        heir, gone = self._versions[into, version], self._latest.pop(article_id).origin
        moved, renamed = partial(_moved, of=article_id, heir=heir), {article_id: into}
        self._versions = {key: e for key, e in self._versions.items() if key[0] != article_id}
        for entries in self._by_hash.values():
            entries[:] = map(moved, entries)
        self._by_file = {file_id: moved(entry) for file_id, entry in self._by_file.items()}
        self._articles = {o: renamed.get(a, a) for o, a in self._articles.items()}
        self._by_uri = {uri: renamed.get(a, a) for uri, a in self._by_uri.items()}
        self._by_path = {
            path: (into, version) if at[0] == article_id else at
            for path, at in self._by_path.items()
        }
        for own in self._own.values():
            if article_id in own:
                own.add(into)
        for postings in self._postings.values():
            if (file_id := postings.pop(gone, None)) is not None:
                postings.setdefault(heir.origin, file_id)

    def succeed(self, article_id: UUID) -> Verdict:
        """Make a copy the next version of its article, the others of which were taken back."""
        because = "it takes the place of a text that was taken back"
        return Verdict(Relation.REVISION, because, article_id, self._latest[article_id].version)

    def read_again(self, article_id: UUID, version: int, because: str) -> Verdict:
        """Make a new reading of *version* the next one, unless a later one came meanwhile."""
        latest = self._latest[article_id].version
        if latest == version:
            return Verdict(Relation.REVISION, because, article_id, version)
        because += f", but version {latest} came meanwhile"
        return Verdict(Relation.UNCHANGED, because, article_id, latest)

    def release(self, verdict: Verdict, candidate: Candidate, now: datetime | None) -> Verdict:
        """Make a copy of an embargoed text a version, if it has no embargo itself: it may be seen.

        Not so where a later version may be seen already, and the copy is one of an older text. Of a
        copy that may not be seen, what consumers are told has no facts.
        """
        if not verdict.relation.copy or verdict.of is None:
            return verdict
        if not _is_free(candidate, now):
            return replace(verdict, because=UNTOLD, changed=()) if verdict.changed else verdict
        copied = self._versions.get((verdict.of, verdict.version or 0))
        if copied is None or not (
            copied.embargoed(now) and self._latest[verdict.of].embargoed(now)
        ):
            return verdict
        because = f"a copy of it came without its embargo: {verdict.because}"
        return replace(verdict, relation=Relation.REVISION, because=because)

    def place(self, verdict: Verdict, new_id: Callable[[], UUID]) -> Decision:
        """Make a verdict good: which article the text belongs to, as which version."""
        if verdict.of is None or verdict.version is None:
            return Decision(verdict, new_id(), 1)
        if verdict.relation is Relation.REVISION:
            return Decision(verdict, verdict.of, self._latest[verdict.of].version + 1)
        return Decision(verdict, verdict.of, verdict.version)

    def origin(self, decision: Decision, file_id: int) -> int:
        """The origin of a decided article; *file_id* is the file that was decided on."""
        latest = self._latest.get(decision.article_id)
        return latest.origin if latest else file_id

    def shelve(
        self,
        file_id: int,
        candidate: Candidate,
        decision: Decision,
        path: PathKey,
        *,
        now: datetime | None = None,
    ) -> None:
        """Lay a judged text beside the others, so that the next candidate is judged against it."""
        if decision.adds_version or novel(decision.verdict):
            self._keep(file_id, candidate, decision, now)
        if decision.verdict.relation is Relation.NEW and candidate.article.uri:
            self._by_uri.setdefault(candidate.article.uri, decision.article_id)
        self.name_path(decision.article_id, decision.version, path, own=decision.adds_version)

    def _keep(
        self, file_id: int, candidate: Candidate, decision: Decision, now: datetime | None
    ) -> None:
        article, origin = candidate.article, self.origin(decision, file_id)
        keys = self._indexed(candidate.fingerprint)
        fresh = [key for key in keys if origin not in self._postings[key]]
        self.posted += [Posting(key, origin, file_id) for key in fresh]
        self.index(origin, fresh, file_id)
        self.put(
            Entry(
                origin=origin,
                article_id=decision.article_id,
                version=decision.version,
                content_hash=candidate.fingerprint.content_hash,
                headline=article.headline,
                body_text=article.body_text,
                file_id=file_id,
                copy=not decision.adds_version,
                published=candidate.published,
                arrived=now,
                embargo_until=article.embargo_until,
                publisher_version=article.publisher_version,
                source=article.source,
            )
        )

    def neighbours(
        self, candidate: Candidate, path: PathKey, *, now: datetime | None = None
    ) -> Iterator[Neighbour]:
        """Texts that may be the same story, each once, in no promised order."""
        at, _ = self._by_path.get(path, _NOWHERE)
        for entry in self._near(candidate, path):
            latest = self._latest[entry.article_id]
            yield Neighbour(
                article_id=entry.article_id,
                version=entry.version,
                latest=latest.version == entry.version,
                content_hash=entry.content_hash,
                text=_text(entry.headline, entry.body_text),
                same_text=_same(entry, candidate),
                same_path=entry.article_id == at,
                own=entry.article_id in self._own.get(path, ()),
                same_uri=entry.article_id == self._by_uri.get(candidate.article.uri or ""),
                same_source=entry.source is not None and entry.source == candidate.article.source,
                newest=latest.publisher_version,
                published_apart=_apart(candidate.published, entry.published),
                arrived_apart=_apart(now, entry.arrived),
            )

    def _near(self, candidate: Candidate, path: PathKey) -> Iterator[Entry]:
        """Texts that share keys, the latest of their articles, the file's own, the same words."""
        likely = self.likely(candidate.fingerprint)
        found = [self._articles.get(origin) for origin in likely]
        sharing = [self._by_file.get(file_id) for files in likely.values() for file_id in files]
        at, version = self._by_path.get(path, _NOWHERE)
        named = [at, self._by_uri.get(candidate.article.uri or "")]
        latest = [self._latest[a] for a in (*found, *named) if a is not None and a in self._latest]
        copied = [] if at is None else [self._versions.get((at, version))]
        equal = self._equal(candidate.fingerprint.content_hash)
        entries = dict.fromkeys(e for e in (*latest, *sharing, *copied, *equal) if e is not None)
        barred = self._barred.get(path, ())
        known = (e for e in entries if e.article_id in self._latest)
        yield from (e for e in known if e.article_id not in barred)

    def _equal(self, content_hash: bytes) -> list[Entry]:
        """Texts of the same words; of one article the last few, for it may go to and fro."""
        texts: defaultdict[UUID, list[Entry]] = defaultdict(list)
        for entry in self._by_hash.get(content_hash, ()):
            texts[entry.article_id].append(entry)
        return [e for some in texts.values() for e in sorted(some, key=_by_version)[-TEXTS:]]


def _by_version(entry: Entry) -> int:
    return entry.version


def _moved(entry: Entry, *, of: UUID, heir: Entry) -> Entry:
    """A text of a merged article, as a copy of the one that it is now."""
    if entry.article_id != of:
        return entry
    into, version, origin = heir.article_id, heir.version, heir.origin
    return replace(entry, article_id=into, version=version, origin=origin, copy=True)


def _is_free(candidate: Candidate, now: datetime | None) -> bool:
    until = candidate.article.embargo_until
    held = until is not None and now is not None and until > now
    return candidate.article.status == "usable" and not held


def _apart(one: datetime | None, other: datetime | None) -> timedelta | None:
    return None if one is None or other is None else abs(one - other)


def novel(verdict: Verdict) -> bool:
    """Whether a near copy says so much more or less that others may be found by it alone."""
    return verdict.relation is Relation.NEAR and verdict.scores.jaccard < NOVEL_JACCARD


def _most(files: Counter[int]) -> list[int]:
    return sorted(files, key=lambda file_id: (-files[file_id], file_id))[:TEXTS]


_NOWHERE: tuple[None, int] = (None, 0)


def _same(entry: Entry, candidate: Candidate) -> bool:
    article = candidate.article
    return (entry.headline, entry.body_text) == (article.headline, article.body_text)


def _text(headline: str, body: str) -> Text:
    return (_ready if len(body) <= _LONG_CHARACTERS else text)(headline, body)


_LONG_CHARACTERS = 20_000  # a longer body is made ready anew each time
_ready = lru_cache(maxsize=512)(text)  # a hot neighbour is compared again and again; 30 MB at most
