"""The tables: one row class each, in the order in which they are loaded.

The extractors build these rows; everything else about a table (Arrow, DDL, checks, dictionary) derives from them.
Conventions for a column that a reader needs to know stand in its description, and so in the data dictionary.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from monopipe.grammar.dosage import AgeGroup, Dosage, Population, Route
from monopipe.schema import Row, Table, col, row, table

SectionKind = Literal[
    "front_matter",
    "usage",
    "classification",
    "mechanism",
    "alternate_names",
    "pharmacodynamics",
    "pharmacokinetics",
    "dosage",
    "dosage_adults",
    "dosage_children",
    "dosage_special",
    "clinical_use_cases",
    "dosage_adjustments",
    "side_effects",
    "side_effects_common",
    "side_effects_rare_serious",
    "side_effects_long_term",
    "side_effects_adr",
    "contraindications",
    "interactions",
    "pregnancy_lactation",
    "summary",
    "combinations",
    "precautions",
    "monitoring",
    "administration",
    "overdose",
    "storage",
    "faqs",
    "other",
]

Assertion = Literal["affirmed", "negated", "possible", "conditional"]
Recommendation = Literal[
    "contraindicated",
    "not_recommended",
    "avoid",
    "caution",
    "use_if_benefit_outweighs_risk",
    "compatible",
    "insufficient_data",
    "prevention_required",
]


@table("documents")
class DocumentRow(Row):
    """One row per document that was read."""

    document_id: str = col("SHA-256 of the file's bytes.", key=True)
    drug_id: str = col("The drug that the document describes.")
    source_path: str = col("Path of the file below the raw folder, with forward slashes.")
    source_bytes: int = col("Size of the file in bytes.")
    title: str = col("Title in the front matter, as printed.")
    description: str | None = col("Description in the front matter, as printed.")
    is_banned: bool | None = col("Whether the front matter marks the drug as banned; null if the key is absent.")
    last_modified: datetime | None = col("Date of last change in the front matter, in UTC.")
    front_matter_json: str = col("The whole front matter as JSON, keys in file order.")
    n_lines: int = col("Number of lines of the file.")
    coverage_ratio: float = col(
        "Share of content characters in statements that gave a fact or repeat one; structure does not count."
    )
    extractor_version: str = col("Version of monopipe that read the document.")


@table("drugs")
class Drug(Row):
    """One row per drug."""

    drug_id: str = col("Slug of the title; titles that slug alike get different ids.", key=True)
    name: str = col("Title of the monograph.")
    inn: str | None = col("International nonproprietary name.")
    is_banned: bool | None = col("Whether the front matter marks the drug as banned; null if the key is absent.")
    last_modified: datetime | None = col("Date of last change in the front matter, in UTC.")
    description: str | None = col("Description in the front matter, as printed.")
    classes: str | None = col("Pharmacological classes, '; '-joined.")
    brands: str | None = col("Brand names, '; '-joined.")
    half_life_hours_low: float | None = col("Elimination half-life in hours, lower end, where one is stated for all.")
    half_life_hours_high: float | None = col("Elimination half-life in hours, upper end.")
    pregnancy: Recommendation | None = col("Strictest recommendation stated for pregnancy.")
    lactation: Recommendation | None = col("Strictest recommendation stated for breastfeeding.")
    document_id: str = col("The document it was read from.", ref=DocumentRow)
    n_indications: int = col("Number of affirmed indications.", default=0)
    n_regimens: int = col("Number of dosing steps.", default=0)
    n_side_effects: int = col("Number of affirmed side effects.", default=0)
    n_interactions: int = col("Number of interactions, explicit non-interactions included.", default=0)
    n_findings: int = col("Number of data-quality findings.", default=0)


@row
class Fact(Row):
    """Provenance of a fact: where the text says it, and the rule that read it."""

    row_id: str = col("Key made from the fact's content, the same wherever the fact stands.", key=True, default="")
    drug_id: str = col("The drug.", ref=Drug, default="")
    assertion: Assertion = col("Whether the text affirms or negates the fact, or says it may hold.", default="affirmed")
    section: SectionKind = col("Kind of the section it stands in.", default="other")
    source_quote: str = col("The words of the file that say it, verbatim.", default="")
    line_start: int = col("First line of the quote in the file, from 1.", default=0)
    line_end: int = col("Last line of the quote in the file, from 1.", default=0)
    char_start: int = col("Offset of the quote in characters of the decoded file, from 0.", default=0)
    char_end: int = col("Offset behind the quote in characters of the decoded file.", default=0)
    rule: str = col("Name of the rule that made the row.", default="")

    def place(self) -> dict[str, Any]:
        """The columns that say where the fact stands, for another row that stands there too."""
        return {
            "section": self.section,
            "source_quote": self.source_quote,
            "line_start": self.line_start,
            "line_end": self.line_end,
            "char_start": self.char_start,
            "char_end": self.char_end,
        }


@table("drug_names", identity=("name_norm", "name_kind"))
class DrugName(Fact):
    """One row per name of a drug."""

    name: str = col("Name as printed.")
    name_norm: str = col("Name in lower case, without markup and qualifiers.")
    name_kind: Literal["inn", "title", "brand", "synonym", "abbreviation"] = col("What kind of name it is.")


@table("drug_classes", identity=("class_norm",))
class DrugClass(Fact):
    """One row per pharmacological or therapeutic class of a drug."""

    class_name: str = col("Class as printed.")
    class_norm: str = col("Class in lower case and singular.")


@table("indications", identity=("condition_norm", "disease_status", "treatment_phase", "assertion"))
class Indication(Fact):
    """One row per drug × condition × disease status × treatment phase."""

    condition: str = col("Condition as printed, without its abbreviation.")
    condition_norm: str = col("Condition in lower case and singular, without abbreviation and bracketed qualifiers.")
    condition_abbrev: str | None = col("Abbreviation of the condition as the document defines it.")
    disease_status: Literal[
        "newly_diagnosed",
        "relapsed_refractory",
        "relapsed_or_progressed",
        "previously_treated",
        "maintenance",
        "prevention",
        "acute",
        "chronic",
        "unspecified",
    ] = col("Status of the disease that the indication is limited to.", default="unspecified")
    treatment_phase: Literal[
        "induction",
        "consolidation",
        "maintenance",
        "adjuvant",
        "neoadjuvant",
        "initial",
        "prophylaxis",
        "unspecified",
    ] = col("Phase of treatment that the indication is limited to.", default="unspecified")
    partners: str | None = col("Drugs it is given with for this condition, '; '-joined.")
    prior_therapies_min: int | None = col("Least number of earlier therapies required.")
    prior_therapy_required: str | None = col("Earlier therapy that is required, as printed.")
    risk_category: str | None = col("Risk category of the disease, as printed.")
    biomarker: str | None = col("Biomarker or genetic feature required, as printed.")
    prerequisite: str | None = col("Any other requirement on the patient, as printed.")
    age_group: AgeGroup = col("Age group that the indication is limited to.", default="unspecified")
    label_status: Literal["licensed", "off_label", "investigational", "not_stated"] = col(
        "Whether the text calls the use licensed, off-label or investigational.", default="not_stated"
    )


@table("regimens", identity=("regimen_group", "sequence"))
class Regimen(Dosage, Fact):
    """One row per dosing step, which is one FHIR Dosage."""

    regimen_group: str = col("The instruction; its steps share it.")
    condition_norm: str | None = col(
        "Normalized conditions, '; '-joined (see regimen_conditions); null where the dose is general."
    )


@table("regimen_partners", identity=("regimen_group", "partner_norm"))
class RegimenPartner(Fact):
    """One row per drug that an instruction is combined with."""

    regimen_group: str = col("The instruction.")
    partner: str = col("Partner drug as printed.")
    partner_norm: str = col("Partner drug in lower case and singular.")


@table("regimen_conditions", identity=("regimen_group", "condition_norm"))
class RegimenCondition(Fact):
    """One row per condition that an instruction is for; joins regimens to indications."""

    regimen_group: str = col("The instruction.")
    condition: str = col("Condition, an abbreviation written out where the document defines it.")
    condition_norm: str = col("Condition in lower case and singular; joins indications.")


@table(
    "dose_limits",
    identity=(
        "max_dose_unit",
        "max_single_dose",
        "max_daily_dose",
        "max_weekly_dose",
        "age_group",
        "population",
        "param",
        "param_low",
        "param_high",
        "route",
        "condition_norm",
        "condition_text",
    ),
)
class DoseLimit(Fact):
    """One row per maximum stated apart from a dose; maxima stated with a dose are in regimens."""

    max_single_dose: float | None = col("Maximum of one administration, in max_dose_unit.")
    max_daily_dose: float | None = col("Maximum a day, in max_dose_unit.")
    max_weekly_dose: float | None = col("Maximum a week, in max_dose_unit.")
    max_dose_unit: str | None = col(
        "Unit of the maxima (UCUM); mg/kg where the limit is by weight, {dose} where it counts doses."
    )
    age_group: AgeGroup = col("Age group the maximum is for.", default="unspecified")
    population: Population = col("Special population the maximum is for.", default="none")
    param: str | None = col("Measured patient parameter that bounds it, such as creatinine clearance.")
    param_low: float | None = col("Lower end of the parameter, in param_unit.")
    param_high: float | None = col("Upper end of the parameter, in param_unit.")
    param_unit: str | None = col("Unit of the parameter (UCUM).")
    route: Route | None = col("Route the maximum is for; null when the text names none.")
    route_text: str | None = col("Route as printed.")
    indication_text: str | None = col("The condition the maximum is for, as printed.")
    condition_norm: str | None = col("Normalized conditions, '; '-joined; null where the maximum is general.")
    condition_text: str | None = col("The condition under which it holds, as printed (if, unless …).")
    unread_text: str | None = col("The words beside it that no rule read.")


@table(
    "dose_guidance",
    identity=("basis_kind", "basis", "param", "param_low", "param_high", "recommendation", "for_drug", "assertion"),
)
class DoseGuidance(Fact):
    """One row per advice on dosing that is no dose."""

    basis_kind: Literal[
        "age",
        "renal",
        "hepatic",
        "comorbidity",
        "toxicity",
        "lab",
        "interaction",
        "weight",
        "genotype",
        "pregnancy",
        "setting",
        "other",
    ] = col("What the advice depends on.")
    basis: str = col("What the advice depends on, as printed.")
    param: str | None = col("Measured parameter that bounds it, such as creatinine clearance.")
    param_low: float | None = col("Lower end of the parameter, in param_unit.")
    param_high: float | None = col("Upper end of the parameter, in param_unit.")
    param_unit: str | None = col("Unit of the parameter (UCUM).")
    recommendation: Literal[
        "not_recommended",
        "contraindicated",
        "use_allowed",
        "adjust_dose",
        "reduce_dose",
        "interrupt",
        "discontinue",
        "no_adjustment",
        "caution",
        "monitor",
        "consider",
    ] = col("What the text advises.")
    for_drug: str | None = col("The other drug that the advice concerns; null when it is this drug.")
    threshold_given: bool = col("Whether the text states the threshold at which the advice holds.", default=False)


@table("administration", identity=("aspect", "value", "instruction"))
class Administration(Fact):
    """One row per instruction on how to give, prepare or store the drug."""

    aspect: Literal[
        "route", "food", "dose_form", "handling", "timing", "preparation", "infusion", "missed_dose", "storage"
    ] = col("What the instruction is about.")
    value: str | None = col("The instruction's short value: a route, with_food, without_food, with_or_without_food …")
    instruction: str = col("The instruction as printed.")


@table("side_effects", identity=("term_norm",))
class SideEffect(Fact):
    """One row per drug × effect."""

    term: str = col("Effect as printed.")
    term_norm: str = col("Effect in lower case and singular, without abbreviation and bracketed qualifiers.")
    parent_term: str | None = col("Group term that lists it as an example, as printed.")
    frequency_category: Literal["very_common", "common", "uncommon", "rare", "very_rare", "not_known"] | None = col(
        "CIOMS frequency: of the numbers, else as stated, else of the heading."
    )
    frequency_basis: Literal["numeric", "stated_category", "heading", "none"] = col(
        "What the frequency category rests on.", default="none"
    )
    frequency_low: float | None = col("Frequency as a fraction of patients, lower end.")
    frequency_high: float | None = col("Frequency as a fraction of patients, upper end.")
    frequency_text: str | None = col("Frequency as printed.")
    is_serious: bool = col("Whether any place calls the effect serious.", default=False)
    is_long_term: bool = col("Whether any place calls it an effect of long-term use.", default=False)
    severity: Literal["mild", "moderate", "severe", "unspecified"] = col("Severity as stated.", default="unspecified")
    body_system: str | None = col("Body system that the text files it under, as printed.")
    n_mentions: int = col("Number of places that name the effect.", default=1)
    n_sections: int = col("Number of sections that name the effect.", default=1)


@table("side_effect_mentions", identity=("side_effect_id", "section", "source_quote", "context"))
class SideEffectMention(Fact):
    """One row per place that names a side effect."""

    side_effect_id: str = col("The side effect.", ref=SideEffect, default="")
    term: str = col("Effect as printed here.")
    context: Literal["listing", "summary", "faq", "other"] = col("What kind of place it is.")


@table("contraindications", identity=("condition_norm", "assertion"))
class Contraindication(Fact):
    """One row per state, disease or drug that forbids or limits use."""

    condition: str = col("Condition as printed, without 'known', 'history of' or 'or any of its components'.")
    condition_norm: str = col("Condition in lower case and singular.")
    kind: Literal["physiological_state", "hypersensitivity", "disease", "drug", "age", "procedure", "other"] = col(
        "What kind of condition it is."
    )
    strength: Literal["absolute", "relative", "not_stated"] = col("Strength as stated.", default="not_stated")


@table("interactions", identity=("interactant_norm", "effect_target", "effect_direction", "assertion"))
class Interaction(Fact):
    """One row per drug × interactant × effect."""

    interactant: str = col("Drug, class, food or test as printed.")
    interactant_norm: str = col("Interactant in lower case and singular, without bracketed examples.")
    interactant_kind: Literal[
        "drug", "drug_class", "enzyme_modulator", "food", "alcohol", "supplement", "lab_test", "vaccine", "other"
    ] = col("What kind of interactant it is.")
    interactant_drug_id: str | None = col("The interactant, where it is a drug of this collection.", ref=Drug)
    affected: Literal["this_drug", "interactant", "patient", "both", "none", "unknown"] = col(
        "Whose level or effect changes.", default="unknown"
    )
    effect_target: Literal[
        "exposure",
        "metabolism",
        "absorption",
        "elimination",
        "efficacy",
        "toxicity_risk",
        "test_result",
        "none",
        "unknown",
    ] = col("What changes.", default="unknown")
    effect_direction: Literal["increased", "decreased", "unchanged", "unclear"] = col(
        "In which direction it changes.", default="unclear"
    )
    effect_text: str | None = col("The effect as printed.")
    mechanism_kind: Literal[
        "pk_enzyme", "pk_transporter", "pk_absorption", "pk_elimination", "pharmacodynamic", "unknown"
    ] = col("Mechanism as stated.", default="unknown")
    mechanism_entity: str | None = col("Enzyme, transporter or process of the mechanism.")
    severity: Literal["contraindicated", "major", "moderate", "minor", "none", "unknown"] = col(
        "Severity, only where stated.", default="unknown"
    )
    management: Literal[
        "contraindicated", "avoid", "adjust_dose", "separate_timing", "monitor", "none_needed", "not_stated"
    ] = col("What the text advises.", default="not_stated")
    management_text: str | None = col("The advice as printed.")


@table("pregnancy_lactation", identity=("topic", "recommendation", "category_system", "category", "assertion"))
class PregnancyLactation(Fact):
    """One row per recommendation on pregnancy, breastfeeding, contraception or fertility."""

    topic: Literal["pregnancy", "lactation", "contraception", "fertility"] = col("What it is about.")
    recommendation: Recommendation | None = col("What the text recommends; null when it only informs.")
    category_system: str | None = col("System of a stated letter category, such as FDA.")
    category: str | None = col("The stated letter category.")
    detail: str | None = col("The statement as printed.")


@table(
    "pharmacokinetics",
    identity=("parameter", "qualifier", "value_low", "value_high", "value_unit", "value_text", "population"),
)
class Pharmacokinetic(Fact):
    """One row per statement on a pharmacokinetic parameter."""

    parameter: Literal[
        "absorption",
        "bioavailability",
        "tmax",
        "food_effect",
        "onset",
        "duration",
        "protein_binding",
        "volume_of_distribution",
        "metabolism",
        "half_life",
        "clearance",
        "elimination_route",
    ] = col("The parameter.")
    qualifier: str | None = col("What the value is limited to, such as oral, terminal, active metabolite.")
    value_low: float | None = col("Value, lower end, in value_unit.")
    value_high: float | None = col("Value, upper end, in value_unit.")
    value_unit: str | None = col("Unit of the value (UCUM), such as h, %, L/kg.")
    comparator: Literal["about", "less_than", "more_than", "up_to", "at_least"] | None = col(
        "Comparator of the value as stated."
    )
    value_text: str = col("The statement as printed.")
    population: str | None = col("Population that the value is for, as printed.")
    half_life_hours_low: float | None = col("Half-life in hours, lower end.")
    half_life_hours_high: float | None = col("Half-life in hours, upper end.")


@table("drug_enzymes", identity=("enzyme", "role", "assertion"))
class DrugEnzyme(Fact):
    """One row per enzyme or transporter and the drug's role at it."""

    enzyme: str = col("Enzyme or transporter, such as CYP3A4 or P-glycoprotein.")
    kind: Literal["enzyme", "transporter"] = col("Which of the two it is.")
    role: Literal["substrate", "inhibitor", "inducer"] = col("The drug's role.")
    contribution: Literal["major", "minor", "unspecified"] = col("Share in the metabolism.", default="unspecified")
    potency: Literal["strong", "moderate", "weak"] | None = col("Potency of inhibition or induction, as stated.")


@table("mechanisms", identity=("target", "action_type", "effect"))
class Mechanism(Fact):
    """One row per statement on how the drug works."""

    target: str | None = col("Molecular target, as printed, where one is named.")
    action_type: str | None = col("Kind of action: inhibitor, agonist, antagonist, binder, blocker, modulator …")
    effect: str = col("The statement as printed.")


@table("monitoring", identity=("parameter_norm",))
class Monitoring(Fact):
    """One row per parameter to be monitored."""

    parameter: str = col("Parameter as printed.")
    parameter_norm: str = col("Parameter in lower case and singular.")
    kind: Literal["laboratory", "clinical", "imaging", "drug_level", "other"] = col("What kind of check it is.")
    frequency_text: str | None = col("How often, as printed.")


@table("precautions", identity=("category", "topic", "recommendation", "detail"))
class Precaution(Fact):
    """One row per precaution or warning."""

    category: Literal["general", "specific_population", "lifestyle", "driving", "alcohol", "warning"] = col(
        "What the precaution is about."
    )
    topic: str | None = col("Label of the precaution, as printed.")
    recommendation: (
        Literal["contraindicated", "avoid", "caution", "monitor", "counsel", "prevent", "no_restriction"] | None
    ) = col("What the text recommends; null when it only informs.")
    detail: str = col("The precaution as printed.")


@table("overdose", identity=("aspect", "detail"))
class Overdose(Fact):
    """One row per statement on overdose."""

    aspect: Literal["sign", "management", "other"] = col("Whether it names signs, treatment or something else.")
    detail: str = col("The statement as printed.")


@table("combinations", identity=("combination_key", "condition_text"))
class Combination(Fact):
    """One row per combination of drugs that the text names for use."""

    combination_key: str = col("Normalized components, sorted, joined by ' + '.")
    name: str = col("Combination as printed.")
    partners: str = col("Components other than this drug, '; '-joined.")
    condition_text: str | None = col("What the combination is for, as printed.")


@table("combination_components", identity=("combination_key", "position"))
class CombinationComponent(Fact):
    """One row per component of a combination."""

    combination_key: str = col("The combination.")
    position: int = col("Position in the combination as printed, from 1.")
    component: str = col("Component as printed.")
    component_norm: str = col("Component in lower case and singular.")
    is_self: bool = col("Whether the component is this drug.")


@table("faqs", identity=("question",))
class Faq(Fact):
    """One row per question and answer; copies in front matter and body are one row."""

    ordinal: int = col("Position among the questions, from 1.")
    question: str = col("Question, cleaned of markup and swallowed answers.")
    answer: str = col("Answer, cleaned of markup.")
    topic: SectionKind = col("Section kind that the question asks about.")
    in_front_matter: bool = col("Whether the front matter holds it.")
    in_body: bool = col("Whether the body holds it.")
    copies_agree: bool | None = col("Whether both copies say the same; null with one copy.")


@table("deferrals", identity=("topic", "subject", "deferred_to"))
class Deferral(Fact):
    """One row per subject for which the text sends the reader elsewhere."""

    topic: SectionKind = col("Section kind of the subject that is deferred.")
    subject: str | None = col("The label that the words stand behind, as printed; null where there is none.")
    deferred_to: str = col("Where the text sends the reader, as printed.")


@table("mentions", identity=("fact_table", "fact_id", "section", "source_quote"))
class Mention(Fact):
    """One row per further place that repeats a fact (side effects have their own table)."""

    fact_table: str = col("Table of the repeated fact.")
    fact_id: str = col("row_id of the repeated fact.")


@table("sections")
class SectionRow(Row):
    """One row per section; together they hold every character of the body."""

    document_id: str = col("The document.", key=True, ref=DocumentRow)
    ordinal: int = col("Position in the document, from 0: what stands before the first heading.", key=True)
    parent_ordinal: int | None = col("The enclosing section.")
    level: int = col("Level of the heading; 0 before the first heading.")
    heading: str | None = col("Heading without markup.")
    section: SectionKind = col("Kind of the section.")
    line_start: int = col("First line in the file, from 1.")
    line_end: int = col("Last line in the file, from 1.")
    text: str = col("Text as printed, heading included, without subsections.")


@table("statements")
class StatementRow(Row):
    """One row per list item, paragraph, heading, table row and front-matter value: the ledger of the document."""

    document_id: str = col("The document.", key=True, ref=DocumentRow)
    ordinal: int = col("Position in the document, from 1.", key=True)
    drug_id: str = col("The drug.", ref=Drug)
    section: SectionKind = col("Kind of the section.")
    kind: Literal["front_matter", "heading", "heading_tail", "paragraph", "list_item", "table_row", "other"] = col(
        "What kind of text it is."
    )
    status: Literal["structured", "duplicate", "structural", "unstructured"] = col(
        "Whether it gave a fact, repeats one, is structure, or was not understood."
    )
    n_facts: int = col("Number of fact rows whose quote starts in it.")
    source_quote: str = col("Text as printed.")
    line_start: int = col("First line in the file, from 1.")
    line_end: int = col("Last line in the file, from 1.")
    char_start: int = col("Offset in characters of the decoded file, from 0.")
    char_end: int = col("Offset behind it in characters of the decoded file.")


Severity = Literal["info", "warning", "error"]


@table("findings", identity=("rule", "message"))
class Finding(Fact):
    """One row per matter of data quality that deserves a curator's look."""

    severity: Severity = col("How much it matters.")
    message: str = col("What is the matter.")


FINDING_RULES: dict[str, tuple[Severity, str]] = {
    "contraindicated_use": ("error", "A condition is an indication and a contraindication."),
    "dose_above_maximum": ("error", "A dose is above the maximum that the same sentence states."),
    "limited_use": ("warning", "A condition is an indication, and a contraindication for some patients or way of use."),
    "doses_differ": ("warning", "The same instruction, told twice, has doses that do not overlap."),
    "told_dose_differs": ("warning", "Summary, FAQ or front matter tell a dose whose amount the body does not have."),
    "dose_far_from_others": (
        "warning",
        "A dose is ten or more times another for the same condition, patients, route and times.",
    ),
    "half_lives_differ": ("warning", "Two places state half-lives for all patients that do not overlap."),
    "faq_copies_differ": ("warning", "Front matter and body answer a question differently."),
    "truncated_description": ("warning", "The description breaks off before its end."),
    "empty_section": ("warning", "Nothing stands under a heading."),
    "duplicate_drug": ("warning", "A second document has the same title and was left out."),
    "denied_in_list": ("info", "An item of a list only denies what the other items affirm."),
    "indication_without_regimen": ("info", "Other indications have a dose of their own, this one has none."),
    "adjustment_without_threshold": (
        "info",
        "A renal or hepatic adjustment is asked for, but not from which value on.",
    ),
    "unknown_heading": ("info", "A heading is not known, so what stands under it may be unread."),
    "no_last_modified": ("info", "The front matter has no date of last change that can be read."),
}
"""The rules of findings: how much each matters, and when it is told."""


@table("rejects")
class Reject(Row):
    """One row per document that could not be read."""

    source_path: str = col("Path of the file below the raw folder.", key=True)
    error_kind: str = col("Kind of the error.", key=True)
    error_message: str = col("What is wrong and what to do.")
    line: int | None = col("Line of the file, from 1, where one is known.")


@table("runs")
class Run(Row):
    """One row per run, unfinished ones included."""

    run_id: str = col("The run, which is also the build it published.", key=True)
    started_at: datetime = col("Start in UTC.")
    finished_at: datetime | None = col("End in UTC; null when the run died.")
    status: Literal["published", "failed", "unfinished"] = col("How the run ended.")
    n_documents: int | None = col("Number of documents read.")
    n_rejects: int | None = col("Number of documents rejected.")
    n_rows: int | None = col("Number of rows over all tables of facts.")
    message: str | None = col("Why the run failed, where known.")
    extractor_version: str = col("Version of monopipe.")


@table("changes")
class Change(Row):
    """One row per fact added or removed, and per column changed, since the build before."""

    run_id: str = col("The run that made the change.", key=True)
    ordinal: int = col("Position within the run, dose changes first, from 1.", key=True)
    table_name: str = col("Table of the fact.")
    row_id: str = col("The fact; of the new build unless it was removed.")
    drug_id: str = col("The drug.")
    change: Literal["added", "removed", "changed"] = col("What happened.")
    column_name: str | None = col("The changed column; null when added or removed.")
    old_value: str | None = col("Value in the build before.")
    new_value: str | None = col("Value in this build.")
    old_quote: str | None = col("Quote in the build before.")
    new_quote: str | None = col("Quote in this build.")


ROW_CLASSES: tuple[type[Row], ...] = (
    DocumentRow,
    Drug,
    DrugName,
    DrugClass,
    Indication,
    Regimen,
    RegimenPartner,
    RegimenCondition,
    DoseLimit,
    DoseGuidance,
    Administration,
    SideEffect,
    SideEffectMention,
    Contraindication,
    Interaction,
    PregnancyLactation,
    Pharmacokinetic,
    DrugEnzyme,
    Mechanism,
    Monitoring,
    Precaution,
    Overdose,
    Combination,
    CombinationComponent,
    Faq,
    Deferral,
    Mention,
    SectionRow,
    StatementRow,
    Finding,
    Reject,
    Run,
    Change,
)
TABLES: dict[str, Table] = {c.__table__.name: c.__table__ for c in ROW_CLASSES}
