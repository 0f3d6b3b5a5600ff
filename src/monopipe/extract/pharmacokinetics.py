"""Pharmacokinetics: one row for each value of a clause, or for the clause itself where it states no value.

A clause's label or words say which parameter it speaks about, and the unit has to fit it: of "60% is recovered in urine
within 8 hours" the per cent is the value and the hours are not. A value that belongs to a metabolite, a route or a group
of patients is qualified, so that what has no qualifier holds for the drug.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.facts import content_key
from monopipe.extract.kinetic_asides import is_aside
from monopipe.extract.kinetic_limits import Frame, best_cue, label_parameter, limits, route_or_substance
from monopipe.extract.kinetic_pairs import limits_of_two, one_by_one
from monopipe.extract.measures import Measure, measures
from monopipe.extract.phrasing import Found, lowered, phrasebook, statement
from monopipe.extract.reading import RETOLD, Reading
from monopipe.signs import signs
from monopipe.tables import Pharmacokinetic

_FITS = {
    "time": ("half_life", "tmax", "onset", "duration"),
    "percent": ("bioavailability", "protein_binding", "food_effect", "elimination_route", "absorption", "metabolism"),
    "volume": ("volume_of_distribution",),
    "clearance": ("clearance",),
    "concentration": (),
}
_CLAUSE = re.compile(r"\s*;\s+|,\s+(?:while|whereas|but|so)\s+|,\s+(?:and\s+)?(?=food\b|(?:the )?(?:rest|remainder)\b)")
_TOPICS = ("pharmacokinetics", "mechanism", "pharmacodynamics", "interactions", "administration", "faqs")
_BETWEEN_VALUES = re.compile(r",\s+|\s*/\s*|\s+and\s+|\s*\(|\s+or\s+|\s+to\s+")
_SIGN = signs("pharmacokinetics")
_STARTS_KINETIC = re.compile(rf"(?:{_SIGN['before']}\s+|\d[\d.–-]*\s?%\s+(?:of\s+)?)*{_SIGN['quantity']}", re.I)
_DRUG_IS = re.compile(_SIGN["drug_is"], re.I)
# "Works in 5 min by vein. Lasts 6–12 h."
_EFFECT_IN_TIME = re.compile(_SIGN["works"], re.I)
_ADVICE = re.compile(
    r"(?:(?:it|they|so)\s+(?:can|may|should|must)|(?:and\s+)?(?:must|should))\s+be\s+(?:taken|given|administered)|(?:it\s+is\s+|is\s+)?(?:only\s+)?(?:given|administered)\s",
    re.I,
)
_HOW_SOON = re.compile(
    r"\bhow (?:soon|quickly|fast|long)\b.*\b(?:work|benefit|effects?|act|help|relief|improve\w*)\b", re.I
)
_HOW_LONG = re.compile(
    r"\bhow long\b(?!.*\b(?:treatment|therapy|course|tak(?:e|en|ing)|need(?:ed)?)\b).*\blasts?\b", re.I
)
# "Allow 2 weeks before you call it a failure": how long to try it is no onset.
_TRIED_FOR = re.compile(r"\bbefore\s+(?:\w+\s+){0,2}(?:call|judg|decid|giv|switch|chang|stop|say)\w*\b", re.I)
_RUN_IN = re.compile(r"([A-Z][a-z]+(?: [a-z]+)?)\.\s+(?=[A-Z])")
_EFFECT = ("onset", "duration")
_TOO_SHORT = 14
"""Length below which a clause of one or two words is read together with the next one."""
_NEGATED = Cued(
    r"^\s*none\b|^\s*not\b|\bnot (?:\w+ )?(?:metaboli|absorbed|eliminated|excreted|removed|bound|affected|dialys)|\bunaffected|\bnor\b"
    r"|\b(?:does|do|did) not (?:\w+ )?(?:affect|reduce|alter|change|influence|delay)|\bno (?:\w+ ){0,3}(?:effect|influence|impact)\b"
)
# What the drug and an enzyme do to each other; drug_enzymes has it.
_MODULATES = re.compile(
    r"\b(?:inhibit|induc|autoinduc|substrates?\b)|\b(?:not involved|no (?:\w+ )?(?:part|involvement))\b|\bno (?:\w+ )?(?:effect|influence) on (?:cyp|cytochrome|(?:hepatic|liver) enzymes)"
    r"|\bnot metaboli[sz]ed by (?:cyp|cytochrome)|\b(?:cyp\w+|ugt\w+) is the (?:main|major)",
    re.I,
)
_FASTING = re.compile(r"empty stomach|fasting", re.I)
"""Words of a cue that tell when absorption is complete, no effect of food."""
_FATE = re.compile(
    r"\bmetaboli[sz]ed\b(?! by (?:cyp|cytochrome))|^\W*(?:hepatic|(?:in |by )?the liver)\b(?! enzymes)", re.I
)
_METABOLISED = Cued(r"\bmetaboli[sz]ed\b.*\b(?:eliminated|excreted)")
_MAY = Cued(r"\b(?:may|might|could|possibl[ey])\b")
# "25% of the filtered sodium is lost in the urine" tells of no drug.
_OF_OTHER = re.compile(
    r"\s+of\s+(?:the\s+|all\s+)?(?:\w+\s+)?(?:sodium|potassium|chloride|calcium|magnesium|phosphate|water|glucose|sugar|urate|uric acid|salt|bicarbonate"
    r"|protein|iron|copper|cholesterol|bile acids?)\b",
    re.I,
)
_IN_WASTE = re.compile(r"\b(?:urine|fa?eces|bile)\b", re.I)
_NOTES = re.compile(r"note|comment|remark|source", re.I)


def is_kinetic_item(item: Item) -> bool:
    """Whether an item speaks of pharmacokinetics, by its section or by its label."""
    if item.topic == "pharmacokinetics":
        return True
    return bool(item.label) and item.question is None and label_parameter(item.label or "") is not None


def is_kinetic_sentence(reading: Reading, item: Item, start: int, end: int) -> bool:
    """Whether a sentence of a text on how the drug works opens with what the body does to the drug."""
    text = item.text[start:end]
    if _STARTS_KINETIC.match(text) or _EFFECT_IN_TIME.match(text) or _states_value(item.text, start, end):
        return True
    if not _DRUG_IS.match(text):
        return False
    subject = re.sub(r"^(?:the|this)\s", "", text.lower()).split(" ", 1)[0]
    return subject in reading.own_names or subject in ("it", "is", "absorbed", "this", "drug")


def _states_value(text: str, start: int, end: int) -> bool:
    """Whether a sentence gives a value of a parameter that it names: "Between 20% and 30% is bound to plasma proteins"."""
    cues = [c.line for c in phrasebook("kinetic_parameters").scan(text, start, end) if c.line["label"] != "label"]
    named = {c["parameter"] for c in cues if c["rank"] == "1"} & {"protein_binding", "volume_of_distribution"}
    if any(c["parameter"] == "elimination_route" for c in cues) and _IN_WASTE.search(text, start, end):
        named.add("elimination_route")
    return bool(named) and any(
        named & set(_FITS[m.kind]) and not _OF_OTHER.match(text, m.end, end) for m in measures(text, start, end)
    )


def pharmacokinetics(reading: Reading) -> Iterator[Pharmacokinetic]:
    """The pharmacokinetic statements of the document; a value that a retelling repeats is no fact of its own."""
    told: dict[tuple[object, ...], Pharmacokinetic] = {}
    for fact in _stated(reading):
        known = told.get(_value(fact)) if fact.section in RETOLD else None
        if known is not None:
            fact.drug_id = known.drug_id = reading.drug_id
            fact.row_id = content_key(known)
        elif fact.section not in RETOLD:
            told.setdefault(_value(fact), fact)
        yield fact


def _value(fact: Pharmacokinetic) -> tuple[object, ...]:
    return fact.parameter, fact.value_low, fact.value_high, fact.value_unit


def _stated(reading: Reading) -> Iterator[Pharmacokinetic]:
    for item in reading.about(*_TOPICS):
        if item.structural or item.kind == "other":
            continue
        if item.cells:
            yield from _table_row(reading, item)
            continue
        if item.topic in ("interactions", "administration") and item.question is None:
            continue
        asked = _asked(item)
        whole = bool(asked) or (item.topic != "faqs" and is_kinetic_item(item))
        label = asked or item.label or _run_in(item)
        frame = Frame(reading, item, label)
        for start, end in item.sentences():
            if not item.label and label and item.text[start:end] == f"{label}.":
                continue
            if asked and _TRIED_FOR.search(item.text, start, end):
                continue
            if whole or is_kinetic_sentence(reading, item, start, end):
                first = item.text[item.rest_start : start].strip() == ""
                own = frame if first or not _turns(frame, start, end) else replace(frame, label="")
                for fact in _sentence(own, start, end):
                    # "Slowly." answers the question, and tells no onset; what inhibits an enzyme tells no absorption
                    modulates = (
                        not first and fact.parameter != "metabolism" and _MODULATES.search(item.text, start, end)
                    )
                    if fact.value_unit or not (asked or modulates):
                        yield fact


def _turns(frame: Frame, start: int, end: int) -> bool:
    """Whether a later sentence behind a label speaks of another parameter, and not of the label's."""
    if frame.parameter is None:
        return False
    cues = phrasebook("kinetic_parameters").scan(frame.item.text, start, end)
    named = {c.line["parameter"] for c in cues if c.line["label"] != "label"} - {"", "food_effect"}
    return bool(named) and frame.parameter not in named


def _run_in(item: Item) -> str:
    """The first words of an item that end in a full stop and head the rest: "Elimination. About 70% of a dose …"."""
    m = _RUN_IN.match(item.text)
    return m[1] if m and item.topic == "pharmacokinetics" and label_parameter(m[1]) else ""


def _asked(item: Item) -> str:
    """The parameter that a question asks for: how soon it works, how long it lasts."""
    question = item.question or ""
    return "duration" if _HOW_LONG.search(question) else "onset" if _HOW_SOON.search(question) else ""


def _table_row(reading: Reading, item: Item) -> Iterator[Pharmacokinetic]:
    """The values of a table row `Parameter | Value …`; several value columns qualify their values."""
    if item.topic not in ("pharmacokinetics", "mechanism", "pharmacodynamics") or not label_parameter(item.cell(0)):
        return
    columns = [k for k in range(1, len(item.cells)) if not (k < len(item.columns) and _NOTES.search(item.columns[k]))]
    for k in columns:
        start, end = item.cells[k]
        head = item.columns[k] if k < len(item.columns) and len(columns) > 1 else ""
        if item.text[start:end].strip(" –—-"):
            yield from _sentence(Frame(reading, item, item.cell(0), (head,) if head else ()), start, end)


def _sentence(frame: Frame, start: int, end: int) -> Iterator[Pharmacokinetic]:
    text = frame.item.text
    at = start
    carried: str | None = None
    pattern = _ROUTES if frame.parameter in _EFFECT else _CLAUSE
    for m in [*pattern.finditer(text, start, end), None]:
        stop = m.start() if m else end
        if (
            m
            and stop - at < _TOO_SHORT
            and frame.parameter != "absorption"
            and not re.search(r"\d|\w\s+\w+\s|immediate", text[at:stop])
        ):
            continue  # "Renal; about 60% in urine" is one statement
        if stop - at > 1 and not _ADVICE.match(text, at, stop):
            for fact in _clause(frame, at, stop, carried):
                carried = fact.parameter
                yield fact
        at = m.end() if m else end


def _clause(frame: Frame, start: int, end: int, carried: str | None) -> Iterator[Pharmacokinetic]:
    """The values of one clause, or the clause as a statement without a value.

    `carried` is the parameter of the clause before, which "half-life 2 h; 3–12 h in neonates" speaks about still.
    """
    text = frame.item.text
    cues = list(phrasebook("kinetic_parameters").scan(text, start, end))
    cues = [c for c in cues if c.line["label"] != "label" and c.line["parameter"]]
    cues = [c for c in cues if not _UPTAKE.match(text, c.start, end)]
    if any(c.line["parameter"] in ("bioavailability", "tmax") for c in cues):
        cues = [c for c in cues if not _tells_when(text, start, c, end)]  # "on an empty stomach it is 66%"
    fed = any(c.line["parameter"] == "food_effect" for c in cues)
    if fed and (free := _WITHOUT_FOOD.search(text, start, end)) and free.start() > start + 3:
        cues = [
            c for c in cues if not free.start() <= c.start < free.end()
        ]  # "about 60% is absorbed, whatever the food"
    told = next((c.line["parameter"] for c in cues if c.start - start < 15), None)
    if pair := one_by_one(text, start, end):
        yield from _pair(frame, pair, cues, start, end, carried)
        return
    used = 0
    earlier: tuple[str, ...] = ()
    whose: str | None = None
    for measure, a, b in _segments(text, start, end):
        parameter = _parameter(frame, measure, cues, a, b)
        if carried in _FITS[measure.kind] and (parameter is None or (carried in _EFFECT and not cues)):
            parameter = carried
        changes = measure.low != measure.high and _CHANGED_FROM.search(text, a, measure.start)
        if measure.kind == "percent" and parameter != "food_effect" and _LEVEL_BY.search(text, a, measure.start):
            continue  # "on dialysis levels were lower by 60%"
        if parameter is None or changes or is_aside(text, a, measure, parameter):
            continue  # "shortens tmax from 7 to 4.5 hours"
        used += 1
        if frame.parameter is None and told == "absorption" != parameter and used == 1:
            yield _row(frame, start, end, told, None, route_or_substance(frame, start, end), None)
        qualifiers, population = limits(frame, parameter, (start, end), (a, b), measure.start)
        if used > 1 and not qualifiers and not population and _AGAIN.fullmatch(text, a, measure.start):
            qualifiers, population = earlier, whose  # "36 days (14–75 days)" is of the same
        whose = population
        if qualifiers == ("usual",) and used == 1:
            qualifiers = ()
        if qualifiers and qualifiers[-1] in ("range", "usual"):
            qualifiers = (*earlier, *qualifiers) if earlier != qualifiers else qualifiers
        else:
            earlier = qualifiers
        yield _row(frame, start, end, parameter, measure, "; ".join(dict.fromkeys(qualifiers)), population)
    if used and frame.parameter != "metabolism" and (fate := _BROKEN_DOWN.match(text, start, end)):
        yield _row(frame, start, fate.end("fate"), "metabolism", None, "", None)
    for pattern, denied in _DENIED if used and frame.parameter != "food_effect" else ():
        if pattern.search(text, start, end):
            yield replace(_row(frame, start, end, denied, None, "", None), assertion="negated")
    if used == 0 and (free := _WITHOUT_FOOD.search(text, start, end)) and _IT_IS.fullmatch(text, start, free.start()):
        yield replace(_row(frame, start, end, "food_effect", None, "", None), assertion="negated")
        return
    if used == 0:
        best = best_cue(cues)
        chosen = frame.parameter or ""
        if chosen == "metabolism" and not best and _ENZYME_ALONE.fullmatch(frame.label.strip()):
            return  # "CYP3A4 | not a substrate" stands in drug_enzymes
        if best and best.line["parameter"] == "metabolism" and any(c.line["parameter"] == chosen for c in cues):
            best = None  # "Absorption: it is a prodrug and is well absorbed"
        if best and (not chosen or int(best.line["rank"]) < 5 or chosen in ("absorption", "volume_of_distribution")):
            fasting = _FASTING.fullmatch(text, best.start, best.end) and frame.parameter == "absorption"
            chosen = "absorption" if fasting else best.line["parameter"]
        words = text[start:end]
        if chosen == "metabolism" and _LEAVES_FIRST.match(words):
            chosen = "elimination_route"  # "Metabolism: not metabolized; excreted unchanged in urine"
        if chosen in ("half_life", "volume_of_distribution"):
            return  # "dose-dependent", "crosses the placenta": neither is a value of these
        if chosen == "metabolism" and _MODULATES.search(words) and not _FATE.search(words):
            return  # what the drug does to an enzyme stands in drug_enzymes
        if chosen == "elimination_route" and not best and _STEADY.match(words):
            return  # "Steady state is reached after 7 days" tells no way out
        if chosen == "elimination_route" and _METABOLISED.search(words):
            yield _row(frame, start, end, "metabolism", None, "", None)
        if chosen and re.search(r"\w{3}", words):
            group = phrasebook("kinetic_populations").first(text, start, end)
            qualifier = route_or_substance(frame, start, end)
            yield _row(frame, start, end, chosen, None, qualifier, text[group.start : group.end] if group else None)


_STEADY = re.compile(
    r"\W*(?:(?:the\s+)?(?:plasma|serum)\s+)?(?:concentrations?\s+(?:at|reach(?:es)?)\s+)?steady[-\s]state\b", re.I
)


def _pair(
    frame: Frame, pair: list[Measure], cues: list[Found], start: int, end: int, carried: str | None
) -> Iterator[Pharmacokinetic]:
    """Two values told one by one; a statement without a value where the text does not say plainly which is whose."""
    fitting = [p for p in dict.fromkeys(c.line["parameter"] for c in cues) if p in _FITS[pair[0].kind]]
    named = best_cue([c for c in cues if c.line["parameter"] in fitting])
    parameter = named.line["parameter"] if named else frame.parameter or carried
    if parameter is None or parameter not in _FITS[pair[0].kind]:
        return
    limited = limits_of_two(frame.item.text, start, end, parameter)
    if limited:
        for measure, (qualifiers, population) in zip(pair, limited, strict=True):
            yield _row(frame, start, end, parameter, measure, "; ".join(qualifiers), population)
    elif len(fitting) == len(pair):
        for measure, each in zip(pair, fitting, strict=True):
            yield _row(frame, start, end, each, measure, "", None)
    else:
        yield _row(frame, start, end, parameter, None, "", None)


_LEAVES_FIRST = re.compile(
    r"\W*(?:it\s+is\s+|and\s+is\s+)?(?:(?:mainly|primarily|mostly|largely|almost\s+entirely)\s+)?(?:excreted|eliminated|recovered)\b",
    re.I,
)
_UPTAKE = re.compile(r"taken up\s+(?:by|into)\s", re.I)  # "taken up by neutrophils" tells of no absorption
_ENZYME_ALONE = re.compile(r"(?:cyp|ugt)\w*(?:\s*[,/]\s*(?:cyp|ugt)?\w*)*", re.I)
_WITHOUT_FOOD = re.compile(
    r"\b(?:not (?:\w+ )?(?:affected|influenced|changed|altered|reduced|lowered) by|unaffected by|whatever|regardless of"
    r"|independent(?:ly)? of|irrespective of) (?:food|meals?)\b",
    re.I,
)
# "(The extent of) absorption is not affected by food": what food does is told, and nothing else of the absorption.
_IT_IS = re.compile(
    r"\W*(?:the\s+)?(?:(?:rate|extent)(?:\s+(?:and|or)\s+(?:rate|extent))?\s+of\s+)?(?:its\s+|the\s+|oral\s+)?(?:absorption|bioavailability|exposure)\s+(?:is|are)\s+",
    re.I,
)
_LEVEL_BY = re.compile(
    r"\b(?:levels?|concentrations?|exposure|auc|cmax)\b[^.;,]*\bby\s+(?:about\s+|up\s+to\s+)?$", re.I
)
_AGAIN = re.compile(r"\s*\(\s*")
_CHANGED_FROM = re.compile(
    r"\b(?:rises?|rose|falls?|fell|drops?|prolong\w*|lengthen\w*|shorten\w*|increas\w*|rais\w*|reduc\w*|lower\w*|decreas\w*|delay\w*)\b[^.;]*\bfrom\s+(?:about\s+|around\s+)?$",
    re.I,
)
# What a clause denies beside a value: "It is not bound to plasma proteins, and the volume of distribution is 0.5 L/kg".
_DENIED = (
    (re.compile(r"\bnot (?:\w+ )?bound to (?:plasma |serum )?(?:proteins?|albumin)", re.I), "protein_binding"),
    (re.compile(r"\bnot (?:\w+ )?metaboli[sz]ed\b(?! by (?:cyp|cytochrome))", re.I), "metabolism"),
    (_WITHOUT_FOOD, "food_effect"),
)
# "It is broken down in the liver, mainly by CYP3A4, and about 19% leaves in the urine": the fate stands before the value.
_BROKEN_DOWN = re.compile(
    r"(?P<fate>(?:(?:it|the drug|\w{5,})\s+)?(?:is|are)\s+(?:\w+\s+){0,2}(?:broken down|metaboli[sz]ed|hydroly[sz]ed|oxidi[sz]ed|conjugated|inactivated)\b[^%\d.;]*(?:cyp\w+[^%\d.;]*)*),\s+(?:and|with|but)\s",
    re.I,
)
# "12-hour tablets", "a 2-hour infusion": the time is a name.
_NAMES_FORM = re.compile(
    r"[\d.]+-(?:second|minute|hour|day|week|month|year)\s+(?!half|duration|onset|lag|delay|elimination|terminal|plasma|time|action|effect)[a-z]",
    re.I,
)
# "immediate after intravenous, 20 to 60 minutes after subcutaneous injection": each route has its own.
_ROUTES = re.compile(
    rf"{_CLAUSE.pattern}|(?<!\d)(?:,|\s+and)\s+(?=(?:about\s+|within\s+)?\d[^,;]*\b(?:after|by|following)\b)"
)
# "14 hours in people over 75 years": the years are an age and no value.
_PEOPLE = re.compile(
    r"\b(?:people|persons?|patients?|adults?|children|men|women|subjects|those|individuals|infants|neonates|volunteers|aged?|the age of)"
    r"\s+(?:of\s+|from\s+|aged\s+|between\s+|older than\s+|younger than\s+)*$",
    re.I,
)
_AGES = frozenset(("a", "mo", "wk", "d"))


def _tells_when(text: str, start: int, cue: Found, end: int) -> bool:
    """Whether a word of food only tells when a value holds, and not what food does to it."""
    if cue.line["parameter"] != "food_effect" or _FASTING.fullmatch(text, cue.start, cue.end):
        return cue.line["parameter"] == "food_effect"
    return _WITH.search(text, start, cue.start) is not None and _CHANGES.search(text, start, end) is None


_WITH = re.compile(r"\bwith (?:an? |the )?(?:[\w-]+ )?$", re.I)
_CHANGES = re.compile(
    r"\b(?:by|ris|increas|rais|reduc|lower|decreas|fall|delay|high(?:er)?|improv|doubl|halv|slow|times)", re.I
)


_OF_WHICH = re.compile(r"\bof\s+which\s+[^,;)]*\)", re.I)


def _segments(text: str, start: int, end: int) -> Iterator[tuple[Measure, int, int]]:
    """The values of a clause, each with the span of words around it that belongs to it."""
    found = [m for m in measures(text, start, end) if not (m.unit in _AGES and _PEOPLE.search(text, start, m.start))]
    found = [m for m in found if not _NAMES_FORM.match(text, m.start, end)]
    found = [m for m in found if not text[: m.start].endswith("of which ")]
    at = start
    for k, measure in enumerate(found):
        stop = end
        if share := _OF_WHICH.search(text, at, measure.start):
            at = share.end()  # "in urine (70%, of which 10% unchanged) and faeces (20%)"
        if k + 1 < len(found):
            cuts = list(_BETWEEN_VALUES.finditer(text, measure.end, found[k + 1].start))
            opening = [c for c in cuts if "(" in c.group() and "range" not in text[c.start() : c.end() + 6]]
            closed = text.startswith(")", measure.end)  # "Urine (41%), faeces (47%)"
            closed = closed or text.startswith(", of which", measure.end)
            cut = cuts[0 if closed else -1] if cuts else None
            if opening and text.find(")", opening[0].end(), found[k + 1].start) < 0 and len(cuts) == 1:
                cut = opening[0]
            stop = cut.start() if cut else found[k + 1].start
        yield measure, at, stop
        at = stop


def _parameter(frame: Frame, measure: Measure, cues: list[Found], start: int, end: int) -> str | None:
    """The parameter of a value: by the words next to it, else by those of its clause, else by the label."""
    fitting = [c for c in cues if c.line["parameter"] in _FITS[measure.kind]]
    near = best_cue([c for c in fitting if start <= c.start < end])
    ahead = best_cue([c for c in fitting if c.end <= measure.start])
    text = frame.item.text
    of_food = frame.parameter == "food_effect" or any(c.line["parameter"] == "food_effect" for c in cues)
    if of_food and measure.kind == "time" and _DELAYED_BY.search(text, start, measure.start):
        return "food_effect"  # "food delays the peak by 2 hours": no time to the peak
    if near and near.line["parameter"] == "bioavailability" and not text[measure.end : near.start].strip():
        return "bioavailability"  # "well absorbed (74–92% bioavailability)"
    if near and ahead and near.start >= measure.end and _is_of_uptake(text, near, ahead, measure):
        return ahead.line["parameter"]  # "absorption is 40–80%, less with food"
    if near and ahead and near.start >= measure.end and lowered(text[near.start : near.end]).startswith("metabolite"):
        return ahead.line["parameter"]  # "protein binding is 20%, and 60% for some metabolites"
    if frame.parameter == "absorption" and _REACHES.match(text, measure.end):
        return "bioavailability"  # "90% is absorbed, but only 30% reaches the circulation"
    if measure.kind == "percent" and frame.parameter == "metabolism" and _IN_EXCRETA.match(text, measure.end):
        return "elimination_route"  # "10% of the parent and 60% of the metabolites are found in urine"
    if (
        near
        and frame.parameter == "metabolism"
        and near.line["parameter"] == "elimination_route"
        and _LEAVES.match(text, measure.end)
    ):
        return "elimination_route"  # "Metabolism: … the remaining 20% is excreted unchanged"
    if near and (near.line["rank"] == "6" or near.start >= measure.end) and frame.parameter in _FITS[measure.kind]:
        return frame.parameter
    if near is None and frame.parameter in _FITS[measure.kind] and not (ahead and ahead.line["rank"] in "1234"):
        return frame.parameter
    found = near or ahead
    if found and found.line["parameter"] == "tmax" and _SECOND_PEAK.search(text, start, end):
        return None  # of enterohepatic circulation
    return found.line["parameter"] if found else None


_REACHES = re.compile(
    r"\s+(?:of\s+(?:a|the)\s+dose\s+)?reach(?:es)?\s+the\s+(?:systemic\s+|general\s+)?(?:circulation|bloodstream)\b",
    re.I,
)
_IN_EXCRETA = re.compile(
    r"\s+of\s+(?:the\s+)?(?:parent|metabolites?|drug|unchanged)\b(?:(?!metaboli[sz]ed|converted)[^;.]){0,60}\b(?:found|excreted|recovered|appears?|eliminated)\s+(?:unchanged\s+)?(?:in|by|via)\s+(?:the\s+)?(?:urine|fa?eces|bile|kidneys)\b",
    re.I,
)
_LEAVES = re.compile(
    r"\s+(?:of\s+(?:the|a|an)\s+(?:\w+\s+)?dose\s+)?(?:(?:is|are|was|being)\s+)?(?:excreted|eliminated|recovered|leaves|appears)\b",
    re.I,
)


def _is_of_uptake(text: str, behind: Found, ahead: Found, measure: Measure) -> bool:
    """Whether a value tells how much is absorbed, and food stands behind it with a statement of its own."""
    if behind.line["parameter"] != "food_effect" or ahead.line["parameter"] not in ("absorption", "bioavailability"):
        return False
    return _CHANGES.search(text, ahead.end, measure.start) is None


_SECOND_PEAK = re.compile(r"\bsecond(?:ary)? (?:plasma |concentration )?peak\b", re.I)
_DELAYED_BY = re.compile(
    r"\b(?:delay|postpon|slow|retard|prolong|lengthen)\w*\b[^.;]*\bby (?:about |around |up to |roughly |approximately )?$",
    re.I,
)


def _row(
    frame: Frame, start: int, end: int, parameter: str, measure: Measure | None, qualifier: str, population: str | None
) -> Pharmacokinetic:
    words = frame.item.text[start:end]
    fact = Pharmacokinetic(
        **frame.item.at(start, end),
        rule="kinetic_value" if measure else "kinetic_statement",
        assertion=_assertion(words, measure),  # type: ignore[arg-type]
        parameter=parameter,  # type: ignore[arg-type]
        qualifier=qualifier or None,
        value_text=statement(words),
        population=population,
    )
    if measure:
        fact.value_low, fact.value_high = measure.low, measure.high
        fact.value_unit, fact.comparator = measure.unit, measure.comparator
        if parameter == "half_life" and measure.hours is not None:
            fact.half_life_hours_low = _hours(measure.low, measure.hours)
            fact.half_life_hours_high = _hours(measure.high, measure.hours)
    return fact


def _hours(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 6)


_ASIDE_BEHIND = re.compile(
    r",\s+which\b.*", re.I | re.S
)  # "…, which may cause neuroexcitation" is said of the metabolite


def _assertion(statement: str, measure: Measure | None) -> str:
    if measure is None and _NEGATED.search(lowered(statement).split(" but ")[0]):
        return "negated"
    return "possible" if _MAY.search(_ASIDE_BEHIND.sub("", statement)) else "affirmed"
