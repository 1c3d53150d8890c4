"""Tag a batch: names are recognised in all its texts at once, then the rules read each article.

One call of the model for a batch's 64 texts costs less than 64 calls, and gives the same names.
"""

from collections.abc import Sequence

from worker.core.article import Article, Tags
from worker.core.retagging import Methods
from worker.core.tagging import chain
from worker.core.tagging.reference import Reference
from worker.core.tagging.span import Span
from worker.ports import Recogniser


class RulesRecogniser:
    """Knows no language, so that the rules and the reference data find what they find alone."""

    method = "rules"
    languages: frozenset[str] = frozenset()

    def recognise(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        return [() for _ in texts]


def tag_batch(
    articles: Sequence[Article], *, recogniser: Recogniser, reference: Reference
) -> list[Tags]:
    """Tags of each of *articles*, in order.

    Articles in a language that the recogniser does not know are left to the rules, which go by
    capitals there: an English model finds dozens of people in a Swahili story who are none.
    """
    known = [article for article in articles if article.primary_language in recogniser.languages]
    texts = [text for article in known for text in (article.headline, article.body_text)]
    spans = iter(recogniser.recognise(texts))
    return [
        chain.tag(article, next(spans), next(spans), reference, method=recogniser.method)
        if article.primary_language in recogniser.languages
        else chain.tag(article, None, None, reference, method=RulesRecogniser.method)
        for article in articles
    ]


def methods(recogniser: Recogniser, reference: Reference) -> Methods:
    """What *tag_batch* signs its tags with."""
    return Methods(
        languages=recogniser.languages,
        model=chain.signed(recogniser.method, reference),
        rules=chain.signed(RulesRecogniser.method, reference),
    )
