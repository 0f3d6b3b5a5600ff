-- Views and macros for analysts, made in every build after its tables.

CREATE VIEW gaps AS SELECT drug_id FROM drugs WHERE n_indications > 0 AND n_regimens = 0;
COMMENT ON VIEW gaps IS 'Drugs with indications but no dosing step.';
