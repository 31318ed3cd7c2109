/* bulk_postgresql.c - tables for COPY; the words of a statement are one tsvector.
 *
 * Its lexemes, so that every query of the query language but some NEAR is one tsquery (docs/bridge.md):
 *
 *   'clean'          a stem, at the position of its word
 *   '=cleaning'      a form, at the same position; a stop word is only this
 *   '~email'         the joined form of a compound
 *   '+it'            the same beside its stem, if it is a stop word ("I.T.")
 *   'IT'             a stop word in capitals
 *   'title:nurs'     the same of the title of the occupation: 'title:=nurses'
 *   'level:advanced' the value of a facet, by the field's name in a query: 'soc:43-9051.00'
 *
 * The words with compounds joined come after those with their pieces, and then the title, with gaps between that no
 * distance of a query bridges. Weights say which a lexeme is: A in the duty and D elsewhere with pieces, B and C with
 * compounds joined. */
#include "bulk_writer.h"

#include <stdio.h>
#include <string.h>

#define ASSET_START _binary_indexer_bulk_load_sql_start
#define ASSET_END _binary_indexer_bulk_load_sql_end
#define GAP 100             /* positions between two readings of a text; more than SKS_MAX_NEAR_DISTANCE */
#define TITLE_POSITION 8192 /* where titles begin: both readings of a statement are before it */
#define MAX_POSITION 16383  /* PostgreSQL's limit */

_Static_assert(GAP > SKS_MAX_NEAR_DISTANCE, "a distance of a query bridges the gap");
_Static_assert(3 * SKS_MAX_STATEMENT_WORDS + GAP < TITLE_POSITION, "the readings of a statement do not fit");

extern const char ASSET_START[], ASSET_END[];

static const sks_bulk_asset assets[] = { { "load.sql", ASSET_START, ASSET_END } };

/* Write bytes as COPY reads them; with `quoted` inside the quotation marks of a lexeme. */
static void
put_bytes (sks_buffer *out, const char *bytes, size_t size, bool quoted)
{
    for (size_t i = 0; i < size; i++)
        switch (bytes[i]) {
        case '\\':
            sks_buffer_puts (out, quoted ? "\\\\\\\\" : "\\\\");
            break;
        case '\t':
            sks_buffer_puts (out, "\\t");
            break;
        case '\n':
            sks_buffer_puts (out, "\\n");
            break;
        case '\r':
            sks_buffer_puts (out, "\\r");
            break;
        case '\'':
            sks_buffer_puts (out, quoted ? "''" : "'");
            break;
        default:
            sks_buffer_putc (out, bytes[i]);
        }
}

static void
put_column (sks_buffer *out, const char *text)
{
    sks_buffer_putc (out, '\t');
    put_bytes (out, text, strlen (text), false);
}

/* Write a lexeme.
 *   before     two texts before the word
 *   position   0: none
 *   weight     its letter; 0: none, which is 'D' */
static void
put_lexeme (sks_buffer *out, const char *const before[2], const char *bytes, size_t size, uint32_t position,
            char weight)
{
    sks_buffer_puts (out, " '");
    sks_buffer_puts (out, before[0]);
    sks_buffer_puts (out, before[1]);
    put_bytes (out, bytes, size, true);
    sks_buffer_putc (out, '\'');
    if (!position)
        return;
    sks_buffer_putc (out, ':');
    sks_buffer_number (out, position < MAX_POSITION ? position : MAX_POSITION);
    if (weight)
        sks_buffer_putc (out, weight);
}

/* Write a list from a position on. Stop words are written with the forms. */
static void
put_list (sks_buffer *out, const char *field, const sks_bulk_words *words, enum sks_bulk_list list, uint32_t position)
{
    static const struct {
        const char *sign;
        char duty, rest; /* weights */
    } table[SKS_BULK_LISTS] = { [SKS_BULK_STEMS] = { "", 'A', 0 },
                                [SKS_BULK_WHOLE] = { "", 'B', 'C' },
                                [SKS_BULK_FORMS] = { "=", 'A', 0 },
                                [SKS_BULK_COMPOUNDS] = { "~", 'B', 'C' } };
    for (uint32_t i = 0; i < words->count[list]; i++) {
        const sks_bulk_word *word = &words->word[list][i];
        if (word->stop && list == SKS_BULK_STEMS)
            continue;
        const char *sign = !word->stop ? table[list].sign : word->joined ? "+" : "=";
        put_lexeme (out, (const char *const[]) { field, sign }, word->bytes, word->size, position + i,
                    word->duty ? table[list].duty : table[list].rest);
    }
}

static void
put_words (sks_buffer *out, const char *field, const sks_bulk_words *words, uint32_t position)
{
    uint32_t whole = position + words->count[SKS_BULK_STEMS] + GAP;
    put_list (out, field, words, SKS_BULK_STEMS, position);
    put_list (out, field, words, SKS_BULK_FORMS, position);
    put_list (out, field, words, SKS_BULK_WHOLE, whole);
    put_list (out, field, words, SKS_BULK_COMPOUNDS, whole);
}

/* The columns of the table "statement" in load.sql. */
static void
put_statement (sks_buffer *out, const sks_bulk_record *record)
{
    sks_buffer_number (out, (uint64_t) record->statement + 1);
    put_column (out, record->id);
    put_column (out, record->value[SKS_FACET_OCCUPATION]);
    sks_buffer_printf (out, "\t%d\t%u", record->level + 1, record->position);
    put_column (out, record->text);
    sks_buffer_putc (out, '\t');
    put_words (out, "", &record->words, 1);
    put_words (out, "title:", &record->title, TITLE_POSITION);
    for (int i = 0; i < SKS_FACETS; i++) {
        char field[32];
        snprintf (field, sizeof field, "%s:", sks_schema_field_name (SKS_FIELD_FACET + i));
        put_lexeme (out, (const char *const[]) { field, "" }, record->value[i], strlen (record->value[i]), 0, 0);
    }
    sks_buffer_putc (out, '\n');
}

/* The columns of the table "occupation", once for each. One without statements is in no answer and in no table. */
static void
put_occupation (sks_buffer *out, const sks_bulk_record *record)
{
    static const int pairs[] = { SKS_FACET_GROUP, SKS_FACET_SECTOR, SKS_FACET_ZONE };
    if (!record->first)
        return;
    sks_buffer_puts (out, record->value[SKS_FACET_OCCUPATION]);
    put_column (out, record->label[SKS_FACET_OCCUPATION]);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        put_column (out, record->value[pairs[i]]);
        put_column (out, record->label[pairs[i]]);
    }
    put_column (out, record->value[SKS_FACET_VERSION]);
    for (int i = 0; i < SKS_BULK_ORIGINS; i++)
        put_column (out, record->origin[i]);
    sks_buffer_putc (out, '\n');
}

static int
write_tables (sks_bulk_file *file, const sks_store *store, sks_error *err)
{
    int code = sks_bulk_writer_write (file, store, "occupation.copy", put_occupation, err);
    return code ? code : sks_bulk_writer_write (file, store, "statement.copy", put_statement, err);
}

const sks_bulk_writer sks_bulk_writer_postgresql = { "postgresql", assets, sizeof assets / sizeof *assets,
                                                     write_tables };
