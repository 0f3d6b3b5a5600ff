-- Full-text search in plain SQL, made in every build after its tables: DuckDB's own extension would have to be
-- downloaded by each reader. A posting says that a statement holds a word; statements and sections are named by their
-- rowid, which is their place in the sorted table. Postings are in the order of the words, so that a search reads only
-- the row groups of the words it looks for.

CREATE MACRO search_tokens(txt) AS list_distinct(list_transform(
    regexp_extract_all(lower(strip_accents(txt)), '[\p{L}\p{N}]+'),
    lambda w: CASE WHEN regexp_matches(w, '[a-z]{2}[^isu]s$') THEN left(w, -1) ELSE w END
));
COMMENT ON MACRO search_tokens IS 'The different words of a text as the search knows them: lower case, without accents, most plurals as singulars.';

CREATE TEMP TABLE spoken AS
SELECT unnest(search_tokens(s.source_quote)) AS word, s.rowid::INTEGER AS statement, c.rowid::INTEGER AS section
FROM (SELECT rowid, document_id, line_start, source_quote FROM statements) s
ASOF LEFT JOIN (SELECT rowid, document_id, line_start FROM sections) c
    ON c.document_id = s.document_id AND c.line_start <= s.line_start;

CREATE TABLE search_words AS
SELECT row_number() OVER (ORDER BY word)::INTEGER AS word_id, word, count(*)::INTEGER AS n_statements
FROM spoken GROUP BY word ORDER BY word;
COMMENT ON TABLE search_words IS 'Index of the full-text search: the words of all statements.';
COMMENT ON COLUMN search_words.word_id IS 'Number of the word, in the order of the words.';
COMMENT ON COLUMN search_words.word IS 'The word as the search knows it.';
COMMENT ON COLUMN search_words.n_statements IS 'Number of statements that hold it.';

-- Joined first and sorted after: both at once want more memory than a build may take.
CREATE TEMP TABLE numbered AS SELECT word_id, statement, section FROM spoken JOIN search_words USING (word);
CREATE TABLE search_postings AS SELECT * FROM numbered ORDER BY word_id, statement;
DROP TABLE numbered;
COMMENT ON TABLE search_postings IS 'Index of the full-text search: which statement, by its rowid, and which section holds which word.';
COMMENT ON COLUMN search_postings.word_id IS 'The word.';
COMMENT ON COLUMN search_postings.statement IS 'The statement, by its rowid.';
COMMENT ON COLUMN search_postings.section IS 'The section that the statement stands in, by its rowid; null in the front matter.';

CREATE TABLE search_lengths AS
SELECT 'section' AS place, section AS id, count(*)::INTEGER AS n_words FROM spoken WHERE section IS NOT NULL GROUP BY section
UNION ALL
SELECT 'statement', statement, count(*)::INTEGER FROM spoken GROUP BY statement
ORDER BY place, id;
COMMENT ON TABLE search_lengths IS 'Index of the full-text search: the number of words of each section and statement, by rowid.';
COMMENT ON COLUMN search_lengths.place IS 'Whether it is a section or a statement.';
COMMENT ON COLUMN search_lengths.id IS 'The section or statement, by its rowid.';
COMMENT ON COLUMN search_lengths.n_words IS 'Number of different words of its statements, added up.';

DROP TABLE spoken;

CREATE MACRO search_scores(wanted, what) AS TABLE
WITH hits AS (
    SELECT word_id, CASE what WHEN 'section' THEN section ELSE statement END AS id, count(*) AS n
    FROM search_postings
    WHERE word_id IN (SELECT word_id FROM search_words WHERE list_contains(search_tokens(wanted), word))
    GROUP BY word_id, id HAVING id IS NOT NULL
), totals AS (
    SELECT count(*) AS n_places, avg(n_words) AS mean_words FROM search_lengths WHERE place = what
), weights AS (
    SELECT word_id, ln(1 + (n_places - count(*) + 0.5) / (count(*) + 0.5)) AS weight FROM hits, totals GROUP BY word_id, n_places
)
SELECT h.id, sum(weight * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * n_words / mean_words))) AS score, count(*) AS n_found
FROM hits h JOIN weights USING (word_id) JOIN search_lengths l ON l.place = what AND l.id = h.id, totals
GROUP BY h.id;
COMMENT ON MACRO TABLE search_scores IS 'BM25 (k1 1.2, b 0.75) of every section or statement, by rowid, that holds one of the words.';

CREATE MACRO search_sections(wanted, top := 20) AS TABLE
SELECT round(f.score, 4) AS score, f.n_found AS words_found, d.name AS drug, d.drug_id, o.source_path, s.line_start,
    s.section, s.heading, s.text
FROM (
    SELECT id, score, n_found, row_number() OVER (ORDER BY score DESC, id) AS place FROM search_scores(wanted, 'section')
    QUALIFY place <= top
) f
JOIN (SELECT rowid, * FROM sections) s ON s.rowid = f.id
JOIN documents o USING (document_id)
JOIN drugs d ON d.document_id = o.document_id
ORDER BY f.place;
COMMENT ON MACRO TABLE search_sections IS 'Full-text search: the sections that hold these words, best first, by default 20 of them.';

CREATE MACRO search_statements(wanted, top := 20) AS TABLE
SELECT round(f.score, 4) AS score, f.n_found AS words_found, d.name AS drug, d.drug_id, o.source_path, s.line_start,
    s.section, s.kind, s.status, s.source_quote
FROM (
    SELECT id, score, n_found, row_number() OVER (ORDER BY score DESC, id) AS place FROM search_scores(wanted, 'statement')
    QUALIFY place <= top
) f
JOIN (SELECT rowid, * FROM statements) s ON s.rowid = f.id
JOIN documents o USING (document_id)
JOIN drugs d ON d.drug_id = s.drug_id
ORDER BY f.place;
COMMENT ON MACRO TABLE search_statements IS 'Full-text search: the statements (lines, paragraphs, table rows) that hold these words, best first.';
