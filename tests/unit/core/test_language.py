import pytest

from worker.core.language import detect, identify, warm


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The county opened a new market in Nakuru on Tuesday after nine years.", "en"),
        ("Kaunti ilifungua soko jipya mjini Nakuru siku ya Jumanne baada ya miaka tisa.", "sw"),
        ("Ismaamulku wuxuu suuq cusub ka furay magaalada maalintii Talaadada.", "so"),
        ("Le comté a ouvert un nouveau marché à Nakuru mardi, après neuf ans d'attente.", "fr"),
        ("ካውንቲው ማክሰኞ ዕለት በናኩሩ አዲስ ገበያ ከፈተ።", "am"),
        ("ምምሕዳር ከተማ ኣብ ናኩሩ ሓድሽ ዕዳጋ ሰሉስ ከፊቱ", "ti"),
        ("አዲስ አበባ ውስጥ ኣዲስ ገበያ ተከፈተ", "am"),
        ("总统星期一表示贸易谈判将继续", "zh"),
    ],
)
def test_detect(text: str, expected: str) -> None:
    warm()

    assert detect(text) == expected


@pytest.mark.parametrize("text", ["", "1-0", "KCB 42.5 +0.3", "Ruto, Rubio", "Shr 45 cts"])
def test_too_little_to_tell(text: str) -> None:
    assert detect(text) == "und"


@pytest.mark.parametrize(
    ("declared", "expected"),
    [("sw", "sw"), ("en-KE", "en"), ("en_GB", "en"), (" FR ", "fr"), ("xx", "und"), ("", "und")],
)
def test_what_is_declared_decides_where_the_text_does_not(declared: str, expected: str) -> None:
    assert detect("Ruto, Rubio", declared) == expected


def test_a_text_must_be_sure_to_overrule_what_is_declared() -> None:
    text = "Matokeo ya KCB leo"

    assert (detect(text), detect(text, "so")) == ("sw", "so")


def test_the_text_overrules_what_is_declared() -> None:
    """Templates declare English for everything."""
    text = "Kaunti ilifungua soko jipya mjini Nakuru siku ya Jumanne baada ya miaka tisa." * 2

    assert detect(text, "en") == "sw"


@pytest.mark.parametrize(("declared", "expected"), [("rn", "rn"), ("rw", "rw"), ("en", "rw")])
def test_what_the_model_does_not_know_is_believed(declared: str, expected: str) -> None:
    """It takes Kirundi for Kinyarwanda."""
    text = "Umukuru w'igihugu yashikirije ijambo imbere y'abanyagihugu ku murwa mukuru" * 2

    assert detect(text, declared) == expected


def test_only_the_start_counts() -> None:
    lead = "The county opened a new market in Nakuru on Tuesday after nine years. " * 8

    assert identify(lead + "Soko jipya lilifunguliwa. " * 500) == identify(lead)
