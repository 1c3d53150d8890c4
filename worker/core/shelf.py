"""Hold stored versions so that those near a candidate can be found: an inverted index.

Pure. The memory adapter keeps its whole store on one shelf; the Postgres adapter lays out what
its probe found, then puts the batch's earlier articles beside it, so twins in a batch see each
other. One piece of code finds neighbours for both, which is why their verdicts agree.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from worker.core.article import Decision, Relation, Verdict
from worker.core.dedupe import Candidate, Neighbour
from worker.core.fingerprint import Text, text

POSTING_CAP = 25  # a list this long is a template's; reading on would cost and tell nothing
SHARED_KEYS = 2  # of a sketch, for two texts to be worth comparing
SHORT_SKETCH = 12  # keys; a text with fewer is compared on one
CANDIDATES = 8  # compared at most, those with the most shared keys

PathKey = tuple[str, bytes]  # inbox, raw path


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored version.

    ``origin`` names its article in the index: the file that the article's first version came from.
    """

    origin: int
    article_id: UUID
    version: int
    content_hash: bytes
    headline: str
    body_text: str


class Shelf:
    def __init__(self) -> None:
        self._postings: defaultdict[int, list[int]] = defaultdict(list)  # key → origins
        self._by_hash: defaultdict[bytes, list[Entry]] = defaultdict(list)
        self._by_uri: dict[str, UUID] = {}
        self._by_path: dict[PathKey, tuple[UUID, int]] = {}
        self._own: defaultdict[PathKey, set[UUID]] = defaultdict(set)
        self._versions: dict[tuple[UUID, int], Entry] = {}
        self._latest: dict[UUID, Entry] = {}
        self._articles: dict[int, UUID] = {}  # by origin

    def put(self, entry: Entry) -> None:
        """Add a version; the greatest of its article is the latest."""
        known = self._by_hash[entry.content_hash]
        if entry not in known:
            known.append(entry)
        self._articles[entry.origin] = entry.article_id
        self._versions[entry.article_id, entry.version] = entry
        latest = self._latest.get(entry.article_id)
        if latest is None or latest.version < entry.version:
            self._latest[entry.article_id] = entry

    def index(self, origin: int, keys: Iterable[int]) -> None:
        """Add an article's sketch keys, whether or not the article itself is on the shelf.

        However many versions of it have a key, it counts once: a story that is corrected ten times
        must not look like ten stories of one template.
        """
        for key in keys:
            postings = self._postings[key]
            if len(postings) < POSTING_CAP and origin not in postings:
                postings.append(origin)

    def name_uri(self, article_id: UUID, uri: str) -> None:
        """Remember what a publisher calls an article."""
        self._by_uri[uri] = article_id

    def name_path(self, article_id: UUID, version: int, path: PathKey, *, own: bool) -> None:
        """Remember which version a file has the text of; *own*: it made a version of that article.

        A copy is compared with what it copied: next to a later version, it would look like news.
        """
        self._by_path[path] = article_id, version
        if own:
            self._own[path].add(article_id)

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

    def shelve(self, file_id: int, candidate: Candidate, decision: Decision, path: PathKey) -> None:
        """Lay a judged text beside the others, so that the next candidate is judged against it."""
        print_, article = candidate.fingerprint, candidate.article
        if decision.adds_version:
            origin = self.origin(decision, file_id)
            where = (origin, decision.article_id, decision.version)
            self.put(Entry(*where, print_.content_hash, article.headline, article.body_text))
            self.index(origin, print_.sketch)
        if decision.verdict.relation is Relation.NEW and article.uri:
            self.name_uri(decision.article_id, article.uri)
        self.name_path(decision.article_id, decision.version, path, own=decision.adds_version)

    def neighbours(self, candidate: Candidate, path: PathKey) -> Iterator[Neighbour]:
        """Versions that may be the same story, each once, in no promised order."""
        shared = self._shared(candidate.fingerprint.sketch)
        at, _ = self._by_path.get(path, _NOWHERE)
        for entry in self._near(candidate, path, shared):
            yield Neighbour(
                article_id=entry.article_id,
                version=entry.version,
                latest=self._latest[entry.article_id].version == entry.version,
                content_hash=entry.content_hash,
                text=_text(entry.headline, entry.body_text),
                same_text=_same(entry, candidate),
                same_path=entry.article_id == at,
                own=entry.article_id in self._own.get(path, ()),
                same_uri=entry.article_id == self._by_uri.get(candidate.article.uri or ""),
                postings=tuple(len(self._postings[key]) for key in shared.get(entry.origin, ())),
            )

    def _near(
        self, candidate: Candidate, path: PathKey, shared: dict[int, list[int]]
    ) -> Iterator[Entry]:
        """The latest version of each article near, the file's own, and all of the same words."""
        counts = Counter({origin: len(keys) for origin, keys in shared.items()})
        found = [self._articles.get(o) for o in likely(counts, len(candidate.fingerprint.sketch))]
        at, version = self._by_path.get(path, _NOWHERE)
        named = [at, self._by_uri.get(candidate.article.uri or "")]
        latest = [self._latest[a] for a in (*found, *named) if a is not None and a in self._latest]
        copied = [] if at is None else [self._versions.get((at, version))]
        equal = self._by_hash.get(candidate.fingerprint.content_hash, ())
        yield from dict.fromkeys(e for e in (*latest, *copied, *equal) if e is not None)

    def _shared(self, sketch: tuple[int, ...]) -> dict[int, list[int]]:
        """For each article that shares keys with *sketch*, by its origin: those keys."""
        shared: defaultdict[int, list[int]] = defaultdict(list)
        for key in sketch:
            for origin in self._postings.get(key, ()):
                shared[origin].append(key)
        return shared


def likely(shared: Counter[int], sketch_keys: int) -> list[int]:
    """The articles worth comparing, by origin: most shared keys first, then the oldest."""
    enough = SHARED_KEYS if sketch_keys >= SHORT_SKETCH else 1
    candidates = [(-n, origin) for origin, n in shared.items() if n >= enough]
    return [origin for _, origin in sorted(candidates)[:CANDIDATES]]


_NOWHERE: tuple[None, int] = (None, 0)


def _same(entry: Entry, candidate: Candidate) -> bool:
    article = candidate.article
    return (entry.headline, entry.body_text) == (article.headline, article.body_text)


@lru_cache(maxsize=256)  # a hot neighbour is compared again and again; 256 texts are some 25 MB
def _text(headline: str, body: str) -> Text:
    return text(headline, body)
