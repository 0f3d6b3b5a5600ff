"""Lists of conditions: the members with their limits, and the words that several of them share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from monopipe import vocabulary
from monopipe.document import Item
from monopipe.extract.conditions import names_condition
from monopipe.extract.effects import words as effect_words
from monopipe.extract.indications.licences import is_licence, lead_of
from monopipe.extract.indications.prose import COUNTRY
from monopipe.extract.indications.words import Limit, clause_end, is_limit, limits_in, purpose_at
from monopipe.extract.terms import split

_ADJECTIVE = (
    "al",
    "ic",
    "ary",
    "ar",
    "ous",
    "oid",
    "ive",
    "ory",
    "ile",
    "ed",
    "acute",
    "recurrent",
    "persistent",
    "intermittent",
    "malignant",
    "benign",
    "mild",
    "severe",
    "moderate",
    "stable",
    "unstable",
)

BRACKET = re.compile(r"\s*\(([^()]*)\)")

_ARTICLE = re.compile(
    r"^(?:the|a|an|some|severe forms of|(?:known or )?suspected|known|patients with|adults with|people with|children with|certain|several|many)\s+",
    re.I,
)

# "infections of the ear, throat and skin" is one thing, not three.
_SHARED_HEAD = re.compile(
    r"[^,.;()]*\b(?:infections?|diseases?|disorders?|cancers?|pain|inflammation) of the \w+,[^.;]*$",
    re.I,
)

_GENERAL = re.compile(
    r"^(?:(?:several|many|various|some|most|a number of|common|hematological|serious)\s.*(?:malignancies|diseases|conditions|infections|disorders)|these conditions|the treatment"
    r"|(?:(?:few|many|most|some|other|our|my|hardly any)\s+)?(?:doctors|physicians|clinicians|prescribers|specialists|colleagues|experts|cent(?:re|er)s|hospitals|guidelines|people|anybody))$",
    re.I,
)


@dataclass(frozen=True)
class Condition:
    """A condition as printed, where it stands, and what the words before it say of status and phase."""

    text: str
    start: int
    end: int
    limits: tuple[Limit, ...] = ((None, None),)
    bracket: str = ""
    prerequisite: str | None = None
    """What a condition is prevented in: "stroke in atrial fibrillation" is prevented in atrial fibrillation."""


# "Prevention of thrombosis in antiphospholipid syndrome": the latter is no part of what is prevented.
_PREVENTED_IN = re.compile(
    r"(?P<what>[^,;]+?)(?<! and)(?<! or)\s+(?:in\s+(?P<where>(?!situ\b|vitro\b|vivo\b)\S.*)|(?P<after>(?:after|following)\s+\S.*))",
    re.I,
)
# "Malaria prophylaxis in regions without resistance"
_ITS_PREVENTION = re.compile(r"(?P<what>[^,;]+?)\s+(?P<how>prophylaxis|prevention)\s+in\s+(?P<where>\S.*)", re.I)


def conditions_in(item: Item, start: int, end: int) -> Iterator[Condition]:
    """The conditions of a list of words, with what stands before each."""
    yield from prevented_in(item, list(_listed(item, start, end)))


def prevented_in(item: Item, found: list[Condition], status: str | None = None) -> list[Condition]:
    """The conditions of a list, those that are prevented apart from the disease or the people they are prevented in.

    What the last is prevented in holds for those before it: "to prevent stroke and embolism in atrial fibrillation".
    `status` is what the words before the list say of all.
    """
    apart = [_apart(c, status) for c in found]
    where: str | None = None
    for n in range(len(apart) - 1, -1, -1):
        c = apart[n]
        joined = n + 1 < len(apart) and _JOINED.fullmatch(item.text, c.end, max(c.end, apart[n + 1].start))
        if c.prerequisite:
            where = c.prerequisite
        elif where and joined and c.limits == apart[n + 1].limits:
            apart[n] = replace(c, prerequisite=where)
        else:
            where = None
    return apart


_JOINED = re.compile(r"[\s,)]*(?:and|or)?\s*")


# "Sedation of ventilated patients in ICU"
_OF_PEOPLE = re.compile(
    r"(?P<what>sedation|ana?esthesia|analgesia|anxiolysis|premedication) (?:of|for) (?P<who>(?:[\w-]+ ){0,2}(?:patients|adults|children|infants|neonates)\b.*)",
    re.I,
)


def _apart(c: Condition, status: str | None) -> Condition:
    """A condition that is prevented, apart from where, and one that people are brought to, apart from them."""
    if people := _OF_PEOPLE.fullmatch(c.text):
        return replace(c, text=people["what"], prerequisite=people["who"])
    back = _RETURN_OF.fullmatch(c.text)
    if back and all((own or status) == "prevention" for own, _ in c.limits):
        return replace(c, text=back["what"])  # "prevention of relapse of depression"
    named = _ITS_PREVENTION.fullmatch(c.text)
    if named and names_condition(named["what"]):
        return replace(c, text=named["what"], limits=tuple(limits_in(named["how"])), prerequisite=named["where"])
    m = _PREVENTED_IN.fullmatch(c.text)
    if m is None or any((own or status) != "prevention" for own, _ in c.limits):
        return c
    if m["where"] and _COMES_BACK.fullmatch(m["what"]):
        return replace(c, text=m["where"])  # "prevention of relapse in duodenal ulcer"
    return replace(c, text=m["what"], prerequisite=m["where"] or m["after"]) if names_condition(m["what"]) else c


_COMES_BACK = re.compile(
    r"(?:an? |the |further |acute |frequent )*(?:relapses?|recurrences?|attacks?|flares?|episodes?|exacerbations?|symptoms?|complications?)",
    re.I,
)


_RETURN_OF = re.compile(r"(?:an? |the |further )*(?:relapses?|recurrences?) of (?P<what>(?:[A-Z]{2,}|[\w-]+ ).*)", re.I)
# "a clot in a deep vein (deep vein thrombosis, DVT)": the bracket names what the words describe.
IN_PLAIN_WORDS = re.compile(r"\((?P<term>[a-z][\w' -]{4,60}), (?:or |short )?(?P<short>[A-Z][A-Za-z]{1,6})\)")


def _named_in_bracket(text: str, start: int, end: int, m: re.Match[str]) -> Condition | None:
    """The condition that a bracket names behind words that describe it; none where they list others."""
    others = [text[a:b] for a, b in split(text, start, m.start())][1:]
    if not names_condition(m["term"]) or any(map(names_condition, others)) or ";" in text[start : m.start()]:
        return None
    purpose = purpose_at(text, start, end)
    after = _AFTER.match(text, m.end(), end)
    limits = purpose[1] if purpose else ((None, None),)
    prevented = all(status == "prevention" for status, _ in limits)
    return Condition(m["term"], *m.span("term"), limits, "", after["after"] if after and prevented else None)


_AFTER = re.compile(r"\s+(?P<after>(?:after|following)\s+[^,.;]{3,60})", re.I)


def _listed(item: Item, start: int, end: int) -> Iterator[Condition]:
    """The conditions of a list of words, each as the list names it."""
    text = item.text
    limits: tuple[Limit, ...] = ((None, None),)
    of_all, waiting = limits, limits[:0]
    plain_words = IN_PLAIN_WORDS.search(text, start, end)
    if plain_words and (named := _named_in_bracket(text, start, end, plain_words)):
        yield named
        return
    end = clause_end(text, start, end)
    if organs := list(_organs(text, start, end)):
        yield from organs
        return
    whole = _SHARED_HEAD.match(text, start, end)
    members = [(start, end, "")] if whole else _members(text, start, end)
    left_out = start  # where the last member ends that is no condition
    turned = False  # whether the purposes in the list differ
    for n, (a, b, head) in enumerate(members):
        if licensed := lead_of(text, a, b):
            a = licensed.end()  # "gout and, off-label for acne"
        if partner := _WITH.match(text, a, b):
            a = partner.end()
        article = _ARTICLE.match(text[a:b])
        a += article.end() if article else 0
        purpose = purpose_at(text, a, b)
        if purpose:
            turned |= n > 0 and limits != purpose[1]
            whole_name = _is_abbreviated(text[a : purpose[0]], text[purpose[0] : b])
            a, limits = a if whole_name else purpose[0], purpose[1]
            of_all = limits
        elif turned and "," in text[members[n - 1][1] : members[n][0]]:
            limits = ((None, None),)  # "A, prevention of B, C, and D": of C and D it is not said
        elif lead := _LEAD.match(text, a, b):
            a, limits = lead.end(), of_all
        while a < b and text[a].isspace():
            a += 1
        article = _ARTICLE.match(text[a:b])
        a += article.end() if article else 0
        if whom := _IN_WHOM.match(text, a, b):
            a = whom.end()
        elif risk := _AT_RISK.match(text, a, b) or _THERAPY_IN.match(text, a, b):
            a = risk.end()
        status = _STATUS_FIRST.match(text, a, b)
        if status:
            a, limits = status.end(), tuple((s, limits[0][1]) for s, _ in limits_in(status.group()))
        words = text[a:b]
        brackets = " ".join(m.group(1) for m in BRACKET.finditer(words))
        brackets = f"{brackets}, {partner['with']}" if partner else brackets
        plain = " ".join(BRACKET.sub("", words).split()).strip(" ,.") + head
        if after := _SHORT_AFTER.match(words):
            plain = after["name"]  # "cytokine release syndrome (CRS) after CAR-T cells"
        name, dash, remark = plain.partition(" – ")
        if dash and names_condition(name) and not names_condition(remark):
            plain = name  # "nocturnal enuresis – second line"
        if (
            not plain
            or len(plain.split()) > 9
            or _NO_CONDITION.match(plain)
            or _DENIED_MEMBER.match(plain)
            or REMARK.fullmatch(plain)
            or _GENERAL.match(plain)
            or "?" in plain  # "Migraine? No evidence"
            or plain.endswith(" no")  # "in unexplained miscarriage no benefit was shown"
            or not _WORD.search(plain)
        ):
            left_out = b
            continue
        if text[left_out:a].strip() in ("and", "or") and not names_condition(plain):
            continue  # "dependence, within a framework of medical and social support"
        plain = _WHERE.sub("", _DEGREE.sub("", _OPEN_END.sub("", plain)))
        if is_licence(plain) or plain.lower() in _NOT_ALONE or is_limit(plain):
            # "Newly diagnosed and relapsed or refractory myeloma": both are of the condition that follows.
            waiting = tuple(limit for limit in limits_in(plain) if is_limit(plain))
            continue
        limits_here = (*waiting, *limits) if waiting and status else limits
        waiting = limits[:0]
        if n + 1 < len(members) and text[b : b + 1] == "," and not head and _is_attribute(plain) and " " not in plain:
            continue  # "Severe, active arthritis"
        qualifies = n > 0 and n == len(members) - 1 and _is_attribute(plain)
        if not names_condition(plain) and (qualifies or _WHO.match(plain)):
            continue  # "uveitis, non-infectious", "recommended for adults over 65"
        yield Condition(plain, a, b, limits_here, brackets, whom["who"] if whom else None)


def _is_abbreviated(purpose: str, rest: str) -> bool:
    """Whether the abbreviation behind a condition stands for its purpose too: "Post-exposure prophylaxis of HIV (PEP)"."""
    m = _SHORT.search(rest)
    initials = "".join(word[0] for word in re.split(r"[\s-]+", purpose.strip()) if word not in ("of", "for", "against"))
    return m is not None and len(initials) > 1 and re.sub("[a-z]", "", m[1]) == initials.upper()


_SHORT_AFTER = re.compile(r"(?P<name>[^(),]{4,60}?)\s+\([A-Za-z]{0,2}[A-Z][A-Za-z-]{0,5}\)\s+(?:after|following)\s")
_SHORT = re.compile(r"\(([A-Z][A-Za-z]{1,5})\)\s*$")
# "with primaquine for pneumonia and with quinine for malaria"
_WITH = re.compile(r"(?:together |in combination )?(?P<with>with [^,;.()]{3,40}?) for ", re.I)
# "First-line in pregnancy for hypertension"
_IN_WHOM = re.compile(r"(?:in |during )?(?P<who>pregnancy|lactation|breast-?feeding|labou?r) for (?=\w)", re.I)
# "Aged 18 years and older at increased risk of herpes zoster": behind the age stands whom it protects.
_AT_RISK = re.compile(
    r"(?:older|over|above|younger)\s+(?:(?:and|who\s+are)\s+)?at\s+(?:[\w-]+\s+){0,2}risk\s+(?:of|for)\s+(?=\w)", re.I
)
# "As an adjunct to surgery and radioiodine therapy in thyroid cancer"
_THERAPY_IN = re.compile(r"(?:[\w-]+\s+){1,2}(?:therapy|surgery)\s+(?:in|for)\s+(?=\w)", re.I)
# "Acne in the US only": where a use is allowed is no part of its name.
_WHERE = re.compile(rf"\s+in {COUNTRY}(?:,? (?:and|or) {COUNTRY})*(?: only)?$", re.I)
_WORD = re.compile(r"[a-zA-Z]{3}")
_OPEN_END = re.compile(
    r"(?:\s(?:and|or|but|too|also|as well|of|at least|more than|over|above|below|under|up to|about))+$"
)
_NOT_ALONE = frozenset(
    "recurrence relapse symptoms attacks emergencies emergency both either all others alone monotherapy combination "
    "that this it them these those".split()
)
"""Words that name no condition where they stand alone."""
_DEGREE = re.compile(
    r"\s+of (?:mild|moderate|severe)(?:(?: to | or )(?:moderate|severe))? (?:degree|severity|intensity)$", re.I
)
_LEAD = re.compile(
    r"(?:(?:mostly|mainly|chiefly|primarily|usually|often|sometimes|occasionally|rarely|seldom|also)\s+)?(?:for|against|in|of) ",
    re.I,
)

# What the status column says is no part of the condition's name; "treatment-resistant depression" is a name.
_STATUS_FIRST = re.compile(
    r"(?:newly[- ]diagnosed|previously[- ](?:un)?treated|relapsed\s*(?:/|or|and|and/or)\s*refractory|relapsed)\s+(?=\S)",
    re.I,
)

_WHO = re.compile(
    r"(?:(?:in |of )?[\w-]+ )?(?:adults?|children|adolescents|infants|neonates|newborns|patients|people|persons|women|men|health(?:care)? workers|travell?ers|those|anyone|everyone)\b",
    re.I,
)

_NO_CONDITION = re.compile(
    r"(?:whatever|regardless|irrespective|trials?|studies|evidence|data|experience|results?|reports?|use|after|before|during|following|with(?:in|out)?|alongside|to (?:protect|help|make|keep|improve|slow)|as (?:an? )?(?:part of|adjunct|adjuvant|add-on|supplement)|together with|in addition to|if|when|unless|except|because|since|no longer|not|never)\b",
    re.I,
)

# "Depression, but not bipolar depression", "leprosy; withdrawn for acne": what it is not for.
_DENIED_MEMBER = re.compile(
    r"(?:(?:but|and|though)\s+)?(?:not|never|no longer|ineffective|withdrawn|abandoned|obsolete)\b", re.I
)

REMARK = re.compile("|".join(line["pattern"] for line in vocabulary.rows("list_remarks")), re.I)

# A member of a list that is one with the next: "prevention and treatment of gout", "known or suspected overdose".
_PURPOSE_NOUN = re.compile(
    r"(?:the )?(?:prevention|treatment|prophylaxis|management|relief|complete)|(?:to )?(?:induce|initiate|treat|prevent|relieve)|[^,;]{0,40}\bknown",
    re.I,
)


# "Rejection in kidney, liver or heart transplant recipients"
_RECIPIENTS = re.compile(r"\s(?:recipients|patients|people)$", re.I)
# "Bleeding in hip or knee replacement", "thrombosis after knee or hip surgery"
_AT = re.compile(r"\s(?:in|after|before|during|following|around|for) [\w-]+$", re.I)
_PROCEDURE = re.compile(
    r"[\w-]+ (?:replacement|surgery|transplant(?:ation)?|graft(?:ing)?|operation|procedure|extraction|repair|biopsy"
    r"|puncture|section|resection|scan(?:ning)?|bypass|examination|treatment)s?(?=\s*(?:[(.]|$))",
    re.I,
)
# "Parkinsonism after carbon monoxide or manganese poisoning"
_BY_WHAT = re.compile(r"\s(?:after|following|due to|caused by|from)\s[\w -]+$", re.I)
_POISONING = re.compile(r"[\w-]+(?: [\w-]+)? (?:poisoning|overdos(?:e|age)|intoxication|exposure|withdrawal)\b", re.I)
_WAITING = re.compile(r"\s(?:before|during|after|around)$")


def _members(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """The members of a list, each with the head that it shares with the last one.

    "Primary, secondary and tertiary hypothyroidism" is three conditions, "bone and joint infections" is one.
    """
    joined: list[tuple[int, int, str]] = []
    for a, b in _parts(text, start, end):
        if joined:
            c, d, _ = joined[-1]
            between = text[d:a].strip().lower()
            alone = not names_condition(text[c:d]) and names_condition(text[a:b])
            pair = text[c:d].lower().endswith("nausea") and text[a:b].lower().startswith("vomiting")
            one = _PURPOSE_NOUN.fullmatch(text, c, d) or (
                text[c:d].endswith(" with") and text.startswith("without ", a)
            )
            places = between == "or" and _AT.search(text, c, d) and _PROCEDURE.match(text, a, b)
            if _RECIPIENTS.search(text, a, b) and (first := _people_since(text, joined)) is not None:
                joined[first:] = [(joined[first][0], b, "")]
                continue
            poison = between in ("or", "and") and _BY_WHAT.search(text, c, d) and _POISONING.match(text, a, b)
            halves = (
                between in ("or", "and")
                and not alone
                and _is_half(text[c:d])
                and _is_attribute(text[a:b].partition(" ")[0])
            )
            if (
                one or places or poison or halves or _WAITING.search(text, c, d)
            ):  # "prevention and treatment of gout", "migraine with or without aura", "seizures during and after surgery"
                joined[-1] = (c, b, "")
                continue
            head = _shared_head(text, joined, a, b, between) if alone else ""
            if head:
                joined = [(x, y, h or (head if _is_attribute(text[x:y]) else "")) for x, y, h in joined]
            elif (
                between in ("and", "or", "and/or")
                and (pair or (alone and _waits(text[c:d])))
                and not _LEAD.match(text, a, b)
            ):
                joined[-1] = (c, b, "")
                continue
        joined.append((a, b, ""))
    return joined


def _is_half(words: str) -> bool:
    """Whether words end in an adjective that waits for its noun: "Bleeding gastric" of "Bleeding gastric or duodenal ulcer"."""
    before, _, last = words.rpartition(" ")
    return bool(before) and names_condition(words) and _is_attribute(last)


def _people_since(text: str, joined: list[tuple[int, int, str]]) -> int | None:
    """The member that says in whom, if those behind it are no conditions: "rejection in kidney, liver or heart recipients"."""
    for k in reversed(range(len(joined))):
        words = text[slice(*joined[k][:2])]
        if " in " in words:
            return k
        if names_condition(words):
            break
    return None


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a list, those divided by a stroke included: "Marfan syndrome / erythrocytosis"."""
    for a, b in split(text, start, end):
        for m in re.finditer(r"\s/\s", text[a:b]):
            cut = a + m.start()
            if names_condition(text[a:cut]) and names_condition(text[a + m.end() : b]):
                yield a, cut
                a = cut + len(m.group())
                break
        yield a, b


_ORGANS = re.compile(
    r"(?P<first>(?:[\w-]+ ){0,4}(?:of|in) (?:the )?)?(?P<list>[\w-]+(?:, [\w-]+)*,? (?:and|or) [\w-]+) (?P<head>(?:allo)?(?:transplant(?:ation)?|graft)s?)\b",
    re.I,
)

_POISONS = re.compile(
    r"(?P<first>(?:[\w-]+ ){0,3}(?:poisoning|overdos(?:e|age)|intoxication) (?:with|by|from|due to) )(?P<list>[\w -]+(?:, [\w -]+)*,? (?:and|or) [\w -]+)\.?\s*$",
    re.I,
)


def _organs(text: str, start: int, end: int) -> Iterator[Condition]:
    """The members of "rejection of kidney, heart and liver transplants", which share what stands before and behind."""
    limits: tuple[Limit, ...] = ((None, None),)
    if purpose := purpose_at(text, start, end):
        start, limits = purpose
    start += len(text[start:end]) - len(text[start:end].lstrip())
    article = _ARTICLE.match(text[start:end])
    start += article.end() if article else 0
    poisons = _POISONS.match(text, start, end)
    if poisons:
        for a, b in split(text, *poisons.span("list")):
            yield Condition(f"{poisons['first']}{text[a:b]}", start, poisons.end(), limits)
        return
    m = _ORGANS.match(text, start, end)
    if m and not text[m.end() : end].strip(" .,"):
        for a, b in split(text, *m.span("list")):
            yield Condition(f"{m['first'] or ''}{text[a:b]} {m['head']}", *m.span(), limits)


def _waits(words: str) -> bool:
    """Whether words wait for the noun behind "and": "bone" of "bone and joint infections", not "pemphigus vulgaris"."""
    last = effect_words.words(words)[-1:]
    if len(words.split()) == 1:
        return True
    return (
        len(words.split()) <= 3
        and bool(last)
        and (_is_attribute(last[0]) or effect_words.is_kind(last[0], "part", "attribute"))
    )


def _shared_head(text: str, before: list[tuple[int, int, str]], start: int, end: int, joint: str) -> str:
    """What the last of several attributes shares with those before it: " candidiasis" of "oral and vaginal candidiasis".

    Two with "or" stay one condition: "incomplete or inevitable abortion".
    """
    attribute, _, head = text[start:end].partition(" ")
    if not head or not names_condition(head) or len(head.split()) > 3:
        return ""
    attributes = [_is_attribute(text[a:b]) for a, b, _ in before]
    if not attributes[-1] or not (_is_attribute(attribute) or len(before) > 1):
        return ""
    several = len(before) > 1 and attributes[-2]
    return f" {head}" if several or joint.endswith("and") else ""


def _is_attribute(words: str) -> bool:
    """Whether words are an adjective that needs a noun: "secondary", "Oropharyngeal"."""
    return " " not in words and words.lower().endswith(_ADJECTIVE) and not names_condition(words)
