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

RULES = "rules"  # the method where no recogniser knows the language

_Spans = tuple[Span, ...] | None


def tag_batch(
    articles: Sequence[Article], *, recognisers: Sequence[Recogniser], reference: Reference
) -> list[Tags]:
    """Tags of each of *articles*, in order.

    Articles in a language that no recogniser knows are left to the rules, which go by capitals
    there: an English model finds dozens of people in a Swahili story who are none.

    Args:
        articles: In any languages.
        recognisers: No two for one language. None: the rules read everything.
        reference: What the rules know about the world.

    """
    found: dict[int, tuple[str, _Spans, _Spans]] = {}  # by place in the batch
    for recogniser in recognisers:
        known = recogniser.languages
        mine = [i for i, article in enumerate(articles) if article.primary_language in known]
        texts = [text for i in mine for text in (articles[i].headline, articles[i].body_text)]
        spans = iter(recogniser.recognise(texts))
        found |= {i: (recogniser.method, next(spans), next(spans)) for i in mine}
    tags = []
    for i, article in enumerate(articles):
        method, headline, body = found.get(i, (RULES, None, None))
        tags.append(chain.tag(article, headline, body, reference, method=method))
    return tags


def methods(recognisers: Sequence[Recogniser], reference: Reference) -> Methods:
    """What *tag_batch* signs its tags with."""
    return Methods(
        models={
            language: chain.signed(recogniser.method, reference)
            for recogniser in recognisers
            for language in recogniser.languages
        },
        rules=chain.signed(RULES, reference),
    )
