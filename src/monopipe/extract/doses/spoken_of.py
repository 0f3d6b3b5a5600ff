"""Amounts that a dosing line speaks of and tells nobody to give: packs, units compared, doses of the past, ends of a climb."""

from __future__ import annotations

import re

from monopipe.cues import Cued
from monopipe.extract.doses.surroundings import Surroundings
from monopipe.grammar.words import NUMBER_WORDS, known
from monopipe.signs import MASS, NUMBER

_MASS = rf"{NUMBER}(?:(?:\s?[–-]\s?|\s+to\s+){NUMBER})?\s?(?:million\s+)?(?:international\s+)?{MASS}\b"
_STRENGTH = rf"(?:{_MASS}|{NUMBER}(?![\d.]))(?:\s?/\s?(?:{NUMBER})?\s?(?:mL|h(?:our)?|dose)\b)?"
_HOLDERS = "tablets|capsules|sachets|ampoules|vials|suppositories|lozenges|patches|pens|syringes|packs|inhalers"
_FORM = rf"(?:{_HOLDERS}|tablet|capsule|sachet|ampoule|vial|suppository|patch|pen|syringe|solution|suspension|syrup|elixir|injection|infusion|cream|gel|ointment|drops|granules|powder|film)"
# "Tablets 10 mg, oral suspension 1 mg/mL, and suppositories 30 mg": a sentence of forms and strengths and no more.
_LIST_OF_FORMS = re.compile(
    rf"\W*(?>(?:{_FORM}|{NUMBER}\s?mL|{_STRENGTH}|and|or|an?|of|with|in|for|oral|rectal|intravenous|chewable|soluble)\b[\s,;()/]*){{3,}}\W*",
    re.I,
)
_HOLDER = re.compile(rf"\b(?:{_HOLDERS})\b", re.I)
_AMOUNT = re.compile(_MASS)
# "The tablets (5 mg and 10 mg) are taken by mouth"
_FORM_IN_BRACKETS = re.compile(
    rf"\W*(?:the\s+)?(?:([a-z-]+)\s+){{0,2}}?(?:{_HOLDERS})\s*\((?:\s*(?:of|{_STRENGTH}|,|and|or))+\)", re.I
)
_LISTED = rf"(?:{_STRENGTH}(?:\s+{_FORM})?\s*(?:,|or|and|/)\s*(?:an?\s+|the\s+)?)*"
# "The pen delivers 0.25 mg, 0.5 mg or 1 mg", "The blue capsule is 75 mg, the white one 150 mg"
_DELIVERS = re.compile(
    rf"\b(?:(?:{_FORM}|puff|spray|actuation|stroke|drop)\s+(?:is|are|has|have|holds?|contains?|delivers?|releases?|gives?|dials?|doses)|the\s+[a-z]+\s+one(?:\s+is)?)"
    rf"\s+(?:about\s+|up\s+to\s+|at\s+most\s+)?{_LISTED}$",
    re.I,
)
# "We stock the 5 mg and 10 mg tablets", "It comes as 50 mg tablets"
_STOCKS = re.compile(
    rf"\b(?:(?:stocks?|carry|keep)\s+(?:only\s+)?(?:the\s+)?|(?:comes?|made|exists?|sold|supplied|marketed)\s+(?:only\s+)?(?:as|in)\s+(?:an?\s+)?){_LISTED}$",
    re.I,
)
_OF_FORM_BEHIND = re.compile(rf"{_LISTED}{_STRENGTH}\s+(?:\w+\s+)?{_FORM}\b", re.I)
# "There is a 50 mg tablet"; "120 mg and 240 mg capsules exist", "where the 550 mg tablet is not available", "20 mg and 40 mg strengths"
_THERE_IS = re.compile(rf"\bthere\s+(?:is|are)\s+(?:also\s+)?(?:an?\s+|only\s+)?{_LISTED}$", re.I)
_EXISTS = re.compile(
    rf"{_LISTED}{_STRENGTH}\s+(?:(?:\w+\s+)?{_FORM}s?\s+(?:also\s+)?(?:exists?|can\s+be\s+had|(?:is|are)\s+(?:to\s+be\s+had|(?:not\s+|un)?available))\b|strengths?\b)",
    re.I,
)
# "10 mg IV in 2 mg aliquots": parts of the dose before
_ALIQUOTS = re.compile(rf"{_MASS}\s+(?:aliquots?|fractions|portions)\b", re.I)
# "A cartridge of 300 units lasts 3 days", "One tube of 30 g is enough for two weeks"
_SUPPLY_OF = Cued(rf"\b(?:{_FORM}|cartridge|tube|bottle|canister|pot|box|inhaler)\s+of\s+(?:about\s+)?$")
_LASTS = re.compile(
    rf"(?:{_MASS}|{NUMBER}\s?(?:mL|doses))\s+(?:(?:usually\s+)?lasts?|will\s+(?:last|do)|(?:is|are)\s+(?:usually\s+)?enough|suffices?)\b",
    re.I,
)
# "5 mg tablets can be halved", "the 75 mg capsule is pink", "the 20 mg tablets should be taken with food"
_HANDLED = re.compile(
    rf"{_MASS}\s+(?:\w+-coated\s+)?{_FORM}s?\s+(?:can|may|must|should|are|is)\s+(?:not\s+)?(?:be\s+)?"
    r"(?:halved|crushed|split|scored|broken|chewed|opened|dissolved|marketed|white|yellow|pink|blue|green|red|brown|orange|round|oval)\b"
    rf"|{_MASS}\s+(?:tablets|capsules)\s+(?:can|may|must|should|are)\s+(?:be\s+)?taken\s+with(?:out)?\s+(?:the\s+)?(?:\w+\s+)?(?:food|meals?|milk)\b",
    re.I,
)
# "Standard bag 50 mg in 50 mL", "Usual concentration: 20 g in 500 mL": what is in the pump
_BAG = Cued(
    r"^\W*(?:(?:the|our|standard|usual|normal|final|neat|ready|ready-made|premixed|single|double|quadruple|maximum|ward|pump|infusion|strength|each|one)\s+)*"
    r"(?:bags?|syringes?|vials?|ampoules?|pumps?|cassettes?|concentration|dilution|strength|mixture)\s*(?:is|holds|of|has|:|=|–|-)?\s*$"
)
_IN_VOLUME = re.compile(
    rf"{_MASS}\s*(?:in|/|made\s+up\s+to|(?:diluted\s+)?to)\s*{NUMBER}\s?mL\b(?![^.;]*\b(?:give|given|over|run|infuse|infused)\b)",
    re.I,
)
# "Twice a day product (400/57 mg in 5 mL), for otitis media:": a bracket behind the form that a list below is on
_PRODUCT_BRACKET = re.compile(
    rf"^[^\d(]*\b(?:{_FORM}|products?|preparations?|liquid|strength)\s*\((?:[A-Z]+\s+)?(?:{NUMBER}\s?/\s?)*$",
    re.I,
)
# "the 4-drug tablet (HRZE 75/150/400/275 mg) is given"
_COMBINED = re.compile(
    r"\bthe\s+(?:[\w-]+\s+){0,3}?(?:tablet|capsule|sachet|pill)s?\s*\((?:[A-Z]+\s+)?(?:[\d.]+\s?/\s?)*$", re.I
)
_SUMMED = re.compile(r"[\d.]+(?:\s?/\s?[\d.]+)+\s?m?g\)")
# "the dispersible tablet of 100 mg is given daily, as follows:"
_FORM_OF = re.compile(
    r"\bthe\s+(?:[\w-]+\s+){0,3}?(?:tablet|capsule|sachet|suspension|solution)s?\s+(?:of\s+(?:[\w-]+\s+)?)?$", re.I
)
_LEADS_ON = Cued(r"\bas\s+(?:follows|below|(?:shown\s+)?in\s+the\s+table)\W*$|\bby\s+weight\s+band\W*$")
# "TDD is about 0.5 units/kg/day. Half of that is the basal insulin": a total that is shared out behind
_OF_ALL = Cued(
    r"\b(?:TDD|total\s+(?:daily\s+)?(?:insulin\s+)?(?:dose|requirement)(?:\s+of\s+insulin)?)\s*(?:\(TDD\)\s*)?(?:is|=|:)\s*(?:(?:about|usually|roughly|around)\s+)*$"
)
_SHARED_OUT = re.compile(
    r"[^.;]*?(?:\.\d[^.;]*?)*[.;]\s+(?:give\s+|take\s+)?(?:about\s+)?(?:half|a\s+third|two\s+thirds|\d+\s?%)\s+(?:of\s+)?(?:that|this|it|the\s+total|which)\b",
    re.I,
)
# "Half-unit pen please", "have a patch on before you stop", "carry an inhaler": what is to be at hand
_DEVICE = re.compile(
    r"\W*(?:an?\s+|use\s+)*(?:half|\d+(?:\.\d+)?)-unit\s+(?:pens?|syringes?|devices?|steps?|markings?)\b", re.I
)
_AT_HAND = re.compile(
    r"\W*(?:and\s+)?(?:have|keep|leave|carry)\s+(?:(?:an?|the|one|some|their|your)\s+)?(?:\w+\s+){0,2}?(?:patch|spray|inhaler|tablets?|dose|pen|syringe|vial)\s+"
    r"(?:[\d.]+\s?[a-zµ]+\s+)?"
    r"(?:on|in\s+place|ready|nearby|(?:at|to|in)\s+hand|with\s+(?:you|them)|in\s+(?:your|the|their)\s+\w+)\b",
    re.I,
)
# "followed by an oral dose": how much, it does not say
_DOSE_OF_WAY = re.compile(
    r"\b(?:by|with|then|to)\s+(?:an?|the|one)\s+(?:further\s+)?(?:oral|intravenous|intramuscular|rectal|subcutaneous|IV|IM|SC)\s+(?:dose|injection|tablet)\b(?!\s+of\b)",
    re.I,
)
# "double every 10 minutes, up to 200 micrograms/min": the end of a climb whose steps have no amount
_DOUBLED_TO = re.compile(
    r"\W*(?:(?:then|and|may\s+be|can\s+be)\s+)*(?:double[ds]?|doubling)\b[^.;]*\b(?:up\s+)?to\s+(?:an?\s+maximum\s+of\s+)?$",
    re.I,
)
# "Sodium content is 46 mg per dose"
_CONTENT = Cued(
    r"\b(?:holds?|contains?|delivers?)\s+\d+\s+doses\s+of\s+$|\b(?:sodium|sugar|lactose|alcohol|ethanol|potassium|caffeine|gluten|sorbitol)\s+content\b[^.;]*$"
)
# "10 micrograms is 1 million units", "100 mg of base is 136 mg of the salt"
_IS_AMOUNT = Cued(
    rf"{_MASS}(?:\s+of\s+(?:the\s+)?[a-z]+)?\s+(?:is|are|makes?|equals?)\s+(?:(?:about|exactly|the\s+same\s+as)\s+)*{_MASS}"
)
# "One 10 mg tablet replaces two 5 mg ones", "5 mL of syrup stands for one tablet": what holds as much
_FORMS_EQUAL = Cued(
    rf"^\W*(?:an?|one|two|three|four|each|\d+)\s+[^.;,]{{0,40}}?\b{_FORM}s?\s+(?:of\s+{_MASS}\s+)?"
    r"(?:replaces?|takes?\s+the\s+place\s+of|equals?|corresponds?\s+to|stands?\s+for|(?:is|are)\s+(?:equal|equivalent)\s+to)\b"
)
# "The doses of 0.25 mg/kg used in the past are no longer authorised", "the 400 mg dose has been abandoned"
_NO_LONGER = Cued(
    rf"^{_MASS}(?:[^\d,;:]|(?:19|20)\d\d\b|,\s+which[^\d,;:]*,)*?\b(?:is|are|has|have)\s+(?:now\s+|long\s+)?(?:been\s+)?"
    r"(?:no\s+longer\s+(?:authori[sz]ed|licen[sc]ed|approved|recommended|advised|used|given|supported|acceptable)|obsolete|outdated|abandoned|superseded)\b"
)
# "At 1 month the 1.2 mg/kg is multiplied by 0.68"
_SCALED = re.compile(
    rf"{_MASS}(?:/(?:kg|m²|m2))?(?:\s+dose)?\s+(?:is|must\s+be|should\s+be)\s+(?:then\s+)?(?:multiplied|scaled|divided)\s+by\b",
    re.I,
)
# "the old 80 mg dose", "until 2012 we used 60 mg daily"
_ONCE_USED = Cued(
    r"\b(?:old|former|earlier)\s+(?:daily\s+)?(?:doses?\s+of\s+)?$|\buntil\s+(?:19|20)\d\d\b[^.;]*$|\bwe\s+once\s+(?:used|gave)\s+$"
)
# "Few people need 80 mg", "nothing is gained by 40 mg", "patients ask about 30 mg"
_LITTLE_USE = Cued(
    r"\b(?:few|hardly\s+any|nobody|no\s+one|not\s+many)\s+(?:\w+\s+){0,2}(?:needs?|requires?|tolerates?|benefits?\s+from)\s+(?:more\s+than\s+)?$"
    r"|\b(?:nothing|little)\s+(?:\w+\s+)?(?:is|was)\s+(?:gained|won)\s+(?:by|from|with)\s+$"
    r"|\b(?:ask|asks|asked|wonder|wonders|hear|heard|talk)\s+(?:about|of)\s+(?:doses?\s+of\s+)?$"
)
# "Doses of 200 mg have caused seizures", "40 mg will not either", "twice the dose (40 mg) gave no better results"
_DID = Cued(
    rf"^{_MASS}[^.,;]{{0,30}}?\b(?:(?:have|has|had)\s+(?:\w+ly\s+)?(?:caused|led|killed|produced|provoked|resulted)|gave\s+no\s+better"
    r"|(?:gave|produced|yielded|doubled|raised|increased|led\s+to)\s+(?:[\w-]+\s+){0,4}(?:AUC|C\s?max|exposure|concentrations?|(?:plasma|blood|serum|peak)\s+levels?)\b"
    r"|(?:will|does|do|did)\s+(?:not|no)\s+(?:either|help|work|better|more))\b"
)
_CONDITIONS = re.compile(r"\b(?:if|when|once|where|after|unless|because|since|whom|whose)\b(?!\s+customary)", re.I)
# "25 mg in 48 hours is the ceiling"
_IS_TOP = Cued(
    rf"^{_MASS}[^.,;:()]{{0,30}}?\b(?:is|being|as)\s+(?:the|an?|their|his|her)\s+(?:[a-z]+\s+){{0,2}}(?:ceiling|limit|maximum|cap|top\s+dose|highest\s+dose)\b"
)
# "Stop at 40 micrograms/hour", "go no further than 40 mg daily"
_ENDS_AT = Cued(
    r"\b(?:stop|halt|end|finish)(?:s|p?ing|ped)?\s+at\s+(?:about\s+)?$"
    r"|\b(?:go|climb|rise|titrate|increase)\s+no\s+(?:further|higher)\s+than\s+$"
    r"|\b(?:ceiling|limit|maximum|cap)\b[^.,;\d]{0,40}\b(?:is|at)\s+$"
    r"|\bmax(?:imum)?\s+(?:overall\s+|cumulative\s+)?total(?:\s+(?:dose|of|is))*\s+$"
    r"|\b(?:ring|call|ask|phone|contact|consult)\s+(?:\w+\s+){1,3}(?:at|before|from|above|beyond)\s+$"
)
# "Patients coming from 8–24 mg of film daily may go straight to a depot"
_COMES_FROM = Cued(
    r"\b(?:patients?|those|people|anyone|someone|adults|children|who)\s+(?:coming|comes?|chang(?:e|es|ed|ing)|switch(?:es|ed|ing)?|transferr?(?:s|ed|ing)?"
    r"|convert(?:s|ed|ing)?|mov(?:e|es|ed|ing))\s+(?:over\s+|across\s+)?from\s+(?:(?:a|an|the|daily|total|dose|of|oral)\s+)*$"
)
# "From capsules: 6–12 mg → 9.5 mg/24 h patch"
_CONVERTS = re.compile(r"\W*(?:from|switch|conver|chang|transfer|replac)", re.I)
_ARROW = re.compile(rf"{_MASS}[^.;,]{{0,20}}?(?:→|->|=>)", re.I)
_FAIL = Cued(r"\b(?:fail(?:s|ed|ing)?|intolerant\s+of)\s+(?:to\s+respond\s+to\s+|to\s+tolerate\s+|on\s+|with\s+)?$")
# "reserve 40 mg for patients who …", "80 mg is reserved for those at high risk"
_KEEPS = Cued(r"\b(?:reserve|reserving|keep|keeping|save)\s+(?:(?:the|a|doses?|of)\s+)*$")
_FOR_OTHERS = re.compile(
    rf"{_MASS}(?:\s+(?:doses?|tablets?|capsules?))?\s+for\s+(?:patients|those|people|adults|children|men|women|severe|resistant|refractory|when|use|cases)\b",
    re.I,
)
_IS_KEPT = Cued(
    rf"{_MASS}(?:/(?:kg|m²|m2)(?:/day|/dose)?)?(?:\s+(?:doses?|tablets?|capsules?|schedule|regimen))?\s+(?:is|are)\s+(?:best\s+|usually\s+)?reserved\s+for\b"
)
# "If LDL-C is uncontrolled at 20 mg, …": the dose at which something has not worked
_UNMET = frozenset(
    "uncontrolled persist persists persisting remain remains not no inadequate insufficient still symptomatic unsatisfactory poor poorly uncontrollable"
    " recur recurs relapse relapses continue continues".split()
)
_GIVES = frozenset(
    "start begin give given use take taken treat increase reduce add repeat switch change load initiate commence continued followed needed".split()
)
_IF = Cued(r"\b(?:if|when|where|unless|who|whose|whom)\b[^,;:]*$")
_CLOSED = re.compile(rf"{_MASS}[^,.;:]{{0,30}}(?:,|\.\s)", re.I)
_WORDS = re.compile(r"[a-z]+")
# "Add icosapent ethyl 2 g": a word of no vocabulary behind "add", right before an amount, is what is added.
_ADDS = re.compile(r"\badd\s+(?:oral\s+)?([a-z][a-z-]{5,}\d?)(?:\s+[a-z-]+){0,2}\s+$", re.I)
_NO_NAMES = frozenset("another further additional supplementary extra booster supplemental increments steps".split())


def only_spoken_of(words: Surroundings) -> bool:
    """Whether an amount is named by its line and not to be given."""
    item, step, amount, before = words.item, words.step, words.at, words.before
    text, d = item.text, step.dosage
    if item.columns:
        return False
    a, b = words.sentence
    own_often = d.frequency is not None and "frequency" not in (d.inherited_fields or "")
    said, behind = text[max(a, text.rfind(";", a, amount) + 1) : amount], text[amount:b]
    return bool(
        _names_no_amount(words.quote)
        or (d.rate_unit is not None and _DOUBLED_TO.fullmatch(text[step.start : amount]))
        or (_OF_ALL.search(said) and _SHARED_OUT.match(text[amount:]))
        or (
            not own_often and d.rate_unit is None and _BAG.search(said or item.label or "") and _IN_VOLUME.match(behind)
        )
        or (not own_often and _COMBINED.search(said) and _SUMMED.match(behind))
        or (text.rstrip().endswith(":") and _PRODUCT_BRACKET.search(said))
        or (_LEADS_ON.search(text) and _FORM_OF.search(said))
        or (not own_often and (_is_pack(text[a:b], amount - a) or _is_strength(said, behind)))
        or any(m.start() <= amount - a < m.end() for m in _IS_AMOUNT.finditer(text[a:b]))
        or ((past := _NO_LONGER.search(behind)) and not _CONDITIONS.search(past.group()))
        or (_ALIQUOTS.match(behind) and _AMOUNT.search(said))
        or (_SUPPLY_OF.search(said) and _LASTS.match(behind))
        or _FORMS_EQUAL.search(text[a:b])
        or _SCALED.match(behind)
        or _IS_TOP.search(behind)
        or _DID.search(behind)
        or _ONCE_USED.search(said)
        or _LITTLE_USE.search(said)
        or _ENDS_AT.search(before)
        or (item.label is not None and _CONVERTS.match(item.label) and _ARROW.match(behind))
        or _COMES_FROM.search(before)
        or _FAIL.search(before)
        or (not own_often and (_IS_KEPT.match(behind) or (_KEEPS.search(before) and _FOR_OTHERS.match(behind))))
        or (_has_not_worked(before) and _CLOSED.match(behind))
    )


def adds_unknown(before: str, own_names: frozenset[str]) -> bool:
    """Whether the words before an amount add something that has a name of its own: "Add icosapent ethyl 2 g"."""
    found = _ADDS.search(before)
    name = found[1].lower() if found else ""
    return bool(name) and name not in own_names and name not in _NO_NAMES and not known(name)


def _names_no_amount(quote: str) -> bool:
    """Whether the words of a step name a form or a dose without saying how much to give."""
    if _DEVICE.match(quote) or _AT_HAND.match(quote):
        return True
    return _AMOUNT.search(quote) is None and _DOSE_OF_WAY.search(quote) is not None


def _is_pack(sentence: str, at: int) -> bool:
    """Whether a sentence tells strengths at this place: a list of forms, or a bracket behind one."""
    if bracket := _FORM_IN_BRACKETS.match(sentence):
        return at < bracket.end() and (bracket[1] or "").lower() not in NUMBER_WORDS
    if not _LIST_OF_FORMS.fullmatch(sentence):
        return False
    forms = len(_HOLDER.findall(sentence))
    return forms >= 2 or (forms == 1 and len(_AMOUNT.findall(sentence)) >= 2)


def _is_strength(said: str, behind: str) -> bool:
    """Whether the words around an amount tell what a form holds, or which forms there are."""
    return bool(
        _DELIVERS.search(said)
        or ((_STOCKS.search(said) or _THERE_IS.search(said)) and _OF_FORM_BEHIND.match(behind))
        or _EXISTS.match(behind)
        or _HANDLED.match(behind)
        or _CONTENT.search(said)
    )


def _has_not_worked(before: str) -> bool:
    """Whether the words before an amount tell of a result that it has not brought: "if pain persists at"."""
    found = _IF.search(before)
    words = _WORDS.findall(found.group().lower()) if found else []
    return (
        bool(words)
        and words[-1] in ("at", "on", "with", "despite", "by")
        and (not _UNMET.isdisjoint(words) and _GIVES.isdisjoint(words))
    )


__all__ = ["adds_unknown", "only_spoken_of"]
