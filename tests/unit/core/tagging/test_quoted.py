import pytest

from worker.core.tagging.quoted import stretches


def quoted(content: str) -> list[str]:
    return [content[s.start : s.end] for s in stretches(content)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param('He said: "It rained."', ["It rained."], id="straight"),
        pytest.param("He said: “It rained.”", ["It rained."], id="curly"),
        pytest.param('He said: “It rained."', ["It rained."], id="curly, closed by a straight one"),
        pytest.param("„It rained“, he said", ["It rained"], id="low"),
        pytest.param("« Il pleut », dit-il", [" Il pleut "], id="French"),
        pytest.param('"Go," he said, "now."', ["Go,", "now."], id="split"),
        pytest.param("“He said “go” twice.”", ["He said “go” twice."], id="one within another"),
        pytest.param("\"He said 'go' twice.\"", ["He said 'go' twice."], id="single within double"),
        pytest.param('"He said “go” twice."', ["He said “go” twice."], id="curly within straight"),
        pytest.param("“One.\n\n“Two.”", ["One.\n\n“Two."], id="over two paragraphs"),
        pytest.param(
            '"One.\n\n"Two."\n\n"Three."', ['One.\n\n"Two.', "Three."], id="straight, too"
        ),
        pytest.param('"One.\n\nTwo.', ["One."], id="never closed: to the end of its paragraph"),
        pytest.param('Then "one.', ["one."], id="or of the text"),
        pytest.param('A 5" pipe and a 6" one', [], id="inches"),
        pytest.param('So " he said', [], id="a mark between spaces"),
        pytest.param('Lost "mark, then "a quotation"', ["a quotation"], id="a lost mark"),
        pytest.param("\"It said 'go.' \"", ["It said 'go.' "], id="closed after a space"),
        pytest.param("It ended.” Then “go” again", ["go"], id="a closing mark alone"),
        pytest.param('""', [], id="nothing"),
        pytest.param("'It rained,' he said", ["It rained,"], id="single where no double is"),
        pytest.param("\u2018It rained\u2019, she said", ["It rained"], id="single and curly"),
        pytest.param("the workers' union and farmers' market", [], id="possessives"),
        pytest.param("Ng'ang'a said it's Kenya's", [], id="apostrophes"),
        pytest.param("plain text", [], id="no marks"),
    ],
)
def test_stretches(content: str, expected: list[str]) -> None:
    assert quoted(content) == expected
