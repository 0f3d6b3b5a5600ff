-- Views and macros for analysts, made in every build after its tables.
-- Each answers a question that people ask, keeps the words of the file beside the answer, and says so in a comment.

CREATE VIEW regimen_sheet AS
SELECT
    d.name AS drug,
    r.drug_id,
    coalesce(c.conditions, r.indication_text) AS condition,
    r.condition_norm,
    r.age_group,
    r.population,
    r.param,
    r.param_low,
    r.param_high,
    r.param_unit,
    r.regimen_group,
    r.sequence AS step,
    r.step_kind,
    r.condition_text AS only_if,
    r.readable,
    r.dose_low,
    r.dose_high,
    r.dose_unit,
    r.dose_basis,
    r.route,
    r.daily_dose_low,
    r.daily_dose_high,
    r.dose_per_cycle_low,
    r.dose_per_cycle_high,
    r.mean_daily_dose_low,
    r.mean_daily_dose_high,
    r.max_daily_dose,
    r.max_dose_unit,
    r.partners,
    r.parse_status,
    r.source_quote,
    o.source_path,
    r.line_start,
    r.row_id
FROM regimens r
JOIN drugs d USING (drug_id)
JOIN documents o ON o.document_id = d.document_id
LEFT JOIN (
    SELECT drug_id, regimen_group, string_agg(DISTINCT condition, '; ' ORDER BY condition) AS conditions
    FROM regimen_conditions GROUP BY drug_id, regimen_group
) c ON c.drug_id = r.drug_id AND c.regimen_group = r.regimen_group
ORDER BY d.name, o.source_path, r.line_start, r.char_start, r.regimen_group, r.sequence;
COMMENT ON VIEW regimen_sheet IS
'One row per dosing step: who gets which dose for what, its daily dose, its dose a cycle and mean daily dose (dose intensity), and the words of the file.';
COMMENT ON COLUMN regimen_sheet.condition IS 'Conditions the dose is for, abbreviations written out; null where the text gives the dose for no condition in particular.';
COMMENT ON COLUMN regimen_sheet.only_if IS 'Condition of a conditional step, such as a rise in dose if tolerated.';
COMMENT ON COLUMN regimen_sheet.dose_per_cycle_low IS 'Dose of one treatment cycle, lower end, in dose_unit.';
COMMENT ON COLUMN regimen_sheet.mean_daily_dose_low IS 'Dose intensity: dose of a cycle over the days of the cycle, lower end, in dose_unit.';

CREATE VIEW maximum_doses AS
SELECT
    d.name AS drug, m.drug_id, m.condition_norm, m.age_group, m.population, m.param, m.param_low, m.param_high,
    m.param_unit, m.route, m.max_single_dose, m.max_daily_dose, m.max_weekly_dose, m.max_dose_unit, m.condition_text,
    m.stated_with_dose, m.source_quote, o.source_path, m.line_start, m.row_id
FROM (
    SELECT
        drug_id, condition_norm, age_group, population, param, param_low, param_high, param_unit, route, max_single_dose,
        max_daily_dose, max_weekly_dose, max_dose_unit, condition_text, true AS stated_with_dose, source_quote,
        line_start, char_start, row_id
    FROM regimens WHERE max_dose_unit IS NOT NULL
    UNION ALL
    SELECT
        drug_id, condition_norm, age_group, population, param, param_low, param_high, param_unit, route, max_single_dose,
        max_daily_dose, max_weekly_dose, max_dose_unit, condition_text, false, source_quote,
        line_start, char_start, row_id
    FROM dose_limits
) m
JOIN drugs d USING (drug_id)
JOIN documents o ON o.document_id = d.document_id
ORDER BY d.name, o.source_path, m.line_start, m.char_start;
COMMENT ON VIEW maximum_doses IS
'One row per stated maximum of a single dose, a day or a week: those of a regimen and those stated by themselves.';
COMMENT ON COLUMN maximum_doses.stated_with_dose IS 'Whether the maximum stands with a dose, whose row of regimens this is; else it is a row of dose_limits.';

CREATE VIEW interactions_both_sides AS
SELECT
    d.name AS drug, x.drug_id, x.interactant AS other, x.interactant_drug_id AS other_drug_id, x.interactant_kind,
    false AS told_by_other, x.assertion, x.effect_target, x.effect_direction, x.effect_text, x.mechanism_kind,
    x.mechanism_entity, x.severity, x.management, x.management_text, x.source_quote, x.line_start, x.row_id
FROM interactions x JOIN drugs d USING (drug_id)
UNION ALL
SELECT
    o.name, o.drug_id, d.name, d.drug_id, 'drug',
    true, x.assertion, x.effect_target, x.effect_direction, x.effect_text, x.mechanism_kind,
    x.mechanism_entity, x.severity, x.management, x.management_text, x.source_quote, x.line_start, x.row_id
FROM interactions x JOIN drugs d USING (drug_id) JOIN drugs o ON o.drug_id = x.interactant_drug_id;
COMMENT ON VIEW interactions_both_sides IS
'Every interaction seen from the drug whose monograph tells it and, where the other one is a drug of the collection, from that one too.';
COMMENT ON COLUMN interactions_both_sides.told_by_other IS 'Whether the other drug''s monograph says it; quote and line are of that file then.';
COMMENT ON COLUMN interactions_both_sides.assertion IS 'negated: the text says that there is no interaction.';

CREATE VIEW side_effects_across_drugs AS
SELECT
    s.term_norm,
    count(DISTINCT s.drug_id) AS n_drugs,
    string_agg(d.name, '; ' ORDER BY d.name) AS drugs,
    count(*) FILTER (WHERE s.is_serious) AS n_serious,
    string_agg(d.name, '; ' ORDER BY d.name) FILTER (WHERE s.frequency_category IN ('very_common', 'common')) AS common_with,
    max(s.frequency_high) AS highest_frequency
FROM side_effects s JOIN drugs d USING (drug_id)
WHERE s.assertion <> 'negated'
GROUP BY s.term_norm
ORDER BY n_drugs DESC, s.term_norm;
COMMENT ON VIEW side_effects_across_drugs IS 'One row per effect: the drugs that list it, and with which it is common or serious.';
COMMENT ON COLUMN side_effects_across_drugs.n_serious IS 'Number of drugs whose monograph calls it serious.';
COMMENT ON COLUMN side_effects_across_drugs.highest_frequency IS 'Highest fraction of patients that any monograph states in numbers.';

CREATE VIEW drugs_by_pregnancy AS
SELECT
    p.topic, p.recommendation, d.name AS drug, p.drug_id, p.category_system, p.category, p.detail,
    p.source_quote, o.source_path, p.line_start, p.row_id
FROM pregnancy_lactation p
JOIN drugs d USING (drug_id)
JOIN documents o ON o.document_id = d.document_id
WHERE p.assertion <> 'negated'
ORDER BY p.topic, p.recommendation, d.name, p.line_start, p.row_id;
COMMENT ON VIEW drugs_by_pregnancy IS
'What each monograph recommends for pregnancy, breastfeeding, contraception and fertility, with its words; a drug may have several rows.';

CREATE VIEW gaps AS
SELECT
    d.name AS drug, i.drug_id, i.condition, i.condition_norm, i.disease_status, i.treatment_phase,
    (SELECT count(*) FROM regimens g WHERE g.drug_id = i.drug_id AND g.condition_norm IS NULL) AS n_general_regimens,
    i.source_quote, o.source_path, i.line_start, i.row_id
FROM indications i
JOIN drugs d USING (drug_id)
JOIN documents o ON o.document_id = d.document_id
WHERE i.assertion <> 'negated'
  AND NOT EXISTS (
    SELECT 1 FROM regimens r
    WHERE r.drug_id = i.drug_id AND list_contains(string_split(r.condition_norm, '; '), i.condition_norm)
  )
ORDER BY d.name, i.line_start, i.row_id;
COMMENT ON VIEW gaps IS 'Indications for which the monograph gives no dose of their own.';
COMMENT ON COLUMN gaps.n_general_regimens IS 'Dosing steps for no condition in particular, which may hold for this one; 0 is a true gap.';

CREATE VIEW quality AS
SELECT
    o.source_path,
    d.name AS drug,
    o.drug_id,
    o.last_modified,
    round(o.coverage_ratio, 3) AS coverage_ratio,
    coalesce(s.n_statements, 0) AS n_statements,
    coalesce(s.n_unstructured, 0) AS n_unstructured,
    d.n_regimens,
    coalesce(r.n_not_full, 0) AS n_regimens_not_fully_read,
    coalesce(f.n_errors, 0) AS n_errors,
    coalesce(f.n_warnings, 0) AS n_warnings,
    coalesce(f.n_infos, 0) AS n_infos,
    coalesce(e.n_deferrals, 0) AS n_deferrals
FROM documents o
JOIN drugs d ON d.document_id = o.document_id
LEFT JOIN (
    SELECT document_id, count(*) AS n_statements, count(*) FILTER (WHERE status = 'unstructured') AS n_unstructured
    FROM statements GROUP BY document_id
) s ON s.document_id = o.document_id
LEFT JOIN (
    SELECT drug_id, count(*) FILTER (WHERE parse_status <> 'full') AS n_not_full FROM regimens GROUP BY drug_id
) r ON r.drug_id = o.drug_id
LEFT JOIN (
    SELECT drug_id, count(*) FILTER (WHERE severity = 'error') AS n_errors,
        count(*) FILTER (WHERE severity = 'warning') AS n_warnings,
        count(*) FILTER (WHERE severity = 'info') AS n_infos
    FROM findings GROUP BY drug_id
) f ON f.drug_id = o.drug_id
LEFT JOIN (SELECT drug_id, count(*) AS n_deferrals FROM deferrals GROUP BY drug_id) e ON e.drug_id = o.drug_id
ORDER BY coverage_ratio, o.source_path;
COMMENT ON VIEW quality IS 'One row per document: how much of it became facts, and what a curator should look at; worst first.';
COMMENT ON COLUMN quality.n_unstructured IS 'Statements that no rule understood.';
COMMENT ON COLUMN quality.n_regimens_not_fully_read IS 'Dosing steps with words or numbers that sit in no column.';

CREATE MACRO regimens_for(wanted) AS TABLE
SELECT * FROM regimen_sheet WHERE contains(lower(concat_ws(' ', condition, condition_norm)), lower(wanted))
ORDER BY drug, source_path, line_start, regimen_group, step;
COMMENT ON MACRO TABLE regimens_for IS 'The dosing steps of every drug for conditions that hold these words.';

CREATE MACRO drugs_causing(effect) AS TABLE
SELECT d.name AS drug, s.term, s.frequency_category, s.frequency_low, s.frequency_high, s.frequency_basis,
    s.is_serious, s.source_quote, s.line_start, s.row_id
FROM side_effects s JOIN drugs d USING (drug_id)
WHERE s.assertion <> 'negated' AND contains(lower(concat_ws(' ', s.term, s.term_norm)), lower(effect))
ORDER BY s.frequency_high DESC NULLS LAST, d.name, s.term_norm;
COMMENT ON MACRO TABLE drugs_causing IS 'The drugs with a side effect that holds these words, the highest stated frequency first.';

CREATE MACRO interactions_of(wanted) AS TABLE
SELECT * FROM interactions_both_sides
WHERE drug_id IN (SELECT n.drug_id FROM drug_names n WHERE n.name_norm = lower(wanted))
   OR drug_id = lower(wanted) OR lower(drug) = lower(wanted)
ORDER BY other, line_start, row_id;
COMMENT ON MACRO TABLE interactions_of IS 'The interactions of a drug, given by any of its names, told by its own or another monograph.';

CREATE VIEW changes_by_drug AS
SELECT
    c.run_id, c.ordinal, c.table_name, c.change, coalesce(d.name, c.drug_id) AS drug, c.drug_id,
    c.column_name, c.old_value, c.new_value, c.old_quote, c.new_quote, c.row_id
FROM changes c LEFT JOIN drugs d USING (drug_id)
ORDER BY c.run_id, c.ordinal;
COMMENT ON VIEW changes_by_drug IS 'What changed since the build before, with the drug''s name: doses first, then table by table.';

CREATE VIEW unread AS
SELECT o.source_path, s.line_start, d.name AS drug, s.drug_id, s.section, s.kind, s.source_quote, s.document_id, s.ordinal
FROM statements s
JOIN documents o USING (document_id)
JOIN drugs d ON d.drug_id = s.drug_id
WHERE s.status = 'unstructured'
ORDER BY o.coverage_ratio, o.source_path, s.ordinal;
COMMENT ON VIEW unread IS 'The statements that no rule understood, those of the worst read document first.';

CREATE MACRO find_drugs(wanted) AS TABLE
SELECT drug_id, arg_min(d.name, rank) AS drug, arg_min(found.name, rank) AS found_as, arg_min(name_kind, rank) AS name_kind, min(rank) AS rank
FROM (
    SELECT drug_id, name, name_kind,
        CASE WHEN norm = w THEN 0 WHEN starts_with(norm, w) THEN 1 WHEN contains(norm, w) THEN 2
            WHEN length(w) > 3 AND jaro_winkler_similarity(norm, w) > 0.92 THEN 3 END AS rank
    FROM (
        SELECT drug_id, name, 'title' AS name_kind, lower(name) AS norm FROM drugs
        UNION ALL SELECT drug_id, drug_id, 'id', drug_id FROM drugs
        UNION ALL SELECT drug_id, name, name_kind, name_norm FROM drug_names WHERE assertion <> 'negated'
    ), (SELECT lower(trim(wanted)) AS w)
) found JOIN drugs d USING (drug_id)
WHERE rank IS NOT NULL
GROUP BY drug_id
ORDER BY rank, drug, drug_id;
COMMENT ON MACRO TABLE find_drugs IS 'Drugs by any of their names: rank 0 is the name itself, 1 begins with the words, 2 holds them, 3 is spelt like them.';
