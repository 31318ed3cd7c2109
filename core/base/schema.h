/* schema.h - the tables of names: levels, facets, query fields, sectors.
 *
 * Index, query language, protocol and programs derive from these tables; a new
 * facet or field starts here. */
#ifndef SKS_SCHEMA_H
#define SKS_SCHEMA_H

#include <skillsearch.h>
#include <stdbool.h>

/* Format of a generation on disk; a generation of a different format is refused. */
#define SKS_INDEX_FORMAT 6

#define SKS_SOC_BYTES 10 /* without NUL */

/* "Emerging"; sks_level_name has "emerging". level is one of enum sks_level. Borrowed:
 * valid for ever. */
const char *sks_schema_level_label (int level);

/* The level of a name of size bytes, -1 if unknown. */
int sks_schema_level_of (const char *name, size_t size);

/* The facet of a name, -1 if unknown. */
int sks_schema_facet_of (const char *name);

/* A filter's value in the form stored in an index: the code of a sector, for example. Returns text itself if it
 * needs no change. Borrowed: valid as long as text. */
const char *sks_schema_facet_code (int facet, const char *text);

/* NULL if an index may have this value; else a text that says which values are possible. */
const char *sks_schema_facet_refusal (int facet, const char *value);

/* What a field of the query language ("title:clerk") searches. */
enum sks_field {
    SKS_FIELD_TEXT,  /* the statement's own words; no prefix */
    SKS_FIELD_DUTY,  /* duty: the words before the first " - " (em dash) */
    SKS_FIELD_TITLE, /* title: the words of the occupation's title */
    SKS_FIELD_FACET, /* plus a facet: the values of the facet */
    SKS_FIELD_LEVEL = SKS_FIELD_FACET + SKS_FACET_LEVEL,
    SKS_FIELD_GROUP = SKS_FIELD_FACET + SKS_FACET_GROUP,
    SKS_FIELD_SOC =
        SKS_FIELD_FACET + SKS_FACET_OCCUPATION, /* soc: or occupation: a SOC code or its beginning, or a title */
    SKS_FIELDS = SKS_FIELD_FACET + SKS_FACETS
};

/* The field of a name of size bytes, -1 if unknown. */
int sks_schema_field_of (const char *name, size_t size);
const char *sks_schema_field_name (int field);

/* The facet whose values a field takes, -1 if it takes words. */
int sks_schema_field_facet (int field);

/* For the values of a facet's field, which may be written more freely than filter values. */
bool sks_schema_field_takes_any (int field); /* any value is accepted, unchanged */
const char *sks_schema_field_refusal (int field, const char *value);

/* The title of a NAICS 2022 sector, the code itself if it is unknown.
 * Borrowed: valid as long as code. Source: NAICS 2022 structure, U.S. Census Bureau. */
const char *sks_schema_sector_label (const char *code);

/* The code of a NAICS sector as people write it, NULL if it is unknown: the code itself or a part of one of the
 * three ranges ("31", "31-32"), with any dash and blanks around it; the title, in any letter case and punctuation,
 * with "&" or "and"; or both. Borrowed: valid for ever. */
const char *sks_schema_sector_of (const char *text);

/* The title of a SOC 2018 major group ("43"), NULL if it is unknown. */
const char *sks_schema_group_label (const char *code);

/* The codes of the two tables in order, NULL after the last one. Borrowed: valid for
 * ever. */
const char *sks_schema_sector_at (size_t index);
const char *sks_schema_group_at (size_t index);

/* The length of the dash at the start of a text of size bytes, for codes as people write them: "-", U+2010 to
 * U+2015, U+2212, U+FE58, U+FE63 or U+FF0D; else 0. */
size_t sks_schema_dash (const char *text, size_t size);

/* Whether text is a complete SOC code, "dd-dddd.dd". */
bool sks_schema_soc_valid (const char *text);

/* Whether text is a complete SOC code or the beginning of one up to at least its "-":
 * "43-", "43-90", "43-9061.00". */
bool sks_schema_soc_begins (const char *text);

/* Read a SOC code of six or eight digits as people write it: with any dash, and blanks
 * around it. Writes "43-9051" or "43-9051.00"; false when it is not a code. */
bool sks_schema_soc_read (const char *text, char out[SKS_SOC_BYTES + 1]);

#define SKS_MAX_SHARDS 64   /* of an index */
#define SKS_NO_VALUE "none" /* the facet value of an export without one */
#define SKS_NO_SECTOR SKS_NO_VALUE
/* Digits of a statement id; the long form is used when the first digits equal those of another statement of the
 * level. */
#define SKS_HASH_DIGITS 12
#define SKS_LONG_HASH_DIGITS 16
/* "SOC/proficient/DIGITS" and NUL. */
#define SKS_STATEMENT_ID_BYTES (SKS_SOC_BYTES + 1 + 10 + 1 + SKS_LONG_HASH_DIGITS + 1)

/* The value of a job zone ("1".."5", "none" for 0). Borrowed: valid for ever. */
const char *sks_schema_zone_value (int zone);
const char *sks_schema_zone_label (int zone);
/* The zone of a value, -1 if unknown. */
int sks_schema_zone_of (const char *value);

/* The names of enum sks_match, sks_sort, sks_escape and sks_units, NULL if unknown; -1 for an unknown name. */
const char *sks_schema_match_name (int match);
const char *sks_schema_sort_name (int sort);
int sks_schema_sort_of (const char *name);
const char *sks_schema_escape_name (int escape);
const char *sks_schema_units_name (int units);

/* The name of a bit of sks_query.want, NULL if unknown. */
const char *sks_schema_want_name (unsigned bit);

#endif
