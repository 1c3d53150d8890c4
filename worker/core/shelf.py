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
    """A stored version. ``file_id`` names it: no two versions come from one file."""

    file_id: int
    article_id: UUID
    version: int
    content_hash: bytes
    headline: str
    body_text: str


class Shelf:
    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._postings: defaultdict[int, list[int]] = defaultdict(list)
        self._by_hash: defaultdict[bytes, list[int]] = defaultdict(list)
        self._by_uri: dict[str, UUID] = {}
        self._by_path: dict[PathKey, UUID] = {}
        self._latest: dict[UUID, Entry] = {}

    def put(self, entry: Entry) -> None:
        """Add a version; the greatest of its article is the latest."""
        if entry.file_id in self._entries:
            return
        self._entries[entry.file_id] = entry
        self._by_hash[entry.content_hash].append(entry.file_id)
        latest = self._latest.get(entry.article_id)
        if latest is None or latest.version < entry.version:
            self._latest[entry.article_id] = entry

    def index(self, file_id: int, keys: Iterable[int]) -> None:
        """Add a version's sketch keys, whether or not the version itself is on the shelf."""
        for key in keys:
            postings = self._postings[key]
            if len(postings) < POSTING_CAP:
                postings.append(file_id)

    def name(
        self, article_id: UUID, *, uri: str | None = None, path: PathKey | None = None
    ) -> None:
        """Remember what a publisher, or a file's path, calls an article."""
        if uri is not None:
            self._by_uri[uri] = article_id
        if path is not None:
            self._by_path[path] = article_id

    def place(self, verdict: Verdict, new_id: Callable[[], UUID]) -> Decision:
        """Make a verdict good: which article the text belongs to, as which version."""
        if verdict.of is None or verdict.version is None:
            return Decision(verdict, new_id(), 1)
        if verdict.relation is Relation.REVISION:
            return Decision(verdict, verdict.of, self._latest[verdict.of].version + 1)
        return Decision(verdict, verdict.of, verdict.version)

    def shelve(self, file_id: int, candidate: Candidate, decision: Decision, path: PathKey) -> None:
        """Lay a judged text beside the others, so that the next candidate is judged against it."""
        if decision.adds_version:
            print_, article = candidate.fingerprint, candidate.article
            where = (file_id, decision.article_id, decision.version)
            self.put(Entry(*where, print_.content_hash, article.headline, article.body_text))
            self.index(file_id, print_.sketch)
        uri = candidate.article.uri if decision.verdict.relation is Relation.NEW else None
        self.name(decision.article_id, uri=uri, path=path)

    def neighbours(self, candidate: Candidate, path: PathKey) -> Iterator[Neighbour]:
        """Versions that may be the same story, each once, in no promised order."""
        same_path = self._by_path.get(path)
        same_uri = self._by_uri.get(candidate.article.uri) if candidate.article.uri else None
        shared = self._shared(candidate.fingerprint.sketch)
        found = dict.fromkeys(self._likely(shared, len(candidate.fingerprint.sketch)))
        found.update(dict.fromkeys(self._by_hash.get(candidate.fingerprint.content_hash, ())))
        for article_id in (same_path, same_uri):
            if article_id is not None and article_id in self._latest:
                found[self._latest[article_id].file_id] = None
        for file_id in found:
            entry = self._entries[file_id]
            yield Neighbour(
                article_id=entry.article_id,
                version=entry.version,
                latest=self._latest[entry.article_id].version == entry.version,
                content_hash=entry.content_hash,
                text=_text(entry.headline, entry.body_text),
                same_path=entry.article_id == same_path,
                same_uri=entry.article_id == same_uri,
                postings=tuple(len(self._postings[key]) for key in shared.get(file_id, ())),
            )

    def _shared(self, sketch: tuple[int, ...]) -> dict[int, list[int]]:
        """For each version that shares keys with *sketch*: those keys."""
        shared: defaultdict[int, list[int]] = defaultdict(list)
        for key in sketch:
            for file_id in self._postings.get(key, ()):
                shared[file_id].append(key)
        return shared

    def _likely(self, shared: dict[int, list[int]], sketch_keys: int) -> list[int]:
        counts = Counter({file_id: len(keys) for file_id, keys in shared.items()})
        return [file_id for file_id in likely(counts, sketch_keys) if file_id in self._entries]


def likely(shared: Counter[int], sketch_keys: int) -> list[int]:
    """The versions worth comparing: most shared keys first, then the oldest."""
    enough = SHARED_KEYS if sketch_keys >= SHORT_SKETCH else 1
    candidates = [(-n, file_id) for file_id, n in shared.items() if n >= enough]
    return [file_id for _, file_id in sorted(candidates)[:CANDIDATES]]


@lru_cache(maxsize=512)  # a hot neighbour is compared again and again; 512 texts are some 50 MB
def _text(headline: str, body: str) -> Text:
    return text(headline, body)
