"""Running text on interactions: whom a sentence names, which of its words tell of them, and who acts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from monopipe import vocabulary
from monopipe.cues import Cued
from monopipe.extract.drug_words import is_drug
from monopipe.extract.interactions.interactants import Interactant, is_described, listed
from monopipe.extract.interactions.lab_tests import disturbed_tests
from monopipe.extract.phrasing import lowered, phrasebook
from monopipe.extract.reading import Reading
from monopipe.signs import signs

_VERB_WORDS = sorted(
    {w for line in vocabulary.rows("interaction_verbs") for w in line["words"].split("|")}, key=len, reverse=True
)
_SIGN = signs("interactions")
VERB = re.compile(  # each begins with a space, which is looked for first
    r"(?=\s)(?:\s+(?:each\s+|both\s+|all\s+|also\s+|do not\s+|does not\s+)?"
    rf"(?:{'|'.join(_VERB_WORDS)})\b|{_SIGN['verb']})"
)
_APPOSITION = re.compile(
    r",\s+(?:an?|the|which\s+is|which\s+are|itself|both|all|strong|moderate|weak|potent|known|powerful)\s+[^,]+,?\s*$"
)
_ADVERB = re.compile(r",?\s+(?:\w{3,}ly|about|nearly|almost|roughly|also|too|itself|themselves|likewise)\s*$")
OF_IT = re.compile(
    r"(?:['’]s?)?\s+(?:(?:plasma|serum|blood)\s+)?(?:levels?|concentrations?|exposure|toxicity|clearance|metabolism|absorption|effects?|auc|cmax|half-life)$",
    re.I,
)
_BEFORE_IT = re.compile(
    r"(?:the\s+)?(?:(?:plasma|serum|blood)\s+)?(?:levels?|concentrations?|exposure|clearance|metabolism|absorption|auc|bioavailability)\s+of\s+(?:the\s+)?",
    re.I,
)


def named_in(subject: str) -> str:
    """Who has what a subject names: "iron" of "iron absorption" and of "absorption of iron"."""
    return OF_IT.sub("", _BEFORE_IT.sub("", subject, count=1) if _BEFORE_IT.match(subject) else subject)


_NEW_SUBJECT = re.compile(
    r"(?:;|,)\s+(?:and\s+|but\s+|while\s+|whereas\s+)?(?=[\w(])|\s+(?:but|whereas|while)\s+(?=\w)"
)
_BY = re.compile(rf"\b{_SIGN['passive']}\s+by\s+")
_WITH = Cued(_SIGN["with"])
_LIST_END = re.compile(_SIGN["list_end"])
_OBJECT = re.compile(
    r"\b(?:increase|raise|elevate|double|triple|halve|slow|delay|decrease|reduce|lower|potentiate|enhance|strengthen|impair|inhibit|affect|alter|weaken|prolong)(?:s|ing)?\s+(?:the\s+)?"
    r"(?:(?:plasma|serum|blood|renal)\s+)?(?:(?:levels?|concentrations?|effects?|actions?|response|clearance|excretion|elimination|metabolism|absorption|bioavailability|toxicity|exposure)\s+(?:of|to)\s+)?(?P<name>[\w'’ ,/-]+?)"
    r"(?:\s+(?:levels?|concentrations?|exposure|toxicity|clearance|excretion|elimination|bioavailability|effects?|actions?|metabolism|absorption|tablets?|capsules?)\b|[.;]|,\s+(?:so|and|whose|which)\b|$)",
    re.I,
)
_OBJECT_OF = re.compile(
    r"\b(?:levels?|concentrations?|effects?|response|toxicity|metabolism|clearance|absorption|excretion|elimination|bioavailability|exposure|use|combination)\s+(?:of|to|with)\b",
    re.I,
)


_SAME = re.compile(_SIGN["same"], re.I)
_NOT_SAME = re.compile(r"\b(?:not|no|never|neither|nor|without|unlikely|less)\b|n't\b", re.I)


def says_the_same(text: str) -> bool:
    """Whether a text only says that something has the effect told before it.

    >>> [says_the_same(t) for t in ("are expected to do the same", "Corticosteroids behave similarly", "does not do so")]
    [True, True, False]
    """
    m = _SAME.search(text)
    return m is not None and _NOT_SAME.search(text, 0, m.end()) is None


@dataclass(frozen=True)
class Told:
    """Interactants of a sentence, the words about them, and who acts in these words."""

    who: list[Interactant]
    text: str
    subject: str = "interactant"
    whole: str = ""
    """The clause with its subject, where `text` leaves it out."""
    printed: str = ""
    """The words as printed, where `text` writes out what they share with others: "raises and carbamazepine lowers …"."""
    read: str = ""
    """The words that tell the effect, where a list of names is shortened to its first for reading."""


def told_of(reading: Reading, sentence: str) -> list[Told]:
    """What a sentence tells about whom; a clause with interactants of its own for a subject is told by itself."""
    excepted = _EXCEPTED.search(sentence) if "(" in sentence else None
    if excepted and VERB.search(sentence, excepted.end()):
        rest = sentence[: excepted.start()] + sentence[excepted.end() :]
        return [replace(t, printed=t.printed or sentence.strip(" .")) for t in told_of(reading, rest)]
    front = _FRONT.match(sentence)
    if front and VERB.search(sentence, front.end()):
        return [replace(t, whole=t.whole or sentence) for t in told_of(reading, sentence[front.end() :])]
    for special in (
        _lab_tests,
        _barred_but,
        _up_and_down,
        _no_effect_on,
        _given_with,
        _neither,
        _but_not,
        _two_agents,
        _two_verbs,
        _own_two_verbs,
        _with_first,
    ):
        if told := special(reading, sentence):
            return told
    if opened := _opened_list(reading, sentence):
        return opened
    if as_well := _AS_WELL.search(sentence):
        more = listed(reading, as_well["who"], trusted=False)
        first = told_of(reading, sentence[: as_well.start()]) if more else []
        if first and as_well["verb"] and first[-1].subject == "this_drug":
            return first  # "Testolol raises digoxin levels, as does verapamil": another that acts like it
        if first:
            return [*first[:-1], replace(first[-1], who=[*first[-1].who, *more])]
    cut = _next_subject(reading, sentence)
    if cut:
        return [*_told_of(reading, sentence[: cut[0]]), *told_of(reading, sentence[cut[1] :])]
    return _told_of(reading, sentence)


# "Antacids and calcium (but not ranitidine) reduce the absorption": what is told is not of them.
_EXCEPTED = re.compile(
    r"\s*\((?:but not|not|except(?:ing)?|excluding|with the exception of|unlike|apart from)\s[^()]*\)", re.I
)
_AS_WELL = Cued(
    r"(?:,?\s+(?:and\s+)?(?P<verb>as|so|neither|nor) (?:do|does|is|are|was|were|did|will|may|can)\s+"
    r"|[;,]\s+(?:and\s+|but\s+)?(?:the same|this) (?:also )?(?:applies|holds|goes|is true|is (?:seen|expected|likely)) (?:also )?(?:to|for|of|with)\s+)"
    r"(?P<who>[^.;:]{3,80})[.;]?\s*$"
)
_CHANGE_VERB = (
    r"(?:(?:may|can|could|also|does not|do not)\s+)*(?:increases?|raises?|elevates?|enhances?|potentiates?|doubles?|prolongs?|boosts?"
    r"|decreases?|reduces?|lowers?|halves?|diminish(?:es)?|weakens?|shortens?|impairs?|inhibits?|delays?)"
)
_TWO_VERBS = re.compile(
    rf"(?P<a>[^;:]{{3,90}}?)\s+(?P<va>{_CHANGE_VERB}),?\s+(?:and|but|while|whereas)\s+(?P<b>[^;:,]{{3,60}}?)\s+(?P<vb>{_CHANGE_VERB})\s+(?P<what>.+)$",
    re.I | re.S,
)
_AND_VERB = re.compile(rf",?\s+(?:and|but|while it|whereas it)\s+(?={_CHANGE_VERB}\s+(?!or\b|and\b))", re.I)
_NOUN_OF = re.compile(
    r"\b(?P<noun>(?:(?:plasma|serum|blood)\s+)?(?:levels?|concentrations?|exposure|effects?|clearance|metabolism|absorption|toxicity|auc))\s+(?:of|to)\b",
    re.I,
)


# "Together with lithium there is a danger of …", "When it is combined with opioids, sedation deepens"
_GIVEN_WITH = re.compile(
    r"(?:(?:when|if|where|whenever)\s+(?:[\w-]+\s+(?:is|are)\s+)?)?(?:\w+ly\s+)?"
    r"(?:taken|given|used|combined|co-?administered|in combination|together|added)\s+(?:together\s+|\w+ly\s+|at the same time\s+)?(?:with|to)\s+"
    r"(?P<who>[^,;:]{3,80}?)(?:,\s+|\s+(?=(?:there|it|they|the|this|its|an?)\s))(?P<rest>[^;:]+)",
    re.I,
)
# "Severe hypotension can follow when nitrates are added"
_WHEN_ADDED = re.compile(
    r"(?P<rest>[^,;:]{8,120}?),?\s+(?:when|if|after)\s+(?P<who>[^,;:]{3,60}?)\s+(?:is|are)\s+(?:\w+ly\s+|also\s+)?"
    r"(?:added|given|taken|combined|co-?administered|started|used)\b",
    re.I,
)


_TURN = r"(?:up|down|higher|lower|raised|lowered|increased|reduced|decreased)"
_UP_AND_DOWN = re.compile(
    rf"(?P<what>[^,;:.]{{3,60}}?)\s+(?:(?:may|can|will) )?(?:go(?:es)?|are|is|be)\s+(?P<one>{_TURN}) (?:with|by) (?P<a>[^;:.]{{3,60}}?),?\s+(?:and|but)\s+(?P<two>{_TURN}) (?:with|by) (?P<b>[^;:.]{{3,60}})[.;]?\s*$",
    re.I,
)


def _up_and_down(reading: Reading, sentence: str) -> list[Told]:
    """Two parties that turn a level opposite ways: "Levels go up with clarithromycin and down with phenytoin"."""
    m = _UP_AND_DOWN.match(sentence)
    sides = (
        [(listed(reading, m[side], trusted=False), m[turn]) for side, turn in (("a", "one"), ("b", "two"))] if m else []
    )
    if m is None or not all(who for who, _ in sides):
        return []
    return [Told(who, f"{m['what']} are {turn}", printed=sentence.strip(" .")) for who, turn in sides]


_BARRED_BUT = re.compile(
    r"(?P<barred>(?:avoid|do not|never|not (?:to be )?(?:used|taken|given|combined)? ?with)\b[^.;:()]{3,90}?),?\s+(?:but|though|although|while|whereas)\s+(?P<allowed>[^.;:]+)[.;]?\s*$",
    re.I,
)


def _barred_but(reading: Reading, sentence: str) -> list[Told]:
    """A ban on one and leave for another: "Avoid potassium-sparing diuretics, but furosemide may be used"."""
    m = _BARRED_BUT.match(sentence)
    first = told_of(reading, m["barred"]) if m else []
    second = told_of(reading, m["allowed"]) if m and first else []
    return [*first, *second] if second else []


_NO_EFFECT_ON = re.compile(
    r"(?:there (?:is|was) |(?P<own>[\w -]{3,40}?) (?:has|have|had|shows?|showed) )?no (?:\w+ly )?(?:relevant |significant |important |known |clear )?(?:effect|influence)s? (?:on|upon) "
    r"(?:(?:the )?(?:(?:plasma|serum) )?(?:pharmacokinetics|levels?|concentrations?|exposure|clearance|metabolism|absorption) of )?(?P<who>[^.;:]{3,80})[.;]?\s*$",
    re.I,
)
_FOUND = (
    r"(?:found|seen|shown|reported|observed|described|demonstrated|noted|expected|known|detected|established|likely)"
)
_SO_FAR = r"(?: (?:in|so|to|at|by|during|with)\b[^,.;:]{0,30})?"
# "No interaction with digoxin or lorazepam has been found", "An interaction with food was not seen", "Nothing was seen with it".
_NONE_WITH = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?P<own>)(?:there (?:is|are|was|were) )?no (?:[\w-]+ ){0,3}interactions? (?:(?:is|are|was|were) \w+ )?with (?P<who>[^.;:]{3,80}?)"
        rf"(?: (?:is|are|was|were|has been|have been) (?:\w+ly )?{_FOUND}{_SO_FAR})?[.;]?\s*$",
        r"(?P<own>)(?:an? |any |the )?(?:[\w-]+ )?interactions? with (?P<who>[^.;:]{3,80}?) "
        rf"(?:(?:is|are|was|were|has|have) (?:not|never)(?: been)?|could not be) (?:\w+ly )?{_FOUND}{_SO_FAR}[.;]?\s*$",
        r"(?P<own>)(?:(?:i|we) (?:know of|have seen|have met|have had|see|expect) )?(?:no|without) (?:[\w-]+ )?(?:trouble|problems?|difficult(?:y|ies)) with (?P<who>[^.;:]{3,80})[.;]?\s*$",
        r"(?P<own>)nothing (?:is|speaks) (?:known )?against (?P<who>[^.;:]{3,80})[.;]?\s*$",
        rf"(?P<own>)nothing (?:[\w-]+ )?(?:is|was|has been) (?:\w+ly )?{_FOUND} with (?P<who>[^.;:]{{3,80}})[.;]?\s*$",
        rf"(?:there (?:is|are|was|were) )?no (?:[\w-]+ ){{0,3}}interactions? (?:is |was |has been )?(?:{_FOUND} )?between (?P<own>[\w-]+) and (?P<who>[^.;:]{{3,80}}?)"
        rf"(?: (?:is|are|was|were|has been|have been) (?:\w+ly )?{_FOUND}{_SO_FAR})?[.;]?\s*$",
    )
)
_TURN_TO = re.compile(r"[,;]\s+(?:and|but|while|whereas|although|though)\s+(?=.{3,60}\s)")
# "Far fewer than with clarithromycin": a comparison says nothing of the other drug with this one.
_COMPARES = re.compile(r"\b(?:than|as (?:many|much|often|strongly|strong) as) (?:with|for|under|those|that)\b", re.I)


def _no_effect_on(reading: Reading, sentence: str) -> list[Told]:
    """Drugs on which the drug has no effect, or that it does not interact with: "No effect on phenytoin or valproate"."""
    if (turn := _TURN_TO.search(sentence)) and (first := _no_effect_on(reading, sentence[: turn.start()])):
        return [*first, *told_of(reading, sentence[turn.end() :])]
    m = next((m for p in (_NO_EFFECT_ON, *_NONE_WITH) if (m := p.match(sentence))), None)
    if m is None or (m["own"] and not _OWN.match(m["own"]) and m["own"].lower() not in reading.own_names):
        return []
    if VERB.search(m["who"]):  # "…, and warfarin is unaffected" tells of another
        return []
    who = listed(reading, m["who"], trusted=False)
    if not who or not all(is_certain(i) or i.kind == "drug_class" for i in who):
        return []
    return [Told(who, sentence, "this_drug", printed=sentence.strip(" ."), read="no interaction")]


def _given_with(reading: Reading, sentence: str) -> list[Told]:
    """Whom an opening or closing clause says the drug is given with, and what then happens."""
    for pattern in (_GIVEN_WITH, _WHEN_ADDED):
        m = pattern.match(sentence)
        who = listed(reading, m["who"], trusted=False) if m else []
        if m is None or not who or not all(is_certain(i) or i.kind == "drug_class" for i in who):
            continue
        rest = m["rest"]
        if not listed(reading, re.split(r"\s(?:can|may)\s", rest, maxsplit=1)[0], trusted=False):
            subject = "this_drug" if _OWN.match(rest) else "interactant"
            return [Told(who, rest, subject, printed=sentence.strip(" ."))]
    return []


def _with_first(reading: Reading, sentence: str) -> list[Told]:
    """Whom a sentence opens with, no comma behind: "With alcohol sedation deepens"."""
    verb = VERB.search(sentence) if sentence.lower().startswith("with ") else None
    what = phrasebook("interaction_targets").first(sentence, 5, verb.start()) if verb else None
    who = listed(reading, sentence[5 : what.start], trusted=False) if what else []
    if what is None or not who or not all(is_certain(i) for i in who) or _ARTICLE_LAST.search(sentence, 0, what.start):
        return []
    return [Told(who, sentence[what.start :], printed=sentence.strip(" ."))]


_ARTICLE_LAST = re.compile(r"\b(?:the|an?|its)\s+$")
_OWN = re.compile(r"(?:it|they|its)\b", re.I)
# "Because it is cleared by CYP3A4, …"; "Unlike warfarin, …"; "It is a CYP2D6 substrate, so inhibitors such as …"
_FRONT = re.compile(
    r"(?:(?:because|since|as|although|while|though)\s[^,;:]{8,90},\s+"
    r"|(?:unlike|like|as with|in contrast (?:to|with)|as opposed to|contrary to)\s[^,;:]{3,60},\s+"
    r"|[\w-]+\s+is\s+[^,;:]{0,40}\b(?:substrate|metaboli[sz]ed|cleared|eliminated|broken\s+down)\b[^,;:]{0,60},\s+(?:and\s+)?(?:so|thus|hence|therefore)\s+(?:that\s+)?)",
    re.I,
)
_BUT_NOT = re.compile(r"(?P<a>[^;:]{3,90}?),?\s+(?:but|and) not\s+(?P<b>[^,;:]{3,60}?),?(?=\s)", re.I)
_MORE_BY = Cued(
    r",?\s+(?:and|but)\s+(?=(?P<verb>(?:increased|raised|enhanced|prolonged|induced|accelerated|potentiated"
    r"|decreased|reduced|lowered|inhibited|weakened|impaired|slowed)\s+by\s))"
)


def _but_not(reading: Reading, sentence: str) -> list[Told]:
    """What is told of the first and denied of the second: "Erythromycin, but not azithromycin, raises the level"."""
    m = _BUT_NOT.match(sentence)
    verb = VERB.match(sentence, m.end("b") + (sentence[m.end("b")] == ",")) if m else None
    if m is None or verb is None:
        return []
    first, second = listed(reading, m["a"], trusted=False), listed(reading, m["b"], trusted=False)
    if not first or not second:
        return []
    rest = sentence[verb.start() :]
    return [Told(first, rest), Told(second, f"not{rest}", printed=sentence.strip(" ."))]


def _two_agents(reading: Reading, sentence: str) -> list[Told]:
    """What each agent does: "Its metabolism is inhibited by ketoconazole and induced by rifampicin"."""
    first = _BY.search(sentence)
    more = _MORE_BY.search(sentence, first.end()) if first else None
    if first is None or more is None:
        return []
    agents = _list_behind(reading, sentence[: more.start()], first.end())
    begin = sentence[: first.start()]
    others = told_of(reading, f"{begin}{sentence[more.end() :]}") if agents else []
    if not others:
        return []
    printed = sentence.strip(" .")
    subject = _whose(sentence)
    return [
        Told(agents, sentence[: more.start()], subject, printed=printed),
        *(replace(t, printed=printed) for t in others),
    ]


def _whose(sentence: str) -> str:
    """Who "its" is at the beginning of a sentence that names the agents only behind "by"."""
    return "this_drug" if re.match(r"(?:its|their)\b", sentence, re.I) else "interactant"


def _neither(reading: Reading, sentence: str) -> list[Told]:
    """What is denied of both: "Neither ranitidine nor food alters the absorption"."""
    if not sentence.lower().startswith("neither "):
        return []
    verb = VERB.search(sentence)
    who = listed(reading, re.sub(r"\s+nor\s+", " and ", sentence[len("neither ") : verb.start()])) if verb else []
    return [Told(who, f"not{sentence[verb.start() :]}", printed=sentence.strip(" ."))] if who and verb else []


def _two_verbs(reading: Reading, sentence: str) -> list[Told]:
    """What is told of each by a verb of its own: "Diltiazem raises and carbamazepine lowers the concentration"."""
    m = _TWO_VERBS.match(sentence)
    if m is None:
        return []
    first, second = listed(reading, m["a"], trusted=False), listed(reading, m["b"], trusted=False)
    if not first or not second:
        return []
    printed = sentence.strip(" .")
    return [
        Told(first, f" {m['va']} {m['what']}", printed=printed),
        Told(second, f" {m['vb']} {m['what']}", printed=printed),
    ]


def _own_two_verbs(reading: Reading, sentence: str) -> list[Told]:
    """What this drug does to each: "It raises the level of ciclosporin and lowers that of lamotrigine"."""
    own = next((n for n in reading.own_names if lowered(sentence).startswith(f"{n} ")), None)
    at = _AND_VERB.search(sentence) if own else None
    if own is None or at is None:
        return []
    first, rest = sentence[: at.start()], sentence[at.end() :]
    noun = _NOUN_OF.search(first)
    whole = re.sub(r"\b(?:that|those)(?= of\b)", f"the {noun['noun']}" if noun else "that", rest)
    second = told_of(reading, f"{sentence[: len(own)]} {whole}")
    one = told_of(reading, first) if second else []
    if not one or {i.norm for t in one for i in t.who} & {i.norm for t in second for i in t.who}:
        return []
    return [*one, *(replace(t, printed=rest.strip(" .")) for t in second)]


def _lab_tests(reading: Reading, sentence: str) -> list[Told]:
    return [Told(who, words) for who, words in disturbed_tests(reading, sentence)]


_LIST_HEAD = re.compile(r"[^:()]{15,}?\b[\w-]+:\s+(?=\S)")


def _opened_list(reading: Reading, sentence: str) -> list[Told]:
    """The interactants behind the colon of a sentence that tells of them: "These raise the risk of bleeding: aspirin, …"."""
    m = _LIST_HEAD.match(sentence)
    if m is None or VERB.search(sentence, m.end()) or not VERB.search(f" {m.group()}"):
        return []
    who = listed(reading, sentence[m.end() :], trusted=False)
    subject = "this_drug" if re.match(r"it\s", sentence, re.I) else "interactant"
    return [Told(who, m.group().rstrip(" :"), subject)] if len(who) > 1 else []


def _next_subject(reading: Reading, sentence: str) -> tuple[int, int] | None:
    """Where a clause ends and the next begins with other interactants: "…, and warfarin is unaffected"."""
    if VERB.search(sentence) is None:
        return None
    for m in _NEW_SUBJECT.finditer(sentence, 1):
        if sentence.count("(", 0, m.start()) > sentence.count(")", 0, m.start()) or not VERB.search(
            sentence, 0, m.start()
        ):
            continue
        verb = VERB.search(sentence, m.end())
        head = sentence[m.end() : verb.start()] if verb else ""
        if not head or len(head) > _LONGEST_SUBJECT or any(c in head for c in ",;:"):
            continue
        if _WITH_ANOTHER.match(sentence, m.end()):
            return m.start(), m.end()
        named = listed(reading, head, trusted=False)
        if named and all(i.kind != "lab_test" and _surely(i) for i in named):
            return m.start(), m.end()
    return None


_LONGEST_SUBJECT = 60
# ", and with metoprolol a higher exposure is seen"
_WITH_ANOTHER = re.compile(r"with\s+(?:[\w-]+(?:,\s+|\s+and\s+|\s+or\s+)){0,3}[\w-]{5,}\s+(?:an?|the)\s+[\w-]+")


def is_certain(interactant: Interactant) -> bool:
    """Whether a name is that of a known drug, food or class by its enzyme, whatever stands around it."""
    if interactant.kind == "drug":
        return any(is_drug(w) for w in interactant.norm.split())
    return interactant.kind not in ("drug_class", "lab_test", "other")


def _surely(interactant: Interactant) -> bool:
    """Whether a name is one of a known drug or class, not merely a word that could be one."""
    return interactant.kind != "drug" or any(is_drug(w) for w in interactant.norm.split())


_IS_NOUN = re.compile(
    r"\b(?:an?|the|heart|nerve|caudal|spinal|epidural|neuromuscular)\s+(?:[\w-]+\s+)?(?:block|change|act|result|work|need|cause|delay|lead|fall|rise|increase|decrease)$"
)


def _subject_end(sentence: str) -> re.Match[str] | None:
    """The main verb of a sentence; a class described by what its drugs do has a verb of its own."""
    blank = re.sub(r"\([^)]*\)", lambda m: "x" * len(m.group()), sentence)
    verb = VERB.search(blank)
    described = is_described(sentence) and re.match(r"(?:[\w-]+\s+){1,3}(?:that|which|known)\b", sentence)
    if verb and described and verb.start() <= described.end() + 1:
        verb = VERB.search(blank, verb.end())
    while verb and _IS_NOUN.search(blank, 0, verb.end()):
        verb = VERB.search(blank, verb.end())
    return verb


def _told_of(reading: Reading, sentence: str) -> list[Told]:
    verb = _subject_end(sentence)
    if verb is None:
        if _COMPARES.search(sentence):
            return []
        bare = listed(reading, sentence, trusted=False)
        if bare:
            return [Told(bare, sentence)]
    head = sentence[: verb.start()].rsplit(";", 1)[-1] if verb else ""
    head = _ADVERB.sub("", head)
    subject = listed(reading, OF_IT.sub("", _APPOSITION.sub("", head)), trusted=False) if head else []
    if _names_effect(head):
        subject = []
    if verb and subject and not _OBJECT_OF.search(head.split("(")[0]):
        extra, cut = _foods(sentence, subject, verb.end())
        begin = 0 if OF_IT.search(head) else verb.start()
        clauses = [Told(subject, sentence[begin:cut], whole=sentence[:cut])]
        return [*clauses, Told(extra, sentence[cut:])] if extra else clauses
    if by := _BY.search(sentence):
        agents = _list_behind(reading, sentence, by.end())
        if agents:
            return [Told(agents, sentence, _whose(sentence))]
    opening = re.sub(r"^(?:when|if|where)\s+", "", lowered(sentence))
    own_acts = any(opening.startswith(n) for n in reading.own_names)
    found: list[Interactant] = []
    for m in _WITH.finditer(sentence):
        found.extend(_list_behind(reading, sentence, m.end()))
    if not found and own_acts:
        m_object = _OBJECT.search(sentence)
        found = listed(reading, m_object["name"], trusted=False) if m_object else []
    found.extend(_foods(sentence, found, 0)[0])
    if not found:
        return []
    acts = own_acts and verb and not OF_IT.search(sentence[: verb.start()])
    about = sentence[verb.start() :] if acts and verb else sentence
    found = list(dict.fromkeys(found))
    subject_is = "this_drug" if own_acts else "interactant"
    short = _one_for_all(about, found)
    return [Told(found, about, subject_is, printed="" if short == about else sentence.strip(" ."), read=short)]


def _names_effect(head: str) -> bool:
    """Whether the words before a verb name a kind of effect and nobody who has it: "The sedative effect"."""
    noun = OF_IT.search(head)
    if noun is None or noun.group().strip().lower() not in ("effect", "effects"):
        return False
    bare = re.sub(r"^the\s+", "", lowered(head).strip())
    target = phrasebook("interaction_targets").first(bare)
    whole = target is not None and target.start == 0 and target.end == len(bare)
    return whole or phrasebook("therapeutic_actions").first(bare) is not None


def _one_for_all(text: str, found: list[Interactant]) -> str:
    """The text with one name for the list of them: "levels of metoprolol may rise" for "… of metoprolol and nebivolol …"."""
    places = [text.find(i.text) for i in found]
    if len(found) < 2 or min(places) < 0 or VERB.search(text, min(places), max(places)):
        return text
    last = max(range(len(found)), key=lambda k: places[k])
    first = min(range(len(found)), key=lambda k: places[k])
    if "(" in text[places[first] : places[last]]:
        return text
    return text[: places[first]] + found[first].text + text[places[last] + len(found[last].text) :]


# "drugs that prolong the QT interval, for example sotalol": the class has a verb of its own.
_DESCRIBED_END = re.compile(
    r"[.;:?]|,\s+(?!(?:for example|such as|e\.g\.|including|like|for instance)\b)|\s(?:because|due|since|should|must|as|unless|if|when|while)\s"
)


def _list_behind(reading: Reading, sentence: str, start: int) -> list[Interactant]:
    """The longest list of interactants that begins at `start`."""
    described = is_described(sentence[start:])
    ends = [
        m.start()
        for m in (_DESCRIBED_END if described else _LIST_END).finditer(sentence, start)
        if sentence.count("(", start, m.start()) == sentence.count(")", start, m.start())
    ]
    for end in [*ends[:1], *([len(sentence)] if not ends else [])]:
        return listed(reading, re.sub(r"\b(and|or) by\b", r"\1", sentence[start:end]), trusted=False)
    return []


def _foods(sentence: str, found: list[Interactant], start: int) -> tuple[list[Interactant], int]:
    """Further foods and alcohol named behind `start` outside brackets, and where the first of them stands."""
    text = re.sub(r"\([^)]*\)", lambda m: " " * len(m.group()), sentence)
    more: list[Interactant] = []
    first = len(sentence)
    for place in phrasebook("interactants").scan(text, start):
        words = text[place.start : place.end]
        if place.line["kind"] in ("food", "alcohol") and not any(lowered(words) in lowered(i.text) for i in found):
            more.append(Interactant(words, lowered(words), place.line["kind"]))
            first = min(first, place.start)
    return list(dict.fromkeys(more)), first
