/* sheet.c - the columns of each answer, and the values of their cells. */
#include "sheet.h"

#include <stdlib.h>
#include <string.h>

#define LIST_BYTES 65536
#define MOST_COUNT 9e15 /* up to this, a double represents whole numbers exactly */
#define BEGIN(table, names) sks_table_begin (table, names, sizeof (names) / sizeof *(names))

static const char *const hit_names[] = { "id", "score", "level", "soc", "occupation", "text" };

void
sks_sheet_hits (sks_table *table, const sks_result *result)
{
    BEGIN (table, hit_names);
    for (size_t i = 0; i < result->hit_count; i++) {
        const sks_hit *hit = &result->hits[i];
        sks_table_text (table, hit->id);
        sks_table_number (table, hit->score);
        sks_table_text (table, sks_level_name (hit->level));
        sks_table_text (table, hit->soc);
        sks_table_text (table, hit->occupation);
        sks_table_text (table, hit->marked ? hit->marked : hit->text);
    }
}

void
sks_sheet_record (sks_table *table, const sks_record *record)
{
    for (int level = 0; level < SKS_LEVELS; level++)
        for (size_t i = 0; i < record->levels[level].count; i++) {
            const sks_record_statement *statement = &record->levels[level].statements[i];
            const sks_hit hit = { .id = statement->id,
                                  .text = statement->text,
                                  .level = level,
                                  .soc = record->soc,
                                  .occupation = record->title };
            sks_sheet_hits (table, &(sks_result) { .hits = &hit, .hit_count = 1 });
        }
}

static void
put_values (sks_table *table, int facet, const sks_facet_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sks_table_text (table, sks_facet_name (facet));
        sks_table_text (table, values[i].value);
        sks_table_text (table, values[i].label);
        sks_table_count (table, values[i].count);
        sks_table_text (table, values[i].selected ? "selected" : NULL);
        put_values (table, facet, values[i].children, values[i].child_count);
    }
}

void
sks_sheet_facets (sks_table *table, const sks_result *result)
{
    static const char *const names[] = { "facet", "value", "label", "count", "selected" };
    BEGIN (table, names);
    for (size_t i = 0; i < result->facet_count; i++)
        put_values (table, result->facets[i].facet, result->facets[i].values, result->facets[i].count);
}

/* Several words in one cell. */
static void
put_list (sks_table *table, const char *const *words, size_t count)
{
    sks_buffer list = SKS_BUFFER_INIT (LIST_BYTES);
    for (size_t i = 0; i < count; i++)
        sks_buffer_printf (&list, "%s%s", i ? " " : "", words[i]);
    const char *text = count ? sks_buffer_text (&list) : NULL;
    sks_table_text (table, text);
    sks_buffer_free (&list);
}

void
sks_sheet_comparison (sks_table *table, const sks_comparison *comparison)
{
    static const char *const names[] = { "row", "duty", "level", "likeness", "id", "text", "gained", "lost" };
    BEGIN (table, names);
    for (size_t i = 0; i < comparison->row_count; i++)
        for (int level = 0; level < SKS_LEVELS; level++) {
            const sks_compare_cell *cell = &comparison->rows[i].cells[level];
            if (!cell->hit)
                continue;
            sks_table_count (table, i + 1);
            sks_table_text (table, cell->hit->duty);
            sks_table_text (table, sks_level_name (level));
            sks_table_number (table, cell->likeness);
            sks_table_text (table, cell->hit->id);
            sks_table_text (table, cell->hit->text);
            put_list (table, cell->gained, cell->gained_count);
            put_list (table, cell->lost, cell->lost_count);
        }
}

/* hit NULL: empty cells */
static void
put_side (sks_table *table, const sks_hit *hit)
{
    sks_table_text (table, hit ? hit->id : NULL);
    sks_table_text (table, hit ? sks_level_name (hit->level) : NULL);
    sks_table_text (table, hit ? hit->text : NULL);
}

static void
put_pair (sks_table *table, double likeness, const sks_hit *left, const sks_hit *right)
{
    if (left && right)
        sks_table_number (table, likeness);
    else
        sks_table_text (table, NULL);
    put_side (table, left);
    put_side (table, right);
}

void
sks_sheet_crosswalk (sks_table *table, const sks_crosswalk *crosswalk)
{
    static const char *const names[] = { "likeness", "left_id",     "left_level", "left_text",
                                         "right_id", "right_level", "right_text" };
    BEGIN (table, names);
    for (size_t i = 0; i < crosswalk->pair_count; i++)
        put_pair (table, crosswalk->pairs[i].likeness, crosswalk->pairs[i].left, crosswalk->pairs[i].right);
    for (size_t i = 0; i < crosswalk->left_count; i++)
        put_pair (table, 0, &crosswalk->left_only[i], NULL);
    for (size_t i = 0; i < crosswalk->right_count; i++)
        put_pair (table, 0, NULL, &crosswalk->right_only[i]);
}

static void
put_match (sks_table *table, const sks_map_match *match)
{
    const sks_hit *hit = match ? match->hit : NULL;
    if (match)
        sks_table_number (table, match->share);
    else
        sks_table_text (table, NULL);
    sks_table_text (table, hit ? hit->id : NULL);
    sks_table_text (table, hit ? sks_level_name (hit->level) : NULL);
    sks_table_text (table, hit ? hit->soc : NULL);
    sks_table_text (table, hit ? hit->occupation : NULL);
    sks_table_text (table, !hit ? NULL : hit->marked ? hit->marked : hit->text);
}

void
sks_sheet_mapping (sks_table *table, const sks_mapping *mapping, const char *text)
{
    static const char *const names[] = { "sentence", "sentence_text", "share",      "id",
                                         "level",    "soc",           "occupation", "text" };
    BEGIN (table, names);
    for (size_t i = 0; i < mapping->sentence_count; i++) {
        const sks_map_sentence *sentence = &mapping->sentences[i];
        char *copy = strndup (text + sentence->start, sentence->end - sentence->start);
        for (size_t k = 0; k == 0 || k < sentence->match_count; k++) {
            sks_table_count (table, i + 1);
            sks_table_text (table, copy);
            put_match (table, sentence->match_count ? &sentence->matches[k] : NULL);
        }
        free (copy);
    }
}

static void
put_completions (sks_table *table, const char *kind, const sks_completion *completions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sks_table_text (table, kind);
        sks_table_text (table, completions[i].value);
        sks_table_text (table, completions[i].text);
        sks_table_count (table, completions[i].count);
    }
}

void
sks_sheet_completions (sks_table *table, const sks_completions *completions)
{
    static const char *const names[] = { "kind", "value", "text", "count" };
    BEGIN (table, names);
    put_completions (table, "word", completions->words, completions->word_count);
    put_completions (table, "duty", completions->duties, completions->duty_count);
    put_completions (table, "occupation", completions->occupations, completions->occupation_count);
}

void
sks_sheet_analysis (sks_table *table, const sks_analysis *analysis)
{
    static const char *const names[] = { "word", "stem", "count", "known", "stop", "expansions" };
    BEGIN (table, names);
    for (size_t i = 0; i < analysis->word_count; i++) {
        const sks_read_word *word = &analysis->words[i];
        sks_table_text (table, word->form);
        sks_table_text (table, word->stem);
        sks_table_count (table, word->count);
        sks_table_flag (table, word->known);
        sks_table_flag (table, word->stop);
        put_list (table, word->expansions, word->expansion_count);
    }
}

void
sks_sheet_figure (sks_table *table, double value)
{
    if (value >= 0 && value < MOST_COUNT && value == (double) (uint64_t) value)
        sks_table_count (table, (uint64_t) value);
    else
        sks_table_number (table, value);
}

void
sks_sheet_stats (sks_table *table, const sks_daemon_stats *stats)
{
    static const char *const names[] = { "group", "name", "value" };
    BEGIN (table, names);
    for (size_t i = 0; i < stats->figure_count; i++) {
        sks_table_text (table, stats->figures[i].group);
        sks_table_text (table, stats->figures[i].name);
        sks_sheet_figure (table, stats->figures[i].value);
    }
    for (size_t i = 0; i < stats->all.reply_count; i++) {
        sks_table_text (table, "replies");
        sks_table_text (table, stats->all.replies[i].name);
        sks_table_count (table, stats->all.replies[i].count);
    }
}

void
sks_sheet_health (sks_table *table, const sks_health *health)
{
    static const char *const names[] = { "status", "generation", "statements" };
    BEGIN (table, names);
    sks_table_text (table, health->status);
    sks_table_count (table, health->generation);
    sks_table_count (table, health->statements);
}
