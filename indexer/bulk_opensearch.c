/* bulk_opensearch.c - requests of the bulk API of OpenSearch and Elasticsearch: two lines of JSON per statement.
 *
 * A field of words is a list of texts: the words, and the same with compounds joined. The analyzer "whitespace" splits
 * them at blanks, and positions leave a gap between two texts of a list, so that no phrase crosses it. */
#include "bulk_writer.h"

#include "core/base/json.h"

#include <stdio.h>

#define ASSET(name, symbol)                                                                                            \
    {                                                                                                                  \
        name, _binary_indexer_bulk_##symbol##_start, _binary_indexer_bulk_##symbol##_end                               \
    }

extern const char _binary_indexer_bulk_template_json_start[], _binary_indexer_bulk_template_json_end[];
extern const char _binary_indexer_bulk_search_any_json_start[], _binary_indexer_bulk_search_any_json_end[];
extern const char _binary_indexer_bulk_search_all_json_start[], _binary_indexer_bulk_search_all_json_end[];
extern const char _binary_indexer_bulk_search_phrase_json_start[], _binary_indexer_bulk_search_phrase_json_end[];
extern const char _binary_indexer_bulk_search_facets_json_start[], _binary_indexer_bulk_search_facets_json_end[];

static const sks_bulk_asset assets[] = {
    ASSET ("template.json", template_json),           ASSET ("search-any.json", search_any_json),
    ASSET ("search-all.json", search_all_json),       ASSET ("search-phrase.json", search_phrase_json),
    ASSET ("search-facets.json", search_facets_json),
};

/* Write a word inside a JSON text. The only sign in a word to escape is the one of a compound such as "24\\7". */
static void
put_word (sks_buffer *out, const sks_bulk_word *word)
{
    if (word->stop)
        sks_buffer_putc (out, SKS_BULK_FORM);
    for (uint32_t i = 0; i < word->size; i++) {
        if (word->bytes[i] == '\\')
            sks_buffer_putc (out, '\\');
        sks_buffer_putc (out, word->bytes[i]);
    }
}

/* Write the words of a list as a JSON text; only those of the duty if `duty`. */
static void
put_list (sks_buffer *out, const sks_bulk_words *words, enum sks_bulk_list list, bool duty)
{
    bool first = true;
    sks_buffer_putc (out, '"');
    for (uint32_t i = 0; i < words->count[list]; i++) {
        const sks_bulk_word *word = &words->word[list][i];
        if (duty && !word->duty)
            continue;
        if (!first)
            sks_buffer_putc (out, ' ');
        put_word (out, word);
        first = false;
    }
    sks_buffer_putc (out, '"');
}

/* Write the lists as members "stems", "forms" and "compounds", each with this text before its name. */
static void
put_words (sks_buffer *out, const char *before, const sks_bulk_words *words, bool duty)
{
    sks_buffer_printf (out, ",\"%sstems\":[", before);
    put_list (out, words, SKS_BULK_STEMS, duty);
    if (words->count[SKS_BULK_WHOLE]) {
        sks_buffer_putc (out, ',');
        put_list (out, words, SKS_BULK_WHOLE, duty);
    }
    sks_buffer_printf (out, "],\"%sforms\":", before);
    put_list (out, words, SKS_BULK_FORMS, duty);
    if (words->count[SKS_BULK_COMPOUNDS]) {
        sks_buffer_printf (out, ",\"%scompounds\":", before);
        put_list (out, words, SKS_BULK_COMPOUNDS, duty);
    }
}

static void
put_values (sks_buffer *out, const sks_bulk_record *record)
{
    for (int i = 0; i < SKS_FACETS; i++) {
        char label[32];
        snprintf (label, sizeof label, "%s_label", sks_facet_name (i));
        sks_json_put_text (out, sks_facet_name (i), record->value[i]);
        if (i != SKS_FACET_VERSION)
            sks_json_put_text (out, label, record->label[i]);
    }
    sks_json_put_count (out, "level_order", (uint64_t) record->level + 1);
    sks_json_put_count (out, "position", record->position);
    for (int i = 0; i < SKS_BULK_ORIGINS; i++)
        sks_json_put_text (out, sks_bulk_record_origin_name (i), record->origin[i]);
}

static void
put_statement (sks_buffer *out, const sks_bulk_record *record)
{
    sks_buffer_printf (out, "{\"index\":{\"_id\":\"%s\"}}\n{", record->id);
    sks_json_put_text (out, "id", record->id);
    sks_json_put_count (out, "number", (uint64_t) record->statement + 1);
    sks_json_put_text (out, "text", record->text);
    put_words (out, "", &record->words, false);
    if (sks_bulk_words_have_duty (&record->words))
        put_words (out, "duty_", &record->words, true);
    put_words (out, "title_", &record->title, false);
    put_values (out, record);
    sks_buffer_puts (out, "}\n");
}

static int
write_statements (sks_bulk_file *file, const sks_store *store, sks_error *err)
{
    sks_bulk_record *record;
    int code = sks_bulk_record_create (&record, store, err);
    while (!code && sks_bulk_record_next (record, &code, err)) {
        if (!file->descriptor && (code = sks_bulk_file_begin_next (file, "ndjson", err)))
            break;
        put_statement (&file->buffer, record);
        code = sks_bulk_file_pass_or_end (file, err);
    }
    sks_bulk_record_destroy (&record);
    return code ? code : sks_bulk_file_end (file, err);
}

const sks_bulk_writer sks_bulk_writer_opensearch = { "opensearch", assets, sizeof assets / sizeof *assets,
                                                     write_statements };
