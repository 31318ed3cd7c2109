/* bulk_manticore.c - a table of Manticore Search or Sphinx: tab-separated lines for tsvpipe, and SphinxQL.
 *
 * Their tokenizer and their query language treat signs in their own ways. So a word has only small letters, digits and
 * "_": every other byte of ASCII, and every byte of a letter beyond U+FFFF, is written as "_" and two hexadecimal
 * digits, in words and in queries. */
#include "bulk_writer.h"

#include <stdio.h>
#include <string.h>

#define INSERT_BYTES ((uint64_t) 1 << 20) /* one INSERT; Sphinx reads at most 8 MB at once */

extern const char _binary_indexer_bulk_plain_conf_start[], _binary_indexer_bulk_plain_conf_end[];
extern const char _binary_indexer_bulk_realtime_conf_start[], _binary_indexer_bulk_realtime_conf_end[];
extern const char _binary_indexer_bulk_table_sql_start[], _binary_indexer_bulk_table_sql_end[];

static const sks_bulk_asset assets[] = {
    { "plain.conf", _binary_indexer_bulk_plain_conf_start, _binary_indexer_bulk_plain_conf_end },
    { "realtime.conf", _binary_indexer_bulk_realtime_conf_start, _binary_indexer_bulk_realtime_conf_end },
    { "table.sql", _binary_indexer_bulk_table_sql_start, _binary_indexer_bulk_table_sql_end },
};

/* The columns in the order of plain.conf; the first ones are fields of words. */
static const char columns[] =
    "id, stems, whole, forms, compounds, duty_stems, duty_whole, duty_forms, duty_compounds, title_stems, title_whole, "
    "title_forms, title_compounds, codes, sid, level, level_label, level_order, sector, sector_label, soc_group, "
    "group_label, soc, title, zone, zone_label, version, place, exported_at, source, attribution, text";

/* How a form separates and quotes columns. */
struct form {
    void (*begin) (sks_buffer *out); /* of a column */
    void (*put) (sks_buffer *out, const char *text);
    void (*end) (sks_buffer *out);
};

/* A line has no escapes: what separates lines and columns becomes a blank. */
static void
put_blanked (sks_buffer *out, const char *text)
{
    for (; *text; text++)
        sks_buffer_putc (out, *text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text);
}

static void
begin_tab (sks_buffer *out)
{
    sks_buffer_putc (out, '\t');
}

static void
end_tab (sks_buffer *out)
{
    (void) out;
}

static void
put_escaped (sks_buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            sks_buffer_putc (out, '\\');
        sks_buffer_putc (out, *text);
    }
}

static void
begin_quote (sks_buffer *out)
{
    sks_buffer_puts (out, ",'");
}

static void
end_quote (sks_buffer *out)
{
    sks_buffer_putc (out, '\'');
}

static const struct form line = { begin_tab, put_blanked, end_tab };
static const struct form row = { begin_quote, put_escaped, end_quote };

static void
put_word (sks_buffer *out, const char *bytes, size_t size)
{
    bool beyond = false; /* in a letter of four bytes, which Sphinx may not know */
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char) bytes[i];
        beyond = c >= 0xF0 || (beyond && c >= 0x80 && c < 0xC0);
        if ((c >= 0x80 && !beyond) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
            sks_buffer_putc (out, bytes[i]);
        else
            sks_buffer_printf (out, "_%02x", c);
    }
}

/* The words of a list; only those of the duty if `duty`. */
static void
put_list (sks_buffer *out, const struct form *form, const sks_bulk_words *words, enum sks_bulk_list list, bool duty)
{
    static const char stop[] = { SKS_BULK_FORM };
    bool first = true;
    form->begin (out);
    for (uint32_t i = 0; i < words->count[list]; i++) {
        const sks_bulk_word *word = &words->word[list][i];
        if (duty && !word->duty)
            continue;
        if (!first)
            sks_buffer_putc (out, ' ');
        if (word->stop)
            put_word (out, stop, sizeof stop);
        put_word (out, word->bytes, word->size);
        first = false;
    }
    form->end (out);
}

static void
put_lists (sks_buffer *out, const struct form *form, const sks_bulk_words *words, bool duty)
{
    for (int list = 0; list < SKS_BULK_LISTS; list++)
        put_list (out, form, words, list, duty);
}

static void
put_text (sks_buffer *out, const struct form *form, const char *text)
{
    form->begin (out);
    form->put (out, text);
    form->end (out);
}

static void
put_number (sks_buffer *out, const struct form *form, uint64_t number)
{
    sks_buffer_putc (out, form == &line ? '\t' : ',');
    sks_buffer_number (out, number);
}

/* The values of facets as words, and one that all statements have. */
static void
put_codes (sks_buffer *out, const struct form *form, const sks_bulk_record *record)
{
    form->begin (out);
    sks_buffer_puts (out, "all");
    for (int i = 0; i < SKS_FACETS; i++) {
        const char *field = sks_schema_field_name (SKS_FIELD_FACET + i);
        sks_buffer_putc (out, ' ');
        put_word (out, field, strlen (field));
        put_word (out, ":", 1);
        put_word (out, record->value[i], strlen (record->value[i]));
    }
    form->end (out);
}

/* All columns in their order. */
static void
put_columns (sks_buffer *out, const struct form *form, const sks_bulk_record *record)
{
    sks_buffer_number (out, (uint64_t) record->statement + 1);
    put_lists (out, form, &record->words, false);
    put_lists (out, form, &record->words, true);
    put_lists (out, form, &record->title, false);
    put_codes (out, form, record);
    put_text (out, form, record->id);
    for (int i = 0; i < SKS_FACETS; i++) {
        put_text (out, form, record->value[i]);
        if (i != SKS_FACET_VERSION)
            put_text (out, form, record->label[i]);
        if (i == SKS_FACET_LEVEL)
            put_number (out, form, (uint64_t) record->level + 1);
    }
    put_number (out, form, record->position);
    for (int i = 0; i < SKS_BULK_ORIGINS; i++)
        put_text (out, form, record->origin[i]);
    put_text (out, form, record->text);
}

static void
put_line (sks_buffer *out, const sks_bulk_record *record)
{
    put_columns (out, &line, record);
    sks_buffer_putc (out, '\n');
}

/* Write the INSERTs, of which each has several rows. */
static int
write_inserts (sks_bulk_file *file, sks_bulk_record *record, sks_error *err)
{
    sks_buffer *out = &file->buffer;
    uint64_t begun = 0; /* the byte of the file at which the current INSERT has its first row; 0: there is none */
    int code = 0;
    while (!code && sks_bulk_record_next (record, &code, err)) {
        if (!file->descriptor && (code = sks_bulk_file_begin_next (file, "sql", err)))
            break;
        if (!begun)
            sks_buffer_printf (out, "INSERT INTO skillsearch (%s) VALUES\n", columns);
        sks_buffer_puts (out, begun ? ",\n(" : "(");
        begun = begun ? begun : sks_bulk_file_bytes (file);
        put_columns (out, &row, record);
        sks_buffer_putc (out, ')');
        uint64_t bytes = sks_bulk_file_bytes (file);
        if (bytes - begun >= INSERT_BYTES || bytes >= SKS_BULK_FILE_BYTES ||
            record->statement + 1 == record->store->statements) {
            sks_buffer_puts (out, ";\n");
            begun = 0;
        }
        code = sks_bulk_file_pass_or_end (file, err);
    }
    return code ? code : sks_bulk_file_end (file, err);
}

static int
write_statements (sks_bulk_file *file, const sks_store *store, sks_error *err)
{
    sks_bulk_record *record = NULL;
    int code = sks_bulk_writer_write (file, store, "statements.tsv", put_line, err);
    if (!code)
        code = sks_bulk_record_create (&record, store, err);
    if (!code)
        code = write_inserts (file, record, err);
    sks_bulk_record_destroy (&record);
    return code;
}

const sks_bulk_writer sks_bulk_writer_manticore = { "manticore", assets, sizeof assets / sizeof *assets,
                                                    write_statements };
