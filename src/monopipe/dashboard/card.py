"""The card of one drug: what its monograph says, each fact with its words and line behind a click."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from markupsafe import Markup

from monopipe.card import find
from monopipe.dashboard.current import Build
from monopipe.dashboard.doses import instructions, parameter
from monopipe.dashboard.markup import badge, joined, one_line, section, show, tiles, words
from monopipe.dashboard.source import Source
from monopipe.evidence import Record

Proof = Callable[[Markup | str, Record], Markup]

FREQUENCIES = {
    "very_common": "very common (1 in 10 or more)",
    "common": "common (1 in 100 to 1 in 10)",
    "uncommon": "uncommon (1 in 1,000 to 1 in 100)",
    "rare": "rare (1 in 10,000 to 1 in 1,000)",
    "very_rare": "very rare (less than 1 in 10,000)",
    "not_known": "frequency not known",
    None: "frequency not stated",
}
ADVICE_KINDS = {
    "contraindicated": "bad",
    "not_recommended": "bad",
    "avoid": "bad",
    "discontinue": "bad",
    "major": "bad",
    "caution": "warn",
    "monitor": "warn",
    "moderate": "warn",
    "adjust_dose": "warn",
    "reduce_dose": "warn",
    "interrupt": "warn",
    "separate_timing": "warn",
    "use_if_benefit_outweighs_risk": "warn",
    "prevention_required": "warn",
    "compatible": "good",
    "no_adjustment": "good",
    "use_allowed": "good",
    "none_needed": "good",
}
"""Which colour goes with an advice; its word is always there too."""


def show_card(build: Build, chosen: str) -> None:
    """The card of the drug with this id or name."""
    with build.connection.cursor() as cursor:
        cursor.execute("USE build")
        drug_id = find(cursor, chosen)
    [drug] = build.records("SELECT * FROM drugs WHERE drug_id = ?", drug_id)
    source = Source(build, drug["document_id"])
    parts = {
        anchor: (title, rows, make)
        for anchor, (title, sql, make) in _PARTS.items()
        if (rows := build.records(sql, drug_id))
    }
    jumps = joined(Markup('<a href="#{}" target="_self">{}</a>').format(a, t) for a, (t, _, _) in parts.items())
    show(
        _head(build, drug, source),
        Markup('<nav class="mp-jump" aria-label="Parts of this card">{}</nav>').format(jumps),
    )
    for anchors in _LAYOUT:
        here = [a for a in anchors if a in parts]
        if here:
            for column, anchor in zip(st.columns(len(here), gap="large"), here, strict=True):
                title, rows, make = parts[anchor]
                with column:
                    show(section(title, anchor, make(rows, source.proof), note=_counted(len(rows))))


def _counted(n: int) -> str:
    return f"{n:,} fact{'' if n == 1 else 's'}"


def _head(build: Build, drug: Record, source: Source) -> Markup:
    names = build.records(
        """SELECT name_kind, string_agg(name, ', ' ORDER BY char_start) AS names FROM drug_names
        WHERE drug_id = ? AND name_kind IN ('brand', 'synonym', 'abbreviation') AND assertion <> 'negated'
        GROUP BY name_kind ORDER BY name_kind""",
        drug["drug_id"],
    )
    lines = [
        Markup("<h1>{} {}</h1>").format(
            drug["name"], badge("banned, the document says", "bad") if drug["is_banned"] else ""
        )
    ]
    lines += [Markup('<p class="mp-muted">{}</p>').format(drug["classes"])] if drug["classes"] else []
    lines += [Markup("<p>{}: {}</p>").format(f"{r['name_kind']} names".capitalize(), r["names"]) for r in names]
    return joined(
        [
            *lines,
            tiles(
                ("pregnancy", advice(drug["pregnancy"])),
                ("breastfeeding", advice(drug["lactation"])),
                ("half-life", _hours(drug)),
                ("last changed", f"{drug['last_modified']:%Y-%m-%d}" if drug["last_modified"] else None),
                ("of the text became facts", f"{source.document['coverage_ratio']:.0%}"),
            ),
        ]
    )


def _hours(drug: Record) -> str | None:
    ends = dict.fromkeys(f"{drug[c]:g}" for c in ("half_life_hours_low", "half_life_hours_high") if drug[c] is not None)
    return f"{'–'.join(ends)} h" if ends else None


def _facts(line: Callable[[Record], Markup]) -> Callable[[list[Record], Proof], Markup]:
    """A part that lists its facts one a line."""
    return lambda rows, proof: joined(proof(line(r), r) for r in rows)


def _line(*pieces: Markup | str | None) -> Markup:
    return joined([p for p in pieces if p], " ")


def _denied(r: Record) -> Markup | None:
    says = str(r["assertion"])
    return None if says == "affirmed" else badge("not" if says == "negated" else says, "warn")


def _muted(text: str | None) -> Markup | None:
    return Markup('<span class="mp-muted">{}</span>').format(one_line(text)) if text else None


def advice(code: str | None, *silent: str) -> Markup | None:
    """A code as a badge in the colour of what it advises; nothing for the `silent` ones."""
    return badge(words(code), ADVICE_KINDS.get(code, "plain")) if code and code not in silent else None


def _indication(r: Record) -> Markup:
    limits = [words(r[c]) for c in ("disease_status", "treatment_phase", "age_group") if r[c] != "unspecified"]
    limits += [f"after at least {r['prior_therapies_min']} therapies"] if r["prior_therapies_min"] else []
    limits += [one_line(r[c]) for c in ("prior_therapy_required", "risk_category", "biomarker", "prerequisite") if r[c]]
    limits += [f"with {r['partners']}"] if r["partners"] else []
    name = r["condition"] + (f" ({r['condition_abbrev']})" if r["condition_abbrev"] else "")
    return _line(
        _denied(r), one_line(name), _muted("; ".join(limits)), advice(r["label_status"], "not_stated", "licensed")
    )


def _guidance(r: Record) -> Markup:
    bounds = parameter(r) if r["param"] else None
    other = f"(about {r['for_drug']})" if r["for_drug"] else None
    return _line(_denied(r), one_line(r["basis"]), _muted(bounds), advice(r["recommendation"]), _muted(other))


def _side_effects(rows: list[Record], proof: Proof) -> Markup:
    parts = []
    for frequency, title in FREQUENCIES.items():
        here = [r for r in rows if r["frequency_category"] == frequency]
        if here:
            here.sort(key=lambda r: (not r["is_serious"], r["term_norm"]))
            facts = joined(proof(_side_effect(r), r) for r in here)
            parts.append(
                Markup('<h3>{} <span class="mp-muted">{}</span></h3><div class="mp-columns">{}</div>').format(
                    title[0].upper() + title[1:], len(here), facts
                )
            )
    return joined(parts)


def _side_effect(r: Record) -> Markup:
    return _line(
        _denied(r),
        one_line(r["term"]),
        _muted(share(r)),
        badge("serious", "bad") if r["is_serious"] else None,
        badge("long-term", "info") if r["is_long_term"] else None,
        badge(r["severity"]) if r["severity"] != "unspecified" else None,
    )


def share(r: Record) -> str:
    """The stated frequency in percent, or nothing."""
    ends = dict.fromkeys(f"{100 * r[c]:.4g}" for c in ("frequency_low", "frequency_high") if r[c] is not None)
    return f"{'–'.join(ends)} %" if ends else ""


def interaction_line(r: Record) -> Markup:
    """An interaction: what happens, how serious the text calls it, what it advises."""
    effect = "no interaction" if r["assertion"] == "negated" else one_line(r["effect_text"])
    if not effect and r["effect_target"] not in ("none", "unknown"):
        effect = f"{words(r['effect_target'])} {r['effect_direction']}".removesuffix(" unclear")
    how = " ".join(filter(None, (words(r["mechanism_kind"]).replace("pk ", ""), r["mechanism_entity"])))
    return _line(
        effect,
        _muted(how if r["mechanism_kind"] != "unknown" else r["mechanism_entity"]),
        advice(r["severity"], "unknown", "none"),
        advice(r["management"] if r["management"] != r["severity"] else None, "not_stated"),
    )


def _limit(r: Record) -> Markup:
    return _line(one_line(r["source_quote"]), _muted(r["indication_text"]))


def _interaction(r: Record) -> Markup:
    return _line(Markup("<strong>{}</strong>").format(one_line(r["interactant"])), interaction_line(r))


def _contraindication(r: Record) -> Markup:
    return _line(_denied(r), one_line(r["condition"]), advice(r["strength"], "not_stated"), _muted(words(r["kind"])))


def _pregnancy(r: Record) -> Markup:
    category = " ".join(filter(None, (r["category_system"], r["category"])))
    return _line(
        Markup("<strong>{}</strong>").format({"lactation": "breastfeeding"}.get(r["topic"], r["topic"])),
        _denied(r),
        advice(r["recommendation"]),
        badge(f"category {category}") if category else None,
        _muted(r["detail"] or r["source_quote"]),
    )


def _kinetic(r: Record) -> Markup:
    after = ", ".join(filter(None, (r["qualifier"], r["population"])))
    return _line(Markup("<strong>{}</strong>").format(words(r["parameter"])), one_line(r["value_text"]), _muted(after))


def _monitoring(r: Record) -> Markup:
    return _line(_denied(r), one_line(r["parameter"]), _muted(r["frequency_text"]))


def _precaution(r: Record) -> Markup:
    return _line(
        Markup("<strong>{}</strong>").format(one_line(r["topic"])) if r["topic"] else None,
        advice(r["recommendation"]),
        one_line(r["detail"]),
    )


def _administration(r: Record) -> Markup:
    return _line(badge(words(r["aspect"])), one_line(r["instruction"]))


def _overdose(r: Record) -> Markup:
    return _line(badge(r["aspect"]), one_line(r["detail"]))


def _deferral(r: Record) -> Markup:
    return _line(words(r["topic"]), _muted(f"see {r['deferred_to']}"))


def _finding(r: Record) -> Markup:
    return _line(badge(r["severity"], {"error": "bad", "warning": "warn"}.get(r["severity"], "info")), r["message"])


def _of(table: str) -> str:
    return f"SELECT * FROM {table} WHERE drug_id = ? ORDER BY char_start, row_id"


_REGIMENS = """
SELECT r.*, (
    SELECT string_agg(DISTINCT c.condition, '; ' ORDER BY c.condition) FROM regimen_conditions c
    WHERE c.drug_id = r.drug_id AND c.regimen_group = r.regimen_group
) AS conditions
FROM regimens r WHERE drug_id = ? ORDER BY char_start, row_id"""

Part = tuple[str, str, Callable[[list[Record], Proof], Markup]]
_PARTS: dict[str, Part] = {
    "indications": ("Indications", _of("indications"), _facts(_indication)),
    "dosing": ("Dosing", _REGIMENS, instructions),
    "limits": ("Maximum doses", _of("dose_limits"), _facts(_limit)),
    "guidance": ("Advice on dosing", _of("dose_guidance"), _facts(_guidance)),
    "administration": ("How to give it", _of("administration"), _facts(_administration)),
    "contraindications": ("Contraindications", _of("contraindications"), _facts(_contraindication)),
    "interactions": ("Interactions", _of("interactions"), _facts(_interaction)),
    "side-effects": ("Side effects", _of("side_effects"), _side_effects),
    "pregnancy": ("Pregnancy and breastfeeding", _of("pregnancy_lactation"), _facts(_pregnancy)),
    "pharmacokinetics": ("Pharmacokinetics", _of("pharmacokinetics"), _facts(_kinetic)),
    "precautions": ("Precautions", _of("precautions"), _facts(_precaution)),
    "monitoring": ("Monitoring", _of("monitoring"), _facts(_monitoring)),
    "overdose": ("Overdose", _of("overdose"), _facts(_overdose)),
    "findings": ("Findings on the document", _of("findings"), _facts(_finding)),
    "deferrals": ("Left to other sources", _of("deferrals"), _facts(_deferral)),
}
_LAYOUT = (
    ("indications", "contraindications"),
    ("dosing",),
    ("limits",),
    ("guidance", "administration"),
    ("side-effects",),
    ("interactions",),
    ("pregnancy", "pharmacokinetics"),
    ("precautions", "monitoring"),
    ("overdose", "findings", "deferrals"),
)
"""The parts from top to bottom, those in one line side by side where the screen is wide."""
