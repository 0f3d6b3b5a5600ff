"""The columns of one dosing step: an HL7 FHIR R5 Dosage with its Timing, plus HemOnc cycles.

This is the one declaration of these columns: the reader fills them, the `regimens` table inherits them.
"""

from __future__ import annotations

from typing import Literal

from monopipe.schema import Row, col, row

StepKind = Literal[
    "standard",
    "loading",
    "initial",
    "titration",
    "target",
    "maintenance",
    "taper",
    "single",
    "alternative",
    "dose_reduction",
]
AgeGroup = Literal["neonate", "infant", "pediatric", "adolescent", "adult", "geriatric", "all", "unspecified"]
Population = Literal[
    "none",
    "renal_impairment",
    "hepatic_impairment",
    "dialysis",
    "pregnancy",
    "lactation",
    "obesity",
    "poor_metabolizer",
    "comorbidity",
    "other",
]
DoseUnit = Literal[
    "mg",
    "g",
    "ug",
    "ng",
    "mL",
    "L",
    "[iU]",
    "meq",
    "mmol",
    "%",
    "{tablet}",
    "{capsule}",
    "{puff}",
    "{drop}",
    "{spray}",
    "{patch}",
    "{application}",
    "{suppository}",
    "{sachet}",
    "{vial}",
    "{unit}",
]
DoseBasis = Literal["flat", "per_kg", "per_m2", "per_dose_unit", "auc_target", "percent_of_dose"]
DoseIs = Literal["per_administration", "per_day", "increment", "per_course"]
Route = Literal[
    "oral",
    "sublingual",
    "buccal",
    "intravenous",
    "intramuscular",
    "subcutaneous",
    "intradermal",
    "intrathecal",
    "epidural",
    "intraarticular",
    "intravitreal",
    "inhalation",
    "nasal",
    "ophthalmic",
    "otic",
    "topical",
    "transdermal",
    "rectal",
    "vaginal",
    "intravesical",
    "intraperitoneal",
    "enteral_tube",
    "other",
]
TimeUnit = Literal["min", "h", "d", "wk", "mo", "a"]
BoundsUnit = Literal["min", "h", "d", "wk", "mo", "a", "cycle"]
WhenCode = Literal["morning", "noon", "evening", "bedtime", "before_meal", "with_meal", "after_meal"]
ParseStatus = Literal["full", "partial", "text_only"]


@row
class Dosage(Row):
    """One dosing step as the text says it; what it does not say is null."""

    sequence: int = col("Position of the step within its instruction, from 1.", default=1)
    step_kind: StepKind = col("What the step is in its instruction.", default="standard")

    indication_text: str | None = col("The condition the dose is for, as printed.")
    age_group: AgeGroup = col("Age group the dose is for.", default="unspecified")
    population: Population = col("Special population the dose is for.", default="none")
    param: str | None = col("Measured patient parameter that bounds the step, such as creatinine clearance.")
    param_low: float | None = col("Lower end of the parameter, in param_unit.")
    param_high: float | None = col("Upper end of the parameter, in param_unit.")
    param_unit: str | None = col("Unit of the parameter (UCUM): mL/min, a, mo, wk, d, kg, mg/dL …")

    dose_low: float | None = col("Lower amount, in dose_unit; equal to dose_high for one value.")
    dose_high: float | None = col("Upper amount, in dose_unit; 'up to N' fills only this end.")
    dose_unit: DoseUnit | None = col("Unit of the dose (UCUM).")
    dose_basis: DoseBasis | None = col("What the amount is scaled by; flat when nothing.")
    dose_is: DoseIs | None = col("Whether the amount is of one administration, a day, a step or a course.")
    dose_form: str | None = col("Dose form as printed, such as prolonged-release tablet.")
    quantity_low: float | None = col("How many units hold the dose, lower end, where the text says both.")
    quantity_high: float | None = col("How many units hold the dose, upper end.")
    quantity_unit: DoseUnit | None = col("Unit of the quantity, such as {tablet}.")
    dose_components: str | None = col("A fixed combination as printed, such as 500/125 mg.")
    rate_low: float | None = col("Lower infusion or release rate, in rate_unit.")
    rate_high: float | None = col("Upper infusion or release rate, in rate_unit.")
    rate_unit: str | None = col("Unit of the rate (UCUM), such as mg/h, ug/kg/min, mL/kg/h.")

    route: Route | None = col("Route of administration.")
    route_text: str | None = col("Route as printed.")
    admin_duration: float | None = col("Length of one administration, such as an infusion over 60 minutes.")
    admin_duration_unit: TimeUnit | None = col("Unit of admin_duration.")

    frequency: int | None = col(
        "Times per period, lower end; 0 where the text says only the most ('up to 4 times a day')."
    )
    frequency_max: int | None = col("Times per period, upper end of a range.")
    period: float | None = col("Length of the period, in period_unit.")
    period_max: float | None = col("Upper end of the period's length.")
    period_unit: TimeUnit | None = col("Unit of the period.")
    when_code: WhenCode | None = col("Time of day or relation to meals.")
    as_needed: bool = col("Whether the dose is taken as needed.", default=False)
    as_needed_for: str | None = col("The reason for an as-needed dose, as printed.")

    bounds_low: float | None = col("Length of the course, lower end.")
    bounds_high: float | None = col("Length of the course, upper end; 'up to N' fills only this end.")
    bounds_unit: BoundsUnit | None = col("Unit of the course's length.")
    dose_count: int | None = col("Number of administrations; 1 for a single dose.")

    cycle_length: float | None = col("Length of a treatment cycle, in cycle_unit.")
    cycle_unit: TimeUnit | None = col("Unit of cycle_length.")
    cycle_days: str | None = col("Days of the cycle with a dose: '1-21' or '1,8,15'.")
    days_on: int | None = col("Number of dosing days in a cycle.")
    cycles_min: int | None = col("Number of cycles, lower end.")
    cycles_max: int | None = col("Number of cycles, upper end; 'up to N' fills only this end.")
    continuous: bool | None = col("Whether the text says that dosing goes on without a break.")

    start_after: float | None = col("Time after which the step begins, in start_after_unit.")
    start_after_unit: BoundsUnit | None = col("Unit of start_after.")
    condition_text: str | None = col("The condition of a conditional step, as printed (if tolerated …).")
    inherited_fields: str | None = col("Columns the step took over from the step before or its heading, '; '-joined.")

    max_single_dose: float | None = col("Maximum of one administration, in max_dose_unit.")
    max_daily_dose: float | None = col("Maximum a day, in max_dose_unit.")
    max_weekly_dose: float | None = col("Maximum a week, in max_dose_unit.")
    max_dose_unit: str | None = col(
        "Unit of the maxima (UCUM); mg/kg where the limit is by weight, {dose} where it counts doses."
    )

    partners: str | None = col("Drugs it is given with, as printed, '; '-joined.")

    daily_dose_low: float | None = col("Derived: dose of a dosing day, lower end, in dose_unit.")
    daily_dose_high: float | None = col("Derived: dose of a dosing day, upper end, in dose_unit.")
    dose_per_cycle_low: float | None = col("Derived: dose of a cycle, lower end, in dose_unit (flat basis only).")
    dose_per_cycle_high: float | None = col("Derived: dose of a cycle, upper end, in dose_unit (flat basis only).")
    mean_daily_dose_low: float | None = col("Derived: dose of a cycle over its days, lower end, in dose_unit.")
    mean_daily_dose_high: float | None = col("Derived: dose of a cycle over its days, upper end, in dose_unit.")
    readable: str = col("The step in words, rendered back from the columns alone.", default="")

    parse_status: ParseStatus = col("Whether every word with a meaning for the dose was read.", default="full")
    unread_text: str | None = col("The words that no rule read.")
    numbers_unread: str | None = col("Every number of the quote that sits in no column, '; '-joined.")
