"""Enzymes and transporters, and the drug's own role at them.

A name counts only with words about this drug: "metabolised by CYP1A2, with minor contributions from CYP2J2" makes it
a substrate of both, "CYP3A4 inducers lower its level" says nothing, since there the enzyme describes another drug.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, cast

from monopipe.document import Item
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.phrasing import Found, lowered, phrasebook
from monopipe.extract.reading import Reading
from monopipe.tables import DrugEnzyme

Role = Literal["substrate", "inhibitor", "inducer"]

_NUMBERED = re.compile(
    r"\b(?P<whole>cyp\s?450|cytochrome p[\s-]?450|cyp(?=s?\s(?:enzyme|substrate|system)))(?![\s-]?\d[a-z]\d)"
    r"|\b(?P<family>cyp|ugt|oatp|oat|oct|sult|gst)[\s-]?(?:450[\s-]?)?(?P<form>\d{1,2}[a-z]\d{1,2}|\d[a-z]?\d?(?!\d)|p1b\d)"
)
_FURTHER = re.compile(r"\s*(?:,|/|;|>|\+|\band/or\b|\band\b|\bor\b|&)+\s*(?:and\s+)?(\d{1,2}[a-z]\d{1,2})\b")
_LAST_DIGIT = re.compile(r"(?<=\d[a-z]\d)/(\d)(?![\d\w.])")
_PROPERTY = re.compile(
    r"(?:\s*(?:,|/|and/or|and|or|&)\s*(?:p-gp|p-glycoprotein|bcrp|cyp\w+|\d\w+))*"
    r"[\s-]*(?:/\s*)?(?:pathway |enzyme )?(?:inhibit(?:or|ors)|induc(?:er|ers)|inhibition\b|induction\b|substrates|poor metaboli|genotyp|variant"
    r"|mediated metabolism of)"
)
_BREAK = re.compile(
    r"[;:.]\s|\bwhile\b|\bwhereas\b|\bbut\b"
    r"|,\s+and\s+(?=(?:it|this drug|the drug|\w{5,})\s+(?:is\s+(?:also\s+)?(?:an?|no|not)|(?:also\s+)?(?:inhibits|induces))\b)"
)
_OTHER_SUBJECT = re.compile(r"\s*([A-Z][a-z]{4,})\s+(?:is|are|was)\s")
GENERAL = "cytochrome P450"
"""The name of the family where no member is named."""
# "CYP enzymes are not involved", "CYP3A4 plays no meaningful part": what denies a name behind it.
_DENIED_BEHIND = re.compile(
    r"(?:\s+(?:enzymes?|isoenzymes?|system|pathways?))?\s+(?:(?:is|are|was|were)\s+not\s+(?:involved|needed|concerned)"
    r"|(?:takes?|plays?|has|have)\s+no\s+(?:\w+\s+){0,2}(?:part|role|share)|(?:do|does)\s+not\s+(?:take\s+part|contribute|play))"
)
# "CYP3A4 | neither inhibited nor induced": what stands behind a name in a table or behind a colon denies what it names.
_CELL_DENIES = re.compile(r"\s*[|:]\s*(?:not?\b|neither\b)(?P<what>[^.;]*)")
_STEMS: dict[str, Role] = {
    "substrate": "substrate",
    "metaboli": "substrate",
    "inhibit": "inhibitor",
    "induc": "inducer",
}
# "not a CYP2D6 inhibitor", "is a weak CYP3A4 inducer": the drug itself, not the drugs that are so.
_IS_A = re.compile(
    r"(?:(?:is|as)\s+)?(?:(?P<not>not|no|neither)\s+)?(?:an?\s+)?(?:(?:weak|mild|moderate|strong|potent)\s+)?$"
)
_OF_IT = re.compile(r"\s+(?P<stem>inhibit|induc|substrate)(?:or|er)?(?=[\s,.;)]|$)")
# "CYP2C9 (main) + CYP3A4 (minor) → M1", "CYP2C9 > 3A4": names alone tell what breaks the drug down.
_NAMES_ALONE = re.compile(
    r"(?:\s*\([^)]*\)|[\s,/&+>]|\b(?:and|also|main|major|minor|mainly|mostly|chiefly|partly|less|a little|a bit|in part)\b)*(?:→.*)?\.?\s*",
    re.S,
)
# "CYP3A4 is the major route, CYP2D6 a minor one": what an enzyme is to a drug that it breaks down.
_IS_ROUTE = re.compile(
    r"\s+(?:is|are|being|plays?|playing)\s+(?:the|an?)\s+(?:main|major|principal|chief|primary|dominant|minor)\s+(?:metabolic\s+|metabolising\s+|metabolizing\s+)?(?:routes?|pathways?|enzymes?|parts?|roles?)\b"
)
# "CYP3A4 is not inhibited", "CYP2C9 and CYP2C19 are neither inhibited nor induced": the drug does it, or does not.
_SUFFERS = re.compile(
    r"(?:\s+enzymes?)?\s+(?:is|are)\s+(?:(?P<not>not|neither)\s+)?(?:(?P<potency>weak|moderate|strong|potent|mild)ly\s+)?"
    r"(?P<what>(?:inhibited|induced)(?:\s+(?:or|nor|and)\s+(?:inhibited|induced))?)(?!\s+(?:by|in(?!\s+vitro))\b|\w)"
)
_POTENCY: dict[str, Literal["strong", "moderate", "weak"]] = {
    "weak": "weak",
    "mild": "weak",
    "moderate": "moderate",
    "strong": "strong",
    "potent": "strong",
}
_WHEN = re.compile(r"\s*(?:when|if|where|while|once|because)\b")
_NOR = re.compile(r"\bnor\s+(?:(?:does|is)\s+it\s+)?(?P<stem>induc|inhibit)\w*\s+(?:it|them|any)\b")
# "CYP2C8 playing the main part", "CYP3A4 (major)", "CYP2C9 lesser ones": what tells the share of a name before it.
_SHARE_BEHIND = re.compile(
    r"\s*(?:\((?P<bracket>major|main|minor|primary|mainly|lesser)\b[^)]*\)|(?P<bare>main|major|minor|mainly|mostly|chiefly|predominantly|primarily|largely|partly|less|a\s+little|a\s+bit|in\s+part|to\s+an?\s+(?:much\s+)?(?:lesser|smaller|minor)\s+(?:extent|degree))(?=\s*(?:[,;.)+]|$))"
    r"|(?:(?:is|are|being|as|plays?|playing|makes?|making|has|have|having)\s+)?(?:the|a|an|only\s+a)?\s*(?P<part>main|major|principal|chief|primary|minor|lesser|smaller|small)\s+(?:part|role|enzymes?|ones?|share|contribut\w+|pathways?|routes?|extent))"
)
_MINOR = frozenset(("minor", "lesser", "smaller", "small", "partly", "less", "a little", "a bit", "in part"))
# "Mostly by decarboxylase, and by COMT": how much the second does is not said.
_BY_AGAIN = re.compile(r",?\s+and\s+(?:by|via|through)\s+")
_JOINS = re.compile(r"[\s,/]*(?:and|or)?[\s,/]*")
_NOT_HUMAN = re.compile(r"\b(?:fungal|bacterial|viral|parasit\w*|microbial|yeast)\b", re.I)
_TRANSPORTERS = ("oatp", "oat", "oct")


class Name:
    """An enzyme's name in a text."""

    __slots__ = ("end", "enzyme", "kind", "start")

    def __init__(self, start: int, end: int, enzyme: str, kind: Literal["enzyme", "transporter"]) -> None:
        self.start, self.end, self.enzyme, self.kind = start, end, enzyme, kind


def names(text: str, start: int = 0, end: int | None = None) -> Iterator[Name]:
    """The enzymes and transporters named in text[start:end], in order.

    >>> [n.enzyme for n in names("CYP1A2, 2C9 and 2J2; a substrate of P-gp")]
    ['CYP1A2', 'CYP2C9', 'CYP2J2', 'P-glycoprotein']
    """
    low = lowered(text)
    end = len(text) if end is None else end
    found: list[Name] = []
    for m in _NUMBERED.finditer(low, start, end):
        if m["whole"]:
            found.append(Name(m.start(), m.end(), GENERAL, "enzyme"))
            continue
        family = m["family"]
        kind: Literal["enzyme", "transporter"] = "transporter" if family in _TRANSPORTERS else "enzyme"
        found.append(Name(m.start(), m.end(), family.upper() + m["form"].upper(), kind))
        at = m.end()
        while (more := _FURTHER.match(low, at, end)) is not None:
            found.append(Name(more.start(1), more.end(1), family.upper() + more[1].upper(), kind))
            at = more.end()
        if (last := _LAST_DIGIT.match(low, at, end)) is not None:  # "CYP3A4/5"
            found.append(Name(last.start(1), last.end(1), found[-1].enzyme[:-1] + last[1], kind))
    for phrase in phrasebook("enzymes").scan(text, start, end):
        is_enzyme = phrase.line["kind"] == "enzyme"
        found.append(Name(phrase.start, phrase.end, phrase.line["enzyme"], "enzyme" if is_enzyme else "transporter"))
    found.sort(key=lambda name: name.start)
    return iter(found)


def drug_enzymes(reading: Reading) -> Iterator[DrugEnzyme]:
    """The roles of this drug at enzymes and transporters."""
    told: dict[tuple[str, str, str], DrugEnzyme] = {}
    for item in reading.about("pharmacokinetics", "mechanism", "pharmacodynamics", "interactions"):
        low = item.text.lower()
        if not _may_name(low):
            continue
        label_is_metabolism = bool(item.label) and bool(
            re.search(r"metaboli|biotransform|activation", item.label or "", re.I)
        )
        for start, end in item.sentences():
            for fact in _sentence(reading, item, start, end, label_is_metabolism):
                first = told.setdefault((fact.enzyme, fact.role, fact.assertion), fact)
                if first.contribution == "unspecified":  # a later sentence may say how much
                    first.contribution = fact.contribution
                yield fact


def _may_name(low: str) -> bool:
    return "cyp" in low or phrasebook("enzymes").first(low) is not None or _NUMBERED.search(low) is not None


def _sentence(reading: Reading, item: Item, start: int, end: int, substrate: bool) -> Iterator[DrugEnzyme]:
    """The roles that one sentence states."""
    text, low = item.text, lowered(item.text)
    about_other = _is_about_other(reading, item, start, end)
    cuts = [start, *(m.end() for m in _BREAK.finditer(text, start, end)), end]
    carried: Found | None = None
    for a, b in pairwise(cuts):
        if fate := _OF_METABOLITE.search(low, a, b):
            b = fate.end("made")
        found = list(names(text, a, b))
        if (not found and not _FATE.search(low, a, b)) or _other_acts(reading, low, a, b):
            continue
        cues = list(phrasebook("enzyme_roles").scan(text, a, b))
        role_cue = next((c for c in cues if c.line["sense"] in ("substrate", "inhibitor", "inducer")), carried)
        carried = role_cue
        routes = any(_IS_ROUTE.match(low, name.end, b) for name in found)
        alone = item.topic == "pharmacokinetics" and role_cue is None and (routes or _is_names_alone(low, found, a, b))
        shares = _shares(low, found, cues, b)
        for name, share in zip(found, shares, strict=True):
            if about_other or _OF_PRODUCT.search(low, start, name.start):
                continue
            if told := _told_of_it(low, a, name):
                yield from (_row(item, (start, end), name, role, negated) for role, negated in told)
                continue
            if suffered := _suffered(low, a, b, found, name):
                for role in dict.fromkeys(r for s, r in _STEMS.items() if s in suffered["what"]):
                    yield _row(item, (start, end), name, role, suffered["not"] is not None, suffered["potency"])
                continue
            if _PROPERTY.match(low, name.end):
                continue
            if _SPARED.search(low, a, name.start):
                if role_cue and (sense := role_cue.line["sense"]) in ("inhibitor", "inducer"):
                    yield _row(item, (start, end), name, cast("Role", sense), negated=True)
                continue
            yield from _roles(item, (start, end), name, cues, role_cue, substrate or alone, share)
            if nor := _NOR.search(low, name.end, b):
                yield _row(item, (start, end), name, _STEMS[nor["stem"]], negated=True)


# "by CYP3A4 to M1, which is cleared by CYP2D6": the second breaks down what the first makes.
_OF_METABOLITE = re.compile(
    r"(?P<made>\b(?:to|into|yields?|gives?|forms?)\s+[^,;]{2,60}?),?\s+(?:which|that)\s+(?:is|are)\s+(?:(?:\w+ly|then|itself|in turn|further)\s+)*"
    r"(?:cleared|metaboli[sz]ed|broken down|degraded|inactivated|oxidi[sz]ed|conjugated|eliminated|glucuronidated|hydroly[sz]ed)\b"
)
# "It induces CYP3A4 but leaves CYP2C9 alone"
_SPARED = re.compile(r"\b(?:leaves?|spares?|sparing)\s+(?:the\s+)?$")
# "by CYP3A4 to norketamine, which is itself a substrate of CYP2B6": what is told of what the drug becomes
_OF_PRODUCT = re.compile(r"\b(?:to|into|forms?|forming|yields?|gives?)\s+[^,;.:]{3,60},\s+(?:which|itself)\b[^,;.)]*$")
_FATE = re.compile(r"\b(?:metab|broken down)")
_ACTS = re.compile(
    r"\b(?P<who>[\w-]{5,})(?:,\s+an?\s+(?:\w+\s+)?(?:(?:inhibitor|inducer)\s+of|[\w-]*\d[\w-]*\s+(?:inhibitor|inducer|substrate))\b|\s+(?:(?:also|itself|\w+ly)\s+)?(?:inhibits?|induces?|(?:is|are)\s+(?:an?\s+)?(?:[\w-]+\s+)?(?:inhibitors?|inducers?|substrates?|metaboli[sz]ed)\b))"
)


_ALSO_ACT = ("grapefruit", "juice", "smoking", "tobacco", "alcohol", "ethanol", "inflammation", "infection")
"""What else inhibits or induces an enzyme: "grapefruit inhibits intestinal CYP3A4"."""


def _other_acts(reading: Reading, low: str, start: int, end: int) -> bool:
    """Whether a clause tells of a metabolite or another drug: "its metabolite inhibits CYP2B6"."""
    m = _ACTS.search(low, start, end)
    if m is None or m["who"] in re.split(r"\W+", reading.document.title.lower()):
        return False  # "Lumefantrine inhibits CYP2D6", under artemether-lumefantrine
    return m["who"].startswith(("metabolite", *_ALSO_ACT)) or names_other_drug(m["who"], reading.own_names)


def _is_names_alone(low: str, found: list[Name], start: int, end: int) -> bool:
    """Whether a clause holds nothing but names of enzymes, their shares and what they lead to."""
    edges = [start, *(edge for name in found for edge in (name.start, name.end)), end]
    rest = "".join(low[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
    return bool(found) and _NAMES_ALONE.fullmatch(rest) is not None


def _told_of_it(low: str, start: int, name: Name) -> list[tuple[Role, bool]]:
    """The roles that a name's own words give the drug, each with whether they deny it: "not a CYP2D6 inhibitor"."""
    if cell := _CELL_DENIES.match(low, name.end):
        return [(role, True) for role in dict.fromkeys(r for s, r in _STEMS.items() if s in cell["what"])]
    before, behind = _IS_A.search(low, start, name.start), _OF_IT.match(low, name.end)
    if before is None or behind is None or not before.group().strip():
        return []
    return [(_STEMS[behind["stem"]], before["not"] is not None)]


def _suffered(low: str, start: int, end: int, found: list[Name], name: Name) -> re.Match[str] | None:
    """What the drug does to a name or its list, where the clause begins with the names: "CYP3A4 is not inhibited"."""
    last = name.end
    for other in found:
        if other.start >= last and _JOINS.fullmatch(low, last, other.start):
            last = other.end
    m = _SUFFERS.match(low, last, end)
    return None if m is None or (m["not"] is None and _WHEN.match(low, start)) else m


def _row(
    item: Item, span: tuple[int, int], name: Name, role: Role, negated: bool, potency: str | None = None
) -> DrugEnzyme:
    return DrugEnzyme(
        **item.at(*span),
        rule="enzyme_role",
        assertion="negated" if negated else "affirmed",
        enzyme=name.enzyme,
        kind=name.kind,
        role=role,
        contribution="unspecified",
        potency=None if negated else _POTENCY.get(potency or ""),
    )


def _shares(low: str, found: list[Name], cues: list[Found], end: int) -> list[str]:
    """The share of each name: by the words behind it or its list, else by the last words before it."""
    shares: list[str] = []
    used = 0  # where the last words behind a name ended: they tell of no name after them
    for k, name in enumerate(found):
        last = k
        while last + 1 < len(found) and _JOINS.fullmatch(low, found[last].end, found[last + 1].start):
            last += 1
        if k and _BY_AGAIN.fullmatch(low, found[k - 1].end, name.start):
            used = name.start
        behind = _SHARE_BEHIND.match(low, found[last].end, end)
        own = behind and (behind["part"] is not None or last == k)
        before = [c.line["sense"] for c in cues if used <= c.start and c.end <= name.start]
        before = [sense for sense in before if sense in ("major", "minor")]
        if behind and own:
            said = behind["bracket"] or behind["bare"] or behind["part"]
            shares.append("minor" if said in _MINOR or said.startswith("to ") else "major")
            if last == k:
                used = behind.end()
        elif ">" in low[name.end : found[k + 1].start if k + 1 < len(found) else name.end]:
            shares.append("major")
        elif k and ">" in low[found[k - 1].end : name.start]:
            shares.append("minor")
        else:
            shares.append(before[-1] if before else "unspecified")
    return shares


def _is_about_other(reading: Reading, item: Item, start: int, end: int) -> bool:
    """Whether the sentence tells of another substance: 'Fluorouracil is broken down by …' in its prodrug's text."""
    m = _OTHER_SUBJECT.match(item.text, start, end)
    if item.topic == "interactions":
        low = lowered(item.text[start:end])
        own = () if item.label is not None else ("it ", "this drug", "the drug")
        return not low.startswith((*reading.own_names, *own))
    return (
        m is not None
        and m[1].lower() not in reading.own_names
        and m[1].lower() not in ("clearance", "approximately")
        and not m[1].lower().endswith(("tion", "lysis", "ism"))  # "Metabolism is …", "Activation is …"
    )


def _roles(
    item: Item,
    span: tuple[int, int],
    name: Name,
    cues: list[Found],
    role_cue: Found | None,
    substrate: bool,
    share: str,
) -> Iterator[DrugEnzyme]:
    roles = [c for c in cues if c.line["sense"] in ("substrate", "inhibitor", "inducer")]
    before = [c for c in roles if c.end <= name.start]
    after = [c for c in roles if name.end <= c.start < name.end + 40]
    cue = before[-1] if before else after[0] if after else role_cue
    denied = bool(_DENIED_BEHIND.match(lowered(item.text), name.end, span[1]))
    role = cue.line["sense"] if cue else "substrate" if substrate or denied else None
    if role is None or (role == "inhibitor" and _NOT_HUMAN.search(item.text, span[0], name.start)):
        return
    negated = denied or any(c.line["sense"] == "negated" and c.end <= name.start for c in cues)
    if name.enzyme == GENERAL and not negated:
        return
    modulates = role in ("inhibitor", "inducer")
    two = [c for c in before if c.line["sense"] in ("inhibitor", "inducer")]
    both = negated and modulates and len({c.line["sense"] for c in two}) == 2
    # "neither induces nor inhibits", but "a weak inhibitor of CYP2D6 and does not induce CYP1A2"
    both = both and not any(names(item.text, two[0].end, two[-1].start))
    # "strongly induces CYP3A4 and inhibits OATP1B1": how strongly it inhibits is not said
    since = max((c.end for c in roles if cue and c.end <= cue.start and c.line["sense"] != role), default=0)
    graded = [c for c in cues if since <= c.start and c.end <= name.end]
    potency = [c.line["sense"] for c in graded if c.line["sense"] in ("strong", "moderate", "weak")]
    told = ["inhibitor", "inducer"] if both else [role]
    told += [other for other in _joined_roles(lowered(item.text), before) if other not in told]
    for one in told:
        yield DrugEnzyme(
            **item.at(*span),
            rule="enzyme_role",
            assertion="negated" if negated else "affirmed",
            enzyme=name.enzyme,
            kind=name.kind,
            role=cast("Role", one),
            contribution=share if one == "substrate" and not negated else "unspecified",  # type: ignore[arg-type]
            potency=potency[-1] if potency and one == role != "substrate" and not negated else None,  # type: ignore[arg-type]
        )


_JOINS_ROLES = re.compile(
    r"(?:\s+of)?(?:\s*,\s*|\s*/\s*|\s+)(?:(?:and/or|and|or|nor)\s+)?(?:(?:an?|as\s+an?|does\s+it|is\s+it|also)\s+)*(?:(?:weak|mild|moderate|strong|potent|weakly)\s+)?"
)


_NAMES_ROLE = re.compile(r"(?:substrate|inhibit|induc)")


def _joined_roles(low: str, before: list[Found]) -> list[str]:
    """The roles that stand in a list with the last one before a name: "not a substrate, inhibitor, or inducer of CYP3A4"."""
    joined: list[str] = []
    for one, two in pairwise(reversed(before)):
        if not (_JOINS_ROLES.fullmatch(low, two.end, one.start) and _NAMES_ROLE.match(low, two.start, two.end)):
            break
        joined.append(two.line["sense"])
    return joined
