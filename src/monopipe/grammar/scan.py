"""The island parser: at each token the rules that can begin there, in order; what none reads is passed over."""

from __future__ import annotations

from collections.abc import Collection

from monopipe.grammar import limits, systems, whose_maximum
from monopipe.grammar.island import Island, Scan
from monopipe.grammar.lexer import END, NUMBER, PUNCT, Token
from monopipe.grammar.rules import RULES_BY_WORD, foreign, rules_of_number
from monopipe.grammar.separators import label_end
from monopipe.grammar.standing import names_disease
from monopipe.grammar.words import SETS, drug_like


def scan(text: str, tokens: list[Token], own: Collection[str], label: bool = False) -> list[Island]:
    """The islands of a text in order, separators and labels among them; with `label` all of it is one."""
    return _Pass(text, tokens, own, label).run()


class _Pass(Scan):
    """A pass over a text, the label that may stand there (from `begin` to `colon`, or 0), and what 'Max:' makes of amounts."""

    __slots__ = ("begin", "capped", "capping", "colon", "labelled", "whole")

    def __init__(self, text: str, tokens: list[Token], own: Collection[str], label: bool) -> None:
        super().__init__(text, tokens, own)
        self.whole = label
        self.capped = False
        words = {t.low for t in tokens}
        self.capping = not limits.BEHIND_MARKS.isdisjoint(words)
        self.labelled = ":" in words

    def run(self) -> list[Island]:
        """The islands of the text."""
        tokens, islands = self.tokens, self.islands
        i = self._first()
        self._look_for_label(i)
        while (t := tokens[i]).kind != END:
            if i == self.colon and i:
                i = self._end_label(i)
                continue
            found = None
            rules = RULES_BY_WORD.get(t.low) if t.value is None else rules_of_number(tokens, i)
            if rules is not None and not (t.kind == NUMBER and _is_tail(tokens, i, islands)):
                for rule in rules:
                    found = rule(self, i)
                    if found is not None:
                        break
            if found is None and t.value is None and drug_like(t):
                found = foreign(self, i)
            if found is None:
                i += 1
                continue
            found = self._in_place(found, i)
            islands.append(found)
            i = found.j
            if found.kind == "sep" and found.note in ("semi", "sentence", "break"):
                self._look_for_label(i)
        systems.by_rate(tokens, islands)
        return islands

    def _first(self) -> int:
        """The token behind the mark of a list item, '1.' or '-'."""
        first, second, third = self.tokens[:3]
        if first.kind == NUMBER and second.low in (".", ")") and second.start == first.end and third.start > second.end:
            self.islands.append(Island("sep", 0, 2, None, "break"))
            return 2
        return int(first.kind == PUNCT and first.low in "-*•")

    def _look_for_label(self, i: int) -> None:
        """Note whether a label begins at token i."""
        self.colon = label_end(self.tokens, i) if self.labelled else 0
        self.begin = i
        self.label = self.whole or self.colon > 0

    def _no_label(self) -> None:
        """Note that what looked like a label was read as something else."""
        self.colon, self.label = 0, self.whole

    def _end_label(self, i: int) -> int:
        """End a label at its colon, or read 'Max:' and what it caps; the token to go on at."""
        tokens, begin = self.tokens, self.begin
        fresh = not any(p.i >= begin and p.kind in ("dose", "rate", "limit") for p in self.islands[-12:])
        if fresh and tokens[begin].low in limits.LIMIT_WORDS and not names_disease(self, begin):
            top = limits.placed(limits.limit_value(tokens, begin, i + 1, ""), self.islands)
            if top is not None:
                self.islands.append(top)
                self._no_label()
                return top.j
            if tokens[i + 1].kind != END:
                self.capped = True  # 'Max in 24 h: tablets 200 mg, nasal 40 mg'
        self.islands.append(Island("sep", i, i + 1, None, ("label", begin)))
        self._look_for_label(i + 1)  # a label within a label: 'Adults: Hypertension: 5 mg'
        return i + 1

    def _in_place(self, found: Island, i: int) -> Island:
        """What was read, or what it is where it stands: an amount may be a maximum, or a part of one."""
        if found.kind in ("dose", "rate"):
            found = self._amount_in_place(found, i)
        elif found.kind == "sep" and found.note in ("sentence", "break"):
            self.capped = False
        elif (
            found.kind == "who"
            and (top := whose_maximum.of_people_behind(self.tokens, self.islands, found)) is not None
        ):
            top.kind, top.fields, found = "lost", {}, Island("lost", found.i, found.j)
        if self.colon and found.j > self.colon:
            if found.kind in ("condition", "partner", "foreign", "prn"):
                found.j = self.colon
            else:
                self._no_label()
        return found

    def _amount_in_place(self, found: Island, i: int) -> Island:
        """An amount, or the maximum that it is, or words that are neither."""
        if self.capped or _split_number(self.tokens, i):
            return Island("lost", found.i, found.j)
        if len(self.islands) > 1 and self.islands[-1].note == "or":
            limit, joint = self.islands[-2:]
            if _caps(limit, joint) or _up_to(self.islands, found):
                return Island("lost", found.i, found.j)  # 'not more than 20 mg in 24 hours or 80 mg in a course'
        if self.capping and (told := whose_maximum.of_some(self.tokens, self.islands, found)) is not None:
            told.kind, told.fields, told.note = "lost", {}, None
            return Island("lost", found.i, found.j)
        if self.capping and whose_maximum.goes_on(self.tokens, self.islands, found):
            return Island("lost", found.i, limits.behind_bracket(self.tokens, found.j) or found.j)
        if self.tokens[i - 1].low in SETS["rarely"] and any(p.kind == "limit" for p in self.islands[-2:]):
            return Island("lost", found.i, found.j)  # 'top 2 g, rarely 3 g'
        top = limits.limit_behind(self.tokens, i) if self.capping else None
        return found if top is None else top


_GLUE = "/-–—×x"


def _is_tail(tokens: list[Token], i: int, islands: list[Island]) -> bool:
    """Whether the number is the tail of something unread ('10-20-30 mg', '3/500 mg'), and so none of its own."""
    if i < 2 or tokens[i - 1].end != tokens[i].start:
        return False
    joint, before = tokens[i - 1], tokens[i - 2]
    if joint.kind != PUNCT or joint.low not in _GLUE or before.kind != NUMBER or before.end != joint.start:
        return False
    return not islands or islands[-1].j <= i - 2


_COUNTED = frozenset(
    "day days week weeks month months cycle cycles dose doses step steps phase course stage grade part".split()
)


def _split_number(tokens: list[Token], i: int) -> bool:
    """Whether a blank may have split one number in two: '1 400 mg' is 1400 mg or a 1 and 400 mg; 'day 1 400 mg' is not."""
    before, this = tokens[i - 1], tokens[i]
    return (
        i > 0
        and before.kind == NUMBER == this.kind
        and before.end + 1 == this.start
        and before.low.isdecimal()
        and len(before.low) <= 3
        and len(this.low) == 3
        and this.low.isdecimal()
        and (i < 2 or tokens[i - 2].low not in _COUNTED)
    )


def _caps(limit: Island, joint: Island) -> bool:
    """Whether a maximum stands right before a joining word: what it joins is a maximum too."""
    return limit.kind == "limit" and limit.j == joint.i


def _up_to(islands: list[Island], found: Island) -> bool:
    """Whether 'or' joins an amount to one that 'up to' bounds: 'up to 7.5 mg/kg twice daily or 300 mg a day'."""
    before = [p for p in islands[-4:-1] if p.kind == "dose"][-1:]
    bounded = any(p.fields.get("dose_low") is None and p.fields.get("dose_high") is not None for p in before)
    return bounded and found.fields.get("dose_low") is not None and found.note != "count"
