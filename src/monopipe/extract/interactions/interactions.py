"""Interactions: one row for each interactant and effect.

The text comes as labels ("Digoxin: …"), as tables (agent, effect, advice), as prose ("CYP3A4 inducers shorten its action;
avoid"), and as bare lists. An explicit "no interaction" is a negated row; a name without an effect is a row that says no
more than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from monopipe import vocabulary
from monopipe.document import Item, sentences
from monopipe.extract.facts import content_key
from monopipe.extract.interactions.actors import parties_of
from monopipe.extract.interactions.advice import advice_of, management_of, severity_of
from monopipe.extract.interactions.effects import effects
from monopipe.extract.interactions.interactants import (
    Interactant,
    is_described,
    kind_of,
    listed,
    plausible,
    vocabulary_words,
)
from monopipe.extract.interactions.mechanisms import mechanism_of
from monopipe.extract.interactions.parties import NO_INTERACTION, Effect
from monopipe.extract.interactions.recall import Before
from monopipe.extract.interactions.rows import NO_LEAD, rows_of
from monopipe.extract.interactions.sentences import VERB, Told, is_certain, named_in, told_of
from monopipe.extract.phrasing import lowered, phrasebook
from monopipe.extract.reading import RETOLD, Reading
from monopipe.extract.terms import singular, split
from monopipe.signs import MASS
from monopipe.tables import Interaction

_EFFECT_HEAD = re.compile(r"effect|result|consequence|outcome|impact|interaction|what happens", re.I)
_MECHANISM_HEAD = re.compile(r"mechanism", re.I)

_ADVICE_HEAD = re.compile(
    r"manage|advice|\bactions?\b|what to do|recommend|comment|interven|\bdo\b|measures?\b|precaution|handling", re.I
)

_CHECKED = re.compile(
    r"[\w\s-]{2,40}\s(?:daily|weekly|monthly|regularly|(?:once|twice) (?:daily|weekly|a \w+)|more often|every [\w ]+)",
    re.I,
)
_EXAMPLES_HEAD = re.compile(
    r"\W*(?:examples?|members?|(?:drugs?|agents?) (?:in|of) (?:the )?(?:class|group)|such as)\b", re.I
)
_SEVERITY_HEAD = re.compile(r"severity|significance|level|grade|rating|importance|seriousness", re.I)
_SEVERITY_FIRST = re.compile(r"\W*(?P<grade>major|moderate|minor|serious|severe)\s*[,;:.–—-]+\s*", re.I)
_SEVERITY_CELL = re.compile(r"\W*(?:major|moderate|minor|serious|severe|contraindicated)\W*", re.I)

_WHO_HEAD = re.compile(r"agent|drug|interact|with|medicine|class|substance|food", re.I)

_SHORTENED = r"\b(?:incl|e\.g|i\.e|esp)\."
_COLON = re.compile(rf"(?:[^.;:]|{_SHORTENED}){{3,90}}(?:\([^)]*\)[^.;:]{{0,40}})?:(?=\s)")
_DASHED = re.compile(r"[A-Z][^.;:–—]{3,60}?\s[–—](?=\s)")  # "Glibenclamide – hypoglycaemia"
# "Phenytoin; sodium valproate; food: no interaction."
_SEMICOLONS = re.compile(r"(?P<who>[^.;:()]{3,40}(?:;\s+[^.;:()]{3,40}){1,5}):(?=\s)")
# "Carbamazepine → levels fall", "Lithium + testolol = neurotoxicity"
_ARROW = re.compile(r"[^→=:;.]{3,60}?\s(?:→|⇒|=>|->|=)(?=\s)")
# "*Serotonin syndrome.* Triptans increase …": words that open an item like a heading.
_RUN_IN = re.compile(r"(?P<who>[A-Z][^.:;]{3,80})\.\s+(?=[A-Z])")

# "Potassium should be monitored.": a value of the blood, nobody's level
_WATCHED = re.compile(
    r"(?:(?:the|plasma|serum|blood) )*(?:potassium|sodium|calcium|magnesium|phosphate|glucose|iron|creatinine)(?: levels?| concentrations?)? "
    r"(?:should|must|needs? to|is to|ha(?:s|ve) to|may have to) be (?:\w+ )?(?:monitored|checked|measured|watched|followed)[^;:]{0,40}",
    re.I,
)
_IT = re.compile(r"It\s")
_LONGEST_LIST = 200

# "Food interactions: None known."
_NONE_OF = re.compile(
    r"\W*(?:drug[-–/ ])?(?P<what>food|alcohol|herbal|grapefruit juice)(?:[-–/ ]drug)?\s+interactions?\W+(?:none|no)\b(?!\s+(?:more|other))[^.;]{0,40}(?:[.;]|$)",
    re.I,
)
_ENZYMES = re.compile(
    r"\W*(?:the\s+)?(?:hepatic\s+)?(?:cyp(?:[\s-]?450)?|cytochrome\s+p[\s-]?450|cyp\w+)(?:\s+(?:iso)?(?:enzymes?|system|metabolism|pathways?|interactions?))*\W*",
    re.I,
)
_MODULATES = re.compile(r"\b(?:inhibitors?|inducers?|substrates?)\b", re.I)
_ANSWER = re.compile(r"^(?:yes|no|yes and no|it depends)\b\s*[.,:;–-]+\s*", re.I)

_DENIES = re.compile(r"^no\b", re.I)

# "Consult your doctor.": an answer that says nothing of what was asked about.
_CONSULT = re.compile(
    r"\W*(?:always\s+|please\s+)?(?:consult|ask|talk\s+to|speak\s+(?:to|with)|check\s+with|contact)\s+(?:your|a|an|the)\s+(?:\w+\s+)?(?:doctor|physician|pharmacist|provider|professional|prescriber)\b[^,;]*[.]?\s*$",
    re.I,
)

_ASKS_CHANGE = re.compile(r"\b(?:interact|affect|interfere|reduce|lower|weaken|increase|raise|change|influence)", re.I)

_PASSIVE = re.compile(
    r"\b(?:is|are) (?P<change>opposed|antagonised|antagonized|weakened|inhibited|reduced|potentiated|enhanced|increased)\b",
    re.I,
)


def interactions(reading: Reading) -> Iterator[Interaction]:
    """The interactions of the document."""
    told: list[Interaction] = []
    before = Before()
    for item in reading.about("interactions"):
        if item.kind == "other" or (item.structural and not _tells_before_list(item)):
            continue
        for fact in _of_item(reading, item, before):
            if fact.section in RETOLD and (known := _told_before(fact, told)):
                fact.drug_id = known.drug_id = reading.drug_id
                fact.row_id = content_key(known)
            told.append(fact)
    yield from told


def _tells_before_list(item: Item) -> bool:
    """Whether a paragraph that opens a list tells something before: "It adds to the effect of sedatives. Others are:"."""
    return item.kind == "paragraph" and not item.label and len(list(item.sentences())) > 1


def _told_before(fact: Interaction, told: list[Interaction]) -> Interaction | None:
    """The fact that a retelling names in fewer words and without its effect: "antacids" for "antacids with zinc"."""
    if fact.effect_target != "unknown":
        return None
    words = set(fact.interactant_norm.split())
    for known in told:
        singulars = {singular(w) for w in known.interactant_norm.split()}
        if known.section not in RETOLD and words <= singulars | set(known.interactant_norm.split()):
            return known
    return None


def _of_item(reading: Reading, item: Item, before: Before) -> Iterator[Interaction]:
    start, end = _label(item)
    if item.question is None and (none := _NONE_OF.match(item.text)):
        yield from rows_of(
            reading, item, listed(reading, none["what"]), [NO_INTERACTION], "", (0, len(item.text.rstrip()))
        )
        return
    if item.label and item.question is None and _ENZYMES.fullmatch(item.label) and not _MODULATES.search(item.rest):
        yield from _prose(reading, item, before, item.rest_start)  # "CYP450: minimal potential": the label is nobody
        return
    run_in = end > 0 and not item.label and item.text.startswith(".", end)
    if item.cells:
        rows = _table_row(reading, item, before)
    elif run_in and item.question is None and not listed(reading, item.text[start:end].rstrip(". "), trusted=False):
        rows = _prose(reading, item, before, end + 1)
    elif item.question is None and end > start and _tells(reading, item.text[start:end]):
        rows = _prose(reading, item, before, start)
    elif start == end or item.question is not None or _is_category(item.text[start:end]):
        rows = _prose(reading, item, before)
    else:
        rows = _labelled(reading, item, item.text[start:end].strip(), max(end + 1, item.rest_start), before)
    for row in rows:
        yield row
        before.take(row)


def _label(item: Item) -> tuple[int, int]:
    """The span of the words before the colon that begin an item, whether printed bold or not; empty where none do."""
    if item.label:
        return 0, max(item.rest_start - 1, 0)
    m = _COLON.match(item.text) or _SEMICOLONS.match(item.text) or _ARROW.match(item.text)
    if m is not None:
        return 0, m.end() - 1
    m = _RUN_IN.match(item.text)
    return (0, m.end("who")) if m and len(m["who"].split()) <= 8 and not VERB.search(f" {m['who']}") else (0, 0)


def _tells(reading: Reading, label: str) -> bool:
    """Whether the words before a colon are a sentence: "Nitrates must not be taken for 24 hours: hypotension"."""
    verb = VERB.search(label)
    if verb is None:
        return False
    subject = label[: verb.start()]
    if subject.lower() == "it" or subject.lower() in reading.own_names:
        return True  # "It raises the level of: digoxin, lithium"
    if not advice_of([label]) and phrasebook("interaction_targets").first(label) is None:
        return False
    return bool(listed(reading, named_in(subject), trusted=False))  # "Tizanidine levels rise: avoid"


def _is_category(label: str) -> bool:
    """Whether a label sorts interactions and names no interactant: 'Drug Interactions', 'Major interactions'."""
    low = lowered(label).strip(" .:")
    says = phrasebook("interaction_targets").first(low) and phrasebook("interaction_changes").first(low)
    return _categories(low) and not says and not plausible(_CAUTION.sub("", _BRACKET.split(label, maxsplit=1)[0]))


_BRACKET = re.compile(r"\s*\(")
_CAUTION = re.compile(r"(?:caution|care|avoid|monitor)(?: is needed)? with ", re.I)


@lru_cache(maxsize=4096)
def _categories(low: str) -> bool:
    for line in vocabulary.rows("interactant_words"):
        if line["role"] == "category":
            for words in line["words"].split("|"):
                if low == words or (words.endswith("*") and low.startswith(words[:-1])) or low.startswith(f"{words} "):
                    return True
    return False


def _labelled(reading: Reading, item: Item, label: str, rest_start: int, before: Before) -> Iterator[Interaction]:
    """`Interactants: effect; advice`. Where the text behind a class only lists names, they are its examples."""
    label = item.label or label.strip(" :–—-*")
    rest = item.text[rest_start:].strip()
    if _DENIED_LABEL.match(label):  # "No relevant interactions: amlodipine, atenolol."
        yield from rows_of(reading, item, listed(reading, rest), [NO_INTERACTION], rest, (0, len(item.text)))
        return
    if lowered(label) in vocabulary_words("generic"):
        facts = list(_prose(reading, item, before, rest_start))
        if facts and not (kind_of(label) == "food" and all(f.interactant_norm in _MEALS for f in facts)):
            yield from facts
            return
    called = _CALLED.search(label)
    severity = called[1] if called else ""
    who = listed(reading, label[: called.start()] if called else label)
    names, advised = _names_and_advice(rest)
    names_only = listed(reading, names, trusted=False) if _may_list(names) else []
    if names_only and not effects(rest, parties_of(reading, who)):
        if who and (who[0].kind == "drug" or is_described(label) or VERB.search(f" {label}") or _CHANGES.match(label)):
            who = []
        said = effects(label, parties_of(reading, names_only)) if not who else []
        yield from rows_of(
            reading, item, [*who, *names_only], said, label if not who else "", (0, len(item.text)), advised
        )
        return
    bare = _INNER.sub("", rest)
    if who and _CHANGES.match(label) and bare != rest and (listing := listed(reading, bare, trusted=False)):
        said = effects(label, parties_of(reading, listing))  # "Raise levels: amiodarone (by half), verapamil"
        yield from rows_of(reading, item, listing, said, label, (0, len(item.text)))
        return
    if not who:
        yield from _prose(reading, item, before, rest_start)
        return
    own_part, others, members = _subjects(reading, item, who, rest_start)
    who = [*who, *(replace(i, is_example=True) for i in members)]
    if not own_part and others:
        who = []  # "**Diuretics.** Thiazides may …": the class only heads what is told of its members
    said = effects(own_part, parties_of(reading, who)) or before.same(own_part)
    known_as = _known_as(label, who)
    yield from rows_of(reading, item, who, said, own_part, (0, len(item.text)), severity, severity, whole=known_as)
    for span, more in others:
        text = item.text[slice(*span)]
        own = _COLON.match(text)
        if own and {i.norm for i in listed(reading, own.group()[:-1], trusted=False)} == {i.norm for i in more}:
            text = text[own.end() :].strip()  # "Rifampicin: level falls": a label owns no level
        said = effects(text, parties_of(reading, more)) or before.same(text)
        yield from rows_of(reading, item, more, said, text, span)


_CALLED = re.compile(
    r"\s*(?:[(\[]|[–—-]\s)(?:severity:? )?(major|moderate|minor|serious|severe|contraindicated)[)\]]?\W*$", re.I
)
"""How severe a label calls the interaction behind its names: "Ketoconazole (major)", "Digoxin – minor"."""
_KNOWN_AS = re.compile(r"\(([^()]*(?:inhibit|induc|block)[^()]*)\)\W*$", re.I)


def _known_as(label: str, who: list[Interactant]) -> str:
    """What a bracket says that a single drug does: "Gemfibrozil (CYP2C8 inhibitor)"."""
    m = _KNOWN_AS.search(label) if [i.kind for i in who] == ["drug"] else None
    return m[1] if m else ""


_DENIED_LABEL = re.compile(
    r"(?:no|without|none)\b.*\b(?:interactions?|interacting)\b|safe (?:together|with|to (?:combine|use|give|take))\b|no (?:\w+ )?problems?\b"
    r"|(?:(?:is |are )?(?:not (?:\w+ )?(?:affected|altered|influenced|changed)|unaffected|unchanged) (?:by|with)|(?:does|do) not (?:affect|alter|influence)|no (?:\w+ )?(?:effect|influence) (?:on|of|from))\s*$",
    re.I,
)
_MEALS = frozenset("food meal diet meals foods".split())
"""What advice on food names without naming a food: "take it with meals"."""


_CHANGES = re.compile(
    r"(?:increas|decreas|reduc|rais|lower|higher|enhanc|less|more|greater|weaker|impair|additive)\w*\s", re.I
)
"""How a label begins that says what its list does: "Increased testolol levels"."""


def _names_and_advice(rest: str) -> tuple[str, str]:
    """A list of names, and the advice that may follow it: "clarithromycin, azoles. Reduce the dose."."""
    spans = list(sentences(rest))
    if len(spans) < 2 or not advice_of([rest[spans[1][0] :]]):
        return rest, ""
    return rest[: spans[0][1]], rest[spans[1][0] :]


def _may_list(rest: str) -> bool:
    """Whether a text may only list names: it is short, and has no verb and no word for an effect."""
    if not rest or len(rest) > _LONGEST_LIST or VERB.search(f" {rest}"):
        return False
    return phrasebook("interaction_targets").first(rest) is None and not advice_of([rest])


def _subjects(
    reading: Reading, item: Item, who: list[Interactant], rest_start: int
) -> tuple[str, list[tuple[tuple[int, int], list[Interactant]]], list[Interactant]]:
    """The text about the label's interactants, the later sentences whose subject is another one, and a class's members.

    "CYP3A4 inhibitors: Ketoconazole and itraconazole raise the level" tells of the class by its members.
    """
    mine: list[tuple[int, int]] = []
    others: list[tuple[tuple[int, int], list[Interactant]]] = []
    members: list[Interactant] = []
    labelled = False  # whether a later label has taken over: "Steroids: ulcers. Diuretics: less effect."
    known = {i.norm for i in who}
    first = next(_clauses(item.text, rest_start), (rest_start, rest_start))[0]
    by_class = all(i.kind in ("drug_class", "enzyme_modulator") for i in who)
    heads = item.text[:rest_start].rstrip(" *_").endswith(".") and who[0].kind == "drug_class"
    for k, (start, end) in enumerate(_clauses(item.text, rest_start)):
        sentence = item.text[start:end]
        colon = (_COLON.match(sentence) or _DASHED.match(sentence)) if k else None
        named = listed(reading, colon.group()[:-1], trusted=False) if colon else []
        if named or (labelled and not _names_another(reading, sentence)):
            others.append(((start, end), named or others[-1][1]))
            labelled = True
            continue
        verb = VERB.search(sentence)
        more = listed(reading, named_in(sentence[: verb.start()]), trusted=False) if verb else []
        if not k and not heads and not (by_class and _are_members(more)):
            more = []  # "Azoles: fluconazole doubles levels; no change with clotrimazole" tells of fluconazole
        if _WATCHED.fullmatch(sentence) or (k and more and _is_alternative(sentence, reading, more)):
            more = []
        elif k and not more and (another := _WITH_ANOTHER.match(sentence)):
            more = [
                i for i in listed(reading, another["who"], trusted=False) if is_certain(i) or i.kind == "drug_class"
            ]
        if k and not more and NO_LEAD.expression.match(sentence):
            more = [i for told in told_of(reading, sentence) for i in told.who]
        part = bool(more) and {i.norm for i in more} < known and bool(effects(sentence, parties_of(reading, more)))
        new_sentence = item.text[:start].rstrip().endswith((".", "!", "?"))
        if k and more and not new_sentence and not all(is_certain(i) for i in more):
            more = []  # "…; responses are unchanged" goes on about the same
        if more and (part or not any(i.norm in known for i in more)):
            others.append(((start, end), more))
        elif heads and others and not mine:
            others[-1] = (others[-1][0][0], end), others[-1][1]  # "… Monitor the INR." goes on about them
        elif mine and not new_sentence:
            mine[-1] = (mine[-1][0], end)
        else:
            mine.append((start, end))
    if by_class and not heads and others and others[0][0][0] == first and len({tuple(w) for _, w in others}) < 2:
        span, told = others.pop(0)  # its members stand for the class
        members = told if len(told) > 1 else []  # one drug alone tells how the class acts
        mine.insert(0, span)
    return " ".join(item.text[a:b] for a, b in mine), others, members


def _are_members(named: list[Interactant]) -> bool:
    """Whether what a sentence names may be members of the label's class: known drugs, or several drugs and classes."""
    if len(named) > 1 and all(is_certain(i) or i.kind == "drug_class" for i in named):
        return True
    return all(i.kind == "drug" and is_certain(i) for i in named)


# "Do not combine with aliskiren", behind what a label says of diuretics
_WITH_ANOTHER = re.compile(
    r"(?:do not|never|not to be|avoid|caution|care|no (?:change|effect|interaction)s?)\b[^.;,()]{0,30}\bwith (?P<who>[^.;,()]{4,60})",
    re.I,
)


# "Avoid; quetiapine 12.5 mg at night if you must", "paracetamol is the safer choice"
_ALTERNATIVE = re.compile(
    rf"\s\d[\d.,–-]*\s*(?:{MASS}|ml)\b|\b(?:instead|prefer\w*|safer|alternatives?|(?:better|first|good|usual|best) (?:choice|option))\b",
    re.I,
)


def _is_alternative(sentence: str, reading: Reading, named: list[Interactant]) -> bool:
    """Whether a clause behind the advice names what to give in its stead, and no interaction with it."""
    if not _ALTERNATIVE.search(sentence) or advice_of([sentence]):
        return False
    return not effects(sentence, parties_of(reading, named)) and not NO_LEAD.expression.search(sentence)


def _names_another(reading: Reading, sentence: str) -> bool:
    verb = VERB.search(sentence)
    return bool(verb and listed(reading, named_in(sentence[: verb.start()]), trusted=False))


def _clauses(text: str, start: int) -> Iterator[tuple[int, int]]:
    """The sentences of a text; a clause behind a semicolon with a verb of its own is one too."""
    for a, b in sentences(text, start):
        at = a
        for m in re.finditer(r";\s+(?=[A-Za-z])", text[a:b]):
            stop = a + m.start()
            verb = VERB.search(text, a + m.end(), b)
            dashed = _DASHED.match(text, a + m.end(), b) and text.count("(", a, stop) == text.count(")", a, stop)
            if dashed or (
                verb
                and verb.start() - a - m.end() < _LONGEST_NAME
                and text.count("(", a, stop) == text.count(")", a, stop)
            ):  # "A – weaker effect; B – higher levels"
                yield at, stop
                at = a + m.end()
        yield at, b


_LONGEST_NAME = 40


def _table_row(reading: Reading, item: Item, before: Before) -> Iterator[Interaction]:
    """`Agent | Effect | Advice`, by the heads of the columns, else by their order."""
    roles: dict[str, int] = {}
    for k, head in enumerate(item.columns):
        for role, pattern in (
            ("examples", _EXAMPLES_HEAD),
            ("severity", _SEVERITY_HEAD),
            ("advice", _ADVICE_HEAD),
            ("mechanism", _MECHANISM_HEAD),
            ("effect", _EFFECT_HEAD),
            ("who", _WHO_HEAD),
        ):
            if role == "who" and k == 0:
                break
            if k > 0 and pattern.search(head) and role not in roles:
                roles[role] = k
                break
    who = listed(reading, item.cell(0))
    if "examples" in roles:
        who += [replace(i, is_example=True) for i in listed(reading, item.cell(roles["examples"])) if i not in who]
    effect_column = roles.get("effect", roles.get("mechanism", 1))
    for k in range(1, len(item.cells)):  # "So", "Then": what the cell says counts, whatever its head
        if k == effect_column or k in roles.values():
            continue
        if _SEVERITY_CELL.fullmatch(item.cell(k)):
            roles.setdefault("severity", k)
        elif advice_of([item.cell(k)]):
            roles.setdefault("advice", k)
        elif mechanism_of(item.cell(k))[0] != "unknown":
            roles.setdefault("mechanism", k)
    how = item.cell(roles["mechanism"]) if "effect" in roles and "mechanism" in roles else ""
    how = how or _known_as(item.cell(0), who)
    effect = item.cell(effect_column)
    advice = item.cell(roles["advice"]) if "advice" in roles else ""
    severity = item.cell(roles["severity"]) if "severity" in roles else ""
    if (grade := _SEVERITY_FIRST.match(severity)) and advice_of([severity[grade.end() :]]):
        severity, advice = (
            grade["grade"],
            f"{advice}; {severity[grade.end() :]}".strip("; "),
        )  # "major, monitor closely"
    elif severity and not advice and advice_of([severity]):
        advice = severity  # "contraindicated together"
    said = effects(effect, parties_of(reading, who)) or before.same(effect)
    if advice.strip().lower() in ("none", "no action", "nil", "–", "—", "-", "none needed"):
        advice = "no action" if advice.strip(" –—-") else ""
    elif _CHECKED.fullmatch(advice.strip()) and not advice_of([advice]):
        advice = f"monitor {advice}"  # "INR daily" in a column that says what to do
    yield from rows_of(reading, item, who, said, effect, (0, len(item.text)), advice, severity, whole=how)


def _prose(reading: Reading, item: Item, before: Before, rest_start: int | None = None) -> Iterator[Interaction]:
    """The rows of an item's sentences; one that only advises speaks of the interactants of the sentence before it.

    "Triptans increase the risk of serotonin syndrome. Monitoring is advised."
    """
    last: list[Interaction] = []
    effective: set[str] = set()
    for told in _saying(item, _in_sentences(reading, item, before, rest_start)):
        if isinstance(told, str):
            management, text = management_of(advice_of([told]), (), ())
            for row in last:
                if row.management == "not_stated" and row.assertion != "negated":
                    row.management, row.management_text = management, text  # type: ignore[assignment]
                    row.severity = severity_of(told) if row.severity == "unknown" else row.severity  # type: ignore[assignment]
        elif told.effect_target == "unknown" and told.management != "not_stated" and (same := _told_at(told, last)):
            if same.management == "not_stated":  # "… and alcohol may enhance sedation; alcohol should be avoided"
                same.management, same.management_text = told.management, told.management_text
        elif told.effect_target == "unknown" and told.management == "not_stated" and told.interactant_norm in effective:
            continue  # "Fluvoxamine 100 mg once daily was used in the study": what it does has been told
        elif last and told.char_start != last[-1].char_start:
            yield from last
            last = [told]
        else:
            last.append(told)
        if not isinstance(told, str) and told.effect_target != "unknown":
            effective.add(told.interactant_norm)
    yield from last


def _saying(item: Item, told: Iterator[Interaction | str]) -> Iterator[Interaction | str]:
    """The rows of a paragraph without those of its sentences that say of nobody what happens or what to do.

    "Digoxin deserves a word." tells no interaction, "Digoxin interacts with it." does.
    """
    rows = list(told)
    if item.kind != "paragraph" or item.label or item.question or item.section in RETOLD:
        yield from rows
        return
    says = {
        r.char_start
        for r in rows
        if not isinstance(r, str) and (r.effect_target != "unknown" or r.management != "not_stated")
    }
    for row in rows:
        if isinstance(row, str) or row.char_start in says or _may_be_bare(row.source_quote):
            yield row


def _may_be_bare(sentence: str) -> bool:
    """Whether a sentence that tells no effect may yet tell an interaction: a bare list, or one that says so."""
    return not VERB.search(f" {sentence}") or _INTERACTS.search(sentence) is not None


_INTERACTS = re.compile(r"\binteract(?:s|ed|ing)?\b|\binteractions? with\b", re.I)


def _told_at(fact: Interaction, told: list[Interaction]) -> Interaction | None:
    """The row of the same sentence that tells what the interactant does."""
    return next(
        (
            row
            for row in told
            if row.char_start == fact.char_start
            and row.interactant_norm == fact.interactant_norm
            and row.effect_target != "unknown"
        ),
        None,
    )


_OTHER_PEOPLE = re.compile(r"(?:non-)?smokers\b|the elderly\b|older\b|children\b|women\b|men\b|infants\b", re.I)
_LONGEST_ADVICE = 12
"""Words of a sentence that only advises."""


_INNER = re.compile(r"\s*\([^()]*\)")


def _asked_about(reading: Reading, question: str) -> list[Told]:
    """What a question asks of whom; "with a statin" only calls the drug by its own class."""
    own = parties_of(reading, ()).own_text
    asked = []
    for told in told_of(reading, question):
        who = [
            i
            for i in told.who
            if i.kind != "drug_class"
            or not re.search(rf"\b{re.escape(i.norm)}\b", own)
            or not re.search(rf"\b(?:an?|the|this|my|your)\s+{re.escape(i.text)}\b", question, re.I)
        ]
        asked += [replace(told, who=who)] if who else []
    return asked


def _each_with_its_own(reading: Reading, body: str) -> list[tuple[list[Interactant], str]]:
    """The members of a bare list, and what a bracket says each does: "digoxin (level rises), alcohol (more sedation)"."""
    if "(" not in body or VERB.search(f" {_INNER.sub('', body)}"):
        return []
    found: list[tuple[list[Interactant], str]] = []
    for start, end in split(body.rstrip(" .")):
        member = body[start:end]
        bracket = _INNER.search(member)
        says = bracket.group().strip(" ()") if bracket else ""
        alone = listed(reading, _INNER.sub("", member), trusted=False)
        told = says and alone and (effects(says, parties_of(reading, alone)) or advice_of([says]))
        if not told:
            alone, says = listed(reading, member, trusted=False), ""
        if not alone:
            return []
        found.append((alone, says))
    return found if len(found) > 1 and any(says for _, says in found) else []


def _in_sentences(reading: Reading, item: Item, before: Before, rest_start: int | None) -> Iterator[Interaction | str]:
    """The rows of sentences that name their interactants, or leave them to the question; sentences that only advise."""
    asked: list[Told] = []
    own_acted = False
    for a, b in sentences(item.text, item.rest_start if rest_start is None else rest_start):
        sentence = item.text[a:b]
        answer = _ANSWER.match(sentence)
        body = sentence[answer.end() :] if answer else sentence
        if item.question and _CONSULT.match(body):
            continue
        if item.question and not body.strip() and _DENIES.match(sentence) and _ASKS_CHANGE.search(item.question):
            for clause in told_of(reading, item.question):
                yield from rows_of(reading, item, clause.who, [NO_INTERACTION], sentence, (a, b))
            continue
        colon = (_COLON.match(body) or _DASHED.match(body)) if item.question is None else None
        named = (
            listed(reading, colon.group()[:-1], trusted=False) if colon and not _tells(reading, colon.group()) else []
        )
        if colon and named:
            rest = body[colon.end() :]
            yield from rows_of(reading, item, named, effects(rest, parties_of(reading, named)), rest, (a, b))
            continue
        if each := _each_with_its_own(reading, body):
            for who, said_of_it in each:
                said = effects(said_of_it, parties_of(reading, who))
                yield from rows_of(reading, item, who, said, said_of_it, (a, b), item.label or "")
            continue
        told = [] if _WATCHED.fullmatch(body) else told_of(reading, body)
        if own_acted and _IT.match(body) and (more := told_of(reading, f"{reading.document.title}{body[2:]}")):
            told = [replace(t, printed=t.printed or body.strip(" .")) for t in more]
        own_acted = any(t.subject == "this_drug" for t in told)
        bare_list = ":" not in body and not VERB.search(f" {body}")
        own_label = item.question is None and (not item.text[item.rest_start : a].strip() or bare_list)
        context = item.label or "" if own_label else ""  # "Contraindicated: A, B. C raises the level."
        if not told and item.question and body.strip():
            asked = asked or _asked_about(reading, item.question)
            told = [Told(c.who, body, c.subject) for c in asked]
        if item.question and not VERB.search(body):
            context = item.question
        if not told and len(body.split()) <= _LONGEST_ADVICE and not _OTHER_PEOPLE.match(body) and advice_of([body]):
            yield body
        for clause in told:
            parties = parties_of(reading, clause.who, clause.subject)
            said = effects(clause.read or clause.text, parties)
            passive = _PASSIVE.match(clause.text.strip())
            if not said and passive and clause.subject == "interactant":
                up = passive["change"].lower() in ("potentiated", "enhanced", "increased")
                said = [Effect("efficacy", "increased" if up else "decreased", "interactant", text=body.strip(" ."))]
            said = said or before.same(clause.text) or before.turned(clause.text)
            if clause.printed:
                said = [replace(e, text=clause.printed) for e in said]
            for row in rows_of(reading, item, clause.who, said, clause.text, (a, b), context, whole=clause.whole):
                yield row
                before.take(row)
