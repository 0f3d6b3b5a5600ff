"""Sentences about adverse effects: where in them the list stands, what is negated, and what the rest says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monopipe.cues import Cued
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.effects import frequency
from monopipe.extract.effects import words as effect_words
from monopipe.extract.effects.denials import denial
from monopipe.signs import signs

_SIGN = signs("effects")
_ADVICE = Cued(_SIGN["advice"])
_NO = Cued(r"\b(?:no|not|never|neither|nor|without|absent|unlikely|minimal|negligible|free of|cannot|rule out)\b|n't\b")
_WITHOUT = re.compile(r"with or without\b", re.I)
_BESIDES = re.compile(r",\s+(?:usually|often|mostly|generally|typically|sometimes)\s+$", re.I)
"""A qualifier behind a member: "corneal deposits, usually without effect on vision"."""
_NO_NEGATION = Cued(r"\bnot (?:known(?! to\b)|limited to|uncommon(?:ly)?|infrequent(?:ly)?|only)\b|\bmay not\b")
_UNLIKE = Cued(
    r"\b(?:unlike|in contrast to|as opposed to|rather than|instead of|compared (?:with|to))\b[^,;.]*[,;]?\s*"
)
_COMMA_FIRST = re.compile(r"[,;(–—]\s*(?:(?:but|and|though|far|much|clearly|somewhat)\s+)*$", re.I)
_LESS = Cued(r"\b(?:less|lower|fewer|smaller|reduced|decreased)\b[^.;]{0,60}\bthan\b(?!\s+\d)")

_TO_LIST = Cued(
    rf"(?<![-\w]){_SIGN['to_list']}\b[:\s]*(?:the\s+(?:following|development\s+of)\s*(?:side\s+effects|effects|reactions)?\s*:?\s*)?"
)
_ARE = Cued(r"\b(?:are|is|were)\b[:\s]+")
_FROM_LIST = Cued(rf"\b(?=\w){_SIGN['from_list']}\b")
_TO_KNOW = re.compile(rf"\s*{_SIGN['to_know']}\b[:\s]+(?!that\b)", re.I)
_OF_DRUG = re.compile(
    r"\s+(?:(?:associated|seen|reported|observed|encountered)\s+)?(?:of|with|to|from|for|during|in)\s+[^,;:]{2,60}$",
    re.I,
)
_FINITE = Cued(rf"\b(?=\w){_SIGN['finite']}\b")
_OPENING = re.compile(
    r"(?:yes[,;.]?\s+|(?:and|but|also|however|additionally|moreover|furthermore|finally|first|other)[,\s]\s*)*"
    rf"{_SIGN['opening']}?",
    re.I,
)
_SUBJECT = re.compile(rf"^(?:{_SIGN['agent']}\b[\s,]*)*$", re.I)
_CLAUSES = re.compile(r"[,;]\s+(?:and|but|while|whereas|although|though)\s+|;\s+", re.I)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list inside a sentence: its span, and the words of the sentence that speak of it."""

    start: int
    end: int
    sure: bool
    negated: bool = False
    group: tuple[int, int] | None = None
    """A group term that the list gives the examples of."""
    about_start: int = 0
    about_end: int = 0
    term: str | None = None
    """The effect, where the span says it in other words: "fertility is not impaired"."""


def is_advice(text: str) -> bool:
    """Whether a sentence says what to do, so that effects in it are only its reason."""
    return _ADVICE.search(text) is not None


def is_sentence(text: str) -> bool:
    """Whether words hold a finite verb, so that they are no plain list."""
    return _FINITE.search(text) is not None


def listings(text: str, start: int, end: int, own_names: frozenset[str]) -> Iterator[Listing]:
    """The lists in one sentence: the whole of it when it has no verb, else what stands before or behind the verb.

    >>> t = "Patients may notice headache and nausea."
    >>> [t[x.start:x.end].strip() for x in listings(t, 0, len(t), frozenset())]
    ['headache and nausea.']
    >>> t = "It does not cause sedation, but dry mouth is common."
    >>> [(t[x.start:x.end].strip(), x.negated) for x in listings(t, 0, len(t), frozenset())]
    [('sedation', True), ('dry mouth', False)]
    """
    less = _LESS.search(text, start, end)
    if less and text.count("(", start, less.start()) <= text.count(
        ")", start, less.start()
    ):  # "in under 1%, far less often than with sotalol" tells the 1%
        comma = _COMMA_FIRST.search(text, start, less.start())
        told = text[start : comma.start()] if comma else ""
        if not (frequency.stated(told) or frequency.numeric(told)):
            return
        end = start + len(told)
    if _IN_ANIMALS.search(text, start, end):
        return
    if _OF_DATA.match(text, start, end) and not effect_words.is_effect(text[start:end]):
        return
    whose = _OF_ANOTHER.search(text, start, end)
    if whose and names_other_drug(whose["drug"], own_names):
        return
    unlike = _next(_UNLIKE, text, start, end)
    if unlike:  # what another drug does is no effect of this one
        if unlike.start() - start > 3:
            if _GOES_ON_DENYING.match(
                text, unlike.end(), end
            ):  # "…, and, unlike valproate, does not cause weight gain"
                yield from listings(text, unlike.end(), end, own_names)
            end = unlike.start()
        else:
            start = unlike.end()
    if _OF_DISEASE.match(text, start, end):
        return
    if _UNABLE.match(text, start, end) and not _next(_FINITE, text, start, end):
        yield Listing(start, end, True, about_start=start, about_end=start)
        return
    if aside := _NOT_PROVEN.search(text, start, end):
        end = aside.start()
    which = _WHICH_ARE.match(text, start, end) or _MET_BY.match(text, start, end)
    if which and _lists(text[which.end() : end]):
        yield Listing(which.end(), end, True, about_start=start, about_end=which.end())
        return
    if known := _TO_KNOW.match(text, start, end):
        yield Listing(known.end(), end, _lists(text[known.end() : end]), about_start=start, about_end=start)
        return
    if _ADVICE.expression.match(text[start:end].lstrip()):
        return
    following = _FOLLOWING.match(text, start, end)
    if following and not is_advice(following.group()) and not effect_words.is_effect(following["which"]):
        negated = _negation(text, start, following.end())
        yield Listing(following.end(), end, not negated, negated, about_start=start, about_end=following.end())
        return
    if neither := _NEITHER.match(text, start, end):
        yield Listing(*neither.span("list"), False, negated=True)
        return
    if (
        not _next(_FINITE, text, start, end)
        and not _next(_TO_LIST, text, start, end)
        and not _next(_FROM_LIST, text, start, end)
        and not _negation(text, start, end, _OF_MEMBER)
    ):
        if _ADVICE.search(_BRACKETS.sub("", text[start:end])):
            return
        yield Listing(start, end, True, about_start=start, about_end=start)
        return
    at = start
    for m in [*_CLAUSES.finditer(text, start, end), None]:
        stop = m.start() if m else end
        if m and not outside_brackets(text, at, stop):
            continue
        if m and _SO_FIRST.match(text, m.end(), end):
            continue
        if m and text[m.start()] != ";" and not (_has_verb(text, at, stop) and _has_verb(text, m.end(), end)):
            continue
        if _ADVICE.search(_BRACKETS.sub("", text[at:stop])):
            return  # what follows advice is still its reason
        yield from _clause(text, at, stop, own_names)
        if m:
            at = m.end()


_BRACKETS = re.compile(r"\([^()]*\)")  # what to do about one member stands there: "Priapism (needs urgent care)"
# "Depression, though a causal link has not been shown": it is reported all the same.
_NOT_PROVEN = Cued(
    r"[\s,;(–—-]*(?:\b(?:al)?though|\bbut|\bhowever,?|\bwhile)?\s*(?<!\w)(?:an?|no|the|any|its)?\s*\b(?:causal|causality|cause and effect)\b[^.;]*$"
)
# "Symptoms of the disease itself (fever, joint pain) may persist."
_OF_DISEASE = re.compile(
    r"\W*(?:the\s+)?(?:signs|symptoms|features|manifestations)\s+of\s+(?:the\s+|their\s+|your\s+)?(?:(?:underlying|original|treated)\s+)?(?:disease|illness|infection|condition)\b(?!\s+of)",
    re.I,
)
# "Being unable to get an erection", "difficulty in having an orgasm": what one cannot have is no effect.
_UNABLE = re.compile(
    r"\W*(?:being\s+)?(?:unable|inability|difficult(?:y|ies)|trouble|failure)\s+(?:to|in|with)\s", re.I
)
# "We pooled the labeling and one large trial": where the figures come from is no effect.
_OF_DATA = re.compile(
    r"\s*(?:we|i|(?:the|these|our|all)?\s*(?:figures?|rates?|numbers?|data|frequenc(?:y|ies)|percentages?))\s[^;:]*\b"
    r"(?:trials?|stud(?:y|ies)|registr(?:y|ies)|inserts?|labell?ing|labels?|cohorts?|audits?|literature|leaflets?|product information|SmPC)\b",
    re.I,
)
_IN_ANIMALS = Cued(r"\bin (?:\w+ )?(?:rats?|mice|rabbits?|dogs|monkeys|rodents|animals|animal studies)\b")
# "The reactions that must not be missed are …", "Effects for which treatment should be stopped include …"
_WHICH_ARE = re.compile(
    r"(?:(?:the|those|these)\s+)?(?:[\w-]+\s+){0,2}?(?:effects|reactions|events|complications|symptoms|problems|harms|ones)\s+"
    r"(?:that|which|to|for\s+which|where|requiring|needing|demanding|calling|worth)\s[^,;:()]{3,80}\b(?:are|is|includes?|comprises?)\s+",
    re.I,
)
# "The complaints you will hear are …", "What patients tell us of is …": somebody meets them.
_MET_BY = re.compile(
    r"(?:what|(?:(?:the|those|these)\s+)?(?:[\w-]+\s+){0,2}?(?:effects|reactions|events|complaints|symptoms|problems|troubles|harms|ones|things))\s+(?:that\s+|which\s+)?"
    r"(?:you|we|i|they|(?:most\s+|many\s+)?(?:patients|people|users|doctors|nurses|clinicians|women|men|parents|children))\s[^,;:()\d]{2,50}?\s(?:are|is|includes?)\s+",
    re.I,
)
# "The following serious reactions have been reported; their frequency is not known: toxic epidermal necrolysis, …"
_FOLLOWING = re.compile(
    r"[^:()]{0,80}?\b(?:the|these)\s+(?P<which>(?:following\s+)?(?:[\w-]+\s+){0,4})(?:reactions|effects|events|symptoms|complications|cases|ones)\b[^:()]{0,120}:\s+",
    re.I,
)
# "Vitamin B12 deficiency belongs to metformin", "The cough is due to ramipril"
_OF_ANOTHER = re.compile(
    r"\b(?:belongs?\s+to|(?:is|are|was|were)\s+(?:due\s+to|caused\s+by|an?\s+effect\s+of|effects\s+of))\s+(?:the\s+)?(?P<drug>[A-Za-z-]+)",
    re.I,
)
_GOES_ON_DENYING = re.compile(r"\s*(?:does|do|did|has|have|is|are)\s+(?:not|never)\b", re.I)
_NEITHER = re.compile(
    r"\s*neither\s+(?P<list>[^.;:]{3,80}?\s+nor\s+[^.;:]{3,40}?)\s+(?:is|are|was|were|has|have|occurs?|occurred|appears?)\b",
    re.I,
)


def _has_verb(text: str, start: int, end: int) -> bool:
    return any(_next(pattern, text, start, end) for pattern in (_FINITE, _FROM_LIST, _TO_LIST))


def outside_brackets(text: str, start: int, at: int) -> bool:
    """Whether a place stands in no bracket that opened behind `start`."""
    return text.count("(", start, at) <= text.count(")", start, at)


# "Positive Coombs test without haemolysis, rash": in a list without a verb it limits the member before it.
_OF_MEMBER = re.compile(r"(?<=[a-z)] )without\b", re.I)


def _negation(text: str, start: int, end: int, unless: re.Pattern[str] | None = None) -> bool:
    """Whether a clause denies something, in other words than those of `unless`."""
    for m in _NO.finditer(text, start, end):
        if unless and unless.match(text, m.start()):
            continue
        if _WITHOUT.match(text, max(m.start() - 8, start), end) or _BESIDES.search(
            text, max(m.start() - 40, start), m.start()
        ):
            continue
        allowed = _NO_NEGATION.search(text, max(start, m.start() - 5), end)
        if not (allowed and allowed.start() <= m.start() < allowed.end()):
            return True
    return False


# "Nausea occurred in 12%, and diarrhoea no more often than with placebo."
_NO_MORE = re.compile(
    r"(?:(?:^|,|;)\s+(?:and|but|while)\s+|^)(?P<list>[A-Za-z][^,;.:()\d]{2,60}?)\s+(?:(?:is|are|was|were|occurs?|occurred|(?:has|have) been (?:seen|reported))\s+)?"
    r"(?:no|not)\s+(?:\w+ly\s+)?more\s+(?:often|common(?:ly)?|frequent(?:ly)?|likely)\b",
    re.I,
)


_SO_FIRST = re.compile(r"(?:so|also)\s+(?:are|is|were|was|have|has|do|does)\s", re.I)
# "It does not cause hearing loss, nor is it associated with QT prolongation."
_NOR = re.compile(
    r",?\s+nor\s+(?:(?:is|are|was|were|has|have)\s+(?:it|they|the\s+drug)\s+(?:been\s+)?(?:\w+ly\s+)?(?:associated|linked)\s+with"
    r"|(?:does|do|did)\s+(?:it|they|the\s+drug)\s+(?:cause|produce|induce|lead\s+to|increase\s+the\s+risk\s+of))\s+(?P<list>[^,;:]{2,80})",
    re.I,
)
# "Hepatitis has been described, as have severe skin reactions": one more list behind its verb.
_SO_ARE = re.compile(
    r",?\s+(?:as|and so|so|as also|and also)\s+(?:are|is|were|was|have|has|do|does|may|can)\s+(?!(?:it|they|this|these|the (?:drug|dose))\b)"
    r"(?P<list>[A-Za-z][^;:]{2,300})",
    re.I,
)


# "Cyanosis and fever are uncommon, and miosis rare": the second verb is left out.
_NO_VERB = re.compile(
    r",?\s+and\s+(?P<list>[a-z][^;:,()]{2,80}?)\s+(?P<class>(?:very )?(?:rare|uncommon|common)|rarer|less common)\s*\.?$",
    re.I,
)


def _clause(text: str, start: int, end: int, own_names: frozenset[str]) -> Iterator[Listing]:
    """The lists of one clause."""
    second = _NO_VERB.search(text, start, end)
    if (
        second
        and effect_words.is_effect(second["list"])
        and _has_verb(text, start, second.start())
        and not (_has_verb(text, *second.span("list")) or _negation(text, start, end))
    ):
        yield from _clause(text, start, second.start(), own_names)
        yield Listing(*second.span("list"), True, about_start=second.start("class"), about_end=second.end("class"))
        return
    more = _next(_SO_ARE, text, start, end)
    if more and effect_words.is_effect(re.split(r"[,(]|\s(?:and|or)\s", more["list"], maxsplit=1)[0]):
        for one in _clause(text, start, more.start(), own_names):
            yield one
            end = more.end() if not one.negated else start
        if end > start:  # "…, and so are", "…, as is" say as often, unless the member itself says how often
            verb = _next(_FROM_LIST, text, start, more.start())
            about = (verb.start() if verb else more.start(), more.start())
            yield Listing(*more.span("list"), True, about_start=about[0], about_end=about[1])
        return
    if no_more := _NO_MORE.search(text[start:end]):
        if no_more.start() > 0:
            yield from _clause(text, start, start + no_more.start(), own_names)
        a, b = (start + k for k in no_more.span("list"))
        yield Listing(a, b, False, negated=True)
        return
    if nor := _NOR.search(text, start, end):
        yield from _clause(text, start, nor.start(), own_names)
        yield Listing(*nor.span("list"), False, negated=True)
        return
    turn = _AND_NOT.search(text, start, end)
    if turn and not _negation(text, start, turn.start()):  # "ECG changes are expected and do not mean toxicity"
        yield from _clause(text, start, turn.start(), own_names)
        start = turn.end()
    if _negation(text, start, end):
        yield from _denied(text, start, end, own_names)
        return
    among = _AMONG.match(text, start, end)
    begin = among.end() if among else _behind_opening(text, start, end)
    for are in _ARE.finditer(text, begin, end):
        if not outside_brackets(text, begin, are.start()) or effect_words.is_generic(text[are.end() : end]):
            continue
        if not _is_of_effects(text[begin : are.start()]) or _TO_LIST.expression.match(text, are.start(), end):
            continue  # "Treatment is associated with pneumonia"
        to = _next(_TO_LIST, text, are.end(), end)
        if to and effect_words.is_generic(text[are.end() : to.start()]):  # "Minor ones are common and include nausea"
            yield Listing(to.end(), end, True, about_start=start, about_end=to.end())
        else:  # "the most common side effects of X are nausea and rash"
            yield Listing(are.end(), end, _lists(text[are.end() : end]), about_start=start, about_end=are.end())
        return
    to = _next(_TO_LIST, text, begin, end)
    back = _next(_FROM_LIST, text, begin, end)
    if to and (back is None or to.start() <= back.start()):
        yield from _behind(text, begin, end, to, own_names)
    elif back:
        yield from _before(text, begin, end, back, own_names)
    elif not _has_verb(text, begin, end):
        yield Listing(begin, end, False, about_start=start, about_end=begin)
    elif verb := _next(_FINITE, text, begin, end):  # "Iris darkening is probably permanent"
        subject = text[begin : verb.start()].strip(" ,:;")
        if (
            effect_words.is_effect(subject)
            and not _is_agent(subject, own_names)
            and not effect_words.is_generic(subject)
        ):
            yield Listing(begin, verb.start(), False, about_start=verb.start(), about_end=end)


def _is_of_effects(subject: str) -> bool:
    """Whether a subject speaks only of effects as such, whose they are and how often they are met."""
    bare = _HOW_MET.sub("", _IN_NUMBERS.sub("", subject)).strip(" ,:;")
    bare = _OF_DRUG.sub("", bare).strip(" ,:;")
    return bool(bare) and effect_words.is_generic(bare)


_IN_NUMBERS = re.compile(r"\s*\([^()]*\d[^()]*\)")
# "The common effects, reported by 1% to 10% of users, are …", "Reactions that occurred in over 5% of patients were …"
_HOW_MET = re.compile(
    r"(?:,\s*(?:that\s+is\s+)?|\s+(?:that|which)\s+(?:ha(?:s|ve)\s+been\s+|were\s+|are\s+)?|\s+)"
    r"(?:reported|seen|observed|noted|met|found|experienced|described|recorded|occur(?:s|red|ring)?|affect(?:s|ed|ing)?)\s+"
    r"(?:(?:in|by|with|among|at)\s+)?[^;:,]*(?:\d|patients|people|users)[^;:]*$",
    re.I,
)
# "After years of treatment osteomalacia and …", "Less often palpitations, …": no comma divides them from the list.
_SHORT_OPENING = re.compile(
    r"(?:(?:in|with|at|during|after|early|over|on|under)\s+(?:[\w-]+\s+){0,4}?(?:treatment|use|therapy|doses?|courses?|months|years|weeks|days"
    r"|administration|exposure|intake|infusion|injection|dosing)(?!\s+(?:of|with|and|or|in|for|at)\b)|(?:less|more|very|most|rather)\s+(?:often|rarely|commonly|frequently)"
    r"|rarely|commonly|uncommonly|occasionally|infrequently|sometimes|frequently|later(?: on)?|at first|initially|early on|eventually)\s+(?=[\w-]+)",
    re.I,
)


def _behind_opening(text: str, start: int, end: int) -> int:
    """Where a clause begins behind the words that only say when or how often."""
    short = _SHORT_OPENING.match(text, start, end)
    if short and effect_words.is_effect(
        re.split(r",|\s(?:and|or|is|are|may|can)\s", text[short.end() : end], maxsplit=1)[0]
    ):
        return short.end()
    opening = _OPENING.match(text, start, end)
    return opening.end() if opening else start


# "Among the dangerous effects are haemorrhage, …": what stands behind the verb is the list.
_AMONG = re.compile(
    r"(?:among|amongst|of)\s+(?=(?:the\s+|its\s+|these\s+)?(?:[\w-]+\s+){0,3}(?:effects|reactions|events|complications|complaints|symptoms|problems)\s+(?:are|is|were)\s)",
    re.I,
)


def _lists(text: str) -> bool:
    """Whether words behind "the common side effects are" list effects: several members, one in two of them known."""
    members = [m for m in re.split(r",|\band\b|\bor\b", text) if m.strip(" .")]
    return len(members) > 1 and 2 * sum(map(effect_words.is_effect, members)) >= len(members)


_AND_NOT = Cued(
    r"\s+(?:and|but)\s+(?=(?:do|does|did|is|are|was|were|has|have)\s+not\b)|,?\s+but\s+(?=(?:no|not|never|without|less|rarer|fewer)\b)|,\s+(?=not\s+[a-z][^,;:]{2,40}$)"
)


def _next(pattern: Cued | re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    """The first match outside brackets."""
    for m in pattern.finditer(text, start, end):
        if outside_brackets(text, start, m.start()):
            return m
    return None


def _behind(text: str, start: int, end: int, verb: re.Match[str], own_names: frozenset[str]) -> Iterator[Listing]:
    """A list behind the verb, or the verb's subject when that is itself an effect."""
    subject = text[start : verb.start()].strip(" ,:;")
    if _is_agent(subject, own_names) or effect_words.is_generic(subject) or not effect_words.is_effect(subject):
        yield Listing(verb.end(), end, True, about_start=start, about_end=verb.end())
    elif verb.group().lower().startswith("includ") and effect_words.heads_group(subject) and "," not in subject:
        yield Listing(
            verb.end(), end, True, group=(start, start + len(subject)), about_start=start, about_end=verb.end()
        )
    elif not verb.group().lower().startswith(("includ", "compris")):
        yield Listing(start, verb.start(), False, about_start=verb.start(), about_end=end)
    else:  # "nausea, bleeding, including epistaxis": no verb at all
        yield Listing(start, end, True, about_start=start, about_end=start)


def _is_agent(subject: str, own_names: frozenset[str]) -> bool:
    """Whether a subject is the drug, its use or the people who take it."""
    lower = subject.lower()
    if lower.startswith(("treatment of ", "treating ")):
        return True
    for name in own_names:
        lower = lower.replace(name, "it")
    return _SUBJECT.match(lower.replace("it's", "it")) is not None or bool(
        re.search(r"\b(?:patients|people|users|it|treatment|therapy|use)$", lower)
    )


def _before(text: str, start: int, end: int, verb: re.Match[str], own_names: frozenset[str]) -> Iterator[Listing]:
    """A list before the verb; behind "are" when the subject is only "the most common side effects"."""
    subject = text[start : verb.start()].strip(" ,:;")
    if effect_words.is_generic(subject):
        copula = _ARE.expression.match(text, verb.start(), end)
        if copula and not effect_words.is_generic(text[copula.end() : end]):
            yield Listing(copula.end(), end, False, about_start=start, about_end=copula.end())
        return
    if _is_agent(subject, own_names):
        return
    whose = _SEEN_WITH.match(text, verb.end(), end)
    if whose and names_other_drug(whose["drug"], own_names):
        return  # "An increase in amputations was seen with canagliflozin"
    if of_own := _own_figures(text, verb.end(), end):  # "stomach upset is usual (nausea 25%, diarrhoea 5%)"
        yield Listing(*of_own, True)
        end = of_own[0] - 1
    gaps = list(_GAP.finditer(text, verb.end(), end))  # "burning was reported by 10% of patients and itching by 7%"
    gaps = [m for m in gaps if m["by"] or effect_words.is_effect(m["list"])]  # "5% against 3%" names no effect
    first = text[verb.start() : gaps[0].start()] if gaps else ""
    if gaps and not (frequency.numeric(first) or frequency.stated(first)):
        gaps = []
    upto = gaps[0].start() if gaps else end
    about = text[verb.start() : upto]
    often = frequency.stated(about) is not None or frequency.numeric(about) is not None
    sure = (often or _lists(subject)) and len(subject) < 80 and not is_sentence(subject)
    yield Listing(start, verb.start(), sure, about_start=verb.start(), about_end=upto)
    rarely = _AND_RARELY.search(text, verb.end(), upto)  # "… have been reported, and very rarely seizures"
    if rarely:
        yield Listing(rarely.end(), upto, False, about_start=upto, about_end=upto)
    for k, m in enumerate(gaps):
        stop = gaps[k + 1].start() if k + 1 < len(gaps) else end
        yield Listing(m.start("list"), m.end("list"), True, about_start=m.end("list"), about_end=stop)


_OWN_FIGURES = re.compile(r"\((?P<list>(?P<first>[^()\d]{3,40}?)\s[<>≥≤~]?\d[^()]*)\)")


def _own_figures(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of a bracket that gives effects with a figure for each."""
    m = next((m for m in _OWN_FIGURES.finditer(text, start, end) if effect_words.is_effect(m["first"])), None)
    return m.span("list") if m else None


_SEEN_WITH = re.compile(r"\s+(?:with|on|under)\s+(?P<drug>[A-Za-z-]+)(?=\s*(?:[.,;]|$|in\b|but\b|and not\b))", re.I)
_AND_RARELY = re.compile(
    r",\s+(?:and|or)\s+(?=(?:very\s+|more\s+|less\s+)?(?:rarely|occasionally|commonly|often|frequently)\s"
    r"|(?:in|on)\s+(?:very\s+)?(?:rare|isolated|single|occasional)\s+(?:cases|reports|instances|occasions)\s)",
    re.I,
)
_GAP = re.compile(
    r"(?:,\s+and\s+|,\s+|\s+and\s+)(?P<list>(?!(?:was|were|is|are|has|have|had|may|can|affects?|occurs?|occurred|about|around|approximately|only|over|under|up|less|fewer|more|nearly|almost|roughly|some|another|in|by|at|of|with|from|for|to|then)\b)[a-z][^,;()\d]{2,60}?)\s+(?:(?:forms?|develop(?:s|ed)?|occur(?:s|red)?|appear(?:s|ed)?|follow(?:s|ed)?|arises?|(?:is|are|was|were) (?:seen|found|noted|reported|observed))\s+)?(?P<by>(?:by|in|at)\s+)?"
    r"(?=(?:up\s+to\s+|about\s+|around\s+|approximately\s+|fewer\s+than\s+|less\s+than\s+)?[<>≥≤~]?\d[\d.,–-]*\s*(?:%|in\s))",
    re.I,
)


def _denied(text: str, start: int, end: int, own_names: frozenset[str]) -> Iterator[Listing]:
    """What a clause denies, up to the contrast; and what is affirmed behind it."""
    begin = _behind_opening(text, start, end)
    verb = _next(_FINITE, text, begin, end) or _NO.search(text, begin, end)  # "GI bleeding not seen"
    subject = text[begin : verb.start()].strip(" ,:;") if verb else ""
    found = denial(
        text, begin, end, agent=not subject or (_is_agent(subject, own_names) and not effect_words.is_effect(subject))
    )
    if found is None:
        return
    yield Listing(found.start, found.end, found.sure, negated=True, term=found.term)
    if found.rest is not None and found.rest < end:
        yield from _clause(text, found.rest, end, own_names)
