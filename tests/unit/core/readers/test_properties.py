"""What holds for every file, of every format; looked for with hypothesis.

``python -m tests.fuzz`` looks for the same, for longer, and guided by coverage.
"""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

_NAMES = st.sampled_from(sorted(TARGETS))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_NAMES, st.binary(max_size=400))
def test_a_file_is_an_article_or_refused(name: str, data: bytes) -> None:
    """Nothing else is raised, every text can be stored, and the same file reads the same."""
    TARGETS[name](data)
