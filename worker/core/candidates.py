"""Say of each stored text that a file was compared with why it was a match, or none.

Pure. The reasons are the rule's own (``dedupe.examine``), so that what is said here can never be
another rule's.
"""

from collections.abc import Iterable

from worker.core import dedupe
from worker.core.article import Relation, Verdict
from worker.core.dedupe import Candidate, Finding, Neighbour
from worker.core.policy import Policy


def consider(
    candidate: Candidate, neighbours: Iterable[Neighbour], policy: Policy
) -> list[tuple[Neighbour, Verdict]]:
    """Give each neighbour its verdict, the one that was acted on first; NEW: no match."""
    findings = dedupe.examine(candidate, neighbours, policy)
    return [(finding.neighbour, _verdict(finding)) for finding in findings]


def _verdict(finding: Finding) -> Verdict:
    if finding.relation is not None:
        other = finding.neighbour
        where = other.article_id, other.version
        return Verdict(finding.relation, finding.because, *where, finding.scores)
    kin = f"; {finding.kinship.value} all the same" if finding.kinship else ""
    return Verdict(Relation.NEW, f"{finding.because}{kin}", scores=finding.scores)
