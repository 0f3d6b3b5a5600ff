"""Amounts that stand in dosing text and that nobody is told to give: forbidden, reported, compared, packed or prepared.

The wordings, each with an example, are in `vocabulary/signs/no_doses.csv`; here it is said where each must stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from monopipe.cues import Cued, Family, folded
from monopipe.extract.doses.mishaps import of_mishap
from monopipe.extract.doses.spoken_of import only_spoken_of
from monopipe.extract.doses.surroundings import Surroundings
from monopipe.signs import signs

_SIGN = signs("no_doses")
FORBIDS = Cued(_SIGN["forbids"])
"""What forbids an amount, or quotes one that the patient takes already."""

_NO_SUBSTITUTE = Cued(_SIGN["no_substitute"])
_FORMER = Cued(_SIGN["former"])
# "ELITE II used only 50 mg daily": the dose of a trial that goes by its name.
_TRIAL = re.compile(
    r"\b(?:(?:[A-Z][A-Z-]{2,}|[A-Z][a-z]+[A-Z]{2,})(?:[ -](?:[IVX]+|\d+))?|[Tt]rials?|[Ss]tud(?:y|ies))\s+(?:(?:trials?|stud(?:y|ies))\s+)?"
    r"(?:used|gave|tested|compared|randomi[sz]ed|enrolled|went\s+(?:up\s+|as\s+high\s+as\s+)?(?:to\s+)?|aimed\s+(?:for|at))\b[^.;]*$"
)
_BEFORE = Family(
    (
        _NO_SUBSTITUTE,
        _FORMER,
        Cued(_SIGN["taken_so_far"]),
        Cued(_SIGN["decides"]),
        Cued(_SIGN["of_fluids"]),
        Cued(_SIGN["starts_from"]),
        Cued(_SIGN["of_kinetics"]),
        Cued(_SIGN["nearest"]),
        Cued(_SIGN["of_each"]),
        Cued(_SIGN["each_time"]),
        Cued(_SIGN["given_up"]),
    )
)
"""What is looked for before the amount, in its part of the sentence."""
_BEHIND = (Cued(_SIGN["toxic"]), Cued(_SIGN["fluid_behind"]), Cued(_SIGN["by_amount"]))
"""What begins with the amount."""

_ABOUT_FORM = re.compile(_SIGN["of_form"], re.I)
_NO_CHANGE = re.compile(_SIGN["no_change"], re.I)
_NO_MORE = Cued(_SIGN["no_more"])
_WHOSE = Cued(_SIGN["whose"])
OPENING = re.compile(_SIGN["opening"], re.I)
"""What opens a sentence before its comma and says for whom or when."""
_REPORTS = Cued(_SIGN["reports"])
_MEAN_IN_BRACKET = Cued(_SIGN["mean_in_bracket"])
_ASIDE = re.compile(_SIGN["aside"], re.I)
_OTHER_DOSES = re.compile(_SIGN["other_doses"], re.I)
_SEEN = Cued(_SIGN["seen"])
_EXAMPLE = Cued(_SIGN["example"])
_MADE_UP = Cued(_SIGN["made_up"])
_PRIMED = re.compile(_SIGN["primed"], re.I)
_FELL = Cued(_SIGN["fell"])
_DRUNK = Cued(_SIGN["drunk"])
_TAKEN_WITH = Cued(_SIGN["taken_with"])
_ON_SALE = Cued(_SIGN["on_sale"])
_STOCKED = re.compile(_SIGN["stocked"], re.I)
_FORMS_IN_STOCK = re.compile(_SIGN["forms_in_stock"], re.I)
_PACK = re.compile(_SIGN["pack"], re.I)
_MAX_STOCK = 80
_MISJUDGED = Cued(_SIGN["misjudged"])
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")  # "0.5 mg (white), 1 mg (brown)"
_PREPARED = Cued(_SIGN["prepared"])
_MAKE_READY = re.compile(_SIGN["make_ready"], re.I)
_IS_MADE_UP = Cued(_SIGN["is_made_up"])
_IS_ADMINISTERED = Cued(_SIGN["is_administered"])
_COMPARES = Cued(_SIGN["compares"])
_IS_THE_OTHER = Cued(_SIGN["is_the_other"])
_SAME_RATE = re.compile(_SIGN["same_rate"], re.I)
_EQUATES = re.compile(_SIGN["equates"], re.I)
_CORRESPONDS = re.compile(_SIGN["corresponds"], re.I)
_ON_BOUNDS = re.compile(_SIGN["on_bounds"], re.I)
_NEEDED = Cued(_SIGN["needed"])
_OF_BEFORE = re.compile(_SIGN["of_before"], re.I)
_VOLUME = re.compile(_SIGN["volume"], re.I)
_LIQUID = re.compile(_SIGN["liquid"], re.I)
_PER_VOLUME = re.compile(_SIGN["per_volume"], re.I)


def is_not_given(said: Surroundings) -> bool:
    """Whether the words around an amount say that it is none to be given."""
    return (
        _BEFORE.finds(said.before)
        or _TRIAL.search(said.before) is not None
        or any(sign.match(said.item.text, said.at) for sign in _BEHIND)
        or any(rule(said) for rule in _RULES)
    )


def _is_forbidden(said: Surroundings) -> bool:
    """As "80 mg should not be given", but not of whom: "in patients who should not take 80 mg"."""
    words = said.item.text[said.step.start : max(min(said.step.end, said.sentence[1]), said.at)]
    condition = said.step.dosage.condition_text
    words = words.replace(condition, " ") if condition else words
    return FORBIDS.search(_NO_MORE.sub(" ", _WHOSE.sub(" ", words))) is not None


def _is_no_substitute(said: Surroundings) -> bool:
    """As "The 100 mg capsule is no substitute for it"."""
    return _NO_SUBSTITUTE.search(said.quote) is not None


def _is_put_together(said: Surroundings) -> bool:
    """As "Doses of 75 mg are made up of three 25 mg tablets"."""
    return _MADE_UP.search(said.sentences) is not None


def _is_on_sale(said: Surroundings) -> bool:
    """As "Strengths run from 25 mg to 300 mg"."""
    return _ON_SALE.may_match(folded(said.clause)) and _ON_SALE.search(OPENING.sub(" ", said.clause)) is not None


def _is_primed(said: Surroundings) -> bool:
    """As "Prime with 6 sprays": a count, and nothing says how often or by which way it is given."""
    d = said.step.dosage
    counted = d.frequency is None and d.route is None and (d.dose_unit or "").startswith("{")
    return counted and _PRIMED.search(said.clause) is not None


def _is_drunk(said: Surroundings) -> bool:
    """As "Drink at least 2 litres a day"."""
    if said.step.dosage.dose_unit != "L":
        return False
    return _DRUNK.search(said.sentences) is not None and "solution" not in said.sentences


def _is_left_alone(said: Surroundings) -> bool:
    """As "No adjustment up to 600 mg daily": the amount bounds what needs no change."""
    return _NO_CHANGE.match(said.quote) is not None and "." not in said.quote


def _is_reported(said: Surroundings) -> bool:
    """As "In one small study 40 mg was no more effective"; a bracket or an aside on other doses says nothing of this one."""
    text, at = said.item.text, said.at
    words = said.sentences
    if (mean := _MEAN_IN_BRACKET.search(words)) is not None and text[at : at + 12] not in mean.group():
        words = words.replace(mean.group(), " ")
    aside = _ASIDE.search(text, at, next((b for a, b in said.spans if a <= at < b), at))
    if aside is not None and _OTHER_DOSES.search(aside.group()):
        words = words.replace(aside.group(), "")
    return _REPORTS.search(words) is not None


def _goes_with_the_dose(said: Surroundings) -> bool:
    """As "Swallowed along with 500 mg of ascorbic acid"."""
    return _TAKEN_WITH.search(said.before) is not None and not said.step.dosage.partners


def _is_in_stock(said: Surroundings) -> bool:
    """As "Tabs 15/30/45 mg", "28 × 50 mg": an amount and no more."""
    if not _is_bare(said):
        return False
    stock = _IN_BRACKETS.sub("", said.item.text[max(said.end - _MAX_STOCK, 0) : said.end])
    return bool(_STOCKED.search(stock) or _FORMS_IN_STOCK.fullmatch(said.quote) or _PACK.fullmatch(said.quote))


def _is_misjudged(said: Surroundings) -> bool:
    """As "Show them the card, because nobody guesses 2 g right"."""
    return _MISJUDGED.search(said.before) is not None and _is_bare(said)


def _is_bare(said: Surroundings) -> bool:
    """Whether a dose is an amount and no more: nothing says how often, how long, by which way or in which step."""
    d = said.step.dosage
    if d.frequency is not None or d.step_kind != "standard":
        return False
    own = {k for k, v in vars(d).items() if v not in (None, "", "none", "unspecified", False)} - _OF_AMOUNTS
    return own <= set((d.inherited_fields or "").split("; "))


_OF_AMOUNTS = frozenset(
    "step_kind sequence dose_low dose_high dose_unit dose_basis dose_is dose_form dose_components daily_dose_low daily_dose_high readable"
    " parse_status unread_text numbers_unread inherited_fields indication_text quantity_low quantity_high quantity_unit".split()
)


def _is_made_ready(said: Surroundings) -> bool:
    """As "Dissolve 1 g in 20 mL water": how the drug is made ready, and nothing of how it is given."""
    d, item = said.step.dosage, said.item
    if d.rate_unit or d.frequency or d.admin_duration or d.when_code or item.columns:
        return False
    made = (
        _MAKE_READY.match(said.clause)
        or _IS_MADE_UP.search(said.clause)
        or (item.label is not None and _MAKE_READY.match(item.label))
    )
    return bool(made) and _IS_ADMINISTERED.search(said.clause) is None


def _is_prepared(said: Surroundings) -> bool:
    """As "2 mg is diluted in 500 mL of saline": how an infusion is made; the rate at which it runs is a dose."""
    return said.step.dosage.rate_unit is None and _PREPARED.search(said.sentences) is not None


def _has_been_seen(said: Surroundings) -> bool:
    """As "Some patients have done well on 2.5 mg"."""
    condition = said.step.dosage.condition_text
    return _SEEN.search(said.quote.replace(condition, " ") if condition else said.quote) is not None


def _is_of_the_past(said: Surroundings) -> bool:
    """As "Former scheme: 30 mg/kg"."""
    return said.item.label is not None and _FORMER.search(said.item.label) is not None


def _is_of_a_form(said: Surroundings) -> bool:
    """As "A tablet is too slow"."""
    return _ABOUT_FORM.match(said.quote) is not None


def _is_a_share(said: Surroundings) -> bool:
    """As "All-cause mortality fell by 34%"."""
    return said.step.dosage.dose_unit == "%" and _FELL.search(said.quote) is not None


def _is_compared(said: Surroundings) -> bool:
    """As "20 mg corresponds roughly to lisinopril 20 mg"; a bracket that does so only words a dose otherwise.

    Behind "which" or "that" it is what follows that words the dose otherwise.
    """
    if said.item.columns:
        return False
    plain = re.sub(r"\([^()]*\)", lambda m: " " * len(m.group()), said.clause) if "(" in said.clause else said.clause
    if _SAME_RATE.search(plain) or _CORRESPONDS.search(plain) or _IS_THE_OTHER.search(plain):
        return True
    found = _COMPARES.search(plain) or _EQUATES.search(plain)
    if found is None or re.search(r"\d", plain[found.end() :]) is None:
        return False
    if re.search(r"\b(?:which|that|this)\s+$", plain[: found.start()]):
        return said.at >= said.item.text.find(said.clause) + found.end()
    return True


def _is_a_bound(said: Surroundings) -> bool:
    """As "Doses above 0.58 mg/kg, or 40 mg, have not been studied", but not "Doses above 20 mg are rarely needed"."""
    on_bounds = not said.item.columns and _ON_BOUNDS.match(said.clause)
    return bool(on_bounds) and _NEEDED.search(said.clause) is None


def _is_an_example(said: Surroundings) -> bool:
    """As "So a child of 0.6 m² takes about 2 mg"."""
    return _EXAMPLE.search(said.opening) is not None


def _is_of_before(said: Surroundings) -> bool:
    """In a column "Equivalent dose" or "Dose so far"."""
    return _OF_BEFORE.search(said.head) is not None


def _is_a_strength(said: Surroundings) -> bool:
    """In a column of a liquid's strengths, beside one of the volumes to be given."""
    if not any(_VOLUME.match(head) for head in said.item.columns) or not _LIQUID.search(said.head):
        return False
    return _PER_VOLUME.match(said.item.text, said.at) is not None


_RULES: tuple[Callable[[Surroundings], bool], ...] = (
    _is_forbidden,
    _is_no_substitute,
    _is_put_together,
    _is_on_sale,
    _is_primed,
    _is_drunk,
    _is_left_alone,
    _is_reported,
    _goes_with_the_dose,
    _is_in_stock,
    _is_misjudged,
    _is_made_ready,
    _is_prepared,
    _has_been_seen,
    _is_of_the_past,
    _is_of_a_form,
    _is_a_share,
    _is_compared,
    _is_a_bound,
    _is_an_example,
    _is_of_before,
    _is_a_strength,
    only_spoken_of,
    of_mishap,
)
