"""Lists of adverse effects: members, groups with examples, frequencies in brackets, qualifiers.

list      = member ((',' | ';' | 'and' | 'or') member)*
member    = lead? term tail? bracket?            "rarely acute hepatitis on withdrawal (0.1%)"
group     = term ('(' list ')' | 'such as' list)  "skin reactions (rash, urticaria)"
qualifier = 'mostly' … | 'which' …                attaches to the member before it
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from monopipe.cues import Cued
from monopipe.extract import terms
from monopipe.extract.effects import frequency
from monopipe.extract.effects import words as effect_words
from monopipe.extract.effects.coordination import conjuncts, shared_terms
from monopipe.extract.effects.frequency import Category, Frequency
from monopipe.signs import signs

_SIGN = signs("effects")
_LEAD = re.compile(rf"(?:{_SIGN['lead']}(?:\s+|$))+", re.I)
_STICKY = re.compile(rf"(?:(?:and|but|or|more|very)\s+)?{_SIGN['how_often']}[\s,:]+", re.I)
_QUALIFIER = re.compile(rf"{_SIGN['remark']}(?![-\w])", re.I)
_TAIL = re.compile(rf"\s+{_SIGN['tail']}.*", re.I | re.S)
_SUCH_AS = Cued(
    r"[\s,]*\(?(?<![-\w])(?:such as|including|includes?|incl\.?|e\.g\.,?|for example,?|for instance,?|namely|notably|like)\b[:\s]*"
)
_LONG_TERM = Cued(r"\b(?:long[- ]term|prolonged|chronic(?:ally)?|extended|months or years|(?<!\d )years of(?! age)|long (?:periods?|courses?|use)|for years)\b(?![- ]release\b)(?!\s+(?:kidney|renal|liver|hepatic|heart|pain|obstructive|disease))")  # fmt: skip
_SERIOUS = Cued(r"\b(?:serious|life-threatening|fatal|lethal|boxed|black box|medical emergency)\b")
_DASH = re.compile(r"(?:\s(?:that|which|who))?[\s,;:–—-]*$")


@dataclass(slots=True)
class Effect:
    """One effect of a list: where its term stands, and what stands beside it."""

    start: int
    end: int
    until: int
    term: str
    parent: str | None = None
    aliases: list[str] = field(default_factory=list)
    numbers: Frequency | None = None
    category: Category | None = None
    category_text: str | None = None
    severity: str | None = None
    is_serious: bool = False
    is_long_term: bool = False
    of_some: bool = False
    """Whether its class is stated of some patients or doses alone: "(common in children)"."""


def is_long_term(text: str) -> bool:
    """Whether words speak of long use."""
    return _LONG_TERM.search(text) is not None


def is_serious(text: str) -> bool:
    """Whether words call an effect serious."""
    return _SERIOUS.search(text) is not None


def effects(text: str, start: int, end: int, *, sure: bool = True, parent: str | None = None) -> list[Effect]:
    """The effects that a list names; with `sure` any plausible term counts, else only what a known word marks.

    >>> t = "skin reactions (rash, urticaria), nausea and vomiting (26%), rarely spinal or epidural haematoma"
    >>> [(e.term, e.parent, e.category) for e in effects(t, 0, len(t))][:3]
    [('skin reactions', None, None), ('rash', 'skin reactions', None), ('urticaria', 'skin reactions', None)]
    >>> [(e.term, e.category) for e in effects(t, 0, len(t))][3:]
    [('nausea', None), ('vomiting', None), ('spinal haematoma', 'rare'), ('epidural haematoma', 'rare')]
    """
    start = _behind_setting(text, start, end)
    behind = _class_behind(text, start, end)
    found = _List(text, sure, parent).read(start, behind.start if behind else end)
    if behind:
        for effect in found:
            behind.hold_for(effect)
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    """What a list says of all its members at once."""

    start: int
    numbers: Frequency | None
    stated: tuple[Category, str] | None
    severity: str | None = None

    def hold_for(self, effect: Effect) -> None:
        """Fill what the effect does not say of itself."""
        if effect.numbers is None and effect.category is None:
            effect.numbers = self.numbers
            if self.stated:
                effect.category, effect.category_text = self.stated
        effect.severity = effect.severity or self.severity


def _said(text: str, start: int, end: int) -> _Said | None:
    """Frequency and severity, where words say nothing else."""
    numbers = frequency.numeric(text, start, end)
    stated = frequency.stated(text[start:end])
    severity = effect_words.severity(text[start:end])
    if not (numbers or stated or severity):
        return None
    bare = text[start : numbers.start] + " " + text[numbers.end : end] if numbers else text[start:end]
    if bare.strip(" .;,") and not effect_words.is_generic(bare):
        return None
    return _Said(start, numbers, stated, severity)


_COLON = re.compile(r":(?!(?<=\d:)\d)")  # not that of "2:1 AV block"


def _behind_setting(text: str, start: int, end: int) -> int:
    """Where a list begins behind words that only say when it holds: "S.c. use: pain, erythema"."""
    colon = _COLON.search(text, start, end)
    at = colon.start() if colon else -1
    head = text[start:at] if colon else ""
    if not 0 < len(head) < 50 or set("(,;") & set(head) or effect_words.is_effect(head):
        return start
    return at + 1 if effect_words.is_effect(text[at + 1 : end].split("(")[0].split(",")[0]) else start


def _class_behind(text: str, start: int, end: int) -> _Said | None:
    """What stands behind a list's colon and holds for all of it: "alopecia, rash: frequency not known"."""
    at = text.rfind(":", start, end)
    if at < 0 or text.count("(", at, end) != text.count(")", at, end):
        return None
    said = _said(text, at + 1, end)
    return _Said(at, said.numbers, said.stated, said.severity) if said else None


class _List:
    """One list being read: the effect last met, the group whose examples run, the class that sticks."""

    def __init__(self, text: str, sure: bool, parent: str | None) -> None:
        self.text, self.sure, self.parent = text, sure, parent
        self.category: tuple[Category, str] | None = None
        self.found: list[Effect] = []
        self.last: list[Effect] = []
        self.joined = False
        self.closing = False
        """Whether the members joined by "and" close a longer list: in "a, b and c (3%)" the figure is of the last alone."""
        self.doubtful = False
        """After a qualifier a comma may still belong to it: only known words count."""

    def read(self, start: int, end: int) -> list[Effect]:
        group: str | None = None
        first: tuple[Category, str] | None = None  # the class that opens the list
        sited = _SITED.search(self.text, start, end)
        if sited and _all_parts(sited):
            self.read(start, start + len(_LAST_AND.sub("", self.text[start : sited.start()])))
            self._sites(sited)
            return self.read(sited.end(), end)
        segments = list(self._segments(start, end))
        again = _PREPOSITION.search(self.text, max(start - 12, 0), start)  # "linked with gout, with rash or with …"
        for k, (a, b) in enumerate(segments):
            text = self.text
            if k > 1 and first is None and ";" in text[segments[k - 1][1] : a]:
                self.category = None  # "anorexia or, seldom, bulimia; tremor": of tremor it is not said
            if again and text.startswith(f"{again[1]} ", a):
                a += len(again[1]) + 1
            closes = _AND_FIRST.match(text, a, b)
            a = closes.end() if closes else a
            if HOW_BAD.match(text, a, b):
                self._qualify(a, b)
                continue
            if self._speaks_of_others(a, b, last=k == len(segments) - 1):
                continue
            if self.last and (figure := _figure(text, a, b)):  # "Rash, 3%"
                for effect in self.last:
                    effect.numbers = effect.numbers or figure
                continue
            sticky = _STICKY.match(text, a, b)
            if sticky:
                stated = frequency.stated(sticky.group())
                if stated:
                    self.category = stated
                    first = first or (stated if k == 0 else None)
                a = sticky.end()
            examples = _SUCH_AS.expression.match(text, a, b)
            if examples and self.last:
                group = self.last[-1].term
                a = examples.end()
            elif _QUALIFIER.match(text, a, b):
                self._qualify(a, b)
                continue
            inner = None if examples else self._such_as(a, b)
            if inner is not None:
                self._members(a, inner.start(), self.parent)
                if self.last:
                    group = self.last[-1].term
                    ended = self._members(inner.end(), b, group)
                    group = None if ended else group
                continue
            counted = bool(self.found) and all(e.numbers or e.category for e in self.found)
            self.closing = 0 < k == len(segments) - 1 and not self.joined and not counted
            split = self._members(a, b, group or self.parent)
            self.joined |= split
            if group and (closes or split):
                group = None
        return self.found

    def _sites(self, m: re.Match[str]) -> None:
        """Take "fractures of the hip, spine or wrist" as one effect for each place."""
        self.last = []
        for part in re.split(r",\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+", m["list"]):
            term = f"{m['what']}{m['how']}{part.removeprefix('the ')}"
            effect = Effect(m.start("what"), m.end(), m.end(), term, self.parent)
            if self.category:
                effect.category, effect.category_text = self.category
            self.found.append(effect)
            self.last.append(effect)

    def _speaks_of_others(self, a: int, b: int, *, last: bool) -> bool:
        """Whether a segment is a class for what follows ("and, very rarely, …") or says something of all before it."""
        words = self.text[a:b]
        everything = _ALL.match(self.text, a, b)
        if everything and self.found and (said := _said(self.text, everything.end(), b)):
            for effect in self.found:
                said.hold_for(effect)
            return True
        if not effect_words.is_generic(words) or not (stated := frequency.stated(words)):
            return False
        if not last and (
            words.lower().endswith(("ly", "cases", "occasions")) or _OPENED.search(self.text, max(a - 8, 0), a)
        ):
            self.category = stated
        else:
            groups = {effect.term for effect in self.last}
            for effect in self.found:
                if effect in self.last or (effect.parent in groups and effect.category is None):
                    effect.category, effect.category_text = stated
        return True

    def _segments(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Spans between top-level commas and semicolons; a hanging attribute joins the next one."""
        text, held = self.text, -1
        depth, at = 0, start
        counted = {m.start() for m in _COUNTED_AND.finditer(text, start, end)}
        for k in range(start, end + 1):
            c = text[k] if k < end else ";"
            if c in "([":
                depth += 1
            elif c in ")]":
                depth = max(depth - 1, 0)
            elif (
                k == end
                or (k in counted and depth == 0)
                or (c in ",;" and depth == 0 and not (text[k - 1 : k].isdigit() and text[k + 1 : k + 2].isdigit()))
            ):
                a, b = _trim(text, at if held < 0 else held, k)
                b -= len(text[a:b]) - len(_LAST_AND.sub("", text[a:b]))  # "blurred vision and, in older men, …"
                at, held = k + 1, -1
                if a >= b:
                    continue
                if (
                    k < end
                    and c == ","
                    and effect_words.hangs(text[a:b])
                    and " of " not in text[a:b]
                    and b - a < 25
                    and not _QUALIFIER.match(text, a, b)
                ):
                    held = a
                    continue
                yield a, b

    def _such_as(self, a: int, b: int) -> re.Match[str] | None:
        m = _SUCH_AS.search(self.text, a, b)
        if m is None or m.start() <= a or self.text[a : m.end()].count("(") > self.text[a : m.start()].count(")"):
            return None
        return m

    def _qualify(self, a: int, b: int) -> None:
        """Take what a qualifier says about the effects just met."""
        words = self.text[a:b]
        numbers = frequency.numeric(self.text, a, b)
        open_at = _bracket(self.text, a, b)
        inside = self.text[open_at + 1 : _matching(self.text, open_at + 1, b)]
        stated = frequency.stated(inside) if effect_words.is_generic(inside) else None
        for effect in self.last:
            effect.numbers = effect.numbers or numbers
            if stated and not effect.category:
                effect.category, effect.category_text = stated
            effect.is_long_term |= is_long_term(words)
            effect.is_serious |= is_serious(words)
        if inside and len(self.last) == 1 and effect_words.heads_group(self.last[0].term):
            self._in_bracket(self.last[0], open_at + 1, open_at + 1 + len(inside))
        self.doubtful = True

    def _members(self, a: int, b: int, parent: str | None) -> bool:
        """Read the members of one segment; True when a conjunction closed it."""
        tail = _tail(self.text, a, b)
        spans = list(conjuncts(self.text, a, tail))
        self.last = []
        self.closing |= len(spans) > 2 and self.text[a:tail].count(" / ") >= len(spans) - 1  # "a / b / c (rare)"
        for k, (c, d) in enumerate(spans):
            last = k == len(spans) - 1
            self._member(c, d, b if last else d, parent)
        return len(spans) > 1

    def _member(self, a: int, b: int, until: int, parent: str | None) -> None:
        text = self.text
        if text[a : a + 1] == "(":  # "(in women) irregular periods"
            a, b = _trim(text, _matching(text, a + 1, b) + 1, b)
        open_at = _bracket(text, a, b)
        close = _matching(text, open_at + 1, b) if open_at < b else b
        head_end = open_at
        numbers = frequency.numeric(text, a, head_end)
        words_before = text[a:head_end]
        lead = _LEAD.match(text, a, head_end)
        start = lead.end() if lead else a
        if numbers and numbers.end >= head_end - 3:
            head_end = numbers.start
        elif numbers and numbers.start <= start:
            start = numbers.end
        dash = _DASH.search(text, start, max(start, head_end))  # a lead may reach over the number: "about 5% mild"
        start, head_end = _trim(text, start, dash.start() if dash else start)
        adverb = _ADVERB_LAST.search(text, start, head_end)  # "Seizures rarely" occur
        head_end = adverb.start() if adverb else head_end
        term = text[start:head_end]
        if not effect_words.is_term(term) or (effect_words.hangs(term) and not self._lone(term)):
            return
        certain = self.sure and not self.doubtful
        if not certain and not effect_words.is_effect(term) and not (self.sure and effect_words.is_abbreviation(term)):
            return
        if effect_words.is_no_effect(term):
            return
        rest = text[b:until]
        if _OVERDOSE.search(rest) or (open_at < b and _OVERDOSE.search(text, open_at, close)):
            return
        self.doubtful = False
        effect = Effect(start, head_end, head_end, term, parent, numbers=numbers)
        effect.severity = effect_words.severity(words_before)
        if adverb and (stated := frequency.stated(adverb.group())):
            effect.category, effect.category_text = stated
        if self.category:
            effect.category, effect.category_text = self.category
        effect.is_long_term, effect.is_serious = is_long_term(rest), is_serious(rest) or is_serious(words_before)
        if rest.strip():
            self._behind(effect, b, until)
        self.found.append(effect)
        if open_at < b:
            self._in_bracket(effect, open_at + 1, close)
        own = _OF_LAST.match(text, open_at + 1, close) is not None or self.closing
        for sibling in self.last if not own else ():  # "nausea and vomiting (26%)" holds for both
            sibling.numbers = sibling.numbers or effect.numbers
            if not sibling.category and not sibling.numbers:
                sibling.category, sibling.category_text = effect.category, effect.category_text
                sibling.of_some = effect.of_some
        self.last.append(effect)
        terms_ = shared_terms(term)
        if terms_:  # "joint or muscle pain" is two effects of one place
            effect.term = terms_[0]
            for other in terms_[1:]:
                twin = replace(effect, term=other, aliases=[])
                self.found.append(twin)
                self.last.append(twin)

    def _behind(self, effect: Effect, a: int, b: int) -> None:
        """Take what stands behind an effect's circumstances: a frequency, a class, a range of examples."""
        text = self.text
        effect.numbers = effect.numbers or frequency.numeric(text, a, b)
        open_at = _bracket(text, a, b)
        inside = text[open_at + 1 : _matching(text, open_at + 1, b)]
        if effect_words.is_generic(inside) and (stated := frequency.stated(inside)):
            effect.category, effect.category_text = stated
        if effect_words.heads_group(effect.term):
            self._range(effect, a, b)

    def _range(self, effect: Effect, a: int, b: int) -> bool:
        """Read "from rash to anaphylaxis" as two examples of the group before it."""
        m = _RANGE.match(self.text, a, b)
        if m is None or not all(effect_words.is_effect(m[k]) and len(m[k]) < 40 for k in (1, 2)):
            return False
        for k in (1, 2):
            self.found += _List(self.text, False, effect.term).read(*m.span(k))
        return True

    def _meant(self, two: bool) -> list[Effect]:
        """The effects that "both" or "each" in a bracket speaks of: back to one with a frequency of its own."""
        meant: list[Effect] = []
        for effect in reversed(self.found):
            if meant and (effect.numbers or effect.category or effect.parent != meant[0].parent):
                break
            meant.append(effect)
            if two and len(meant) == 2:
                break
        return meant

    def _lone(self, term: str) -> bool:
        """Whether a word that looks like an attribute may be an effect after all: no body part, in a sure list."""
        return self.sure and len(effect_words.words(term)) == 1 and len(term) > 8

    def _in_bracket(self, effect: Effect, a: int, b: int) -> None:
        """Read a bracket as frequency, class, examples, another name, or a qualifier."""
        text = self.text
        inside = text[a:b]
        mark = terms.example_mark(inside)
        if not mark and (
            (at_times := _STICKY.match(text, a, b)) and (with_ := _WITH_FIRST.match(text, at_times.end(), b))
        ):
            others = _List(text, False, self.parent)  # "hypotension (very rarely with syncope)" names a second effect
            others.category = frequency.stated(at_times.group())
            self.found += others.read(with_.end(), b)
            return
        if not mark and self._range(effect, a, b):
            return
        of_all = _OF_SEVERAL.match(text, a, b)
        if of_all and (said := _said(text, of_all.end(), b)):
            word = of_all.group().split()[0].lower()
            if word == "the":
                meant = self.found[-_HOW_MANY.get(of_all["n"] or "", 1) :]
            else:
                meant = [*self.last, effect] if self.last and word != "all" else self._meant(word == "both")
            for one in meant:
                said.hold_for(one)
            effect.until = b + 1
            return
        numbers = frequency.numeric(text, a, frequency.before_comparison(text, a, b))
        if numbers and _TOGETHER.search(inside):
            return  # a figure of several effects taken together is none of each
        if numbers and effect_words.is_effect(_DASH.sub("", text[a : numbers.start].rpartition(",")[2])):
            numbers = None  # "reactions (pain 59%, swelling)": the number is of the example
        if numbers and not mark:
            effect.numbers = effect.numbers or numbers
            effect.until = b + 1
        stated = frequency.stated(inside)
        if stated and not HOW_BAD.match(inside) and effect_words.is_generic(_OF_WHOM.sub("", inside)):
            effect.category, effect.category_text = stated
            effect.of_some = _OF_WHOM.search(inside) is not None
        effect.is_serious |= is_serious(inside) and not mark
        effect.is_long_term |= is_long_term(inside)
        if not effect.severity and effect_words.is_generic(inside):
            effect.severity = effect_words.severity(inside)
        if numbers and not mark:
            if _COMMA.match(text, numbers.end, b):
                found = _List(text, False, effect.term).read(numbers.end, b)
                self.found += [
                    m for m in found if "," in text[numbers.end + 1 : b] or effect_words.heads_group(effect.term)
                ]
            return
        if not mark and effect_words.is_abbreviation(inside.strip()):
            effect.aliases.append(inside.strip())
            effect.until = b + 1
            return
        members = _List(text, bool(mark), effect.term).read(a + mark, b)
        n_parts = len(list(terms.split(text, a, b)))
        if not mark and 2 * len(members) < n_parts and not any(map(effect_words.is_abbreviation, inside.split(", "))):
            return  # "angioedema (swelling of face, lips, tongue)" describes
        several = len(members) > 1 or ("," in inside and members)
        if mark or several or (members and effect_words.heads_group(effect.term)):
            known = any(effect_words.is_effect(m.term) for m in members)
            members = [m for m in members if known or mark]
            if members and several and not mark:  # capitals among known effects are abbreviations of effects
                members = _List(text, True, effect.term).read(a, b)
                sure = [m for m in members if effect_words.is_effect(m.term) or effect_words.is_abbreviation(m.term)]
                if not effect_words.heads_group(effect.term) or 2 * len(sure) <= len(members):
                    members = sure  # beside known examples of a group the others are examples too
            for m in members:
                m.category, m.category_text = m.category or effect.category, m.category_text or effect.category_text
                m.numbers = m.numbers or (effect.numbers if not m.category or m.category == effect.category else None)
                m.is_serious, m.is_long_term = m.is_serious or effect.is_serious, m.is_long_term or effect.is_long_term
            self.found += members
        elif members or effect_words.is_abbreviation(inside.strip()):
            effect.aliases.append(members[0].term if members else inside.strip())
            effect.until = b + 1


_PREPOSITION = re.compile(r"\b(with|to|of|in)\s*$", re.I)
_SITED = re.compile(
    r"\b(?P<what>[\w-]+)(?P<how> (?:of|in) (?:the )?)(?P<list>[\w-]+(?:, (?:the )?[\w-]+)+,? (?:and|or) (?:the )?[\w-]+)",
    re.I,
)


_LAST_AND = re.compile(r"[\s,]+(?:and|or)\s*$", re.I)


def _all_parts(sited: re.Match[str]) -> bool:
    """Whether an effect stands before a list of nothing but parts of the body."""
    parts = [w for w in effect_words.words(sited["list"]) if w not in ("and", "or", "the")]
    return effect_words.is_effect(sited["what"]) and all(effect_words.is_kind(w, "part") for w in parts)


HOW_BAD = re.compile(
    r"(?:very\s+)?(?:rarely|seldom|often|occasionally|sometimes|uncommonly|infrequently|in rare cases)\s+(?:fatal|lethal|severe|serious|life-threatening|permanent|irreversible)\b",
    re.I,
)
"""How an effect may turn out, not how often it comes: "hepatitis, rarely fatal"."""
_OF_SEVERAL = re.compile(
    r"(?:both|all|each|all (?:three|four|of these|of them)|each of (?:these|them)|the (?:latter|last)(?: (?P<n>two|three|four))?)\b"
    r"\s*(?:are\s+|is\s+|in\s+)?",
    re.I,
)
_OF_LAST = re.compile(r"the (?:latter|last)\b", re.I)
_HOW_MANY = {"two": 2, "three": 3, "four": 4}
_OPENED = re.compile(r"\b(?:and|or|but)[\s,]+\Z", re.I)
"""Words that begin another member: "decreased appetite or, seldom, increased appetite"."""
_AND_FIRST = re.compile(
    r"(?:and/or|(?:and )?then|and|or|as well as|plus|(?:closely )?followed by)\s+(?:(?:to|with|of|from)\s+)?", re.I
)
# "nausea in 15% of patients and headache in 24%": what stands behind has a figure of its own.
_COUNTED_AND = Cued(
    r"(?:(?<=%)|(?<=% of patients)|(?<=% of people)|(?<=% of users))\s+(?=and\s+[a-z][a-z' -]{2,50}\s\(?(?:in\s+|by\s+)?(?:about\s+|up\s+to\s+)?[<>≥≤~]?\d[\d.]*\s?(?:%|in\s))"
)
_ALL = re.compile(r"(?:all|both|each)\b(?:\s+of\s+(?:them|these|which))?(?:\s+(?:are|were))?", re.I)
_WITH_FIRST = re.compile(r"(?:with|causing|leading to)\s+", re.I)
_RANGE = re.compile(r"\s*(?:ranging\s+)?(?:from\s+)?([\w' -]+?)\s+to\s+([\w' -]+)", re.I)
_OVERDOSE = Cued(r"\b(?:over-?dos(?:e|es|age|ing)|intoxication)\b")
_ADVERB_LAST = Cued(
    r"\s+(?:(?:very\s+)?(?:rarely|seldom|commonly|frequently|occasionally|uncommonly|infrequently|common|rare)|uncommon|mainly|mostly|chiefly|primarily|predominantly"
    r"|typically|usually|generally|also|especially|often|sometimes)\Z"
)
_OF_WHOM = re.compile(r"\s+(?:in|with|after|at|during|among|for)\b[^,;]*$", re.I)
_TOGETHER = re.compile(r"\b(?:together|combined|in total|altogether)\b", re.I)
_COMMA = re.compile(r"\s*[,;]")


def _figure(text: str, a: int, b: int) -> Frequency | None:
    """The frequency that is all of a segment."""
    numbers = frequency.numeric(text, a, b)
    return numbers if numbers and not (text[a : numbers.start] + text[numbers.end : b]).strip(" .") else None


def _trim(text: str, a: int, b: int) -> tuple[int, int]:
    while a < b and (text[a].isspace() or text[a] in ",;.:*•†‡§"):
        a += 1
    while b > a and (text[b - 1].isspace() or text[b - 1] in ",;.:*†‡§"):
        b -= 1
    return a, b


def _bracket(text: str, a: int, b: int) -> int:
    found = [k for k in (text.find("(", a + 1, b), text.find("[", a + 1, b)) if k >= 0]
    return min(found, default=b)


def _matching(text: str, start: int, end: int) -> int:
    depth = 0
    for k in range(start, end):
        if text[k] in "([":
            depth += 1
        elif text[k] in ")]":
            if depth == 0:
                return k
            depth -= 1
    return end


def _tail(text: str, a: int, b: int) -> int:
    """Where the qualifier behind a member begins ("… on withdrawal"), outside brackets."""
    b_in = _place(text, a, b)
    at = a
    while m := _TAIL.search(text, at, b_in):
        opened = text.count("(", a, m.start()) - text.count(")", a, m.start())
        if opened <= 0:
            return m.start() if m.start() > a else b_in
        at = _matching(text, m.start(), b)
        if at >= b:
            break
    return b_in


def _place(text: str, a: int, b: int) -> int:
    """Where "in …" says in whom or in what state, not in what part of the body; `b` when it does neither.

    "gangrene in severe vascular disease" ends before "in"; "pain in the legs" and "rise in blood pressure" do not.
    """
    for m in _IN.finditer(text, a, b):
        head, behind = text[a : m.start()], effect_words.words(text[m.end() : b].split("(")[0].split(",")[0])[:4]
        if (
            "(" in head
            or _COUNTED.search(head)
            or not effect_words.is_effect(head)
            or not behind
            or behind[0].endswith("ing")
        ):
            continue
        if effect_words.is_kind(effect_words.words(head)[-1], "change"):
            continue
        sited = any(effect_words.is_kind(w, "part", "measure") or w in _FLUIDS for w in behind)
        if not sited or effect_words.is_effect(" ".join(behind)):
            return m.start()
    return b


_COUNTED = re.compile(r"(?:\d|\bone)$", re.I)  # "1 in 1,000"
_IN = Cued(r"\s+in\s+")
_FLUIDS = frozenset("urine stool stools sputum semen faeces feces blood vision site area".split())
