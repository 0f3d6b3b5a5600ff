"""Amounts in dosing text that give no dose of this drug: forbidden, reported, compared, replaced, or another drug's."""

from __future__ import annotations

import re

from monopipe.cues import Cued, folded
from monopipe.document import Item
from monopipe.extract.doses.condition_phrases import is_use
from monopipe.extract.doses.mishaps import of_mishap
from monopipe.extract.doses.spoken_of import adds_unknown, only_spoken_of
from monopipe.extract.drug_words import names_other_drug
from monopipe.extract.reading import Reading
from monopipe.grammar import Step, read_who
from monopipe.grammar.words import known

# "must not be chewed", "never more than 200 mg in 24 hours": how or how much, no ban of the dose itself.
_NO_BAN = (
    r"(?!\s+(?:be\s+)?(?:exceed|pass|more\s+than|greater\s+than|higher\s+than|above|over|chew|crush|split|broken|br[eo]ak|swallow|dissolv"
    r"|mix|dilut|refrigerat|fr[eo]ez|shak|repeat|extend|prolong|continue|last|longer|delay|interrupt|stopp|stop\b|discontinu|withdraw|omit|skip"
    r"|less\s+than|shorter|(?:used?|tak(?:e|en)|given?)\s+(?:it\s+)?(?:for\s+)?(?:longer|more|beyond)\b|respond|toler|improv|settle|subside|resolve|recover|suffice|follow|occur|appear))"
)
FORBIDS = Cued(
    rf"\b(?:must|should|may|can|do|does) not\b{_NO_BAN}|\bnever\b{_NO_BAN}|(?<!to )\bavoid\b|\bdoses?\b[^.;,]{{0,60}}\bavoided\b|\bnot (?:be )?(?:used|given|recommended|advised|advisable|allowed|permitted|acceptable|suitable|appropriate)\b(?!\s+(?:for\s+)?(?:longer|more|beyond)\b)"
    # "The 5 mg infusion is contraindicated", "doses of 20 mg are ruled out"
    r"|\d\s?(?:m?g|µg|mcg|micrograms?|IU|units?|mL)(?:\s+(?!and\b|or\b)[a-z][\w-]*){0,4}?\s+(?:is|are)\s+(?:\w+ly\s+)?(?:contra-?indicated|unsuitable|ruled\s+out|forbidden|prohibited|banned|off\s+limits|out\s+of\s+the\s+question)\b"
    r"|\bwithdrawn\b(?! (?:slowly|gradually|over|by|in))|\bbelongs? to\b|\balready (?:takes?|taking|on)\b"
)
"""What forbids an amount, or quotes one that the patient takes already."""
# "More than 1.8 mg/day is not recommended": a maximum, no ban of the dose before it.
_NO_MORE = Cued(
    r"\b(?:above|over|beyond|exceeding|(?:more|greater|higher|larger)\s+(?:(?:doses?|amounts?)\s+)?than)\s+[\d.,]+\s?[^\s.;,]+(?:\s+(?:a|per|in|24|daily|day|hours|once|week|weekly))*"
    r"\s+(?:is|are|should|must)\s+(?:not|never)\b[^.;]*"
)
# "No adjustment up to 600 mg daily": the amount bounds what needs no change.
_NO_CHANGE = re.compile(
    r"\W*no (?:dose |dosage |dosing |initial |further )?(?:adjustment|change|reduction|modification)s?\b", re.I
)
# A sentence on what trials found reports doses, it gives none. Each branch begins at a word, so that other places cost nothing.
_REPORTS = Cued(
    r"\b(?:mean|median|average) (?:daily |weekly )?(?:dose|dosage)\b|\b(?:study|studies|trials?|cohort|registry) of\b"
    r"|\b(?:has been|have been|was|were|is|are) (?:well |usually |generally )?tolerated (?:by|in)\b|\b(?:has|have) been (?:well )?tolerated\b"
    r"|\b(?:patients|adults|children|people|women|men|some|few|others|many)\s+(?:have|has)\s+(?:\w+ly\s+)?(?:needed|required|received|taken|tolerated|been\s+(?:given|treated))\b"
    r"|\bin (?:one|two|three|several|some|a|an|the|clinical|controlled|randomi[sz]ed|large|small|\w+ \w+)"
    r"(?: \w+)? (?:study|studies|trials?|series|cohorts?|surveys?)\b|\bin (?:\w+ )?trials\b|\bin (?:older|early|earlier|previous|past|recent|pilot|uncontrolled|observational) (?:\w+ )?(?:studies|trials|series|reports)\b"
    r"|\b(?:patient|man|woman|child|boy|girl|infant|adult)s?\s+who\s+(?:(?:had\s+)?(?:taken|received|swallowed|ingested)|took|swallowed|ingested)\b"
    # "4 mg/kg/day was no more effective", "one adult swallowed 400 mg": what happened once
    r"|\bin\s+(?:healthy\s+)?volunteers\b|\b(?:nobody|no\s+one|no\s+(?:study|trial))\s+has\s+(?:yet\s+)?shown\b"
    # "fatal overdoses have followed 10 mg taken every day"
    r"|\b(?:deaths?|fatalit(?:y|ies)|overdoses?|poisonings?)\s+(?:(?:have|has|had|were|was)\b|(?:after|from|with)\s+\d)"
    r"|\bin\s+an?\s+(?:[\w-]+\s+)?comparison\b|\bdid\s+(?:no\s+better|not\s+better|as\s+well|worse)\b"
    r"|\b(?:was|were)\s+(?:found\s+to\s+be\s+)?(?:(?:no|not|just|equally|significantly|clearly|neither|any)\s+)?(?:(?:as|more|less)\s+(?:effective|potent|active|safe|well|efficacious|successful)|(?:better|worse|superior|inferior)\s+(?:than|to|tolerated))\b"
    r"|\b(?:adult|man|woman|child|boy|girl|infant|toddler|teenager|person|people|adults|children|patients?)\s+(?:once\s+|accidentally\s+|deliberately\s+)?(?:swallowed|ingested|took|drank|survived)\b"
    r"|\b(?:study|studies|trials?|case\s+reports?)\b[^.;]*\b(?:was|were)\b|\b(?<=\()\d[\d,]* (?:patients|adults|children|subjects|participants)\b"
)
# "20 mg daily (the mean dose was 17 mg/day)": what a bracket reports says nothing against the dose before it.
_MEAN_IN_BRACKET = re.compile(r"\([^()]*\b(?:mean|median|average)\s+(?:\w+\s+)?(?:dose|dosage)\b[^()]*\)", re.I)
# "ELITE II used only 50 mg daily": the dose of a trial that goes by its name.
_TRIAL = re.compile(
    r"\b(?:(?:[A-Z][A-Z-]{2,}|[A-Z][a-z]+[A-Z]{2,})(?:[ -](?:[IVX]+|\d+))?|[Tt]rials?|[Ss]tud(?:y|ies))\s+(?:(?:trials?|stud(?:y|ies))\s+)?"
    r"(?:used|gave|tested|compared|randomi[sz]ed|enrolled|went\s+(?:up\s+|as\s+high\s+as\s+)?(?:to\s+)?|aimed\s+(?:for|at))\b[^.;]*$"
)
# "For a usual dose of 1 g every 8 hours": what the doses of a table or a rule start from.
_STARTS_FROM = re.compile(
    r"(?:^|[.;:]\s+|\n)\W*(?:for|from|with|if|when|where)\s+(?:an?|the)\s+(?:usual|normal|standard|full)\s+(?:\w+\s+){0,2}?dose\s+(?:of|is|was|would\s+be)\s+$",
    re.I,
)
# "150 mg/kg or 12 g is toxic"
_TOXIC = Cued(
    r"[\d.,–-]+(?:[^,;.]|\.\d)*?\b(?:is|are|can\s+be|may\s+be|was|were|has\s+been|have\s+been)\s+(?:(?:usually|often|potentially|always|seriously)\s+)?"
    r"(?:\w*toxic|fatal|lethal|poisonous|dangerous)\b"
)
# "Prime with 6 sprays", "1 spray into the air"
_PRIMED = re.compile(r"\b(?:prime[sd]?|priming)\b|\binto\s+the\s+air\b", re.I)
# "The volume of distribution is about 12 L", "clearance averages 0.05 L/h"
_OF_KINETICS = Cued(
    r"\b(?:volume\s+of\s+distribution|clearance|half-life|bioavailability|protein\s+binding)\s+(?:\w+\s+){0,3}?(?:is|was|of|averages|amounts\s+to|reaches)\s+"
    r"(?:(?:about|approximately|around|some|roughly|only)\s+)?$"
)
# "All-cause mortality fell by 34%": a share of something else than the dose.
_FELL = Cued(r"\b(?:fell|rose|dropped|declined|climbed|shrank|sank)\s+(?:\w+\s+){0,2}?(?:by|to|from)\b")
# "A tablet is too slow", "a capsule may be opened": what is said of the form.
_OF_FORM = re.compile(
    r"\W*(?:an?|the|one)\s+(?:tablet|capsule|patch|puff|spray|suppository|sachet|vial|drop)\s+(?:is|was|can|may|has|does|must|cannot|contains|holds)\b"
    r"(?!\s+(?:\w+ly\s+)?(?:then\s+|also\s+|be\s+)*(?:given|taken|placed|applied|inserted|inhaled|sucked|administered|added|repeated|used|put|left|swallowed|chewed))",
    re.I,
)
# "The former scheme began with 30 mg/kg", "it used to be given as a bolus of 30 mg/kg": what is done no more.
_FORMER = Cued(
    r"\b(?:former|old|obsolete|outdated|abandoned|superseded|discarded|historical)\s+(?:[\w-]+\s+){0,2}?(?:schemes?|schedules?|regimens?|protocols?|practices?|recommendations?|guidelines?|dosing)\b"
    r"|\bolder\s+(?:schemes?|schedules?|regimens?|protocols?|recommendations?|guidelines?)\b|\bused\s+to\s+(?:be|begin|start|give|get|consist|receive|take)\b"
    r"|\b(?:formerly|historically|in\s+the\s+past),?\s+(?:[\w-]+\s+){0,4}?(?:was|were|received|got)\b"
)
# "Some patients have done well on 2.5 mg", "doses of 120 mg have been needed": what has been seen.
_SEEN = Cued(
    r"\b(?:some|a\s+few|few|occasional|individual|single)\s+(?:\w+\s+)?(?:patients|people|adults|children|women|men|infants)"
    r"\s+(?:have|had|notice|noticed|respond|responded|benefit|benefited|do|did)\b"
    r"|\b(?:is|are)\s+(?:now\s+)?(?:seldom|hardly\s+ever|no\s+longer)\s+(?:used|given|prescribed|recommended)\b"
    # "One tube of 30 g suffices for an adult": how far an amount goes
    r"|\b(?:suffices?|lasts?|(?:is|are)\s+(?:enough|sufficient))\s+for\s+(?:an\s+adult|one\b|a\s+(?:course|month|whole)|the\s+whole)"
    r"|\b(?:most|many|nearly\s+all)\s+(?:(?:patients|women|men|people|adults|children)\s+)?respond\s+(?:at|to|on)\b"
    r"|\b(?:is|are)\s+(?:rarely|seldom|hardly|poorly|badly)\s+(?:\w+\s+)?(?:borne|tolerated|needed|required|necessary)\b|\bit\s+lasts\b|\breach(?:es)?\s+it\b"
    r"|\bno\s+longer\s+(?:advised|recommended|used|given|licensed|available|made)\b"
    r"|\bcovers?\s+(?:about\s+)?(?:an?|one|two|the|both)\b[^.;]*\b(?:palms?|hands?|arms?|legs?|face|areas?|body)\b"
    r"|\bused\s+to\s+be\s+(?:given|used|prescribed|taken|recommended|advised|usual|standard|customary)\b"
    r"|\b(?:was|were)\s+(?:formerly|previously|once|originally|historically)\s+(?:given|used|recommended|customary|standard)\b"
    r"|\b(?:have|has|had)\s+(?:\w+ly\s+)?been\s+(?:needed|required|necessary|reached|reported|survived|seen|described|observed|noted|recorded)\b"
)
# "so a child of 0.6 m² takes about 2 mg", "for example, a 70 kg adult gets 350 mg": what the dose comes to for one of them.
_EXAMPLE = Cued(
    r"\b(?:so|thus|hence|for\s+example|for\s+instance|e\.?g\.?)[,:]?\s+(?:that\s+|in\s+|for\s+)?an?\s+(?:[^\s;]+\s+){0,3}?(?:child|adult|patient|man|woman|baby|infant|person|boy|girl|neonate|toddler|teenager|adolescent|newborn)\b[^;]*$"
    r"|\bat\s+[\d.]+\s?(?:kg|m²|m2),?\s+the\s+(?:\w+\s+)?dose\s+(?:is|would\s+be|comes\s+to|works\s+out)\b[^;]*$"
    r"|\ban?\s+[\d.]+[\s-]?(?:kg|kilogram|m²|m2)[\s-]+(?:child|adult|patient|man|woman|baby|infant|person|boy|girl|neonate|toddler|teenager|adolescent|newborn)\b[^;]*$"
)
# "2 mg is diluted in 500 mL of saline": how an infusion is made; the rate at which it runs is a dose.
_PREPARED = Cued(
    r"\b(?:is|are|was|were) (?:mixed into|diluted in|added to(?! (?:\w+ )?(?:treatment|therapy|regimen|drugs?|medication)s?))\b"
)
# "in patients who do not take amiodarone", "in whom it cannot be given": whom a dose is for.
_WHOSE = Cued(
    r"\b(?:who|whom|whose|which|that)\s+(?:do|does|did|can|may|could|has|have|is|are)\s?(?:not|never)\b[^,;.]*"
)
# "Patients who are switched from clopidogrel 75 mg take": the drug that is left behind.
_LEFT_BEHIND = Cued(
    r"\b(?:switch|chang|transferr?|convert|mov|cross|com)(?:ed|ing|es?)?\s+(?:over\s+|across\s+)?from\s+(?:oral\s+|intravenous\s+|the\s+)?[A-Za-z]{5,}"
    r"(?:\s+[\d.,]+\s?[a-zµ]+(?:\s+(?:a|once|twice|daily|day|per|orally))*)?\s*"
    r"(?:,|\b(?=(?:(?:should|may|can|must)\s+)?(?:take|receive|start|begin|get|need|(?:is|are|be)\s+(?:given|started|dosed))s?\b))"
)
# "PSVT, after adenosine 6 mg and 12 mg failed" in a first cell: what the patients have had
_HAD = re.compile(
    r"\b(?:after|despite|following|already\s+on|(?:unresponsive|refractory|not\s+responding)\s+to|uncontrolled\s+(?:by|on|with)|not\s+controlled\s+(?:by|on|with))\s[^|]*",
    re.I,
)
# What opens a sentence before its comma says for whom or when: "When an opioid such as methadone is involved, …".
_OPENING = re.compile(
    r"\W*(?:in|if|when|where|once|after|despite|unless|during|while|although|as"
    r"|for\s+(?:\w+\s+)?(?:patients|adults|children|adolescents|infants|women|men|people|those))\b[^,;.]*(?:[.,]\d[^,;.]*)*,",
    re.I,
)
# "If clarithromycin is used instead, 500 mg": what is given is that drug.
_IS_USED = Cued(
    r"\b(?:is|are|was)\s+(?:\w+\s+)?(?:used|chosen|given|preferred|substituted|taken|started|added|selected)\b"
    r"(?!\s+(?:as\s+well|too|also|with|together|concomitantly|concurrently|at\s+the\s+same))"
)
# "20 mg corresponds roughly to lisinopril 20 mg", "400 mg gives about the same exposure as 500 mg by mouth".
_UNIT = r"\s?(?:m?g|µg|μg|mcg|micrograms?|units?|IU)"
_ABOUT = r"(?:(?:roughly|about|approximately|broadly|therapeutically|nearly|some)\s+)*"
# "1 mg is to be regarded as equivalent to 40 mg", "20 mg should be taken as equal to 15 mg"
_REGARDED = (
    r"(?:(?:to\s+be\s+)?(?:regarded|considered|counted|taken|treated|seen|accepted|reckoned)\s+(?:as\s+|to\s+be\s+)?)?"
)
_COMPARES = Cued(
    rf"\b(?:corresponds?|equals?|equates?|amounts?)\s+{_ABOUT}to\b|\bequals\b|\b(?:is|are|be)\s+{_REGARDED}{_ABOUT}(?:equivalent|equal|comparable|equipotent)\s+(?:to|with)\b"
    rf"|\b(?:gives?|has|have|produces?|provides?|leads? to|yields?|does|do)\s+{_ABOUT}(?:the\s+)?(?:same|similar|equivalent|comparable|as\s+much|as\s+many)\s+[\w\s]{{0,30}}?\b(?:as|to)\b"
    # "2.5 mg has the effect of 5 mg of the racemate", "20 mg translates into 10 mg"
    r"|\b(?:has|have)\s+(?:about\s+)?the\s+(?:effect|potency|strength|activity|power)\s+of\b|\b(?:does|do)\s+the\s+work\s+of\b|\bequal\s+(?:about\s+)?(?=\d)|\btranslates?\s+(?:in)?to\b|\bcounts?\s+as\b|\bmatch(?:es)?\s+(?:about\s+)?(?=\d)|\b(?:is|are)\s+like\s+(?:about\s+)?(?=\d)|\b(?:is|are)\s+worth\b"
    rf"|\b(?:is|are)\s+{_ABOUT}as\s+(?:effective|potent|strong)\s+as\b"
)
_MEASURE = rf"(?:\s?million)?(?:{_UNIT}|\s?(?:mmol|mEq|mL))"
# "50 mg/50 mL at 0.6 mL/h is 10 micrograms/min"
_SAME_RATE = re.compile(
    r"\d\s?[A-Za-zµ]+/(?:kg/)?(?:h|hr|hour|min|minute)\b\s+(?:is|are|gives|equals|means|delivers)\s+(?:about\s+)?[\d.,–-]+\s?[A-Za-zµ]+/(?:kg/)?(?:h|hr|hour|min|minute)\b"
)
# "60 mg by mouth a day is 30 mg subcutaneously", "codeine 240 mg daily is about morphine 24 mg", "15 mg SC for 20 mg by mouth"
_IS_THE_OTHER = Cued(
    rf"(?:^|[:,]\s*)\W*(?:e\.g\.\s+|i\.e\.\s+)?(?:(?!\w*(?:dos|max|initial|first|day|week|month))[A-Za-z-]+\s+){{0,3}}[\d.,]+{_MEASURE}\b(?:\s+[A-Za-z]+){{0,6}}?"
    rf"\s+(?:(?:is|are|becomes?|makes?|gives?|means?)\s+{_ABOUT}(?:(?!\w+ly\b)[a-z]{{5,}}\s+)?|for\s+(?:each\s+|every\s+)?)[\d.,]+{_MEASURE}\b(?!\s?/)"
)
# "Ramipril 10 mg daily = losartan 100 mg daily"
_EQUATES = re.compile(r"[=≈]\s*[A-Za-z]{5,}\s+(?=\d)")
# "Doses above 0.58 mg/kg, or 40 mg, have not been studied": what the sentence is on is a bound of doses.
_ON_BOUNDS = re.compile(
    r"\W*(?:single |daily |oral |intravenous |higher )*(?:dos(?:e|es|ages?)|amounts|quantities)\s+(?:that\s+(?:are|exceed)\s+)?"
    r"(?:above|over|exceeding|beyond|below|under|(?:of\s+)?up\s+to|(?:greater|higher|larger|more|lower|less|smaller)\s+than|of\s+(?:more|less|over|under)\b)",
    re.I,
)
_NEEDED = Cued(r"\b(?:are|is|may\s+be)\s+(?:\w+\s+)?(?:required|needed|necessary)\b")
# "125 mg rectally replaces each 100 mg taken by mouth": the amount behind is the one given up.
_GIVEN_UP = Cued(
    r"\b(?:replac(?:e|es|ing)(?!\s+by)|instead of|in place of|in exchange for|substitut(?:e|es) for)\s+(?:(?:each|every|the|a|an?y|usual|daily|dose|of)\s+)*$"
)
# "Doses of 75 mg are made up of three 25 mg tablets": how an amount is put together.
_MADE_UP = Cued(
    r"\bdos(?:e|es)\s+of\s+(?:[^.;]|\.\d)*?\b(?:(?:is|are|be)\s+(?:best\s+|usually\s+)?(?:made\s+up|composed|put\s+together|assembled|made)\s+(?:of|from|with)|consists?\s+of)\b"
)
# "Tablets of 0.6 mg are usual in the United States", "Strengths run from 25 mg to 300 mg": what is sold, not what is given.
_ON_SALE = Cued(
    r"^\W*(?:the\s+)?(?:available|supplied|marketed|sold)\s+(?:as|in)\b|\bstrengths?\s+(?:run|range|vary|are|is|of|from|available|include|on\s+sale)\b"
    r"|\b(?:tablets?|capsules?|sachets?|patches|ampoules?|vials?|syringes?|inhalers?|suppositories|pens?|those|solutions?|creams?|drops)\s+(?:of\s+|with\s+)?(?:[\d.,/%–-]|to\b|and\b|or\b|mg\b|g\b|micrograms?\b|mcg\b|µg\b|mL\b|units?\b|\s)*"
    r"(?:is|are)\s+(?:also\s+|only\s+|widely\s+|commonly\s+)?(?:available|(?:usual|common)\s+in|supplied|marketed|sold|on\s+the\s+market|stocked"
    r"|(?:to\s+be\s+)?swallowed)\b"
    r"|\b(?:comes?|is|are)\s+in\s+(?:vials?|ampoules?|bottles|sachets|cartridges|pens|bags|tubes|blisters)\s+(?:of|with|holding|containing)\b"
    r"|\b(?:is|are|comes?)\s+(?:also\s+|only\s+)?(?:available|supplied|marketed|sold|made|presented|in)\s+(?:as|in)\s+(?:tablets|capsules|strengths|sachets|ampoules|vials|patches|suppositories)\b"
    r"|\bthose\s+of\s+[\d.,]+\s?\w+\s+elsewhere\b"
    # "Tablets of 25 mg, 50 mg and 100 mg, swallowed with or without food"
    r"|^\W*(?:[a-z-]+\s+)?(?:tablets|capsules|sachets|lozenges)\s+(?:of\s+)?(?:[\d.]+(?:\s?m?g)?(?:\s*,\s*|\s+(?:and|or)\s+))+[\d.]+\s?m?g\s*,\s+"
    r"(?:to\s+be\s+)?(?:swallowed|taken|chewed|dissolved)\b(?![^;]*\b(?:once|twice|daily|every|times)\b)"
)
# "The 100 mg capsule is no substitute for it", "The two strengths are not interchangeable".
_NO_SUBSTITUTE = Cued(
    r"\b(?:is|are)\s+(?:no|not\s+an?)\s+(?:substitutes?|replacements?|equivalents?)\b|\bnot\s+(?:interchangeable|bioequivalent|exchangeable)\b"
    r"|\bnot\s+(?:the\s+)?(?:same|equivalent|equal|identical|similar)\s+(?:as|to|with)\b"
)
# "… is well controlled on 300 mg a day and may change to …": what the patient takes so far.
_TAKEN_SO_FAR = Cued(
    r"\b(?:(?:controlled|stabili[sz]ed|stable|established)\s+on"
    # but "Patients on haemodialysis are maintained on 500 mg"
    r"|(?:(?:who|that)\s+(?:are|is|were|have\s+been)(?:\s+\w+)?|patients?|those|people|adults|children|women|men|well|already)\s+maintained\s+on"
    r"|(?:patients?|who|people|those|well|already)\b[^.;]{0,40}\b(?:controlled|stabili[sz]ed|stable|maintained|established)\s+(?:with|by)|already\s+(?:on|takes?|taking|receiving)"
    r"|\b(?:switch|chang|transferr?|convert)(?:ed|ing|es)?\s+(?:over\s+)?from\s+[A-Za-z]{5,}"
    # "he was on 100 mg twice daily before"
    r"|\b(?:he|she|they)\s+(?:was|were|had\s+been|has\s+been|have\s+been)\s+(?:already\s+|previously\s+)?(?:on|taking|receiving|given)"
    # "Patients who have lost little after 12 weeks on 3 mg/day should stop"
    r"|after\s+(?:at\s+least\s+)?(?:[\d–-]+|an?|one|two|three|four|six|eight|twelve|several)\s+(?:days?|weeks?|months?|years?)\s+(?:(?:of\s+)?(?:treatment|therapy)\s+)?(?:on|with))\s+(?:(?:a|the|daily|dose|doses|of|total|oral)\s+)*"
    r"(?:(?:one|two|three|four|\d)\s+(?:\w+\s+)?(?:tablets?|capsules?)\s*(?:of\s*)?)?$"
)
# "… as needed when the background is 10 to 20 mg twice daily", "if the current dose is 20 mg": what decides on the dose.
_DECIDES = Cued(
    r"\b(?:when|if|where|whose|while)\s+(?:(?:the|a|an|their|his|her|your|total)\s+)*(?:background|regular|current|existing|present|baseline|previous|prior)"
    r"\s+(?:[\w-]+\s+){0,3}?(?:is|was|are|were)\s+(?:(?:about|already|at\s+least|only|up\s+to|still|between)\s+)*(?:[\d.,]+\s+(?:to|and)\s+)?$"
)
# "40 mg PO ≈ 20 mg IV": what corresponds, and no dose to give.
_CORRESPONDS = re.compile(
    rf"\d{_MEASURE}(?:\s+[A-Za-z]+){{0,5}}\s*[=≈≡~]\s*(?:[A-Za-z]+\s+){{0,3}}[\d.,]+{_MEASURE}\b(?!\s?/)", re.I
)
# "Dissolve 1 g in 20 mL water": how it is made ready; where the sentence goes on to give it, it is a dose.
_MADE_READY = re.compile(
    r"\W*(?:(?:to|then|first)\s+)?(?:dissolve|reconstitut\w+|dilut\w+|make\s+up|made\s+up|mix(?:ing|ed)?|prepar\w+\s+(?:(?:the|a|an|each)\s+)?(?:\w+\s+)?(?:solutions?|injections?|infusions?|suspensions?|syringes?|bags?|vials?))\b",
    re.I,
)
_IS_MADE_UP = Cued(
    r"\b(?:is|are)\s+(?:first\s+)?made\s+up\s+(?:to|with)\b|\b(?:draw|drawn|drawing)\s+up\b|\b(?:withdraw|withdrawn)\s+(?=[\d.])"
)
_IS_ADMINISTERED = Cued(
    r"\b(?:giv(?:e|en)|infuse[ds]?|infusion|run|inject(?:ed)?|administer(?:ed)?|over|every|daily|once|twice|hourly|drink|swallow|take)\b"
)
# "Tabs 15/30/45 mg", "vials 1 g, 2 g": what is in stock, where nothing says how it is given.
_STOCKED = re.compile(
    rf"(?:^|[.;:|(,])\s*(?:[a-z-]+\s+){{0,2}}(?:tab(?:let)?s|cap(?:sule)?s|vials?|amp(?:oule)?s|pens|sachets|bottles|syringes|patches|bags"
    rf"|susp(?:ension)?|liquid|sol(?:utio)?n|inj|strengths|stock|pack\s+sizes?|MR|XL|SR|ER|EC|LA)\s*(?:of|:|=|–|-)?\s*(?:[\d.,/]+(?:{_UNIT})?(?:,|/|\s|and\b|or\b|&)*)*$",
    re.I,
)
# "250 mg caps, 500 mg tabs, 125 mg/5 mL susp."
_FORMS_IN_STOCK = re.compile(
    rf"\W*(?:[\d.,/]+{_UNIT}(?:/[\d.]*\s?mL)?\s+(?:tab(?:let)?s|cap(?:sule)?s|vials?|amp(?:oule)?s|pens|sachets|patches|susp\w*|sol\w*|inj\w*)\W*(?:and\s+)?){{2,}}",
    re.I,
)
_PACK = re.compile(rf"(?:1[4-9]|[2-9]\d|\d{{3}})\s*[x×]\s*[\d.,]+{_UNIT}", re.I)  # "28 × 50 mg"
_MAX_STOCK = 80
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)")  # "0.5 mg (white), 1 mg (brown)"
# "1 mg per 1 mg", "10 mg for every 100 units": an antidote's amount by what it is to undo.
_OF_EACH = Cued(rf"\d{_UNIT}\s+(?:per|for\s+(?:each|every))\s+$")
_BY_AMOUNT = Cued(
    rf"[\d.,–-]+(?:\s+to\s+[\d.,]+)?{_UNIT}\s+(?:per|for\s+(?:each|every))\s+(?:(?:[\d.,]+\s?(?:to|–|-)\s?)?[\d.,]*{_UNIT}\b|(?:[\d.,]+\s?)?(?:mL|lit(?:re|er)s?|L)\s+(?:of|above|over|below|beyond)\b|(?:[\d.,–-]+|rise\b|extra\b|fall\b)[^.;]*\b(?:mmol|mg/dL))"
)
# "Take with 200 mg of ascorbic acid", "swallowed along with 500 mg": what is taken with the dose
_TAKEN_WITH = Cued(
    r"\b(?:take|taken|swallow|swallowed|washed\s+down|together|along|combined|given|chased)\s+(?:it\s+|each\s+dose\s+|them\s+)?with\s+$"
)
# "Check the level every time the dose moves by 200 mg"
_EACH_TIME = Cued(r"\b(?:every|each)\s+time\s+(?:the\s+|a\s+)?dose\s+[^.;,\d]*$")
_NEAREST = Cued(r"\b(?:nearest|multiples\s+of|rounded\s+(?:up\s+|down\s+|off\s+)?to)\s+$")
# "HD-MTX 12 g/m²": capitals right before an amount may be another drug's abbreviation.
_SHORT_NAME = re.compile(r"(?:^|[^\w-])(?:[A-Z]{2}-)?([A-Z0-9]{1,5}(?:-[A-Z0-9]{1,2})?)\s+$")
_GONADOTROPIN = re.compile(r"(?<!\w)(?:r|u|h|rh)-?(?:CG|FSH|MG|LH)\s+$")  # "hCG 10,000 units", "rFSH 75 units"
_SUMMAND = re.compile(r"\W*([A-Z][a-z]{3,})\s+$")  # "testolol 30 mg + Pylera 3 capsules"
# What a patient drinks or passes, or what is given beside the drug, has an amount of its own.
_OF_FLUIDS = Cued(
    r"\b(?:(?:urine|urinary|fluid|stool|drain)\s+(?:output|flow|volume|loss(?:es)?|intake)\s+(?:(?:of|is|at|should|must|be|least|reach|exceed"
    r"|above|below|about|to|than|kept|maintained|the|a)\s+)*|(?:albumin|saline|plasma|crystalloids?|colloids?|fluids|dextrose|red\s+cells|water|blood)\s+)$"
)
_FLUID = r"(?:urine|water|fluids?|saline|crystalloids?|colloids?|plasma|blood|red\s+cells|juice|milk|tea)"
# "at least 2 litres of urine a day", "no more than 120 mL of plain water"
_FLUID_BEHIND = Cued(rf"[\d.,–-]+(?:\s+to\s+[\d.,]+)?\s?[A-Za-z]+\s+(?:of\s+(?:[a-z-]+\s+){{0,2}})?{_FLUID}\b")
_DRUNK = Cued(rf"\b(?:drink\w*|drunk|hydrat\w+|{_FLUID})\b")
# A column of what corresponds to the dose, or of what the patient takes so far.
_OF_BEFORE = re.compile(
    r"\b(?:equivalen\w*|equipoten\w*|corresponding|current|previous|prior|present|existing|replaced)\b"
    r"|\bdoses?\s+(?:before|so\s+far|(?:un)?till?\s+now|at\s+home)\W*$|\bbefore\s+(?:the\s+)?(?:switch|change|conversion|depot)",
    re.I,
)
# "Factor VIII 50 units/kg goes in first": blood products and vitamins, whose names no stem tells.
_PRODUCT = Cued(
    r"\b(?:factor\s+[IVX]+a?|vitamin\s+[A-K]\d*|cryoprecipitate|fibrinogen|platelets|red\s+cells|anti-?d|toxoid|vaccine|albumin|antivenom)"
    r"(?:\s+(?:concentrates?|injection|of|at|as|is|are|given|iv|im|dose|units?|human))*\s+\(?$"
)
_FAILED = re.compile(
    r"\W*(?:when|if|where|once|after|unless)\b[^,.;]*(?:[.,]\d[^,.;]*)*\b(?:fail(?:s|ed)?|not\s+(?:worked|helped|sufficed|enough|effective)|ineffective|unsuccessful|without\s+(?:effect|success))\s*,",
    re.I,
)
# Drugs that are measured in blood as well: only right before an amount do they say whose dose it is.
_MEASURED_TOO = frozenset("potassium calcium magnesium glucose iron zinc oxygen plasma bicarbonate sodium".split())
AMOUNT = re.compile(r"\d[\d.,]*(?:\s?[–-]\s?\d[\d.,]*)?\s?(?:m?g|µg|μg|mcg|micrograms?|IU|units?|mL|mmol|mEq|%|mIU)\b")
"""An amount with its unit, as printed."""
_COUNT = re.compile(
    r"\d[\d.,–-]*\s?(?:[a-z-]+\s+)?(?:tab|cap|puff|drop|spray|patch|supposit|sachet|vial|unit|applic|dose)", re.I
)
_DIGIT = re.compile(r"\d")
_LOW_END = re.compile(r"\d[\d.,]*\s+to\s+$")  # "1 to 5 mg" begins at 1
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_WORD = re.compile(r"[A-Za-z][A-Za-z-]{3,}")
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]{1,2}\b")  # "ATM/avibactam 2 g/0.67 g" of a drug that is also called ATM
_WITH = re.compile(r"\b(?:with|by|using)\s+([a-z]{5,})(?:\s+(?:i\.?v\.?|i\.?m\.?|oral))?\s+$")
_OF_DRUG = re.compile(r"[\d.,–-]+(?:\s+to\s+[\d.,]+)?\s?[A-Za-zµμ/]{1,12}\s+(of\s+(?:oral\s+|the\s+)?)?([A-Za-z]{5,})")
# "The antidote is andexanet alfa; it starts with 400 mg"
_ANTIDOTE = Cued(
    r"\b(?:antidotes?|reversal\s+agents?)\b(?:\s+(?:to|for)\s+[\w-]+)?\s*(?:is|are|:|,|\()\s*(?:the\s+)?([A-Za-z]{5,})"
)
# What a sentence adds on other doses: "…, there being no evidence that 150 mg does more"
_ASIDE = re.compile(r",\s+(?:there\s+being|although|though|because|since|whereas|while|as)\s[^.;]*", re.I)
_OTHER_DOSES = re.compile(r"\bdoses\b|\d\s?(?:m?g|µg|mcg|micrograms?|units?|mL)\b", re.I)
# "Magnesium sulfate, 4 g IV, has replaced phenytoin": whose dose the amount is, nobody needs to know.
_REPLACED = Cued(
    r"\b(?:(?:has|have)\s+(?:largely\s+|now\s+|mostly\s+)?(?:replaced|superseded|supplanted|displaced)|(?:is|are)\s+(?:now\s+|generally\s+|usually\s+)?preferred\s+(?:to|over))\s+([A-Za-z]+)"
)
_ACTS = re.compile(
    r"\b(?:corrected|countered|treated|relieved|prevented|reversed|covered|managed|controlled|suppressed|abolished|premedication|premedicate)\b",
    re.I,
)

# "… is not treated with estradiol but with conjugated oestrogens 25 mg", "Rather than estradiol, …"
_NOT_BUT = Cued(r"\bnot\b(?P<not>[^.;]*?),?\s+but\s+(?P<but>[^.;,]*)$")
_RATHER_THAN = Cued(r"\b(?:instead\s+of|rather\s+than|in\s+place\s+of)\s+(?P<not>[^.;,]{3,40}),\s+(?P<but>[^.;,]*)$")


_SALT_OF = Cued(
    r"\b(?:sodium|potassium|calcium|magnesium)\s+(?:bi)?[a-z]{3,}(?:ide|ate)\s+(?:[\d.,]+\s?(?:%|mmol/L)\s+(?:at\s+)?)?$"
    r"|\b(?:ferric|iron)\s+(?:sucrose|dextran|[a-z]*maltos[a-z]+|gluconate|sulfate)\s+$"
)
_IS_SUBJECT = re.compile(r"\s+(?:itself\s+)?(?:may|can|should|must|is|goes|starts|begins)\b")


def doses_of_this_drug(reading: Reading, item: Item, steps: list[Step]) -> list[Step]:
    """The steps that give a dose of this drug; what follows another drug's dose in one instruction goes on with that drug."""
    if steps and _is_of_other(reading, item):
        return []
    others: dict[int, int] = {}
    failed: list[int] = []
    amounts = [_amount_at(item, s) for s in steps]
    for s, at in zip(steps, amounts, strict=True):
        if _names_another(reading, item, s, at):
            turn = _turn(item, s)
            if at < turn:
                failed.append(s.start)
            elif not turn or any(names_other_drug(w, reading.own_names) for w in _WORD.findall(item.text[turn:at])):
                others.setdefault(s.instruction, s.start)
    kept: list[Step] = []
    for s, at in zip(steps, amounts, strict=True):
        if s.start in failed or not _has_amount(s):
            continue
        if s.start >= others.get(s.instruction, len(item.text)):
            named = _WORD.findall(item.text[s.start : at])[
                -1:
            ]  # "… (0.5 mg): stop it and start tiotropium 18 micrograms"
            if s.start == others[s.instruction] or not any(word.lower() in reading.own_names for word in named):
                continue
        if _goes_on_with_another(reading, item, at, [k.start for k in kept]) or _is_no_dose(item, s, at):
            continue
        kept.append(s)
    return kept


# Leads under which a label is the drug that this one is given with, and the doses behind it are of this one.
_BESIDE = Cued(
    r"\b(?:interact|with|together|concomitant|concurrent|inhibitor|inducer|combin|adjust|reduc|alongside|co-?administ|plus|add|replac|switch|convert|change|from|after)"
)
_TURNED_TO = re.compile(r"\b(?:chang|switch|mov|go|convert)(?:es?|ing|ed)?\s+(?:over\s+)?to\s+([a-z-]{5,})\W*$", re.I)
_OF_OTHER = frozenset(
    "acid supplement supplements supplementation rescue cover oral intravenous iv im sc tablets tablet capsules injection infusion"
    " and or plus instead alternatively dose doses dosing therapy vitamin sodium potassium calcium hydrochloride sulfate phosphate prophylaxis premedication d k b".split()
)


def _is_of_other(reading: Reading, item: Item) -> bool:
    """Whether an item's label is the name of another drug and no more: "Folic acid: 5 mg once a week"."""
    if item.label is None or item.columns or item.topic == "dosage_adjustments":
        return False
    said_to = re.match(r"\W*add(?:ing)?\s+(?!a\b|an\b|the\b|on\b|back\b)([a-z]{5,})\W*$", item.label, re.I)
    if said_to and said_to[1].lower() not in reading.own_names and not known(said_to[1].lower()):
        return True  # "Add carnitine: 50 mg/kg/day"
    turned = _TURNED_TO.search(item.label)
    if turned and names_other_drug(turned[1], reading.own_names):
        return True  # "If it fails, go over to venlafaxine: 75 mg"
    words = re.findall(r"[a-z][a-z\d]*", item.label.lower())
    if len(words) > 4:
        return False
    vitamin = "vitamin" in words and not any("vitamin" in name for name in reading.own_names)
    others = [w for w in words if names_other_drug(w, reading.own_names) or (vitamin and w == "vitamin")]
    if not others or any(w not in others and w not in _OF_OTHER for w in words):
        return False
    # "give 250 mg of testolol", but not "5 mg weekly, not on the day of testolol"
    found = AMOUNT.search(item.text, item.rest_start)
    end = found.end() if found else len(item.text)
    said = item.text[item.rest_start : end].lower() + " ".join(item.text[end:].lower().split()[:3])
    return not any(name in said for name in reading.own_names) and not any(_BESIDE.search(w) for w in item.leads)


def _turn(item: Item, step: Step) -> int:
    """Where the words on another drug's failure end, behind which this one's turn is: "When lorazepam 4 mg has failed, …"."""
    for a, b in item.sentences():
        if a <= step.start < b and (found := _FAILED.match(item.text, max(a, item.rest_start), b)):
            return found.end()
    return 0


_THEN = re.compile(r"\b(?:then|followed\s+by|thereafter|afterwards)\b", re.I)


def _goes_on_with_another(reading: Reading, item: Item, amount: int, kept: list[int]) -> bool:
    """Whether a sentence dosed another drug before a semicolon and names none since: "vitamin K 5 mg by mouth; 1 mg IV if bleeding"."""
    start = next((a for a, b in item.sentences() if a <= amount < b), amount)
    start = max(start, item.rest_start)
    before = item.text[start:amount]
    part = before.rsplit(";", 1)[-1]
    if (then := _THEN.search(part)) is not None:
        start, words = (
            amount - len(part),
            part[: then.start()],
        )  # "; aspirin 30 mg/kg until the fever goes, then 5 mg/kg"
        before = part
    else:
        words = before.rsplit(";", 1)[0] if ";" in before else ""
    if not words:
        return False
    if any(start <= begin < amount for begin in kept):
        return False  # a dose of this drug stands before
    low = before.lower()
    if any(name in low for name in reading.own_names):
        return False
    return any(
        _PRODUCT.search(words[: found.start()])
        or names_other_drug((_WORD.findall(words[: found.start()]) or [""])[-1], reading.own_names)
        for found in AMOUNT.finditer(words)
    )


def _has_amount(step: Step) -> bool:
    d = step.dosage
    if d.dose_unit is None and d.rate_unit is None and 0 < (d.dose_high or 0) < 1:
        return False  # "half every 24 hours": of what, it does not say
    return d.dose_low is not None or d.dose_high is not None or d.rate_low is not None or d.rate_high is not None


def _is_no_dose(item: Item, step: Step, amount: int) -> bool:
    """Whether the words around an amount, which stands at `amount`, say that it is none to be given."""
    spans = [(a, b) for a, b in item.sentences() if a < step.end and b > step.start]
    quote, clause, condition = _quote(item, step), _clause(item, step, spans), step.dosage.condition_text
    sentence = " ".join(item.text[a:b] for a, b in spans)
    end = amount if _DIGIT.search(quote) else step.end
    # what the patterns of what stands before look for runs over no full stop and no semicolon
    before = item.text[max(item.text.rfind(stop, 0, end) for stop in ".;") + 1 : end]
    return bool(
        FORBIDS.search(_told(item, step, amount, spans))
        or _NO_SUBSTITUTE.search(quote)
        or _NO_SUBSTITUTE.search(before)
        or _MADE_UP.search(sentence)
        or (_ON_SALE.may_match(folded(clause)) and _ON_SALE.search(_OPENING.sub(" ", clause)))
        or _TAKEN_SO_FAR.search(before)
        or _DECIDES.search(before)
        or _OF_FLUIDS.search(before)
        or _STARTS_FROM.search(before)
        or _TRIAL.search(before)
        or _OF_KINETICS.search(before)
        or _TOXIC.match(item.text, amount)
        or (_is_counted(step) and _PRIMED.search(clause))
        or _FLUID_BEHIND.match(item.text, amount)
        or (step.dosage.dose_unit == "L" and _DRUNK.search(sentence) and "solution" not in sentence)
        or (_NO_CHANGE.match(quote) and "." not in quote)
        or _REPORTS.search(_without_aside(item.text, amount, spans))
        or _NEAREST.search(before)
        or _BY_AMOUNT.match(item.text, amount)
        or _OF_EACH.search(before)
        or _EACH_TIME.search(before)
        or (_TAKEN_WITH.search(before) and not step.dosage.partners)
        or (
            _is_bare(step)
            and (
                _STOCKED.search(_IN_BRACKETS.sub("", item.text[max(end - _MAX_STOCK, 0) : end]))
                or _FORMS_IN_STOCK.fullmatch(quote)
                or _PACK.fullmatch(quote)
            )
        )
        or _is_made_ready(item, step, clause)
        or _SEEN.search(quote.replace(condition, " ") if condition else quote)
        or _FORMER.search(before)
        or _OF_FORM.match(quote)
        or (step.dosage.dose_unit == "%" and _FELL.search(quote))
        or (item.label is not None and _FORMER.search(item.label))
        or (step.dosage.rate_unit is None and _PREPARED.search(sentence))
        or (
            not item.columns
            and (_compared(item, clause, amount) or (_ON_BOUNDS.match(clause) and not _NEEDED.search(clause)))
        )
        or _GIVEN_UP.search(before)
        or _EXAMPLE.search(item.text[next((a for a, b in spans if a <= end < b), end) : end])
        or _OF_BEFORE.search(_head(item, amount))
        or _in_strengths(item, amount)
        or only_spoken_of(item, step, amount, before)
        or of_mishap(item, step, amount)
    )


def _is_counted(step: Step) -> bool:
    """Whether a dose is a count of sprays, drops or units, and nothing says how often or by which way it is given."""
    d = step.dosage
    return d.frequency is None and d.route is None and (d.dose_unit or "").startswith("{")


def _is_bare(step: Step) -> bool:
    """Whether a dose is an amount and no more: nothing says how often, how long, by which way or in which step."""
    d = step.dosage
    if d.frequency is not None or d.step_kind != "standard":
        return False
    own = {k for k, v in vars(d).items() if v not in (None, "", "none", "unspecified", False)} - _AMOUNTS
    return own <= set((d.inherited_fields or "").split("; "))


_AMOUNTS = frozenset(
    "step_kind sequence dose_low dose_high dose_unit dose_basis dose_is dose_form dose_components daily_dose_low daily_dose_high readable"
    " parse_status unread_text numbers_unread inherited_fields indication_text quantity_low quantity_high quantity_unit".split()
)


def _is_made_ready(item: Item, step: Step, clause: str) -> bool:
    """Whether a sentence, or its label, says how the drug is made ready and nothing of how it is given."""
    d = step.dosage
    if d.rate_unit or d.frequency or d.admin_duration or d.when_code or item.columns:
        return False
    made = (
        _MADE_READY.match(clause)
        or _IS_MADE_UP.search(clause)
        or (item.label is not None and _MADE_READY.match(item.label))
    )
    return bool(made) and not _IS_ADMINISTERED.search(clause)


def _head(item: Item, at: int) -> str:
    """The head of the column that a place of a table's row stands in."""
    return next((head for head, (a, b) in zip(item.columns, item.cells, strict=False) if a <= at < b), "")


def _in_strengths(item: Item, at: int) -> bool:
    """Whether a place stands in a column of a liquid's strengths, beside one of the volumes to be given."""
    if not any(_VOLUMES.match(head) for head in item.columns) or not _LIQUID.search(_head(item, at)):
        return False
    return _PER_VOLUME.match(item.text, at) is not None


_VOLUMES = re.compile(
    r"\W*(?:(?:dose|dosing)\s+)?(?:volume|dose|amount|quantity|give)\W*(?:\([^)]*\)|(?:per|each)\s+dose|to\s+(?:be\s+)?give\w*|(?:in\s+)?mL)?\W*$",
    re.I,
)
_LIQUID = re.compile(r"\b(?:suspension|solution|syrup|liquid|vial|ampoule|injection|bottle|stock|use)\b", re.I)
_PER_VOLUME = re.compile(rf"[\d.,/]+{_UNIT}\s?(?:in|per|/)\s?[\d.]*\s?mL\b(?!\s?/)", re.I)


def _compared(item: Item, clause: str, amount: int) -> bool:
    """Whether a sentence sets the step's amount equal to another; a bracket that does so only words a dose otherwise.

    Behind "which" or "that" it is what follows that words the dose otherwise.
    """
    plain = re.sub(r"\([^()]*\)", lambda m: " " * len(m.group()), clause) if "(" in clause else clause
    if _SAME_RATE.search(plain) or _CORRESPONDS.search(plain) or _IS_THE_OTHER.search(plain):
        return True
    found = _COMPARES.search(plain) or _EQUATES.search(plain)
    if found is None or re.search(r"\d", plain[found.end() :]) is None:
        return False
    if re.search(r"\b(?:which|that|this)\s+$", plain[: found.start()]):
        return amount >= item.text.find(clause) + found.end()
    return True


def _amount_at(item: Item, step: Step) -> int:
    """Where the amount of the step's dose stands, or its first number."""
    d = step.dosage
    values = (d.dose_low, d.dose_high, d.rate_low, d.rate_high)
    first = None
    start = step.start
    if item.columns and _HAD.search(item.cell(0)):
        start = max(start, item.cells[0][1])
    counted = d.dose_unit is not None and d.dose_unit.startswith("{")
    for number in (_COUNT if counted else AMOUNT).finditer(item.text, start, step.end):
        first = first or number
        if float(_NUMBER.findall(number.group())[0].replace(",", "")) in values:
            low = _LOW_END.search(item.text, start, number.start())
            return low.start() if low else number.start()
    for number in _NUMBER.finditer(item.text, start, step.end):  # "0.3%/0.1% ear drops, 4 drops"
        if float(number.group().replace(",", "")) in values:
            return number.start()
    first = first or _DIGIT.search(item.text, start, step.end)
    return first.start() if first else start


def _clause(item: Item, step: Step, spans: list[tuple[int, int]]) -> str:
    """The words of the sentences that a step stands in, without the parts beyond a semicolon."""
    words = []
    for a, b in spans:
        start = item.text.rfind(";", a, max(step.start, a)) + 1 or a
        end = item.text.find(";", min(step.end, b), b)
        words.append(item.text[start : end if end >= 0 else b])
    return " ".join(words)


def _quote(item: Item, step: Step) -> str:
    return item.text[step.start : step.end]


def _told(item: Item, step: Step, amount: int, spans: list[tuple[int, int]]) -> str:
    """The words of a step as far as the sentence of its amount goes, without those that say when or for whom."""
    end = next((b for a, b in spans if a <= amount < b), step.end)
    words = item.text[step.start : max(min(step.end, end), amount)]
    condition = step.dosage.condition_text
    return _NO_MORE.sub(" ", _WHOSE.sub(" ", words.replace(condition, " ") if condition else words))


def _without_aside(text: str, amount: int, spans: list[tuple[int, int]]) -> str:
    """The words of a step's sentences but for what the one of its amount adds behind it on other doses."""
    said = " ".join(text[a:b] for a, b in spans)
    if (mean := _MEAN_IN_BRACKET.search(said)) is not None and text[amount : amount + 12] not in mean.group():
        said = said.replace(mean.group(), " ")
    end = next((b for a, b in spans if a <= amount < b), amount)
    aside = _ASIDE.search(text, amount, end)
    return said.replace(aside.group(), "") if aside is not None and _OTHER_DOSES.search(aside.group()) else said


def _names_another(reading: Reading, item: Item, step: Step, amount: int) -> bool:
    """Whether the words before the amount name another drug: "Docetaxel itself is given as 75 mg/m²"."""
    quote = _quote(item, step)
    before_amount = item.text[step.start : amount] if _DIGIT.search(quote) else quote
    before = _WORD.findall(before_amount)
    start = next((a for a, b in item.sentences() if a <= step.start < b), step.start)
    opening = _OPENING.match(item.text, max(start, item.rest_start), amount)
    if opening and opening.end() > step.start and not _IS_USED.search(opening.group()):
        before_amount = item.text[opening.end() : amount]
        before = _WORD.findall(before_amount)
    if item.columns and (told := _said_of_patients(reading, item)):
        before_amount = before_amount.replace(told, " ")
        before = _WORD.findall(before_amount)
    if left := _LEFT_BEHIND.search(before_amount):
        before_amount = before_amount[: left.start()] + before_amount[left.end() :]
        before = _WORD.findall(before_amount)
    # "patients (on at least 60 mg of morphine a day) begin with": a bracket that is over gives nothing
    over = _WORD.findall(" ".join(re.findall(r"\([^()]*\)", before_amount)))
    partners = (step.dosage.partners or "").lower()
    if _set_against(reading, before_amount):
        return True
    antidote = _ANTIDOTE.search(item.text, start if start > item.rest_start + 1 else 0, amount)
    if antidote and not known(antidote[1].lower()) and antidote[1].lower() not in reading.own_names:
        return True
    if any(word.lower() in reading.own_names for word in (*before, *_CAPITALS.findall(before_amount))):
        return False
    replaced = _REPLACED.search(quote)
    if replaced and replaced[1].lower() in reading.own_names:
        return True
    subject = _WORD.match(item.text, start)
    if subject and names_other_drug(subject.group(), reading.own_names) and _IS_SUBJECT.match(item.text, subject.end()):
        return True  # "Spironolactone may go up to 400 mg", though a partner
    salt = _SALT_OF.search(item.text, start, amount)
    if salt and not any(name in salt.group().lower() for name in reading.own_names):
        return True  # "sodium chloride 0.9% 10 mL/kg"
    product = _PRODUCT.search(before_amount)
    if product and not any(
        word in name for name in reading.own_names for word in _WORD.findall(product.group().lower())
    ):
        return True
    if adds_unknown(before_amount, reading.own_names):
        return True
    by = _WITH.search(before_amount)
    of = _OF_DRUG.match(item.text, amount, step.end)
    other = of[2].lower() if of else ""
    holds = of is not None and of[1] is None and other in _MEASURED_TOO  # "200 mg iron" may be what a salt of it holds
    if other and names_other_drug(other, reading.own_names) and other not in partners and not holds:
        return True  # "with 40 mg of furosemide", "take 5 mg folic acid the day after"
    if by and _ACTS.search(before_amount) and not known(by[1]) and by[1] not in partners:
        return True  # "hypotension is corrected with phenylephrine 100 mcg"
    if _GONADOTROPIN.search(before_amount) and not any("trop" in name for name in reading.own_names):
        return True
    summed = _SUMMAND.match(before_amount) if item.text[: step.start].rstrip().endswith("+") else None
    if summed and summed[1].lower() not in reading.own_names and not known(summed[1].lower()):
        return True
    short = _SHORT_NAME.search(before_amount)
    if short and names_other_drug(short[1], reading.own_names) and short[1].lower() not in partners:
        return True
    if before and before[-1].lower() not in _MEASURED_TOO:
        before = [word for word in before if word.lower() not in _MEASURED_TOO]
    return any(
        names_other_drug(word, reading.own_names) and word.lower() not in partners
        for word in before
        if word not in over
    )


def _said_of_patients(reading: Reading, item: Item) -> str:
    """What a row's first cell says of its patients behind the condition: "dolutegravir not tolerated" behind "HIV infection"."""
    if had := _HAD.search(item.cell(0)):
        return had.group()
    if (takes := _TAKES.search(item.cell(0))) and read_who(item.cell(0)):
        return takes.group()  # "Adult taking efavirenz"
    condition = _BESIDE_CONDITION.split(item.cell(0), maxsplit=1)
    return condition[-1] if len(condition) > 1 and is_use(reading, condition[0]) else ""


_TAKES = re.compile(r"\b(?:taking|receiving|on)\s+[a-z][^|]*", re.I)
_BESIDE_CONDITION = re.compile(r",\s+|\s*\(|\s+(?=(?:with|on|in|and|if|when|where|resistant)\s)")


def _set_against(reading: Reading, words: str) -> bool:
    """Whether the words before an amount set something else against this drug: "not with estradiol but with oestrogens"."""
    found = _NOT_BUT.search(words) or _RATHER_THAN.search(words)
    if found is None or not any(w.lower() in reading.own_names for w in _WORD.findall(found["not"])):
        return False
    instead = [w for w in _WORD.findall(found["but"]) if not known(w.lower())]
    return bool(instead) and not any(w.lower() in reading.own_names for w in instead)
