"""Files as newsrooms really drop them: paste the bytes of a bug report here, and what was expected.

Each case is a whole file. ``body`` is ``body_text``, its paragraphs one to a line.
"""
# ruff: noqa: E501, RUF001 -- a table, and one of characters that are easily confused

import codecs
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from worker.core.article import Article, Author, Dateline, Kind, Moment, Precision, Withdrawn
from worker.core.errors import Rejected
from worker.core.ledger import Reason
from worker.core.normalise import normalise
from worker.core.readers import read


@dataclass(frozen=True)
class Case:
    id: str  # the number of the nasty, where it is one of the list, and what it is
    content: bytes
    name: str = "story.txt"
    headline: str = "Market opens"
    body: str = "One."
    repairs: tuple[str, ...] = ()
    kinds: dict[Kind, str] = field(default_factory=dict)  # of other paragraphs: first of each kind
    charset: str = "utf-8"
    says: dict[str, object] = field(default_factory=dict)  # other fields of the article


@dataclass(frozen=True)
class Refusal:
    id: str
    content: bytes
    reason: Reason
    detail: str = ""
    name: str = "story.txt"


LATIN = "Le président a déclaré à l’Assemblée que les élections auront lieu comme prévu à l’été."
JAPANESE = "大統領は月曜日に、貿易に関する協議が来月も続くと述べた。会談は二時間に及んだ。"
CHINESE = "总统星期一表示，贸易谈判将于下个月继续进行。官员说，会谈持续了两个小时。"
LONG = "The county opened a market for three hundred traders on Tuesday, nine years after the old one burnt down."
OTHER = "Officials said that the roads around it come next, and that the first of the works would start in May."
ARTICLE = f"{LONG} {OTHER} {LONG} {OTHER} {LONG}"
SWAHILI = "Kaunti ilifungua soko jipya mjini Nakuru siku ya Jumanne baada ya miaka tisa."
WRAPPED = b"""Market opens
    NAKURU, March 4 - The county opened a market for three hundred
traders on Tuesday, nine years after the old one burnt down and
left them by the road.
    Officials said roads come next.
"""
PRICES = b"""Market opens
    Prices that traders in the new market asked for on its first of
all mornings, in shillings a bag, against those of the week before.
 maize      4,100    3,900
 beans      9,800    9,950
 wheat      5,000    5,000
"""
DATELINES = {  # as the list has them: places, date, agency
    "NAKURU (AP) —": (("NAKURU",), None, "AP"),
    "NAKURU, Dec 24 (Reuters) -": (("NAKURU",), "--12-24", "Reuters"),
    "NAKURU, Rift Valley --": (("NAKURU", "Rift Valley"), None, None),
    "NAKURU, Kenya (AP) _": (("NAKURU", "Kenya"), None, "AP"),
    "NAKURU, Jan 28 (Xinhua) --": (("NAKURU",), "--01-28", "Xinhua"),
    "NAKURU/KISUMU, Jan 28 (KNA) -": (("NAKURU", "KISUMU"), "--01-28", "KNA"),
    "NAKURU (Jan. 28) —": (("NAKURU",), "--01-28", None),
    "Nakuru —": (("Nakuru",), None, None),
    "NAKURU, Jan 28 (APP):": (("NAKURU",), "--01-28", "APP"),
}

CASES = [
    Case("plain", b"Market opens\nOne.\n"),
    Case("1 mojibake", "Market opens\nCafÃ© â€“ itâ€™s open.".encode(), body="Café – it’s open.", repairs=("mojibake",)),
    Case("2 looks like mojibake and is right", "Market opens\nSÃO PAULO É…".encode(), body="SÃO PAULO É…"),
    Case("3 one stray pound", b"Market opens\nIt cost \xa3199.", body="It cost £199.", repairs=("stray_bytes",), charset="windows-1252"),
    Case("4 cp1252 quotes", b"Market opens\n\x93Yes,\x94 she said \x96 twice.", body="“Yes,” she said – twice.", repairs=("stray_bytes",), charset="windows-1252"),
    Case("5 Latin-1 that could be Latin-2", f"Le marché\n{LATIN}".encode("cp1252"), headline="Le marché", body=LATIN, charset="windows-1252"),
    Case("6 Shift-JIS that could be Korean", f"大統領\n{JAPANESE}".encode("shift_jis"), headline="大統領", body=JAPANESE, charset="windows-31j"),
    Case("7 UTF-16 with mark", codecs.BOM_UTF16_LE + "Market opens\r\nOne.".encode("utf-16-le"), charset="utf-16-le"),
    Case("7 UTF-16, big-endian, with mark", codecs.BOM_UTF16_BE + "Market opens\nOne.".encode("utf-16-be"), charset="utf-16-be"),
    Case("8 UTF-16 without mark", "Market opens\nOne.".encode("utf-16-be"), charset="utf-16-be"),
    Case("8 UTF-16 of Han without mark", f"总统\n{CHINESE}".encode("utf-16-le"), headline="总统", body=CHINESE, charset="utf-16-le"),
    Case("8 UTF-32 without mark", "Market opens\nOne.".encode("utf-32-le"), charset="utf-32-le"),
    Case("9 UTF-8 mark", codecs.BOM_UTF8 + b"Market opens\nOne."),
    Case("10 mark amid joined files", b"Market opens\n" + codecs.BOM_UTF8 + b"One.", repairs=("bom",)),
    Case("11 two encodings", "Market opens\nDéjà vu.\n".encode() + b"Caf\xe9.", body="Déjà vu.\nCafé.", repairs=("stray_bytes",)),
    Case("12 U+FFFD already there", "Market opens\nCaf\ufffd.".encode(), body="Caf\ufffd."),
    Case("13 NUL", b"Mar\x00ket opens\nO\x00ne.", repairs=("nul",)),
    Case("13 JSON with escaped NUL", rb'{"title": "Mar\u0000ket opens", "body": "One."}', name="a.json", repairs=("nul",)),
    Case("14 controls of wire copy", b"\x02Market opens\n\x1eOne.\x03", repairs=("controls",)),
    Case("15 file separators are no line breaks", b"Market opens\nO\x1cn\x1de.", repairs=("controls",)),
    Case("15 rare line breaks", "Market opens\u2028One.\x85Two.\x0cThree.\x0bFour.".encode(), body="One.\nTwo.\nThree.\nFour."),
    Case("16 soft hyphens", "Mar\xadket opens\nOne.".encode(), repairs=("soft_hyphens",)),
    Case("17 zero width space", "Mar\u200bket opens\nOne.".encode(), repairs=("zero_width",)),
    Case("17 joiners stay", "Market opens\n👩\u200d🌾 می\u200cشود".encode(), body="👩\u200d🌾 می\u200cشود"),
    Case("18 ligatures stay", "Market opens\nThe \ufb01re.".encode(), body="The \ufb01re."),
    Case("19 NFD", "Market opens\nCafe\u0301.".encode(), body="Café.", repairs=("nfc",)),
    Case("20 spaces", "Market\u3000opens\nOne\u2009two\xa0three.".encode(), body="One two three."),
    Case("21 bidi overrides", "Market \u202eopens\u202c\nOne.".encode(), repairs=("bidi",)),
    Case("21 right to left stays", "Market opens\n\u200fשלום".encode(), body="\u200fשלום"),
    Case("22 quotes stay curled", "Market opens\n“One”, it’s ‘two’…".encode(), body="“One”, it’s ‘two’…"),
    Case("22 full-width marks stay", "Market opens\nOne（two）！".encode(), body="One（two）！"),
    Case("23 entities escaped twice", rb'{"title": "Market&amp;#8217;s open", "body": "One."}', name="a.json", headline="Market’s open", repairs=("entities",)),
    Case("23 unless it makes markup", rb'{"title": "Use &amp;lt;p&amp;gt; here", "body": "One."}', name="a.json", headline="Use &amp;lt;p&amp;gt; here"),
    Case("24 entities in .txt", b"Market opens\nJuma &amp; Sons, &#163;5, AT&T; &amp;amp;", body="Juma & Sons, £5, AT&T; &amp;", repairs=("entities",)),
    Case("25 HTML in .txt", b"<p>Market opens</p><p>One.</p>"),
    Case("26 CR", b"Market opens\rOne.\rTwo.", body="One.\nTwo."),
    Case("26 CRLF and LF", b"Market opens\r\n\r\nOne.\nTwo.", body="One.\nTwo."),
    Case("27 hard-wrapped", WRAPPED, body=f"{LONG[:-1].removesuffix('.')} and left them by the road.\nOfficials said roads come next.", kinds={Kind.DATELINE: "NAKURU, March 4 -"}),
    Case("28 a line a paragraph", b"Market opens\nOne.\nTwo.", body="One.\nTwo."),
    Case("28 blank line paragraphs", b"Market opens\n\n\nOne.\n\nTwo.\n\n", body="One.\nTwo."),
    Case("29 a table's rows stay apart", PRICES, body="Prices that traders in the new market asked for on its first of all mornings, in shillings a bag, against those of the week before.\nmaize 4,100 3,900\nbeans 9,800 9,950\nwheat 5,000 5,000"),
    Case("31 one line", b"Market opens", body=""),
    Case("31 a whole story in one line", f"{LONG} {OTHER} {LONG}".encode(), headline=LONG, body=f"{LONG} {OTHER} {LONG}", says={"headline_source": "derived"}),
    Case("32 no headline but a dateline", f"NAKURU, Jan 28 (KNA) - {LONG}\n{OTHER}".encode(), headline=LONG, body=f"{LONG}\n{OTHER}", kinds={Kind.DATELINE: "NAKURU, Jan 28 (KNA) -"}, says={"headline_source": "derived"}),
    Case("32 no headline but a byline", f"By Jane Wanjiru\n{LONG}".encode(), headline=LONG, body=LONG, kinds={Kind.BYLINE: "By Jane Wanjiru"}, says={"headline_source": "derived"}),
    Case("33 all capitals", b"MARKET OPENS\nOne.", headline="MARKET OPENS"),
    Case("34 headline over 255", b"Word " * 99 + b"\nOne.", headline=("Word " * 99).strip()),
    Case("34 headline wrapped over two lines", b"County opens a market for three hundred\ntraders in Nakuru\nOne.", headline="County opens a market for three hundred traders in Nakuru"),
    Case("35 headline repeated", b"Market opens\nMARKET OPENS.\nOne.", kinds={Kind.REPEAT: "MARKET OPENS."}),
    Case("35 headline repeated with the site's name", b"Market opens\nMarket opens | Lake Post\nOne.", kinds={Kind.REPEAT: "Market opens | Lake Post"}),
    Case("36 body doubled", f"Market opens\n{LONG}\nYes.\nMarket opens\n{LONG}\nYes.".encode(), body=f"{LONG}\nYes.", kinds={Kind.REPEAT: "Market opens"}),
    Case("36 paragraphs doubled one by one", f"Market opens\n{LONG}\n{LONG}\n{OTHER}\n{OTHER}".encode(), body=f"{LONG}\n{OTHER}", kinds={Kind.REPEAT: LONG}),
    Case("36 body doubled with its dateline", f"Market opens\nNAKURU - {LONG}\n{OTHER}\nNAKURU - {LONG}\n{OTHER}".encode(), body=f"{LONG}\n{OTHER}", kinds={Kind.DATELINE: "NAKURU -", Kind.REPEAT: f"NAKURU - {LONG}"}),
    Case("37 refrain stays", b"Market opens\nOne.\nOne.\nOne.", body="One.\nOne.\nOne."),
    *(
        Case(f"38 dateline {line}", f"Market opens\n{line} The county.".encode(), body="The county.", kinds={Kind.DATELINE: line}, says={"dateline": Dateline(line, *parts)})
        for line, parts in DATELINES.items()
    ),
    Case("38 dateline after byline", b"Market opens\nBy Jane Wanjiru\nNAKURU, Jan 28 - One.", kinds={Kind.BYLINE: "By Jane Wanjiru", Kind.DATELINE: "NAKURU, Jan 28 -"}),
    Case("39 byline", b"Market opens\nBy Abby Otieno\nOne.", kinds={Kind.BYLINE: "By Abby Otieno"}, says={"authors": (Author("Abby Otieno"),)}),
    Case("39 roles and agencies are no authors", b"Market opens\nBy Jane Wanjiru and Ali Noor, Reuters\nOne.", kinds={Kind.BYLINE: "By Jane Wanjiru and Ali Noor, Reuters"}, says={"authors": (Author("Jane Wanjiru", "Reuters"), Author("Ali Noor", "Reuters")), "source": "Reuters"}),
    Case("39 a sentence with By", b"Market opens\nBy Monday the rain had stopped", body="By Monday the rain had stopped"),
    Case("40 date line", b"Market opens\nJanuary 5, 2019\nOne.", kinds={Kind.DATE: "January 5, 2019"}, says={"published": Moment(datetime(2019, 1, 5, tzinfo=UTC), Precision.DAY, "text")}),
    Case("40 date line with its time", b"Market opens\nPublished: January 5, 2019 | 10:30 EAT\nOne.", kinds={Kind.DATE: "Published: January 5, 2019 | 10:30 EAT"}, says={"published": Moment(datetime(2019, 1, 5, 7, 30, tzinfo=UTC), Precision.MINUTE, "text")}),
    Case("41 also read", b"Market opens\nOne.\nAlso read: Two", kinds={Kind.BOILERPLATE: "Also read: Two"}),
    Case("41 newsletter", b"Market opens\nOne.\nSign up for our newsletter", kinds={Kind.BOILERPLATE: "Sign up for our newsletter"}),
    Case("41 rights", "Market opens\nOne.\n© 2025 Lake Post. All rights reserved.".encode(), kinds={Kind.BOILERPLATE: "© 2025 Lake Post. All rights reserved."}),
    Case("41 reporting by", b"Market opens\nOne.\n(Reporting by J. Wanjiru; Editing by Ali Noor)", kinds={Kind.BOILERPLATE: "(Reporting by J. Wanjiru; Editing by Ali Noor)"}, says={"authors": (Author("J. Wanjiru", "reporting"), Author("Ali Noor", "editing"))}),
    Case("42 caption", b"Market opens\nFILE PHOTO: A stall in Nakuru\nOne.", kinds={Kind.CAPTION: "FILE PHOTO: A stall in Nakuru"}),
    Case("42 caption by its credit", b"Market opens\nOne.\nA stall in Nakuru. [Photo: Ali Noor, Lake Post]", kinds={Kind.CAPTION: "A stall in Nakuru. [Photo: Ali Noor, Lake Post]"}),
    Case("48 taken for JSON", b"[Update] Market opens\nOne.", headline="[Update] Market opens"),
    Case("48 taken for a JSON object", b"{Update} Market opens\nOne.", headline="{Update} Market opens", name="story.text"),
    Case("48 a ticker taken for a tag", b"MARKET <P> OPENS\nOne.", headline="MARKET <P> OPENS"),
    Case("49 a day that could be the month", b"Market opens\n05/06/2025\nOne.", body="05/06/2025\nOne.", says={"published": None}),
    Case("49 no year", b"Market opens\nNAKURU, Jan 28 - One.", kinds={Kind.DATELINE: "NAKURU, Jan 28 -"}, says={"published": None}),
    Case("49 no year but in the path", b"Market opens\nNAKURU, Dec 31 - One.", name="2025/01/01/story.txt", kinds={Kind.DATELINE: "NAKURU, Dec 31 -"}, says={"published": Moment(datetime(2024, 12, 31, tzinfo=UTC), Precision.DAY, "dateline")}),
    Case("49 modified before published", rb'{"title": "Market opens", "body": "One.", "datePublished": "2025-02-03", "dateModified": "2025-02-01"}', name="a.json", says={"updated": None}),
    Case("49 no zone", rb'{"title": "Market opens", "body": "One.", "datePublished": "2025-02-03T10:30"}', name="a.json", says={"published": Moment(datetime(2025, 2, 3, tzinfo=UTC), Precision.DAY, "metadata")}),
    Case("50 too short to tell its language", b"Ruto\nRubio.", headline="Ruto", body="Rubio.", says={"language": "und"}),
    Case("50 Swahili under English words", f"Market opens\n{SWAHILI}\n{SWAHILI}".encode(), body=f"{SWAHILI}\n{SWAHILI}", says={"language": "sw"}),
    Case("51 a kill as a story", b"KILL: Market opens\nOne.", headline="KILL: Market opens", says={"signal": "kill", "status": "canceled", "withdraws": Withdrawn(None, "Market opens")}),
    Case("51 a kill of an address", b"KILL KILL KILL\nThe story at https://Lake.example/a?utm_source=x is wrong.", headline="KILL KILL KILL", body="The story at https://Lake.example/a?utm_source=x is wrong.", says={"status": "canceled", "withdraws": Withdrawn("https://lake.example/a", None)}),
    Case("51 a kill by mail has a name of its own", b"From: desk@lake.example\nMessage-ID: <9@lake.example>\nSubject: KILL: Market opens\n\nOne.", name="a.eml", headline="KILL: Market opens", says={"status": "canceled", "withdraws": Withdrawn(None, "Market opens")}),
    Case("51 a kill as a last version", b'{"uri": "urn:lake:7", "version": "2", "pubstatus": "canceled", "headline": "Market opens", "body_text": "One."}', name="a.json", says={"status": "canceled", "withdraws": Withdrawn("urn:lake:7", "Market opens")}),
    Case("51 a kill of another item", b"<nitf><head><docdata management-status='canceled'><doc-id id-string='urn:lake:8'/><correction id-string='urn:lake:7'/></docdata></head><body><body.head><hedline><hl1>Market opens</hl1></hedline></body.head><body.content><p>One.</p></body.content></body></nitf>", name="a.xml", says={"status": "canceled", "withdraws": Withdrawn("urn:lake:7", "Market opens")}),
    Case("a press release says so first", b"PRESS RELEASE\n4 March 2025\n\nMarket opens\n\nOne.", kinds={Kind.BOILERPLATE: "PRESS RELEASE", Kind.DATE: "4 March 2025"}),
    Case("an author's role on the line below", b"Market opens\nBy JANE WANJIRU\nLake Post Writer\nNAKURU, Kenya (AP) _ One.", kinds={Kind.BYLINE: "By JANE WANJIRU", Kind.DATELINE: "NAKURU, Kenya (AP) _"}, says={"authors": (Author("JANE WANJIRU", "Lake Post Writer"),), "dateline": Dateline("NAKURU, Kenya (AP) _", ("NAKURU", "Kenya"), None, "AP")}),
    Case("an event's labels", b"Date: 4 March 2025\nTime: 10:00\nVenue: Nakuru\n\nMarket opens\n\nOne.", kinds={Kind.DATE: "Date: 4 March 2025", Kind.BOILERPLATE: "Time: 10:00"}),
    Case("a flag, a slug and a note to editors come first", f"URGENT\nBC-Nakuru-Market,0123\nEds: Adds a quote\nMarket opens\nNAKURU, Kenya (AP) - {LONG}".encode(), body=LONG, kinds={Kind.BOILERPLATE: "URGENT", Kind.DATELINE: "NAKURU, Kenya (AP) -"}, says={"ed_note": "Adds a quote", "source": "AP"}),
    Case("a press release's letterhead", b"FOR IMMEDIATE RELEASE\nContact: Jane Wanjiru, +254 700 000 000, press@lake.example\nMarket opens\nNAKURU, Kenya, March 4, 2025 -- One.", kinds={Kind.BOILERPLATE: "FOR IMMEDIATE RELEASE", Kind.DATELINE: "NAKURU, Kenya, March 4, 2025 --"}),
    Case("a masthead and its date", b"The Lake Record\n4 March 2025\nMarket opens\nBy Jane Wanjiru\nOne.", kinds={Kind.BOILERPLATE: "The Lake Record", Kind.DATE: "4 March 2025", Kind.BYLINE: "By Jane Wanjiru"}),
    Case("a headline and its deck", b"Market opens\nTraders come back to Nakuru\nBy Jane Wanjiru\nOne.", body="Traders come back to Nakuru\nOne.", kinds={Kind.BYLINE: "By Jane Wanjiru"}),
    Case("a column is signed", b"Market opens\nWANJIRU KAMAU\nOne.\nWanjiru Kamau is a writer in Nairobi.", body="One.\nWanjiru Kamau is a writer in Nairobi.", kinds={Kind.BYLINE: "WANJIRU KAMAU"}),
    Case("mail that was forwarded", b"From: Jane Wanjiru <jane@lake.example>\nSubject: FWD: Market opens\n\nMarket opens\n\nOne.", name="a.eml", kinds={Kind.BOILERPLATE: "FWD: Market opens", Kind.REPEAT: "Market opens"}),
    Case("51 a kill below a flag", b"URGENT\nKILL: Market opens\nIt was wrong.", headline="KILL: Market opens", body="It was wrong.", kinds={Kind.BOILERPLATE: "URGENT"}, says={"signal": "kill", "status": "canceled", "withdraws": Withdrawn(None, "Market opens")}),
    Case("51 a film called kill is reviewed on a page", b"<title>KILL: Market of blood</title><p>One.</p><p>Two.</p>", name="a.html", headline="KILL: Market of blood", body="One.\nTwo.", says={"signal": None, "status": "usable", "withdraws": None}),
    Case("51 a film called kill is reviewed", f"KILL: A FILM REVIEW\n{ARTICLE}".encode(), headline="KILL: A FILM REVIEW", body=ARTICLE, says={"signal": None, "status": "usable", "withdraws": None}),
    Case("51 a kill is forwarded", b"From: desk@lake.example\nSubject: Fwd: KILL: Market opens\n\nPlease kill urn:lake:market7.", name="a.eml", headline="Fwd: KILL: Market opens", body="Please kill urn:lake:market7.", says={"status": "canceled", "withdraws": Withdrawn("urn:lake:market7", "Market opens")}),
    Case("51 an album called kill is a story", b"KILL: the new album\nOne.", headline="KILL: the new album", says={"signal": None, "status": "usable", "withdraws": None}),
    Case("51 a bill to kill is a story", b"KILL THE BILL: TRADERS\nOne.", headline="KILL THE BILL: TRADERS", says={"signal": None, "status": "usable", "withdraws": None}),
    Case("51 a correction as a story", b"CORRECTED-Market opens\nOne.", headline="CORRECTED-Market opens", says={"signal": "corrected", "status": "usable", "withdraws": None}),
    Case("54 an odd name", b"Market opens\nOne.", name="-\xff\n..json.txt"),
    Case("JSON with markup", b'{"title": "Market opens", "body": "<p>One.</p>"}', name="a.json"),
    Case("an address of its own line", b"Market opens\nhttps://WWW.Lake.example/a?utm_source=x&id=7#top\nOne.", kinds={Kind.BOILERPLATE: "https://WWW.Lake.example/a?utm_source=x&id=7#top"}, says={"canonical_url": "https://www.lake.example/a?id=7", "source": "lake.example"}),
    # Layouts that newsrooms, their sites and their mail really have.
    Case("capitals, wrapped, and a dateline that a colon ends", b"COUNTY OPENS A NEW MARKET FOR THREE HUNDRED TRADERS\nIN NAKURU\n\nBY JANE WANJIRU\n\nNAKURU, MARCH 4, 2025: One.\n\nENDS", headline="COUNTY OPENS A NEW MARKET FOR THREE HUNDRED TRADERS IN NAKURU", kinds={Kind.BYLINE: "BY JANE WANJIRU", Kind.DATELINE: "NAKURU, MARCH 4, 2025:", Kind.BOILERPLATE: "ENDS"}),
    Case("a byline after a dateline of its own line", b"Market opens\nNAKURU, Kenya -\nBy Jane Wanjiru\nOne.", kinds={Kind.DATELINE: "NAKURU, Kenya -", Kind.BYLINE: "By Jane Wanjiru"}),
    Case("By on a line of its own", b"Market opens\n\nBy\n\nJane Wanjiru\n\nMarch 4, 2025\n\nOne.", kinds={Kind.BYLINE: "By Jane Wanjiru", Kind.DATE: "March 4, 2025"}),
    Case("a byline in small letters is no second line of the headline", b"Nakuru: county opens market\nby JANE WANJIRU, KNA\nOne.", headline="Nakuru: county opens market", kinds={Kind.BYLINE: "by JANE WANJIRU, KNA"}),
    Case("an author without By, with a role", b"Market opens\nJane Wanjiru, Senior Reporter\n@jane\nOne.", kinds={Kind.BYLINE: "Jane Wanjiru, Senior Reporter", Kind.BOILERPLATE: "@jane"}, says={"authors": (Author("Jane Wanjiru", "Senior Reporter"),)}),
    Case("a byline and its date on one line", b"Market opens\nBy Jane Wanjiru | Updated March 4, 2025\nOne.", kinds={Kind.BYLINE: "By Jane Wanjiru | Updated March 4, 2025"}, says={"authors": (Author("Jane Wanjiru"),), "updated": Moment(datetime(2025, 3, 4, tzinfo=UTC), Precision.DAY, "text")}),
    Case("source, date and editor on one line", f"Market opens\nSource: Xinhua| 2025-03-04 22:15:33|Editor: huaxia\n{LONG}".encode(), body=LONG, kinds={Kind.DATE: "Source: Xinhua| 2025-03-04 22:15:33|Editor: huaxia"}, says={"source": "Xinhua", "published": Moment(datetime(2025, 3, 4, tzinfo=UTC), Precision.DAY, "text")}),
    Case("a town between a byline and its date", b"Market opens\nBy Jane Wanjiru\nNakuru\nTuesday, March 4, 2025\nOne.", body="Nakuru\nOne.", kinds={Kind.BYLINE: "By Jane Wanjiru", Kind.DATE: "Tuesday, March 4, 2025"}),
    Case("a second headline before the byline", b"Market opens\nTraders waited nine years for a roof\nBy Jane Wanjiru\nOne.", body="Traders waited nine years for a roof\nOne.", kinds={Kind.BYLINE: "By Jane Wanjiru"}),
    Case("a caption with its credit before the byline", b"Market opens\nTraders in Nakuru. PHOTO | ALI NOOR\nBy Jane Wanjiru\nMore by this author\nOne.", kinds={Kind.CAPTION: "Traders in Nakuru. PHOTO | ALI NOOR", Kind.BYLINE: "By Jane Wanjiru", Kind.BOILERPLATE: "More by this author"}),
    Case("a date and a byline at the end", b"Market opens\nOne.\nTwo.\nBy Jane Wanjiru\n4 March 2025", body="One.\nTwo.", kinds={Kind.BYLINE: "By Jane Wanjiru", Kind.DATE: "4 March 2025"}),
    Case("labelled lines", b"Slug: MARKET\nHeadline: Market opens\nByline: Jane Wanjiru\nDateline: NAKURU, March 4\nKeywords: market, roads\n\nBody: One.\n-30-", kinds={Kind.BOILERPLATE: "Slug: MARKET", Kind.DATELINE: "NAKURU, March 4"}, says={"authors": (Author("Jane Wanjiru"),), "headline_source": "metadata", "declared_subjects": ("market", "roads")}),
    Case("mail that was pasted", b"From: Jane Wanjiru <jane@lake.example>\nSent: Tuesday, March 4, 2025\nTo: Desk\nSubject: Market opens\n\nOne.", kinds={Kind.BOILERPLATE: "From: Jane Wanjiru <jane@lake.example>"}, says={"authors": (Author("Jane Wanjiru"),), "published": Moment(datetime(2025, 3, 4, tzinfo=UTC), Precision.DAY, "metadata")}),
    Case("an embargo of trade is a headline", b"Embargo until 2026 hits ports\nOne.", headline="Embargo until 2026 hits ports", says={"status": "usable"}),
    Case("an embargo that a field denies", b'{"title": "Market opens", "text": "One.", "embargo": 0}', name="a.json", says={"status": "usable"}),
    Case("an embargo that does not say when it ends", b'{"title": "Market opens", "text": "One.", "embargoed": true}', name="a.json", says={"status": "withheld"}),
    Case("an embargo in a subject", b"From: desk@lake.example\nSubject: Embargoed until 2025-03-07T06:00Z: Market\n\nOne.", name="a.eml", headline="Embargoed until 2025-03-07T06:00Z: Market", says={"embargo_until": datetime(2025, 3, 7, 6, tzinfo=UTC)}),
    Case("an embargo in the text", b"EMBARGOED UNTIL 06:00 EAT, Friday 7 March 2025\nMarket opens\nOne.", kinds={Kind.BOILERPLATE: "EMBARGOED UNTIL 06:00 EAT, Friday 7 March 2025"}, says={"embargo_until": datetime(2025, 3, 7, 3, tzinfo=UTC)}),
    Case("what a page has below its date need be no headline", f"January 5, 2019\n■ Trade\n{LONG}".encode(), headline="■ Trade", body=f"■ Trade\n{LONG}", kinds={Kind.DATE: "January 5, 2019"}, says={"headline_source": "derived"}),
    Case("a press release", b"FOR IMMEDIATE RELEASE\n\nMarket opens\n\nNAKURU, Kenya, March 4, 2025 /Lakewire/ -- One.\n\n###", kinds={Kind.BOILERPLATE: "FOR IMMEDIATE RELEASE", Kind.DATELINE: "NAKURU, Kenya, March 4, 2025 /Lakewire/ --"}, says={"source": "Lakewire"}),
    Case("a page that was pasted", b"Home > News > Counties\nMarket opens\nUpdated 2 hours ago\nBy Jane Wanjiru\n4 min read\nShare\nOne.\nADVERTISEMENT\nTags: Nakuru, market\nComments (3)", kinds={Kind.BOILERPLATE: "Home > News > Counties", Kind.BYLINE: "By Jane Wanjiru"}),
    Case("a town in capitals before a colon", b"Market opens\nAFP\nMarch 04, 2025 07:45 AM\nNAKURU: One.", kinds={Kind.BYLINE: "AFP", Kind.DATE: "March 04, 2025 07:45 AM", Kind.DATELINE: "NAKURU:"}, says={"source": "AFP"}),
    Case("an interview has no datelines", b"Market opens\nMWANGI: One.\nNOOR: Two.", body="MWANGI: One.\nNOOR: Two."),
    Case("questions and answers", b"Market opens\nQ: One?\nA: Two.", body="Q: One?\nA: Two."),
    Case("a table of tabs", b"Market opens\nOne.\nTown\tBags\tPrice\nNakuru\t20\t48\nKisumu\t15\t40\nTwo.", body="One.\nTwo.", kinds={Kind.TABLE: "Town Bags Price"}),
    Case("a table of bars", b"Market opens\n| Town | Bags |\n|------|------|\n| Nakuru | 20 |\nOne.", kinds={Kind.TABLE: "Town Bags"}),
    Case("tabs that indent make no table", b"Market opens\n\tOne, and\tmore.\n\tTwo.", body="One, and more.\nTwo."),
    Case("bullets and a post", "Market opens\n• One.\n1. Two.\nA great day! #Nakuru pic.example/x\n— Ali Noor (@noor) March 4, 2025\nThree.".encode(), body="• One.\n1. Two.\nA great day! #Nakuru pic.example/x\n— Ali Noor (@noor) March 4, 2025\nThree."),
    Case("French", "Le marché ouvre ses portes\nPar Jeanne Dubois, à Nakuru\nNAKURU, 4 mars (AFP) – Le comté a ouvert un marché mardi.\nLire aussi : Les routes".encode(), headline="Le marché ouvre ses portes", body="Le comté a ouvert un marché mardi.", kinds={Kind.BYLINE: "Par Jeanne Dubois, à Nakuru", Kind.DATELINE: "NAKURU, 4 mars (AFP) –", Kind.BOILERPLATE: "Lire aussi : Les routes"}, says={"authors": (Author("Jeanne Dubois"),)}),
    Case("Swahili", f"Soko lafunguliwa\nNa Juma Mwangi\nNAKURU, Machi 4 - {SWAHILI}\nSOMA PIA: Barabara\nImechapishwa: 4 Machi 2025\nMwisho".encode(), headline="Soko lafunguliwa", body=SWAHILI, kinds={Kind.BYLINE: "Na Juma Mwangi", Kind.DATELINE: "NAKURU, Machi 4 -", Kind.BOILERPLATE: "SOMA PIA: Barabara", Kind.DATE: "Imechapishwa: 4 Machi 2025"}, says={"language": "sw", "dateline": Dateline("NAKURU, Machi 4 -", ("NAKURU",), "2025-03-04")}),
]  # fmt: skip

REFUSALS = [
    Refusal("30 nothing", b"", Reason.EMPTY),
    Refusal("30 spaces", b" \r\n\t", Reason.EMPTY),
    Refusal("9 a mark alone", codecs.BOM_UTF8, Reason.EMPTY),
    Refusal("no letter", b"1 - 0\n12:30", Reason.NO_TEXT),
    Refusal("PDF", b"%PDF-1.7\n%\xe2\xe3", Reason.UNSUPPORTED_FORMAT, "PDF"),
    Refusal("docx", b"PK\x03\x04..word/document.xml", Reason.UNSUPPORTED_FORMAT, "Word"),
    Refusal("garbage", bytes(range(128, 256)) * 9, Reason.UNDECODABLE),
    Refusal("53 an XML bomb", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;">]><x>&b;</x>', Reason.ENTITY_BOMB),
    Refusal("an empty feed", b"<rss><channel><title>Market</title></channel></rss>", Reason.UNSUPPORTED_FORMAT, "feed"),
    Refusal("48 deep JSON", b'{"a":' * 100_000, Reason.MALFORMED, "JSON", name="a.json"),
    Refusal("many records", b'[{"title": "One"}, {"title": "Two"}]', Reason.UNSUPPORTED_FORMAT),
    Refusal("44 more paragraphs than any article", b"Word\n" * 250_001, Reason.TOO_EXPENSIVE),
]  # fmt: skip

ELSEWHERE = {  # nasties of the folder, the ledger and the store, and the tests that they have there
    43: ("tests/unit/test_watcher.py", "TOO_LARGE"),
    44: ("tests/contract/test_ledger_laws.py", "test_a_text_of_more_words_than_an_index_takes"),
    45: ("tests/unit/core/test_settling.py", "test_when_a_file_is_complete"),
    46: ("tests/contract/test_ledger_laws.py", "test_twins_in_a_batch_are_one_article"),
    47: ("tests/contract/test_ledger_laws.py", "test_a_page_of_which_only_the_noise_changed"),
    52: ("tests/contract/test_ledger_laws.py", "test_a_later_version_that_finishes_first_stays_current"),
}  # fmt: skip


def article(content: bytes, name: str = "story.txt") -> Article:
    return normalise(*read(content, name), path=name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_read_right(case: Case) -> None:
    found = article(case.content, case.name)

    texts = [p.text for p in found.paragraphs if p.kind is Kind.TEXT]
    others = {p.kind: p.text for p in reversed(found.paragraphs) if p.kind is not Kind.TEXT}
    assert (found.headline, "\n".join(texts)) == (case.headline, case.body)
    assert (found.evidence.repairs, others) == (case.repairs, case.kinds)
    assert found.evidence.charset == case.charset
    assert {name: getattr(found, name) for name in case.says} == case.says


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.id)
def test_refused(case: Refusal) -> None:
    with pytest.raises(Rejected) as rejected:
        article(case.content, case.name)

    assert rejected.value.reason is case.reason
    assert case.detail in rejected.value.detail


def test_each_of_the_54_has_a_test() -> None:
    here = {int(c.id.split()[0]) for c in (*CASES, *REFUSALS) if c.id.split()[0].isdigit()}

    assert here | ELSEWHERE.keys() == {*range(1, 55)}


@pytest.mark.parametrize(("file", "says"), ELSEWHERE.values(), ids=map(str, ELSEWHERE))
def test_the_others_have_theirs(file: str, says: str) -> None:
    root = Path(__file__).parents[3]

    assert says in (root / file).read_text(encoding="utf-8")


FRAGMENTS = st.sampled_from(
    [
        *(case.content for case in CASES),
        *(case.content for case in REFUSALS if len(case.content) < 1000),
        b"By Jane Wanjiru\n",
        b"NAIROBI, Jan 28 (AP) - ",
        b"January 5, 2019\n",
        b'{"title": "',
        b'"}',
        b"<p>",
        b"</p>",
        b"&#0;&nbsp;",
        b"\n\n",
        b"    ",
        b"\xff\xfe",
    ]
)
CONTENTS = st.one_of(st.binary(max_size=300), st.lists(FRAGMENTS, max_size=6).map(b"".join))
NAMES = st.sampled_from(["a.txt", "a.json", "a.html", "a.eml", "a", ""])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=CONTENTS, name=NAMES)
@example(content=b'{"headline": "A", "date": 1e400, "author": [[]], "body": [{}]}', name="")
@example(content=b"<html><title>&#0;A&#xd800;</title><p>&#x202e;</p>", name="")
def test_any_bytes_are_an_article_or_refused(content: bytes, name: str) -> None:
    """Never another exception; always storable text, whose offsets hold; always the same."""
    try:
        found = article(content, name)
    except Rejected as rejected:
        with pytest.raises(Rejected, match=rejected.reason):
            article(content, name)
        return

    whole = "\n".join([found.headline, found.body_text, *(p.text for p in found.paragraphs)])
    whole.encode()
    assert "\x00" not in whole
    for p in found.paragraphs:
        assert p.kind is not Kind.TEXT or found.body_text[p.start : p.end] == p.text
    assert article(content, name) == found


@pytest.mark.parametrize(
    "unit",
    [
        b"\n",
        b" ",
        b"-",
        b"\xc2\xad",
        b"word ",
        b"word\n",
        b"    word\n",
        b"<p>",
        b"<!--",
        b"</p>",
        b"[",
        b'{"a":',
        b"By A, ",
        b"NAIROBI, ",
        b"1 ",
        b"\xc3\x83\xc2\xa9 ",
        b"&",
    ],
    ids=repr,
)
@pytest.mark.timeout(10)
def test_repetition_does_not_run_away(unit: bytes) -> None:
    """Half a megabyte of anything ends at once: nothing in here is quadratic."""
    content = b"Market opens\n" + unit * (500_000 // len(unit))
    start = b"" if unit in (b"[", b'{"a":', b"<p>", b"<!--") else b"x"

    try:
        found = article(start + content.removeprefix(b"Market opens\n"))
    except Rejected:
        return

    assert found.headline


def calls(content: bytes) -> int:
    """How many calls of functions, ours and Python's own, an article takes: the same every time."""
    count = 0

    def profile(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        article(content)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        f"{LONG}\n",
        f"    {LONG[:60]}\n{LONG[60:]}\n",
        "One.\n",
        " maize  4,100  3,900\n",
        f"{LONG} ",
        "NAKURU, Jan 28 (AP) - By Jane Wanjiru\n",
        "CafÃ© opens.\n",
    ],
)
def test_work_grows_no_faster_than_the_text(unit: str) -> None:
    """Counted, not timed: three times the text takes three times the calls, at most."""
    small, large = (calls(f"Market opens\n{unit * n}".encode()) for n in (400, 1200))

    assert large <= 3.1 * small
