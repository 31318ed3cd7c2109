-- load.sql: an index of skillsearch as tables of PostgreSQL 14 or later, in the schema "skillsearch".
--
-- Run it in the folder of the export: psql -X -v ON_ERROR_STOP=1 -f load.sql
-- An earlier schema "skillsearch" is replaced when everything is loaded; queries use it until then.

SET client_encoding = 'UTF8';
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS skillsearch_new CASCADE;
CREATE SCHEMA skillsearch_new;
SET search_path = skillsearch_new;

CREATE TABLE level (level smallint PRIMARY KEY, value text NOT NULL UNIQUE, label text NOT NULL);
INSERT INTO level VALUES (1, 'emerging', 'Emerging'), (2, 'developing', 'Developing'), (3, 'proficient', 'Proficient'),
    (4, 'advanced', 'Advanced');

CREATE TABLE occupation (
    soc text PRIMARY KEY,
    title text NOT NULL,
    soc_group text NOT NULL,
    group_label text NOT NULL,
    sector text NOT NULL,
    sector_label text NOT NULL,
    zone text NOT NULL,
    zone_label text NOT NULL,
    version text NOT NULL,
    exported_at text NOT NULL,
    source text NOT NULL,
    attribution text NOT NULL
);

-- number: the order of ids. words: docs/bridge.md describes its lexemes.
CREATE TABLE statement (
    number integer PRIMARY KEY,
    id text NOT NULL UNIQUE,
    soc text NOT NULL REFERENCES occupation,
    level smallint NOT NULL REFERENCES level,
    position integer NOT NULL,
    text text NOT NULL,
    words tsvector NOT NULL
);

\copy occupation FROM 'occupation.copy'
\copy statement FROM 'statement.copy'

CREATE INDEX ON statement USING gin (words);
CREATE INDEX ON statement (soc, level, position);
ANALYZE level;
ANALYZE occupation;
ANALYZE statement;

-- Statements with what is known of them.
CREATE VIEW statement_export AS
    SELECT number, id, l.value AS level, position, soc, title AS occupation, soc_group, group_label, sector, sector_label,
        zone, version, exported_at, source, attribution, text, words
    FROM statement s JOIN occupation o USING (soc) JOIN level l ON l.level = s.level;

-- The values of all facets, with the number of statements of each.
CREATE VIEW facet_value AS
    WITH cell AS (SELECT soc, level, count(*) AS statements FROM statement GROUP BY soc, level),
        wide AS (SELECT * FROM cell JOIN occupation USING (soc))
    SELECT v.facet, v.value, v.label, sum (statements)::bigint AS statements
    FROM wide JOIN level l USING (level), LATERAL (VALUES ('level', l.value, l.label), ('sector', sector, sector_label),
        ('group', soc_group, group_label), ('occupation', soc, title), ('zone', zone, zone_label),
        ('version', version, version)) AS v (facet, value, label)
    GROUP BY v.facet, v.value, v.label;

-- Whether a value is among the chosen ones; NULL: all are.
CREATE FUNCTION chosen (value text, choice text[]) RETURNS boolean LANGUAGE sql IMMUTABLE
    RETURN choice IS NULL OR value = ANY (choice);

-- The same for SOC codes, of which the beginning is a value, too: '43-', '43-90'.
CREATE FUNCTION chosen_soc (soc text, choice text[]) RETURNS boolean LANGUAGE sql IMMUTABLE
    RETURN choice IS NULL OR EXISTS (SELECT FROM unnest (choice) AS c WHERE starts_with (soc, c));

-- The statements of a query with these filters.
CREATE FUNCTION found (query tsquery, levels text[] DEFAULT NULL, sectors text[] DEFAULT NULL, groups text[] DEFAULT NULL,
        occupations text[] DEFAULT NULL, zones text[] DEFAULT NULL, versions text[] DEFAULT NULL)
    RETURNS SETOF statement LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT s.* FROM statement s JOIN occupation o ON o.soc = s.soc JOIN level l ON l.level = s.level
    WHERE s.words @@ query AND chosen (l.value, levels) AND chosen (o.sector, sectors) AND chosen (o.soc_group, groups)
        AND chosen_soc (o.soc, occupations) AND chosen (o.zone, zones) AND chosen (o.version, versions);
END;

-- A page of the hits.
CREATE FUNCTION search (query tsquery, hits integer DEFAULT 10, skip integer DEFAULT 0, levels text[] DEFAULT NULL,
        sectors text[] DEFAULT NULL, groups text[] DEFAULT NULL, occupations text[] DEFAULT NULL,
        zones text[] DEFAULT NULL, versions text[] DEFAULT NULL)
    RETURNS TABLE (id text, level text, soc text, occupation text, text text, rank real) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT f.id, l.value, f.soc, o.title, f.text, ts_rank_cd ('{1, 1, 1, 1}', f.words, query, 1) AS rank
    FROM found (query, levels, sectors, groups, occupations, zones, versions) f
        JOIN occupation o ON o.soc = f.soc JOIN level l ON l.level = f.level
    ORDER BY rank DESC, f.number LIMIT hits OFFSET skip;
END;

-- The counts of all facets. Those of one facet ignore its own filter: they say what choosing a value would give.
CREATE FUNCTION facets (query tsquery, levels text[] DEFAULT NULL, sectors text[] DEFAULT NULL,
        groups text[] DEFAULT NULL, occupations text[] DEFAULT NULL, zones text[] DEFAULT NULL,
        versions text[] DEFAULT NULL)
    RETURNS TABLE (facet text, value text, label text, statements bigint, selected boolean) LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH cell AS MATERIALIZED (
        SELECT s.soc, s.level, count(*) AS statements FROM statement s WHERE s.words @@ query GROUP BY s.soc, s.level
    ), wide AS (
        SELECT cell.statements, o.*, l.value AS level, l.label AS level_label,
            (NOT chosen (l.value, levels))::integer AS no_level, (NOT chosen (o.sector, sectors))::integer AS no_sector,
            (NOT chosen (o.soc_group, groups))::integer AS no_group,
            (NOT chosen_soc (o.soc, occupations))::integer AS no_occupation,
            (NOT chosen (o.zone, zones))::integer AS no_zone, (NOT chosen (o.version, versions))::integer AS no_version
        FROM cell JOIN occupation o ON o.soc = cell.soc JOIN level l ON l.level = cell.level
    )
    SELECT v.facet, v.value, v.label, sum (statements)::bigint, coalesce (v.selected, false)
    FROM wide, LATERAL (VALUES
        ('level', wide.level, level_label, no_level, wide.level = ANY (levels)),
        ('sector', sector, sector_label, no_sector, sector = ANY (sectors)),
        ('group', soc_group, group_label, no_group, soc_group = ANY (groups)),
        ('occupation', soc, title, no_occupation, occupations IS NOT NULL AND chosen_soc (soc, occupations)),
        ('zone', zone, zone_label, no_zone, zone = ANY (zones)),
        ('version', version, version, no_version, version = ANY (versions))
    ) AS v (facet, value, label, refused, selected)
    WHERE no_level + no_sector + no_group + no_occupation + no_zone + no_version = v.refused
    GROUP BY v.facet, v.value, v.label, v.selected;
END;

BEGIN;
DROP SCHEMA IF EXISTS skillsearch CASCADE;
ALTER SCHEMA skillsearch_new RENAME TO skillsearch;
COMMIT;
