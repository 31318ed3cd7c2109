/* reply_answers.c - the answers of the operations other than search and get -> bytes.
 *
 * Each writer is one operation's reply; docs/protocol.md lists its members. */
#include "core/base/schema.h"
#include "writer.h"

static void
open_answer (sks_buffer *out, const sks_request *request, const sks_answered *answered)
{
    sks_reply_open (out, request, true);
    sks_json_put_count (out, "generation", answered->generation);
}

static int
close_answer (sks_buffer *out, const sks_answered *answered, sks_error *err)
{
    sks_json_put_count (out, "took_us", answered->took_us);
    return sks_reply_close (out, err);
}

/* A daemon writes what statements were compared by in every reply; the library may have none to copy. */
static void
put_compared_by (sks_buffer *out, const char *by)
{
    if (by)
        sks_json_put_text (out, "compared_by", by);
}

static void
put_partial (sks_buffer *out, int partial)
{
    if (partial)
        sks_json_put_flag (out, "partial", true);
}

/* ---------------------------------------------------------------- compare */

static void
put_cell (sks_buffer *out, int level, const sks_compare_cell *cell, int units)
{
    if (!cell->hit) {
        sks_json_put_text (out, sks_level_name (level), NULL);
        return;
    }
    sks_json_open_object (out, sks_level_name (level));
    sks_hit_put_members (out, cell->hit, units);
    sks_tree_put_members (out, sks_cell_rules, SKS_CELL_RULES, cell);
    sks_buffer_putc (out, '}');
}

int
sks_reply_encode_comparison (sks_buffer *out, const sks_request *request, const sks_comparison *what,
                             const sks_answered *answered, sks_error *err)
{
    open_answer (out, request, answered);
    sks_json_put_text (out, "soc", what->soc);
    sks_json_put_text (out, "occupation", what->occupation);
    sks_json_open_list (out, "rows");
    for (size_t i = 0; i < what->row_count; i++) {
        sks_json_open_item (out);
        sks_json_put_text (out, "duty", what->rows[i].duty);
        sks_json_open_object (out, "levels");
        for (int level = 0; level < SKS_LEVELS; level++)
            put_cell (out, level, &what->rows[i].cells[level], request->query.units);
        sks_buffer_puts (out, "}}");
    }
    sks_buffer_putc (out, ']');
    put_compared_by (out, what->compared_by);
    put_partial (out, what->partial);
    return close_answer (out, answered, err);
}

/* -------------------------------------------------------------- crosswalk */

static void
put_side (sks_buffer *out, const char *name, const char *soc, const char *title)
{
    sks_json_open_object (out, name);
    sks_json_put_text (out, "soc", soc);
    sks_json_put_text (out, "title", title);
    sks_buffer_putc (out, '}');
}

static void
put_pair (sks_buffer *out, const sks_crosswalk_pair *pair, int units)
{
    sks_json_put_name (out, "left");
    sks_hit_put (out, pair->left, units);
    sks_json_put_name (out, "right");
    sks_hit_put (out, pair->right, units);
    sks_json_put_real (out, "likeness", pair->likeness);
    sks_tree_put_items (out, "explain", &sks_word_share_items, pair->shares, pair->share_count);
}

int
sks_reply_encode_crosswalk (sks_buffer *out, const sks_request *request, const sks_crosswalk *what,
                            const sks_answered *answered, sks_error *err)
{
    open_answer (out, request, answered);
    put_side (out, "left", what->left_soc, what->left_title);
    put_side (out, "right", what->right_soc, what->right_title);
    sks_json_open_list (out, "pairs");
    for (size_t i = 0; i < what->pair_count; i++) {
        sks_json_open_item (out);
        put_pair (out, &what->pairs[i], request->query.units);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
    sks_hits_put (out, "left_only", what->left_only, what->left_count, request->query.units);
    sks_hits_put (out, "right_only", what->right_only, what->right_count, request->query.units);
    put_compared_by (out, what->compared_by);
    put_partial (out, what->partial);
    return close_answer (out, answered, err);
}

/* -------------------------------------------------------------------- map */

static void
put_matches (sks_buffer *out, const sks_map_sentence *sentence, sks_offset *text)
{
    sks_json_open_list (out, "matches");
    for (size_t i = 0; i < sentence->match_count; i++) {
        const sks_map_match *match = &sentence->matches[i];
        sks_json_open_item (out);
        sks_hit_put_members (out, match->hit, text->units);
        sks_hit_put_spans (out, "evidence", match->evidence, match->evidence_count, text);
        sks_json_put_real (out, "share", match->share);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

int
sks_reply_encode_mapping (sks_buffer *out, const sks_request *request, const sks_mapping *what,
                          const sks_answered *answered, sks_error *err)
{
    sks_offset text = { request->text, request->query.units, 0, 0 };
    open_answer (out, request, answered);
    sks_json_open_list (out, "sentences");
    for (size_t i = 0; i < what->sentence_count; i++) {
        const sks_map_sentence *sentence = &what->sentences[i];
        sks_json_open_item (out);
        sks_hit_put_range (out, sentence->start, sentence->end, &text);
        sks_json_put_real (out, "coverage", sentence->coverage);
        put_matches (out, sentence, &text);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
    sks_json_put_real (out, "coverage", what->coverage);
    sks_json_open_object (out, "levels");
    for (int level = 0; level < SKS_LEVELS; level++)
        sks_json_put_count (out, sks_level_name (level), what->levels[level]);
    sks_buffer_putc (out, '}');
    put_compared_by (out, what->compared_by);
    if (what->note_count)
        sks_tree_put_items (out, "notes", &sks_note_items, what->notes, what->note_count);
    return close_answer (out, answered, err);
}

/* ------------------------------------------------------------- occupation */

static void
put_coded (sks_buffer *out, const char *name, const char *code, const char *label_name, const char *label)
{
    if (!code) {
        sks_json_put_text (out, name, NULL);
        return;
    }
    sks_json_open_object (out, name);
    sks_json_put_text (out, "code", code);
    sks_json_put_text (out, label_name, label);
    sks_buffer_putc (out, '}');
}

static void
put_record_level (sks_buffer *out, int number, const sks_record_level *level)
{
    sks_json_open_item (out);
    sks_json_put_text (out, "level", sks_level_name (number));
    sks_tree_put_members (out, sks_record_level_rules, 1, level);
    sks_json_put_count (out, "count", level->count);
    sks_tree_put_members (out, sks_record_level_rules + 1, SKS_RECORD_LEVEL_RULES - 1, level);
    sks_buffer_putc (out, '}');
}

int
sks_reply_encode_record (sks_buffer *out, const sks_request *request, const sks_record *what,
                         const sks_answered *answered, sks_error *err)
{
    open_answer (out, request, answered);
    sks_json_put_text (out, "soc", what->soc);
    sks_json_put_text (out, "title", what->title);
    put_coded (out, "group", what->group, "title", what->group_title);
    put_coded (out, "sector", what->sector, "label", what->sector_label);
    if (what->zone)
        sks_json_put_count (out, "zone", (uint64_t) what->zone);
    else
        sks_json_put_text (out, "zone", NULL);
    if (what->zone_inferred >= 0)
        sks_json_put_flag (out, "zone_inferred", what->zone_inferred);
    else
        sks_json_put_text (out, "zone_inferred", NULL);
    sks_json_put_text (out, "description", what->description);
    sks_json_open_object (out, "framework");
    sks_json_put_text (out, "version", what->version);
    sks_json_put_text (out, "description", what->framework);
    sks_buffer_putc (out, '}');
    sks_json_put_text (out, "exported_at", what->exported_at);
    sks_tree_put_items (out, "sources", &sks_citation_items, what->sources, what->source_count);
    sks_json_put_text (out, "attribution", what->attribution);
    sks_json_open_list (out, "levels");
    for (int level = 0; level < SKS_LEVELS; level++)
        put_record_level (out, level, &what->levels[level]);
    sks_buffer_putc (out, ']');
    return close_answer (out, answered, err);
}

/* ---------------------------------------------------------------- suggest */

int
sks_reply_encode_completions (sks_buffer *out, const sks_request *request, const sks_completions *what,
                              const sks_answered *answered, sks_error *err)
{
    open_answer (out, request, answered);
    sks_tree_put_members (out, sks_completions_rules, SKS_COMPLETIONS_RULES, what);
    return close_answer (out, answered, err);
}

/* ---------------------------------------------------------------- analyze */

static void
put_read_word (sks_buffer *out, const sks_read_word *word, sks_offset *text)
{
    sks_json_put_text (out, "form", word->form);
    sks_hit_put_range (out, word->start, word->end, text);
    sks_json_put_text (out, "stem", word->stem);
    sks_json_put_flag (out, "stop", word->stop != 0);
    sks_json_put_flag (out, "known", word->known != 0);
    sks_json_put_count (out, "count", word->count);
    sks_json_put_texts (out, "expansions", word->expansions, word->expansion_count);
}

static void
put_word_indexes (sks_buffer *out, const sks_reading_node *node)
{
    sks_json_open_list (out, "words");
    for (size_t i = 0; i < node->word_count; i++) {
        if (i)
            sks_buffer_putc (out, ',');
        sks_buffer_number (out, node->words[i]);
    }
    sks_buffer_putc (out, ']');
}

/* The recursion is as deep as the query, whose depth is limited. */
static void
put_node (sks_buffer *out, const sks_reading_node *node, sks_offset *text)
{
    sks_json_put_text (out, "kind", node->kind);
    sks_hit_put_range (out, node->start, node->end, text);
    if (node->field)
        sks_json_put_text (out, "field", node->field);
    if (node->value)
        sks_json_put_text (out, "value", node->value);
    if (node->distance)
        sks_json_put_count (out, "distance", node->distance);
    if (node->exact)
        sks_json_put_flag (out, "exact", true);
    if (node->word_count)
        put_word_indexes (out, node);
    if (!node->child_count)
        return;
    sks_json_open_list (out, "children");
    for (size_t i = 0; i < node->child_count; i++) {
        sks_json_open_item (out);
        put_node (out, &node->children[i], text);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

int
sks_reply_encode_analysis (sks_buffer *out, const sks_request *request, const sks_analysis *what,
                           const sks_answered *answered, sks_error *err)
{
    sks_offset text = { request->query.text, request->query.units, 0, 0 };
    open_answer (out, request, answered);
    sks_json_put_text (out, "read_as", what->read_as);
    sks_tree_put_items (out, "notes", &sks_note_items, what->notes, what->note_count);
    if (what->near_count)
        sks_tree_put_items (out, "near", &sks_near_items, what->near, what->near_count);
    sks_json_open_list (out, "words");
    for (size_t i = 0; i < what->word_count; i++) {
        sks_json_open_item (out);
        put_read_word (out, &what->words[i], &text);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
    sks_json_open_object (out, "tree");
    put_node (out, &what->tree, &text);
    sks_buffer_putc (out, '}');
    return close_answer (out, answered, err);
}
