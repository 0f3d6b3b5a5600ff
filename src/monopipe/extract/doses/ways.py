"""The way of giving that a paragraph says for the doses below it: "Capsules are swallowed whole", "The usual oral doses:"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from monopipe.cues import Cued
from monopipe.document import Item
from monopipe.extract.doses.limits import AT_MOST
from monopipe.extract.doses.surroundings import AMOUNT
from monopipe.extract.drug_words import names_other_drug
from monopipe.grammar import (
    Step,
    read_ceilings,
    read_course,
    read_how,
    read_lead,
    read_length,
    read_meal,
    read_often,
    read_route,
    read_who,
    render,
)
from monopipe.signs import MASS

_IS_GIVEN = Cued(
    r"\b(?:giv(?:e|en)|tak(?:e|en)|administer(?:ed)?|swallowed|goes(?:\s+in)?\s+by|runs?|inhaled|injected|infused|instilled|applied|inserted)\b"
)
# What makes a way that of some patients or some doses only, or none at all.
_NOT_OF_ALL = Cued(
    r"\b(?:not|never|no|who|whose|those|if|when|where|severe|emergenc\w+|alternatively|instead|some|rarely|occasionally|sometimes"
    r"|may|can|could|most|usually|also|first|then|cannot|unable)\b"
)
_ONLY_WHERE = Cued(
    r"\b(?:if|when|where|while)\b[^.;]*\b(?:routes?|not|cannot|unable|unavailable|impossible|impracticable|swallow)\b"
)
# "The doses below are oral", "All doses refer to intravenous use": the way must stand right behind.
_OF_DOSES = Cued(
    r"\b(?:(?:all|each)(?:\s+of)?(?:\s+(?:the|these))?|these|the\s+following)\s+(?:dos(?:es|ages)|injections|infusions)\b[^.;]*?\b(?:are|is|refer\s+to|apply\s+to)\b"
    r"|\b(?:each|every)\s+dose\b[^.;]*?\bis\b"
    r"|(?:^|[;:,]\s)\W*all(?:\s+the)?\s+dos(?:es|ages)\b|\beverything\s+(?:here|below|in\s+this\s+\w+)\s+(?:is|goes)\b"
    r"|\bdos(?:es|ages)\s+(?:(?:given|listed|stated|shown)\s+)?(?:below|here|that\s+follow|in\s+(?:this|the)\s+\w+(?:\s+below)?)\s+(?:all\s+)?(?:are|refer\s+to|apply\s+to)\b"
    r"|^\W*dos(?:es|ages)\s+(?:are|refer\s+to|apply\s+to)\b"
)
# A lead-in that opens so speaks of the doses below it alone.
_OF_ONE_USE = re.compile(r"\W*(?:for|in)\s", re.I)
_UNLESS = Cued(
    r"^unless\s+(?:otherwise\s+)?(?:stated|indicated|noted|specified|mentioned)(?:\s+otherwise)?,?\s+|(?:^|,?\s+)(?:unless|except where)\b[^,.;]*,?"
)
_BEFORE_WAY = frozenset("all for the meant intended to be given those of as by".split())
_FOR_USE = Cued(
    r"\b(?:is|are)\s+(?:(?:intended|meant|licensed|only)\s+)*for\s+(?P<way>[\w-]+)\s+(?:use|administration|injection|infusion|application)\b"
)
# "The table shows the usual oral doses", "The intravenous dose depends on weight".
_SHOWN = Cued(
    r"\b(?P<way>[\w-]+)\s+(?:(?:starting|initial|maintenance|daily|usual|recommended|single|total)\s+){0,2}(?:dos(?:es?|ages?|ing)|regimens?)\b"
)
_SHOWS = Cued(r"\b(?:tables?|lists?|below|following|follows?|depends?|var(?:y|ies)|according|by)\b")
_DOSED = Cued(r"\b(?:dos(?:e|es|ed|ing|age)|tables?|below|shown)\b")
_ORAL = Cued(r"\b(?:oral\w*|mouth|swallow\w*)\b")
_LABELS = frozenset(("route", "route of administration", "way of administration", "method of administration"))
# Another way than by mouth, whether or not a code stands for it.
OTHER_WAY = Cued(
    r"\b(?:iv|im|sc|intraven\w+|intramus\w+|subcut\w+|inject\w*|infus\w*|bolus|rectal\w*|suppositor\w+|patch\w*|inhal(?!ational)\w+|nebuli\w+|nasal\w*"
    r"|topical\w*|cream|ointment|drops?(?!\s+(?:to|back|by|below)\b)|tube|transderm\w+|vaginal\w*|sublingual\w*|buccal\w*|i\.v|i\.m|s\.c)\b"
)
INTO = Cued(
    r"\b(?:instil\w*|irrigat\w*|intra[a-z-]+|injected|implant\w*|enema\w*|pessar\w+|eyes?|ears?|nostrils?|skin)\b"
    r"|\binto\s+(?:the|each|both|a|an)\s+(?!stomach)"
)
# "Skin and soft tissue infections", "2 hours before each injection": a disease of a part and an event are no way of giving.
_NO_WAY = Cued(
    r"\b(?:skin|eyes?|ears?)\b(?:[\s,-]+\w+){0,4}?[\s-]+(?:infections?|diseases?|disorders?|conditions?|inflammation|ulcers?|abscess(?:es)?|allerg\w+|reactions?|cancers?|lesions?)\b"
    r"|\b(?:infections?|diseases?|disorders?|conditions?|inflammation|cancers?|lesions?)\s+(?:of|in|on)\s+(?:the\s+)?(?:skin|eyes?|ears?)\b"
    r"|\b(?:before|after|until|between)\s+(?:the\s+|each\s+|every\s+|any\s+)(?:[\w-]+\s+)?(?:injections?|infusions?)\b"
)
_WORD = re.compile(r"[A-Za-z]{5,}")
# "All PO.", "IV over 30 min unless stated.", "Carboplatin IV over 60 min in every row.": no more than a way for all doses.
_OF_ROWS = frozenset(
    "all doses dose dosing given give by via in on the each every row rows throughout always as infusion infusions injection route"
    " table tables list below here protocols regimens for of are is and goes go meant this these everything chapter section page part again too likewise use they taken"
    " apply applies refer refers to figures amounts stated treat treatment therapy continue continued course courses last lasts length"
    " duration total usual it"
    " drip drips run runs infuse infused"
    " whole swallowed with without food meal meals milk water or any time day regardless an empty stomach morning evening at night bedtime"
    " tablets capsules prolonged-release modified-release immediate-release prolonged modified immediate release".split()
)
# "All doses are oral, at most 300 mg a day": the words beside a maximum that leave it one of all doses.
_FOR_ALL = Cued(
    r"^\W*(?:(?:(?:all|each)(?:\s+of)?|every)\s+(?:the\s+|these\s+)?dos(?:es?|ages)|(?:the(?:\s+following)?\s+|these\s+)?dos(?:es|ages)|all\s+are)\b"
)
_BESIDE_MOST = frozenset("below above here follow listed given every each all".split())
_OF_A_DAY = frozenset(("max_daily_dose", "max_dose_unit", "route", "route_text"))
_PARTS = re.compile(r"[,;:]\s|\s(?:and|but|with|up\s+to)\s")
# "Oral doses are taken one hour before a meal", "Each infusion runs over 2 hours": of the doses by that way alone.
_BY_ROUTE = Cued(
    r"^\W*(?:(?:all|the|each|every|any)\s+)*(?P<way>[\w-]+)(?:\s+(?:dos(?:es?|ages)|infusions?|injections?))?\s+(?:is|are|runs?|lasts?|takes?|should|must)\b"
)
_HALVES = re.compile(r";\s+|,\s+(?:and|while|whereas|but)\s+")
_INFUSIONS = re.compile(r"infusions?|drips?", re.I)
_AT_ONCE = Cued(r"\b(?:bolus|push|injections?)\b")
# "Oral suspension 200 mg/5 mL.": what all doses below are given as
_PRODUCT = re.compile(
    r"(?:(?:the|as|use|give|we\s+use)\s+)*(?P<way>oral|rectal|nasal|intravenous|IV)\s+(?:suspension|solution|syrup|liquid|drops|infusion)\W*"
    r"(?:of\s+)?[\d.,]+\s?(?:m?g|micrograms?|mcg|units)\s?(?:/|per|in)\s?[\d.]*\s?mL\)?",
    re.I,
)
# "10 mg 2 hours before each infusion" is given at an event, and not as often as all others.
_AT_EVENT = Cued(r"\b(?:before|prior\s+to|hours?\s+(?:after|later)|minutes?\s+(?:after|later))\b")
# "All doses in this chapter are for adults, by mouth", "Everything here is for adults": until its heading ends.
_DECLARED = Cued(
    r"\ball\s+(?:the\s+)?doses\b|^\W*(?:the\s+)?doses?\s+(?:here|below|are|(?:in|of)\s+this\b)"
    r"|\b(?:everything|all|what\s+stands)\s+(?:here|below|in\s+this\b)|^\W*this\s+(?:chapter|section|page|part)\b"
)
_CAP = Cued(
    rf"\(?\b(?:{AT_MOST}|cap(?:ped\s+at)?)(?:\s+(?:dose|of|total))*:?\s*(?P<most>[\d.,]+\s?(?:{MASS}|mmol)"
    r"\s?(?:/|per\s|a\s|in\s|each\s)\s?(?:day|d|24\s?h(?:ours)?|(?:single\s+)?(?:dose|infusion|injection)))\b\.?\)?"
    r"(?:,?\s+(?:whatever|(?:regardless|irrespective)\s+of)\s+(?:the\s+)?(?:body\s+|patient's\s+)?weight(?:\s*\([^()]*\))?)?"
)
# "The tablets (5 mg and 10 mg) are taken by mouth": of which there are
_STRENGTHS = re.compile(rf"\s*\((?:(?:of|,|and|or|[\d.]+\s?{MASS}(?:/\s?mL)?)\s*)+\)", re.I)
# "for 3 days (6 doses in all)": how many those days make
_COUNTED = re.compile(r"\s*\((?:\d+|[a-z]+)\s+doses\s+(?:in\s+(?:all|total)|altogether)\)", re.I)
_OPENING = re.compile(r"(?<=[a-z]{3})\.\s")  # "… in every row. d1 = day 1"
_MAX_TERSE = 90
_OVER = re.compile(
    r"\bover\s+\d+\s?[–-]\s?\d+\s?(?:min(?:ute)?s?|h(?:ou)?rs?|h)\b", re.I
)  # a range that no column holds
_ROWS = re.compile(r"\b(?:rows?|tables?)\b", re.I)
_LETTERS = re.compile(r"[^\W\d_]+|\d[\d.]*")


class Ways:
    """The ways that the paragraphs met so far give for the doses below them.

    A way holds under the heading where it is said, until another paragraph gives another one; below a heading, label
    or lead-in further in that speaks of another way it is in doubt, and none. What a sentence shows ("The table gives the oral doses") holds for the table or list
    right behind it.
    """

    def __init__(self, own_names: Collection[str]) -> None:
        self._own_names = own_names
        self._said: list[tuple[tuple[str, ...], str | None]] = []
        self._shown: tuple[tuple[str, ...], str] | None = None
        self._often: tuple[tuple[str, ...], str] | None = None
        self._how_often: list[tuple[tuple[str, ...], str]] = []
        self._above: tuple[tuple[str, ...], str] | None = None
        self._rest: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._declared: list[tuple[tuple[str, ...], str]] = []
        self._caption: tuple[str, str] | None = None
        self._by_route: list[tuple[tuple[str, ...], str, dict[str, Any]]] = []

    def hear(self, item: Item) -> None:
        """Take in what a paragraph, or a line "Route: oral", says of the way."""
        self._hear_caption(item)
        labelled = item.label is not None and item.label.lower() in _LABELS
        if item.question is not None or not (item.kind == "paragraph" or labelled):
            return
        if item.kind == "paragraph":
            self._shown = self._often = self._above = None
            self._rest = self._rest if item.label else (item.leads, ())
        if labelled:
            if len(item.rest.split()) < 6 and (route := read_route(item.rest)):
                self._said.append((item.leads, route))
            return
        said: list[str] = []
        if item.label is not None and self._is_way(item.text) and read_course(item.text):
            self._rest = (item.leads, (*self._rest[1], item.text.strip(" .")))  # "Course: 5 days."
        for a, b in item.sentences():
            sentence = _STRENGTHS.sub("", item.text[a:b])
            if (
                (cap := _CAP.search(sentence))
                and self._is_way(plain := _CAP.sub(" ", sentence))
                and not read_who(plain)
            ):
                self._rest = (item.leads, (*self._rest[1], f"maximum {cap['most']}"))
                sentence = plain
            if (product := _PRODUCT.fullmatch(sentence.strip(" ."))) and (route := read_route(product["way"])):
                said.append(route)
                continue
            if AMOUNT.search(sentence) and AMOUNT.search(sentence := self._without_most(item, sentence)):
                break
            parts = [self._hear_by_route(item, part) for part in _HALVES.split(sentence)]
            if any(parts):  # each part may speak of another way
                continue
            # "**Children.** …" speaks of the list below it as well, not of what comes then
            opens = b <= item.bold_end < len(item.text.rstrip())
            sentence = sentence if opens else self._without_often(item, sentence)
            plain = _UNLESS.sub("", sentence)
            if self._is_way(sentence) and (opens or read_who(plain) or read_course(plain)):
                if _DECLARED.search(plain) and read_who(plain):
                    self._declared.append((item.leads, plain.strip(" .")))
                else:
                    self._rest = (item.leads, (*self._rest[1], plain.strip(" .")))
            if opens:
                continue
            if self._of_another(sentence):
                continue
            of_all = _NOT_OF_ALL.search(sentence) is None
            opening = _OPENING.split(sentence, 1)[0]
            route = (read_route(opening) if self._is_way(opening) else None) or _of_all(sentence)
            if of_all and (time := read_length(sentence)):
                route = f"{route}, {time}" if route else time if "infus" in sentence.lower() else None
            if route and of_all and (meal := read_meal(opening)):
                route = f"{route}, {meal}"
            if route and self._is_way(opening) and _ROWS.search(opening):
                self._above = (item.leads, route)
            elif route and item.text.endswith(":") and _OF_ONE_USE.match(sentence):
                self._shown = (item.leads, route)
            elif route:
                said.append(route)
            elif route := _of_shown(sentence):
                self._shown = (item.leads, route)
            elif route := _of_dosed(sentence):
                self._above = (item.leads, route)
        if said:
            self._said.append((item.leads, said[0] if len({read_route(way) for way in said}) == 1 else None))

    def _without_most(self, item: Item, sentence: str) -> str:
        """A sentence up to the most of a day that it gives all doses, which is kept: "… by mouth, and none should exceed 20 mg/day"."""
        amount = AMOUNT.search(sentence)
        ceilings = read_ceilings(sentence, self._own_names) if _FOR_ALL.search(sentence) else []
        if amount is None or len(ceilings) != 1 or len(AMOUNT.findall(sentence)) > 1:
            return sentence
        ceiling = ceilings[0]
        plain = set((ceiling.unread_text or "").lower().split()) <= _BESIDE_MOST
        plain = plain and ceiling.condition_text is None and "/" not in str(ceiling.columns["max_dose_unit"])
        if not plain or not {"max_daily_dose", "route"} <= ceiling.columns.keys() <= _OF_A_DAY:
            return sentence
        self._declared.append((item.leads, f"maximum {amount[0]} a day"))
        return _PARTS.split(sentence[: amount.start()])[0]

    def _hear_by_route(self, item: Item, sentence: str) -> bool:
        """Take in how the doses by one way are given: "Intravenous doses are infused over 2 hours"; whether that is said."""
        said = _BY_ROUTE.search(sentence)
        if said is None or _NOT_OF_ALL.search(sentence):
            return False
        if _INFUSIONS.fullmatch(said["way"]):
            route = None if read_route(sentence) else "intravenous"  # "Drips run IV over 1 hour" is of all doses
        else:
            route = read_lead(said["way"]).get("route")
        fields = read_how(" ".join(filter(None, (read_length(sentence), read_meal(sentence)))))
        if route is None or not fields or self._of_another(sentence):
            return False
        self._by_route.append((item.leads, route, fields))
        return True

    def give_by_route(self, item: Item, steps: Sequence[Step]) -> None:
        """Give each step of an item what has been said of the doses by its way, where it says nothing else itself."""
        for above, route, fields in self._by_route:
            for step in steps if item.leads[: len(above)] == above else ():
                d = step.dosage
                runs = "admin_duration" not in fields or not _AT_ONCE.search(item.text, step.start, step.end)
                by_it = d.route == route or (d.route is None and "admin_duration" in fields)
                if by_it and runs and all(getattr(d, name) is None for name in (*fields, "rate_unit")):
                    for name, value in fields.items():
                        setattr(d, name, value)
                    d.inherited_fields = "; ".join(filter(None, (d.inherited_fields, *fields)))
                    d.readable = render(d)

    def _hear_caption(self, item: Item) -> None:
        """Take in the maximum that closes a caption, "Table 1. Systemic infection (max 4 g/day)", for what is right below it."""
        if item.kind == "paragraph":
            cap = _CAP.search(item.text) if len(item.text) <= _MAX_TERSE else None
            closes = cap is not None and cap[0].startswith("(") and not item.text[cap.end() :].strip(" .:")
            alone = cap is not None and closes and not AMOUNT.search(item.text, 0, cap.start())
            self._caption = ("", f"maximum {cap['most']}") if cap is not None and alone else None
        elif self._caption is not None and item.kind != "other":
            self._caption = (item.kind, self._caption[1]) if self._caption[0] in ("", item.kind) else None

    def _of_another(self, sentence: str) -> bool:
        return any(names_other_drug(w, self._own_names) for w in _WORD.findall(sentence))

    def _without_often(self, item: Item, sentence: str) -> str:
        """A sentence without the words for how often the doses below it are given, which are kept for them."""
        often = None if _NOT_OF_ALL.search(sentence) else read_often(sentence)
        if often is None or self._of_another(sentence):
            return sentence
        if _IS_GIVEN.search(sentence):
            self._often = (item.leads, often)
        rest = sentence.replace(often, " ", 1)
        if not self._is_way(rest):
            return sentence
        if _DECLARED.search(_UNLESS.sub("", sentence)):
            self._how_often.append((item.leads, often))
        else:
            self._rest = (item.leads, (*self._rest[1], often))
        return rest

    def of(self, item: Item) -> str | None:
        """The words of the way that has been said for an item, if any."""
        if self._shown and item.kind != "paragraph" and item.leads[: len(self._shown[0])] == self._shown[0]:
            return self._shown[1]
        if self._above and item.columns and item.leads[: len(self._above[0])] == self._above[0]:
            return self._above[1]
        return self._at(item)

    def _is_way(self, sentence: str) -> bool:
        """Whether a sentence has no words but those of a way, of a time, or of whom all doses are for; or none at all."""
        rest = _COUNTED.sub("", _UNLESS.sub("", sentence))
        if len(rest) > _MAX_TERSE:
            return False
        who = read_who(rest)
        rest = _OVER.sub(" ", rest)
        if time := read_length(rest):
            rest = rest.replace(time, " ", 1)
        if meal := read_meal(rest):
            rest = rest.replace(meal, " ", 1)
        if course := read_course(rest):  # "Give for 7–10 days."
            rest = rest.replace(course, " ", 1)
        for _ in range(2):  # "under the skin (SC)" says it twice
            if route := read_route(rest):
                rest = rest.replace(route, " ", 1)
        words = [w.lower() for w in _LETTERS.findall(rest)]
        others = [w for w in words if w not in _OF_ROWS and w not in self._own_names]
        return not others or (len(others) == 1 and set(who) == {"age_group"} and read_who(others[0]) == who)

    def of_all(self, item: Item) -> tuple[str, ...]:
        """What the paragraph above says of all doses of a table or list: "Adults unless stated.", "Cap 8 g/day."."""
        leads, said = self._rest
        below = item.kind != "paragraph" or item.label is not None
        declared = tuple(words for above, words in self._declared if item.leads[: len(above)] == above)
        if self._caption is not None and item.kind == self._caption[0]:
            declared = (*declared, self._caption[1])
        if not below or item.leads[: len(leads)] != leads:
            return declared
        whom = read_who(" ".join(said)).get("age_group")
        if whom and read_who(item.label or item.cell(0)).get("age_group", whom) != whom:
            said = tuple(words for words in said if not words.startswith("maximum"))  # it caps the doses of those alone
        return (*declared, *said)

    def often(self, item: Item) -> str | None:
        """The words for how often all doses are given, or those of a table from the paragraph right above it."""
        if self._often is not None and item.columns and item.leads[: len(self._often[0])] == self._often[0]:
            return self._often[1]
        if not self._how_often or (item.kind == "paragraph" and item.label is None) or _AT_EVENT.search(item.text):
            return None
        return next((words for above, words in reversed(self._how_often) if item.leads[: len(above)] == above), None)

    def _at(self, item: Item) -> str | None:
        for above, way in reversed(self._said):
            if item.leads[: len(above)] == above:
                inner = " ".join(item.leads[len(above) :])
                return None if speaks_of_another_way(inner) else way
        return None


def speaks_of_another_way(text: str) -> bool:
    """Whether words speak of another way than by mouth."""
    plain = _NO_WAY.sub(" ", text)
    return OTHER_WAY.search(plain) is not None or INTO.search(plain) is not None


def _of_all(sentence: str) -> str | None:
    """The route that a sentence gives for all doses: "Doses are taken by mouth", "The doses below are oral"."""
    sentence = _UNLESS.sub("", sentence)
    said = _OF_DOSES.search(sentence)
    rest = sentence[said.end() :] if said else ""
    if rest and (route := read_route(rest)) and set(rest.partition(route)[0].lower().split()) <= _BEFORE_WAY:
        return route
    if use := _FOR_USE.search(sentence):
        return None if _NOT_OF_ALL.search(sentence, 0, use.end()) else read_route(use["way"])
    if not _IS_GIVEN.search(sentence) or _ONLY_WHERE.search(sentence) or (route := read_route(sentence)) is None:
        return None
    return None if _NOT_OF_ALL.search(sentence, 0, sentence.find(route)) else route


def _of_dosed(sentence: str) -> str | None:
    """The one route of a sentence on the doses of the table below it: "Children are dosed by weight, always by mouth"."""
    if not (_DOSED.search(sentence) and _SHOWS.search(sentence)) or _ONLY_WHERE.search(sentence):
        return None
    if (route := read_route(sentence)) is None:
        return None
    barred = _NOT_OF_ALL.search(sentence, 0, sentence.find(route)) or _beside_another(sentence, route)
    return None if barred else route


def _beside_another(sentence: str, route: str) -> bool:
    """Whether a sentence speaks of another way than its route: "Oral doses …; the table gives those for injection"."""
    rest = sentence.replace(route, " ")
    if _ORAL.search(route):
        return speaks_of_another_way(rest)
    return _ORAL.search(rest) is not None


def _of_shown(sentence: str) -> str | None:
    """The route of the doses that a sentence says are shown below: "The table gives the intravenous doses"."""
    if not _SHOWS.search(sentence):
        return None
    routes = {route for m in _SHOWN.finditer(sentence) if (route := read_route(m["way"]))}
    if len(routes) != 1 or read_route(sentence) is None:
        return None
    route = routes.pop()
    return None if _beside_another(sentence, route) else route


__all__ = ["OTHER_WAY", "Ways", "speaks_of_another_way"]
