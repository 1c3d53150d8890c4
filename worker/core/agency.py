"""Names of news agencies, as they stand in bylines and datelines.

Few and certain: a name that is not here is still an agency between a dateline's parentheses.
"""

from typing import Final

from worker.core.wordlist import words

_AGENCIES: Final = frozenset(
    words(
        "aa|aap|afp|agence france-presse|agencia efe|agencies|agerpres|anadolu|anadolu agency|ani"
        "|ansa|ap|associated press|belga|bernama|bloomberg|cna|cnn|ctk|dpa|efe|gna|ians|interfax"
        "|ips|itar-tass|jiji|kenya news agency|kna|kyodo|mena|nampa|nan|new ziana|pa|pa media|pana"
        "|petra|pti|reuter|reuters|ria|rna|sapa|sputnik|tass|the associated press|ukrinform|una"
        "|upi|wam|xinhua|yonhap|zambia news agency",
        between="|",
    )
)


def is_agency(name: str) -> bool:
    return name.strip(" .").casefold() in _AGENCIES
