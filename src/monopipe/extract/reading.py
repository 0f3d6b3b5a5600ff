"""What all extractors of one document share: the document, the drug's names, and the abbreviations it defines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property

from monopipe import vocabulary
from monopipe.document import Document, Item
from monopipe.extract.terms import normal

_SHORT = re.compile(r"\s\(((?:[A-Z][A-Za-z0-9]{0,4}[+-]\s|[A-Z]{2,4}/)?[a-z]?[A-Z][A-Za-z0-9-]{1,9}?)s?\)")
# "a clot in the lung (pulmonary embolism, PE)"
_SPECIES = re.compile(r"\b[A-Z]\. [a-z]{4,}\b")
_BOTH = re.compile(r"\(([A-Za-z][A-Za-z'’ -]{3,60}),\s+(?:or\s+)?([A-Z][A-Za-z0-9-]{1,7})\)")
_BEFORE = re.compile(r"(?:[A-Za-z][\w'’-]*[ /-](?:\d[ -])?){0,7}[A-Za-z][\w'’-]*$")
_RANK = {"summary": 1, "faqs": 2, "front_matter": 3}
RETOLD = frozenset(_RANK)
"""Sections that repeat what the body says."""
_ENDING = re.compile(r"[a-z]{1,3}(?![a-z])(?<!s)")
_PURPOSE_OF = re.compile(
    r"\b(?:prophylaxis|prevention|transmission|eradication)(?=\s(?:of|against|in)\s[\w\s-]+$)", re.I
)
_GENERIC = re.compile(r"(?:infection|disease|syndrome|disorder)s?", re.I)
_SMALL_WORDS = frozenset("a an and as at by for from in of on or the to with".split())
# The first cell of a row that names the drug: "Abbrev. | ATM".
_SALTS_OF = {"ferrous": "iron", "ferric": "iron"}
_NAMED = re.compile(
    r"\s*(?:r?inn|generic|synonyms?|abbrev(?:iation)?s?|trade|brands?|other|also known as|aka)\.?(?:\s+names?)?\s*$",
    re.I,
)
_REACH = 120
"""How far before a bracketed abbreviation its words are looked for, in characters."""


@cache
def _forms() -> frozenset[str]:
    """The words of the dose forms, plurals included."""
    words = {word for line in vocabulary.rows("forms") for word in re.split(r"[| ]", line["words"].lower())}
    return frozenset(words | {w + "s" for w in words} | {"oral", "nasal", "eye", "ear"})


@cache
def salt_words() -> frozenset[str]:
    """The words behind a drug's name that name its salt, ester or hydrate."""
    return frozenset(line["word"] for line in vocabulary.rows("salts"))


# "The International Nonproprietary Name (INN) is escitalopram": what prose says around a name.
_PROSE = frozenset(
    "a an the is are was it its this on in by as you we will also find found name names called known sold under inn nonproprietary".split()
)


class Reading:
    """One document being read."""

    def __init__(self, document: Document, drug_id: str) -> None:
        self.document = document
        self.drug_id = drug_id

    def about(self, *kinds: str) -> Iterator[Item]:
        """The items about one of these section kinds: body sections first, then summary, FAQs, front matter.

        So the place that ranks first for a fact is also the one met first.
        """
        found = list(self.document.about(*kinds))
        return iter(sorted(found, key=lambda item: _RANK.get(item.section, 0)))

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The drug's own names in lower case: title, its words, names in the alternate-names section."""
        names = {self.document.title.lower()}
        names.update(re.split(r"\s*[(/,)]\s*", self.document.title.lower()))
        first, *rest = re.sub(r"\([^)]*\)", " ", self.document.title.lower()).split()
        if rest and first not in salt_words() and all(word in _forms() or word in salt_words() for word in rest):
            names.add(first)  # "Salbutamol (Albuterol) Inhaler", "Tenofovir disoproxil", but not "Insulin Glargine"
        if first in _SALTS_OF:
            names.add(_SALTS_OF[first])  # "65 mg of elemental iron" of ferrous sulfate
        if first == "insulin" and rest:
            names.add(rest[0])  # "Glargine 10 units at night"
        told = [item.rest for item in self.document.about("alternate_names") if not item.cells]
        told += [item.cell(1) for item in self.document.items if len(item.cells) == 2 and _NAMED.match(item.cell(0))]
        for names_told in told:
            for part in re.split(r"[,;()/\n]| and | or |: ", names_told):
                words = part.strip(" .").lower().split()
                told_by = max((k for k, w in enumerate(words) if w in _PROSE), default=-1)
                word = " ".join(words[told_by + 1 :])
                if 2 < len(word) < 40:
                    names.add(word)
        names.update(self._derived(names))
        return frozenset(n for n in names if len(n) > 2)

    def _derived(self, names: set[str]) -> Iterator[str]:
        """Words of the document that lengthen a name a little: enalaprilat is a form of enalapril."""
        text = " " + self.document.source.text.lower()
        for stem in [n for n in names if n.isascii() and n.isalpha() and len(n) > 5]:
            at = text.find(stem)
            while at >= 0:
                ending = _ENDING.match(text, at + len(stem))
                if ending and not "a" <= text[at - 1] <= "z":
                    yield stem + ending.group()
                at = text.find(stem, at + len(stem))

    @cached_property
    def usage_labels(self) -> frozenset[str]:
        """The labels and unlabelled list items of the usage section in normal form: conditions by their place."""
        items = [i for i in self.document.about("usage") if i.kind == "list_item" and i.section == "usage"]
        return frozenset(normal(i.label or i.text) for i in items)

    @cached_property
    def title_heading(self) -> str | None:
        """The heading that stands over the whole body: it names the document, and says nothing of a single dose."""
        headed = [s for s in self.document.sections if s.heading]
        if len(headed) < 2 or any(s.level <= headed[0].level for s in headed[1:]):
            return None
        return (headed[0].heading or "").strip(" :")

    @cached_property
    def above_tables(self) -> dict[int, Item]:
        """The paragraph right above a table, by where each of the table's rows begins."""
        found: dict[int, Item] = {}
        before: Item | None = None
        for item in self.document.items:
            if item.kind not in ("table_row", "other"):
                before = item
            elif before is not None and before.kind == "paragraph" and before.section_ordinal == item.section_ordinal:
                found[item.char_start] = before
        return found

    @cached_property
    def above_lists(self) -> dict[int, Item]:
        """The paragraph right above a list, by where each of the list's items begins; one that ends in a colon leads it in."""
        found: dict[int, Item] = {}
        before: Item | None = None
        for item in self.document.items:
            if item.kind == "other":
                continue
            if item.kind != "list_item":
                before = item
            elif before is not None and before.kind == "paragraph" and before.section_ordinal == item.section_ordinal:
                found[item.char_start] = before
        return found

    @cached_property
    def abbreviations(self) -> dict[str, str]:
        """Abbreviations the document defines: `Multiple Myeloma (MM)` gives MM → Multiple Myeloma."""
        found: dict[str, str] = {}
        for item in self.document.items:
            if "(" not in item.text:
                continue
            for m in _SHORT.finditer(item.text):
                short = m.group(1)
                before = _BEFORE.search(item.text[max(m.start() - _REACH, 0) : m.start()])
                full = _expansion(before.group(), short) if before else None
                if full:
                    found.setdefault(short, full)
                if full and short[0].islower() and (inner := _expansion(full, short[1:])):
                    found.setdefault(short[1:], inner)  # pJIA defines JIA as well
            for m in _BOTH.finditer(item.text):
                if _expansion(m[1], m[2]) == m[1]:
                    found.setdefault(m[2], m[1])
        text = self.document.source.text
        for species in sorted(set(_SPECIES.findall(text))):
            if named := re.search(rf"\b{species[0]}[a-z]{{3,}} {species[3:]}\b", text):
                found.setdefault(species, named.group())  # "H. pylori" where the document says "Helicobacter pylori"
        return found

    @cached_property
    def _abbreviated(self) -> re.Pattern[str]:
        longest_first = sorted(self.abbreviations, key=len, reverse=True)
        return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first)) or '(?!)'})s?(?![\w-])")

    def expand(self, words: str) -> str:
        """The words with the abbreviations that the document defines written out.

        "MCL" gives "Mantle Cell Lymphoma" where the document says "Mantle Cell Lymphoma (MCL)".
        """
        if not any(short in words for short in self.abbreviations):
            return words
        return self._abbreviated.sub(lambda m: self.abbreviations[m[1]], words)

    def named(self, words: str) -> str:
        """The words of a name as printed; written out where they end in the abbreviation of what they name.

        "MCL" and "relapsed MCL" are written out, "CMV retinitis" is a name.
        """
        return self.expand(words) if any(words.rstrip("s").endswith(short) for short in self.abbreviations) else words


def _expansion(words: str, short: str) -> str | None:
    """The last words whose initials spell the abbreviation, in order; None when none do.

    >>> _expansion("treatment of Multiple Myeloma", "MM")
    'Multiple Myeloma'
    >>> _expansion("in Philadelphia chromosome-positive acute lymphoblastic leukaemia", "Ph+ ALL")
    'Philadelphia chromosome-positive acute lymphoblastic leukaemia'
    >>> _expansion("Pre-exposure prophylaxis of HIV", "PrEP")
    'Pre-exposure prophylaxis of HIV'
    >>> _expansion("pain of osteoarthritis", "OA")
    'osteoarthritis'
    >>> _expansion("Acute coronary syndrome without ST elevation", "NSTE-ACS")
    'Acute coronary syndrome without ST elevation'
    """
    marker, _, disease = short.rpartition(" ")
    if marker:  # of a mutation or receptor: its name's first letters, then the disease by its own initials
        full = _expansion(words, disease)
        before = words.removesuffix(full or "")
        named = re.search(rf"\b{re.escape(marker.rstrip('+-'))}[\w'’ -]*$", before, re.I)
        return words[named.start() :] if full and named else None
    letters = [c.lower() for c in short if c.isalpha()]
    capitals = [c.lower() for c in short if c.isupper()]
    parts = list(re.finditer(r"[A-Za-z][\w'’]*", words))
    for count in range(1, len(parts) + 1):
        start = parts[-count].start()
        initials = [m.group()[0].lower() for m in parts[-count:]]
        small = parts[-count].group() in _SMALL_WORDS
        if initials[0] != letters[0]:
            continue
        if not small and (
            initials == letters or (initials[:-1] == letters and count > 2 and _GENERIC.fullmatch(parts[-1].group()))
        ):
            return words[start:]  # "vancomycin-resistant enterococcal infections" are VRE
        behind = parts[-count + len(capitals)].group() if 2 < len(capitals) < count else ""
        if behind in ("of", "for", "against") and initials[: len(capitals)] == capitals:
            return words[start:]  # "pre-exposure prophylaxis of HIV" is PrEP
        if len(letters) > 2 and len(initials) <= len(letters) + 1 and _in_order(letters, initials):
            return words[start:]  # "B-cell non-Hodgkin lymphoma" is B-NHL
        if (
            not small
            and count >= 2
            and len(letters) >= 2
            and _spelled(letters, [m.group().lower() for m in parts[-count:]])
        ):
            return words[start:]
    purpose = _PURPOSE_OF.search(words)  # "post-exposure prophylaxis of HIV" is PEP
    if purpose is not None and (full := _expansion(words[: purpose.end()], short)) and " " in full:
        return full + words[purpose.end() :]
    if reordered := _reordered(words, parts, letters):
        return reordered
    last = parts[-1].group() if parts else ""
    return last if len(letters) > 1 and last[:1].lower() == letters[0] and _spelled(letters, [last.lower()]) else None


def _reordered(words: str, parts: list[re.Match[str]], letters: list[str]) -> str | None:
    """The last words whose initials are the letters in another order: NSTEMI is an MI without ST elevation."""
    found: list[str] = []
    for part in reversed(parts):
        word = part.group()
        if word.lower() in ("without", "non"):
            found.append("n")
        elif word.lower() not in _SMALL_WORDS:
            found.extend(word.lower() if word.isupper() else word[0].lower())
        if len(found) >= len(letters):
            return words[part.start() :] if len(letters) > 3 and sorted(found) == sorted(letters) else None
    return None


def _in_order(letters: list[str], initials: list[str]) -> bool:
    """Whether letters are initials in order, the first and the last word's among them."""
    rest = iter(initials)
    return initials[-1] == letters[-1] and all(letter in rest for letter in letters)


def _spelled(letters: list[str], words: list[str]) -> bool:
    """Whether the letters run through the words in order, beginning each letter's search where the last one ended."""
    text = " ".join(words)
    at = 0
    for letter in letters:
        at = text.find(letter, at) + 1
        if at == 0:
            return False
    # Each word must give a letter, or the expansion would reach too far back.
    return len(words) <= len(letters)
