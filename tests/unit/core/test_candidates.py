from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from tests.articles import article, text
from worker.core.article import Relation
from worker.core.candidates import consider
from worker.core.dedupe import Candidate, Neighbour, examine
from worker.core.fingerprint import text as prepared
from worker.core.policy import Policy


def neighbour(number: int, content: str) -> Neighbour:
    other = Candidate.of(article(content))
    return Neighbour(
        article_id=UUID(int=number),
        version=1,
        latest=True,
        content_hash=other.fingerprint.content_hash,
        text=prepared(other.article.headline, other.article.body_text),
    )


def test_each_candidate_has_its_own_verdict_the_strongest_first() -> None:
    story, edited = text(), text().replace("14 days", "15 days")
    others = [neighbour(1, text(5)), neighbour(2, edited), neighbour(3, story)]

    judged = consider(Candidate.of(article(story)), others, Policy())

    assert [other.article_id.int for other, _ in judged] == [3, 2, 1]
    assert judged[0][1].relation is Relation.EXACT
    assert judged[1][1].relation in (Relation.NEAR, Relation.REVISION)
    assert judged[2][1].relation is Relation.NEW


def test_what_is_no_match_has_the_rule_s_own_reason() -> None:
    mine, other = Candidate.of(article(text())), neighbour(1, text(5))

    ((_, verdict),) = consider(mine, [other], Policy())
    (finding,) = examine(mine, [other], Policy())

    assert (verdict.relation, verdict.of) == (Relation.NEW, None)
    assert verdict.because == finding.because


def test_relatives_are_named_so() -> None:
    """The same words half a year later: another article, and not a stranger."""
    mine = Candidate.of(article(text()))
    later = replace(neighbour(1, text()), published_apart=timedelta(days=180))

    ((_, verdict),) = consider(mine, [later], Policy())

    assert verdict.relation is Relation.NEW
    assert verdict.because.endswith("; recurring all the same")
