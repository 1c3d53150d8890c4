import codecs
import random
from collections.abc import Callable

import pytest

from worker.core.decode import decode
from worker.core.errors import Rejected
from worker.core.ledger import Reason

ENGLISH = "The county opened a market in Nakuru on Tuesday.\nTraders had waited for nine years.\n"
FRENCH = "Le président a déclaré à l'Assemblée que les élections auront lieu comme prévu à l'été.\n"
GERMAN = "Der Präsident sagte am Montag, die Gespräche würden fortgeführt, größer als zuvor.\n"
POLISH = "Prezydent powiedział w poniedziałek, że rozmowy będą trwać również w przyszłym roku.\n"
CZECH = "Prezident v pondělí řekl, že jednání o obchodu budou příští měsíc pokračovat.\n"
RUSSIAN = "Президент заявил в понедельник, что переговоры о торговле продолжатся в мае.\n"  # noqa: RUF001
UKRAINIAN = "Президент заявив у понеділок, що переговори про торгівлю продовжаться.\n"  # noqa: RUF001
GREEK = "Ο πρόεδρος δήλωσε τη Δευτέρα ότι οι συνομιλίες θα συνεχιστούν τον επόμενο μήνα.\n"  # noqa: RUF001
TURKISH = "Cumhurbaşkanı pazartesi günü ticaret görüşmelerinin süreceğini söyledi, dedi.\n"  # noqa: RUF001
ARABIC = "قال الرئيس يوم الاثنين إن المحادثات بشأن التجارة ستستمر الشهر المقبل في نيروبي\n"
HEBREW = "הנשיא אמר ביום שני כי השיחות על הסחר יימשכו בחודש הבא בניירובי\n"
LITHUANIAN = "Prezidentas pirmadienį pareiškė, kad derybos dėl prekybos tęsis kitą mėnesį.\n"
THAI = "ประธานาธิบดีกล่าวเมื่อวันจันทร์ว่าการเจรจาการค้าจะดำเนินต่อไปในเดือนหน้า\n"
JAPANESE = "大統領は月曜日に、貿易に関する協議が来月も続くと述べた。会談は二時間に及んだ。\n"
CHINESE = "总统星期一表示，贸易谈判将于下个月继续进行。官员说，会谈持续了两个小时。\n"  # noqa: RUF001
TAIWANESE = "總統星期一表示，貿易談判將於下個月繼續進行。官員說，會談持續了兩個小時。\n"  # noqa: RUF001
KOREAN = "대통령은 월요일 무역 협상이 다음 달에도 계속될 것이라고 말했다.\n"
HINDI = "राष्ट्रपति ने सोमवार को कहा कि व्यापार वार्ता अगले महीने जारी रहेगी।\n"
AMHARIC = "ፕሬዚዳንቱ ሰኞ ዕለት እንደተናገሩት የንግድ ድርድሩ በሚቀጥለው ወር ይቀጥላል።\n"


@pytest.mark.parametrize("text", [ENGLISH, FRENCH, AMHARIC, JAPANESE])
@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda t: t.encode(), id="utf-8"),
        pytest.param(lambda t: codecs.BOM_UTF8 + t.encode(), id="utf-8 with mark"),
        pytest.param(lambda t: t.encode("utf-16"), id="utf-16 with mark"),
        pytest.param(lambda t: codecs.BOM_UTF16_BE + t.encode("utf-16-be"), id="utf-16-be, mark"),
        pytest.param(lambda t: t.encode("utf-32"), id="utf-32 with mark"),
        pytest.param(lambda t: codecs.BOM_UTF32_BE + t.encode("utf-32-be"), id="utf-32-be, mark"),
        pytest.param(lambda t: t.encode("utf-32-le"), id="utf-32-le without"),
        pytest.param(lambda t: t.encode("utf-32-be"), id="utf-32-be without"),
    ],
)
def test_unicode(text: str, encode: Callable[[str], bytes]) -> None:
    decoded, evidence = decode(encode(text))

    assert decoded == text
    assert evidence.confidence == 1.0
    assert evidence.repairs == ()


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [ENGLISH, FRENCH, RUSSIAN, AMHARIC, HINDI])
def test_utf16_without_a_mark(text: str, charset: str) -> None:
    """Every other byte is below 0x20, also where it is valid UTF-8 (Hindi: all tabs)."""
    decoded, evidence = decode(text.encode(charset))

    assert (decoded, evidence.charset) == (text, charset)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (FRENCH, "windows-1252"),
        (GERMAN, "windows-1252"),
        (FRENCH, "macintosh"),
        (POLISH, "windows-1250"),
        (POLISH, "iso-8859-2"),
        (CZECH, "windows-1250"),
        (CZECH, "iso-8859-2"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso-8859-5"),
        (UKRAINIAN, "koi8-u"),
        (GREEK, "windows-1253"),
        (TURKISH, "windows-1254"),
        (ARABIC, "windows-1256"),
        (HEBREW, "windows-1255"),
        (LITHUANIAN, "windows-1257"),
        (THAI, "tis-620"),
        (JAPANESE, "windows-31j"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso-2022-jp"),
        (CHINESE, "gb18030"),
        (TAIWANESE, "big5"),
        (KOREAN, "euc-kr"),
    ],
)
def test_code_pages(text: str, charset: str) -> None:
    codec = "cp932" if charset == "windows-31j" else charset  # Python 3.11 lacks the IANA name

    decoded, evidence = decode((text * 3).encode(codec))

    assert decoded == text * 3
    assert evidence.charset == charset


@pytest.mark.parametrize(
    ("content", "expected", "charset"),
    [
        pytest.param(b"It costs \xa3199 now", "It costs £199 now", "windows-1252", id="pound"),
        pytest.param(
            b"\x93We wait\x94 \x96 she said\x85",
            "“We wait” – she said…",  # noqa: RUF001 -- the marks are the point
            "windows-1252",
            id="quotes and dash",
        ),
        pytest.param(
            ENGLISH.encode() + b"The caf\xe9 opens on Monday.",
            ENGLISH + "The café opens on Monday.",
            "windows-1252",
            id="one letter in an English text",
        ),
        pytest.param(
            FRENCH.encode() + b"Le caf\xe9 ouvre.",
            FRENCH + "Le café ouvre.",
            "utf-8",
            id="a line of cp1252 in UTF-8",
        ),
        pytest.param(
            ENGLISH.encode() + b"A caf\xe9",
            ENGLISH + "A café",
            "windows-1252",
            id="as the very last byte",
        ),
    ],
)
def test_stray_bytes(content: bytes, expected: str, charset: str) -> None:
    decoded, evidence = decode(content)

    assert decoded == expected
    assert (evidence.charset, evidence.repairs) == (charset, ("stray_bytes",))


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [CHINESE, JAPANESE, KOREAN])
def test_utf16_of_han_without_a_mark(text: str, charset: str) -> None:
    """No byte betrays it; its language does."""
    decoded, evidence = decode(text.encode(charset))

    assert (decoded, evidence.charset) == (text, charset)


def test_a_cut_off_character_is_left_out_and_said() -> None:
    decoded, evidence = decode((FRENCH + "Après l’é").encode()[:-1])  # noqa: RUF001 -- meant

    assert decoded == FRENCH + "Après l’"  # noqa: RUF001 -- meant
    assert evidence.repairs == ("cut_off_character",)


@pytest.mark.parametrize("declared", ["iso-8859-1", "ISO_8859-1", "latin1", "windows-1252"])
def test_latin_1_is_read_as_browsers_read_it(declared: str) -> None:
    """Its C1 range holds cp1252's quotation marks on every real page."""
    decoded, evidence = decode(b"K\xf6ln \x93sagt\x94 \xd6\xc4\xdc\xdf\xe4\xf6", declared=declared)

    assert decoded == "Köln “sagt” ÖÄÜßäö"
    assert evidence.charset == "windows-1252"


@pytest.mark.parametrize(
    "declared", [None, "no-such-charset", "rot13", "zlib_codec", "koi8-r", "ascii", "big5"]
)
def test_a_wrong_declaration_is_not_believed(declared: str | None) -> None:
    decoded, _ = decode((FRENCH * 2).encode("cp1252"), declared=declared)

    assert decoded == FRENCH * 2


def test_utf8_is_not_overruled_by_a_declaration() -> None:
    decoded, evidence = decode(FRENCH.encode(), declared="iso-8859-1")

    assert (decoded, evidence.charset) == (FRENCH, "utf-8")


@pytest.mark.parametrize(
    ("content", "reason", "detail"),
    [
        pytest.param(b"", Reason.EMPTY, "0 bytes", id="nothing"),
        pytest.param(b" \r\n\t ", Reason.EMPTY, "5 bytes", id="spaces"),
        pytest.param(codecs.BOM_UTF8, Reason.EMPTY, "3 bytes", id="a mark alone"),
        pytest.param("\u00a0\u200b\u3000".encode(), Reason.EMPTY, "8 bytes", id="wide spaces"),
        pytest.param(b"%PDF-1.7\n", Reason.UNSUPPORTED_FORMAT, "PDF", id="pdf"),
        pytest.param(bytes(range(1, 32)) * 40, Reason.UNDECODABLE, "", id="controls"),
        pytest.param(b"\x00" * 4000, Reason.UNDECODABLE, "", id="zeros"),
        pytest.param(
            codecs.BOM_UTF16_LE + b"\x00\xd8a\x00" * 9, Reason.UNDECODABLE, "", id="broken utf-16"
        ),
        pytest.param(b"\x1b$B\xff\xfe\x1b(B", Reason.UNDECODABLE, "", id="broken iso-2022-jp"),
        pytest.param(b"ab\x81cd", Reason.UNDECODABLE, "", id="a byte that no page of ours assigns"),
        pytest.param(b"\x00" * 9 + b"text", Reason.UNDECODABLE, "", id="mostly zeros"),
        pytest.param(b"\x01" * 9 + b"text", Reason.UNDECODABLE, "", id="mostly controls"),
        pytest.param(
            "Ruto, Rubio, Mbappé, Pelé, Beyoncé, Zoé".encode("cp1252"),
            Reason.UNDECODABLE,
            "",
            id="names alone are no language",
        ),
        pytest.param(b"caf\xe9", Reason.UNDECODABLE, "", id="too little to tell the page by"),
    ],
)
def test_refused(content: bytes, reason: Reason, detail: str) -> None:
    with pytest.raises(Rejected) as rejected:
        decode(content)

    assert rejected.value.reason is reason
    assert detail in rejected.value.detail


@pytest.mark.parametrize("size_bytes", [20, 200, 2000, 70_000])
def test_noise_is_undecodable(size_bytes: int) -> None:
    noise = random.Random(size_bytes)  # noqa: S311 -- noise, not a secret

    for _ in range(20):
        with pytest.raises(Rejected, match=r"undecodable|unsupported"):
            decode(noise.randbytes(size_bytes))


def test_a_guess_is_made_from_whole_lines_of_the_start() -> None:
    text = RUSSIAN * 1000

    assert decode(text.encode("koi8-r"))[0] == text


def test_one_endless_line_of_a_code_page() -> None:
    text = RUSSIAN.strip() * 1000

    assert decode(text.encode("cp1251"))[0] == text
