"""Conditions: the diseases that an indication or a dose names, with the document's own abbreviations understood."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from monopipe import vocabulary
from monopipe.cues import Cued, folded
from monopipe.extract.reading import Reading
from monopipe.extract.terms import normal, split

_BRACKET = re.compile(r"\s*[\[(][^\[\]()]*[\])]")
_STATUS_WORDS = Cued(
    r"\b(?:newly[- ]diagnosed|relapsed(?:\s*(?:/|or|and)\s*refractory)?|refractory|previously treated|untreated)\s+"
)
# "Recurrent or progressive astrocytoma" is one condition in two statuses.
_STATUSES = Cued(
    r"\b(?:recurrent|relapsed|refractory|progressive|progressed)(?:\s+(?:or|and)\s+|\s*/\s*)(?:recurrent|relapsed|refractory|progressive|progressed)\s+"
)
# "Osteoporosis in postmenopausal women": the people are no part of the condition's name.
_IN_PEOPLE = re.compile(
    r"\s+in\s+(?:(?:\w+-?\w*\s+){0,2}(?:women|men|adults|children|patients|people|adolescents|infants|neonates)|pregnancy)\b.*$",
    re.I,
)
# What stands behind a condition and is no part of its name: the circumstances, what is done against it, an allergy.
_BEHIND_NAME = re.compile(
    r"\s+(?:in (?:the )?(?:intensive|critical|emergency) (?:care|department|room)|not (?:controlled|responding|responsive)"
    r"|(?:after|during|following)\s+(?:\w+\s+){0,2}(?:birth|delivery|childbirth|caesarean section)|depends?|prophylaxis|proph|prev|eradication|before)\b.*$|\s+(?:induction|consolidation|maintenance|only|alone|instead)$",
    re.I,
)
# What has been tried already, or who hands the drug out: "severe asthma still uncontrolled on ICS/LABA".
_SO_FAR = re.compile(
    r"\s+(?:(?:still|remaining|that remains|inadequately|insufficiently|poorly|not|adequately)\s+)*(?:un)?controlled\s+(?:on|with|by|despite)\b.*$"
    r"|\s+(?:without\s+(?:an?\s+)?(?:prescription|doctor)|over\s+the\s+counter|bought\s+without\b.*)$",
    re.I,
)
_ALLERGIC = re.compile(r"\s+with\s+(?:[\w-]+\s+){0,3}(?:allerg(?:y|ies)|intolerance|hypersensitivity)\b.*$", re.I)
# Words that make a label one of people, or of what may befall them, not of a disease they are treated for.
_NO_NAME = re.compile(
    r"(?:otherwise |apparently )?healthy\b|(?:at |high |increased )*risk\b|(?:\w+ )?(?:exposed|born) to\b|history of\b|(?:[\w-]+ )?contacts?\b|low body ?weight\b"
    r"|(?:after|before|following|during) (?:\w+ )?(?:transplantation|transplant|surgery)\b"
    r"|(?:\w+ )?(?:prophylaxis|prevention) in\b|cns prophylaxis$|(?:primary |secondary |long-term )?(?:prophylaxis|prevention)$|surgical procedures?$|procedures?$|(?:planned |gradual |slow |stepwise |final |eventual )?withdrawal$"
    r"|(?:\w+ )?(?:patients?|people|adults|women|men)$|no \w+|recurrences?$",
    re.I,
)
_SETTING = re.compile(
    r"(?:for|before|during|at|around)\s+(?:(?:general|local|major|minor|elective|dental|emergency|any)\s+)*(?:an(?:a)?esthesia|surgery|operations?|procedures?|delivery|labour)",
    re.I,
)
# "Patients with recurrent gout": the condition of the people.
_PEOPLE_WITH = re.compile(
    r"^(?:(?:[\w-]+\s+)?(?:patients?|people|persons?|adults|children|women|men|adolescents|infants|neonates|those)\s+(?:with|who\s+have|suffering\s+from)\s+(?:an?\s+|the\s+)?)(?=\w)",
    re.I,
)
_ARTICLE = re.compile(r"^(?:an?|the)\s+")
_CONTACTS = re.compile(
    r"^(?:[\w-]+ )?contacts? of (?:an? )?(?:(?:patients?|persons?|people|cases?) (?:with|of) )?", re.I
)
# "Toxoplasmosis prophylaxis in HIV" is against the former.
_PROPHYLAXIS_IN = re.compile(r"([\w\s-]+?)\s+(?:prophylaxis|prevention)\s+in\b", re.I)
# "Pneumonia, prophylaxis": what the dose does against the condition beside it.
_PURPOSES_ALONE = frozenset("prophylaxis prevention treatment maintenance induction".split())
# What a condition may be in any disease; alone it names none that a label has not named before.
GENERIC = re.compile(
    r"(?:(?:mild|milder|moderate|(?:more )?severe|acute|chronic|early|late|advanced|active|refractory|resistant|recurrent|persistent"
    r"|established|confirmed|proven|suspected|(?:un)?complicated|symptomatic|subsequent|further|first|other|all|such|these|most|some)\s+)*"
    r"(?:diseases?|attacks?|cases?|infections?|episodes?|flares?|exacerbations?|relapses?|disorders?|injury|failure|reactions?|symptoms?)",
    re.I,
)
# "Most infections", "other disorders": of which they are, the words do not say.
_OF_NONE = re.compile(
    r"(?:most|all|other|such|these|some|many|any|general|ordinary|usual)\s+(?:other\s+)?" + GENERIC.pattern, re.I
)
# How far a condition has gone, or before or after what it is treated.
_HOW_FAR = re.compile(
    r"(?:(?:chronic|accelerated|blast|stable|acute)\s+phase|blast\s+crisis|(?:locally\s+)?advanced|(?:un)?resectable|metastatic|relapsed|refractory|newly[\s-]diagnosed|adjuvant|neoadjuvant)",
    re.I,
)
_ADJECTIVE = ("al", "ic", "ary", "ar", "ous", "oid", "ive", "ory", "ile", "ed", "ate", "ant", "ent")
PURPOSE = re.compile(
    r"^(?:the\s+)?(?:"
    + "|".join(v["pattern"] for v in vocabulary.rows("purposes"))
    + r"|(?:[\w-]+ ){0,2}dos(?:es?|ages?|ing) (?:for|in)|(?:[\w-]+ )?(?:course|regimen|schedule)s? (?:for|in|against)|for|in(?! vitro| situ))\s+",
    re.I,
)

# In lower case, and so of a folded text: to ignore case would take three times as long.
_CONDITION_WORD = re.compile(
    r"\b(?=\w)(?:" + "|".join(v["pattern"] for v in vocabulary.rows("condition_words")) + r")\b"
)


@lru_cache(maxsize=4096)
def names_condition(text: str) -> bool:
    """Whether the words hold a word of disease."""
    return _CONDITION_WORD.search(folded(text)) is not None


@lru_cache(maxsize=2_000)
def condition_words(text: str) -> frozenset[str]:
    """The words of disease in a text, in normal form."""
    return frozenset(normal(m.group()) for m in _CONDITION_WORD.finditer(folded(text)))


def is_condition(reading: Reading, text: str) -> bool:
    """Whether the words name a condition: by a word of disease, or an abbreviation that the document defines as one.

    A label such as "Tablets" or "Second appearance" is none, and a dose under it is not said to be for it.
    """
    plain = _BRACKET.sub("", text) if "(" in text or "[" in text else text
    return names_condition(plain) or normal(plain) in reading.usage_labels or names_condition(reading.expand(plain))


def _unslashed(reading: Reading, text: str) -> str:
    """Conditions divided by a stroke as a list: "angina / heart failure", "DVT/PE" where the document defines both."""
    if "/" not in text:
        return text
    known = reading.abbreviations
    text = re.sub(r"\s+/\s+", ", ", text)
    return re.sub(
        r"\b([A-Z]{2,7})/([A-Z]{2,7})\b", lambda m: f"{m[1]}, {m[2]}" if m[1] in known and m[2] in known else m[0], text
    )


def _pairs(members: list[str], text: str) -> list[str]:
    """The members of a list, where nausea and vomiting are one."""
    joined: list[str] = []
    for member in members:
        pair = f"{joined[-1]} and {member}" if joined and joined[-1].lower().endswith("nausea") else ""
        if pair and member.lower().startswith("vomiting") and pair in text:
            joined[-1] = pair
        else:
            joined.append(member)
    return joined


def _of_parts(member: str) -> bool:
    """Whether a name is a disease of a part of the body, so that another part may follow: "carcinoma of the head"."""
    disease, of, part = member.rpartition(" of ")
    return bool(of) and names_condition(disease) and not names_condition(part)


def _whole(reading: Reading, text: str, members: list[str]) -> list[str]:
    """The members of a list of conditions; those that share their last words have them all.

    "Bone and joint infection" is one condition, "primary and secondary gout" and "knee or hip replacement" are two.
    """
    if any(_of_parts(one) and not is_condition(reading, other) for one, other in pairwise(members)):
        return [text.strip()]  # "carcinoma of the head and neck", "infection of bones and joints"
    shared = re.fullmatch(r"([\w-]+)\s+(and|or)\s+([\w-]+)((?:\s+[\w-]+)+)", text.strip())
    if shared is None or members != [shared[1], shared[3] + shared[4]]:
        return _with_last_word(reading, text, members)
    one, tail = shared[1], shared[4]
    if is_condition(reading, one) or one.isupper() or one in reading.abbreviations or not is_condition(reading, tail):
        return members
    noun = shared[2].lower() == "and" and not one.lower().endswith(_ADJECTIVE)
    return [text.strip()] if noun else [one + tail, shared[3] + tail]


def _with_last_word(reading: Reading, text: str, members: list[str]) -> list[str]:
    """The members of a list with the noun of the last: "generalized tonic-clonic or focal seizures" are both seizures."""
    *others, last = members or [""]
    kind, _, noun = last.strip().rpartition(" ")
    if not others or not kind or not re.search(r"\s(?:and|or)\s+" + re.escape(last.strip()), text):
        return members
    adjectives = all(one.strip().lower().endswith(_ADJECTIVE) and not is_condition(reading, one) for one in others)
    if not adjectives or not kind.lower().endswith(_ADJECTIVE) or not is_condition(reading, noun):
        return members
    return [*(f"{one.strip()} {noun}" for one in others), last]


@lru_cache(maxsize=256)  # few, for each keeps its document
def conditions_of(reading: Reading, text: str | None) -> tuple[tuple[str, str], ...]:
    """The conditions a dose's label names, as printed and in normal form.

    "FL and MZL (Previously treated)" names two, written out where the document defines them. Members that name no
    condition say more of the one that does: "Heart failure, NYHA class II", "Anaphylaxis, by age".
    """
    if not text:
        return ()
    plain = _BRACKET.sub("", text).strip(" ,;:")
    plain = _unslashed(reading, _STATUSES.sub("", _PEOPLE_WITH.sub("", PURPOSE.sub("", plain))))
    found = []
    spans = _pairs([plain[a:b] for a, b in split(plain) if plain[a:b].strip()], plain)
    for member in _whole(reading, plain, spans):
        words = _IN_PEOPLE.sub("", _STATUS_WORDS.sub("", PURPOSE.sub("", member.strip()))).strip()
        against = _PROPHYLAXIS_IN.match(words)
        if against is not None and is_condition(reading, against[1]):
            words = against[1]
        words = _ARTICLE.sub("", _CONTACTS.sub("", words))
        if _NO_NAME.match(words) or _OF_NONE.fullmatch(words):
            continue
        words = _ALLERGIC.sub("", words)
        kept = _BEHIND_NAME.sub("", _SO_FAR.sub("", words))
        words = kept if is_condition(reading, kept) or not is_condition(reading, words) else words
        if len(spans) > 1 and _SETTING.fullmatch(member.strip()):
            continue  # "Adrenal insufficiency, for general anaesthesia"
        if len(spans) > 1 and (GENERIC.fullmatch(words) or _HOW_FAR.fullmatch(words)):
            continue  # "Pneumonia, mild disease", "Melanoma, unresectable or metastatic"
        if words:
            found.append((reading.named(words), normal(reading.expand(words))))
    known = [pair for pair in found if pair[1] not in _PURPOSES_ALONE]
    named = [pair for pair in known if is_condition(reading, pair[0])]
    return tuple(named or (known if len(spans) == 1 else ()))
