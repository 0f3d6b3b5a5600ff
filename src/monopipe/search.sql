-- Full-text search in plain SQL, made in every build after its tables: DuckDB's own extension would have to be
-- downloaded by each reader. A posting says that a statement holds a word; statements and sections are named by their
-- rowid, which is their place in the sorted table. Postings are in the order of the words, so that a search reads only
-- the row groups of the words it looks for.

CREATE MACRO search_forms(txt) AS regexp_extract_all(lower(strip_accents(txt)), '[\p{L}\p{N}]+');
COMMENT ON MACRO search_forms IS 'The words of a text, as often as it has them: lower case, without accents.';

CREATE MACRO search_word(form) AS CASE WHEN regexp_matches(form, '[a-z]{2}[^isu]s$') THEN left(form, -1) ELSE form END;
COMMENT ON MACRO search_word IS 'The word as the search knows it: most plurals as singulars.';

CREATE MACRO search_tokens(txt) AS list_distinct(list_transform(search_forms(txt), lambda form: search_word(form)));
COMMENT ON MACRO search_tokens IS 'The different words of a text as the search knows them.';

-- Statements are cut at blanks first, which is cheap; the words of a piece are sought once, wherever it stands.
CREATE TEMP TABLE pieces AS
SELECT piece, search_tokens(piece) AS words
FROM (SELECT DISTINCT unnest(string_split(source_quote, ' ')) AS piece FROM statements);

CREATE TABLE search_words AS
SELECT row_number() OVER (ORDER BY word)::INTEGER AS word_id, word
FROM (SELECT DISTINCT unnest(words) AS word FROM pieces) ORDER BY word;
COMMENT ON TABLE search_words IS 'Index of the full-text search: the words of all statements.';
COMMENT ON COLUMN search_words.word_id IS 'Number of the word, in the order of the words.';
COMMENT ON COLUMN search_words.word IS 'The word as the search knows it.';

CREATE TEMP TABLE numbered AS
SELECT piece, word_id FROM (SELECT piece, unnest(words) AS word FROM pieces) JOIN search_words USING (word);
DROP TABLE pieces;
-- Word and statement are one number, to sort by. Joined first and sorted after: both at once want more memory than a
-- build may take.
CREATE TEMP TABLE packed AS
SELECT (word_id::BIGINT << 32) | statement AS posting
FROM (SELECT rowid AS statement, unnest(string_split(source_quote, ' ')) AS piece FROM statements)
JOIN numbered USING (piece);
DROP TABLE numbered;
CREATE TABLE search_postings AS
SELECT (posting >> 32)::INTEGER AS word_id, (posting & 4294967295)::INTEGER AS statement
FROM (FROM packed ORDER BY posting) QUALIFY posting IS DISTINCT FROM lag(posting) OVER ();
DROP TABLE packed;
COMMENT ON TABLE search_postings IS 'Index of the full-text search: which statement, by its rowid, holds which word.';
COMMENT ON COLUMN search_postings.word_id IS 'The word.';
COMMENT ON COLUMN search_postings.statement IS 'The statement, by its rowid.';

-- By the document's place and not by its id, a text of 64 letters: that takes a quarter less.
CREATE TEMP TABLE counted AS
WITH numbered AS (SELECT document_id, rowid::INTEGER AS document FROM documents)
SELECT s.statement, c.section, n_words
FROM (SELECT s.rowid::INTEGER AS statement, document, line_start FROM statements s JOIN numbered USING (document_id)) s
JOIN (SELECT statement, count(*)::INTEGER AS n_words FROM search_postings GROUP BY statement) w USING (statement)
ASOF LEFT JOIN (SELECT c.rowid::INTEGER AS section, document, line_start FROM sections c JOIN numbered USING (document_id)) c
    ON c.document = s.document AND c.line_start <= s.line_start;
CREATE TABLE search_lengths AS
SELECT 'section' AS place, section AS id, NULL::INTEGER AS section, sum(n_words)::INTEGER AS n_words FROM counted
WHERE section IS NOT NULL GROUP BY section
UNION ALL
SELECT 'statement', statement, section, n_words FROM counted
ORDER BY place, id;
DROP TABLE counted;
COMMENT ON TABLE search_lengths IS 'Index of the full-text search: the number of words of each section and statement, by rowid.';
COMMENT ON COLUMN search_lengths.place IS 'Whether it is a section or a statement.';
COMMENT ON COLUMN search_lengths.id IS 'The section or statement, by its rowid.';
COMMENT ON COLUMN search_lengths.section IS 'The section that a statement stands in, by its rowid; null in the front matter.';
COMMENT ON COLUMN search_lengths.n_words IS 'Number of different words of its statements, added up.';

CREATE MACRO search_scores(wanted, what) AS TABLE
WITH hits AS (
    SELECT word_id, place_id AS id, count(*) AS n
    FROM (
        SELECT p.word_id, CASE what WHEN 'section' THEN l.section ELSE p.statement END AS place_id
        FROM search_postings p JOIN search_lengths l ON l.place = 'statement' AND l.id = p.statement
        WHERE p.word_id IN (SELECT word_id FROM search_words WHERE list_contains(search_tokens(wanted), word))
    )
    WHERE place_id IS NOT NULL GROUP BY word_id, place_id
), totals AS (
    SELECT count(*) AS n_places, avg(n_words) AS mean_words FROM search_lengths WHERE place = what
), weights AS (
    SELECT word_id, ln(1 + (n_places - count(*) + 0.5) / (count(*) + 0.5)) AS weight FROM hits, totals GROUP BY word_id, n_places
)
SELECT h.id, round(sum(weight * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * n_words / mean_words))), 9) AS score, count(*) AS n_found
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
