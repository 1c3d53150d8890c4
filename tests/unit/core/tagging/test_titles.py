import pytest

from tests.unit.core.tagging.makers import body
from worker.core.tagging.titles import after_titles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("President Ruto said", ["Ruto"], id="English"),
        pytest.param("Rais Ruto alisema", ["Ruto"], id="Swahili"),
        pytest.param("la Présidente Sahle-Work Zewde a dit", ["Sahle-Work Zewde"], id="French"),
        pytest.param("le président Kossi Adandé a dit", ["Kossi Adandé"], id="small in French"),
        pytest.param(
            "Secretary of State Marco Rubio on Monday", ["Marco Rubio"], id="longest title"
        ),
        pytest.param("Prime Minister Dr. Abiy Ahmed,", ["Abiy Ahmed"], id="two titles"),
        pytest.param("Sheikh Mohamed bin Zayed al Nahyan", ["Mohamed bin Zayed"], id="particles"),
        pytest.param("Sheikh Mohamed bin al Zayed", ["Mohamed"], id="one particle in a row"),
        pytest.param("Mr al Zayed", [], id="no particle first"),
        pytest.param("Mr One Two Three Four Five", ["One Two Three Four"], id="four words at most"),
        pytest.param("Governor Sakaja and Senator Sifuna", ["Sakaja", "Sifuna"], id="one each"),
        pytest.param("President Ruto Monday said", ["Ruto"], id="a day ends it"),
        pytest.param("the Prime Minister said", [], id="a title alone"),
        pytest.param("the President, Ruto", [], id="a comma between"),
        pytest.param("the Premier League", [], id="a contest's first words"),
        pytest.param(
            "Governor Anyang' Nyong'o", ["Anyang' Nyong'o"], id="an apostrophe ends a name"
        ),
        pytest.param("General Assembly", [], id="an organisation's first words"),
        pytest.param("president Ruto", [], id="a title in lower case"),
        pytest.param("the Governor", [], id="at the end of the text"),
    ],
)
def test_after_titles(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in after_titles(body(text))] == expected
