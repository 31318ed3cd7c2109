/* answer_reader.c - bytes -> the answers of the operations other than search and get.
 *
 * An answer has its own arena, so freeing it is one call. */
#include "reader.h"

#include "core/base/schema.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <string.h>

static int
read_new_hit (const sks_tree *tree, const cJSON *item, const sks_place *place, const sks_hit **out)
{
    sks_hit *hit = sks_arena_alloc (tree->memory, sizeof *hit);
    *out = hit;
    return hit ? sks_reply_read_hit (tree, item, place, hit) : sks_fail_memory (tree->err);
}

/* ---------------------------------------------------------------- compare */
static int
read_cells (const sks_tree *tree, const cJSON *row, const sks_place *above, sks_compare_cell *cells)
{
    const sks_place place = { above, "levels", 0 };
    const cJSON *levels = sks_tree_member (row, "levels");
    int rc = sks_tree_object (tree, levels, &place);
    for (int level = 0; rc == 0 && level < SKS_LEVELS; level++) {
        const sks_place here = { &place, sks_level_name (level), 0 };
        const cJSON *item = sks_tree_member (levels, sks_level_name (level));
        if (cJSON_IsNull (item))
            continue;
        if ((rc = sks_tree_members (tree, item, &here, sks_cell_rules, SKS_CELL_RULES, &cells[level])) == 0)
            rc = read_new_hit (tree, item, &here, &cells[level].hit);
    }
    return rc;
}

static int
read_comparison (const sks_tree *tree, const cJSON *root, void *out)
{
    static const sks_member_rule rules[] = {
        SKS_RULES_ANSWERED (sks_comparison),
        SKS_RULE (sks_comparison, soc, TEXT, PRESENT),
        SKS_RULE (sks_comparison, occupation, TEXT, PRESENT),
        SKS_RULE (sks_comparison, compared_by, TEXT, OPTIONAL),
        SKS_RULE (sks_comparison, partial, FLAG, OPTIONAL),
    };
    static const sks_member_rule row_rules[] = { SKS_RULE (sks_compare_row, duty, TEXT, NULLABLE) };
    const sks_place place = { NULL, "rows", 0 };
    sks_comparison *comparison = out;
    int rc = sks_tree_members (tree, root, NULL, rules, SKS_COUNT (rules), comparison);
    if (rc)
        return rc;
    sks_compare_row *rows = sks_tree_records (tree, root, NULL, "rows", row_rules, SKS_COUNT (row_rules), sizeof *rows,
                                              &comparison->row_count, &rc);
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = rc ? NULL : sks_tree_member (root, "rows")->child; item && rc == 0;
         item = item->next, here.index++)
        rc = read_cells (tree, item, &here, rows[here.index].cells);
    comparison->rows = rows;
    return rc;
}

/* -------------------------------------------------------------- crosswalk */
struct side {
    const char *soc, *title;
};

static int
read_side (const sks_tree *tree, const cJSON *root, const char *name, const char **soc, const char **title)
{
    static const sks_member_rule rules[] = {
        SKS_RULE (struct side, soc, TEXT, PRESENT),
        SKS_RULE (struct side, title, TEXT, PRESENT),
    };
    const sks_place place = { NULL, name, 0 };
    struct side side = { NULL, NULL };
    int rc = sks_tree_members (tree, sks_tree_member (root, name), &place, rules, SKS_COUNT (rules), &side);
    *soc = side.soc;
    *title = side.title;
    return rc;
}

static int
read_pairs (const sks_tree *tree, const cJSON *root, sks_crosswalk *crosswalk)
{
    static const sks_member_rule rules[] = { SKS_RULE (sks_crosswalk_pair, likeness, REAL, PRESENT) };
    const sks_place place = { NULL, "pairs", 0 };
    const cJSON *list = sks_tree_member (root, "pairs");
    int rc;
    sks_crosswalk_pair *pairs = sks_tree_array (tree, list, &place, sizeof *pairs, &crosswalk->pair_count, &rc);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        const sks_place left = { &here, "left", 0 }, right = { &here, "right", 0 };
        sks_crosswalk_pair *pair = &pairs[here.index];
        if ((rc = sks_tree_members (tree, item, &here, rules, SKS_COUNT (rules), pair)) ||
            (rc = read_new_hit (tree, sks_tree_member (item, "left"), &left, &pair->left)) ||
            (rc = read_new_hit (tree, sks_tree_member (item, "right"), &right, &pair->right)) ||
            (rc = sks_reply_read_shares (tree, item, &here, false, &pair->shares, &pair->share_count)))
            return rc;
    }
    crosswalk->pairs = pairs;
    return 0;
}

static int
read_crosswalk (const sks_tree *tree, const cJSON *root, void *out)
{
    static const sks_member_rule rules[] = { SKS_RULES_ANSWERED (sks_crosswalk),
                                             SKS_RULE (sks_crosswalk, compared_by, TEXT, OPTIONAL),
                                             SKS_RULE (sks_crosswalk, partial, FLAG, OPTIONAL) };
    sks_crosswalk *crosswalk = out;
    int rc = sks_tree_members (tree, root, NULL, rules, SKS_COUNT (rules), crosswalk);
    if (rc || (rc = read_side (tree, root, "left", &crosswalk->left_soc, &crosswalk->left_title)) ||
        (rc = read_side (tree, root, "right", &crosswalk->right_soc, &crosswalk->right_title)) ||
        (rc = read_pairs (tree, root, crosswalk)) ||
        (rc = sks_reply_read_hits (tree, root, NULL, "left_only", &crosswalk->left_only, &crosswalk->left_count)))
        return rc;
    return sks_reply_read_hits (tree, root, NULL, "right_only", &crosswalk->right_only, &crosswalk->right_count);
}

/* -------------------------------------------------------------------- map */
static int
read_matches (const sks_tree *tree, const cJSON *object, const sks_place *above, sks_map_sentence *sentence)
{
    static const sks_member_rule rules[] = { SKS_RULE (sks_map_match, share, REAL, PRESENT) };
    const sks_place place = { above, "matches", 0 };
    const cJSON *list = sks_tree_member (object, "matches");
    int rc;
    sks_map_match *matches = sks_tree_array (tree, list, &place, sizeof *matches, &sentence->match_count, &rc);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        sks_map_match *match = &matches[here.index];
        if ((rc = sks_tree_members (tree, item, &here, rules, SKS_COUNT (rules), match)) ||
            (rc = read_new_hit (tree, item, &here, &match->hit)) ||
            (rc = sks_reply_read_spans (tree, item, &here, "evidence", sentence->start, sentence->end, &match->evidence,
                                        &match->evidence_count)))
            return rc;
    }
    sentence->matches = matches;
    return 0;
}

static int
read_sentences (const sks_tree *tree, const cJSON *root, sks_mapping *mapping)
{
    static const sks_member_rule rules[] = {
        SKS_RULE (sks_map_sentence, start, PLACE, PRESENT),
        SKS_RULE (sks_map_sentence, end, PLACE, PRESENT),
        SKS_RULE (sks_map_sentence, coverage, REAL, PRESENT),
    };
    const sks_place place = { NULL, "sentences", 0 };
    const cJSON *list = sks_tree_member (root, "sentences");
    uint32_t min = 0;
    int rc;
    sks_map_sentence *sentences = sks_tree_array (tree, list, &place, sizeof *sentences, &mapping->sentence_count, &rc);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        sks_map_sentence *sentence = &sentences[here.index];
        if ((rc = sks_tree_members (tree, item, &here, rules, SKS_COUNT (rules), sentence)))
            return rc;
        if (sentence->start < min || sentence->end <= sentence->start)
            return sks_tree_refuse (tree, tree->type_code, &here, "a sentence that does not follow the one before it");
        if ((rc = read_matches (tree, item, &here, sentence)))
            return rc;
        min = sentence->end;
    }
    mapping->sentences = sentences;
    return 0;
}

static int
read_mapping (const sks_tree *tree, const cJSON *root, void *out)
{
    static const sks_member_rule rules[] = {
        SKS_RULES_ANSWERED (sks_mapping), SKS_RULE (sks_mapping, coverage, REAL, PRESENT),
        SKS_RULE (sks_mapping, compared_by, TEXT, OPTIONAL),
        SKS_RULE_ITEMS (sks_mapping, notes, note_count, OPTIONAL, sks_note_items)
    };
    const sks_place place = { NULL, "levels", 0 };
    const cJSON *levels = sks_tree_member (root, "levels");
    sks_mapping *mapping = out;
    int rc = sks_tree_members (tree, root, NULL, rules, SKS_COUNT (rules), mapping);
    if (rc || (rc = sks_tree_object (tree, levels, &place)))
        return rc;
    for (int level = 0; rc == 0 && level < SKS_LEVELS; level++) {
        const sks_place here = { &place, sks_level_name (level), 0 };
        rc = sks_tree_whole (tree, sks_tree_member (levels, sks_level_name (level)), &here, 0, SKS_WHOLE_MOST,
                             &mapping->levels[level]);
    }
    return rc ? rc : read_sentences (tree, root, mapping);
}

/* ---------------------------------------------------------------- suggest */
static int
read_completions (const sks_tree *tree, const cJSON *root, void *out)
{
    static const sks_member_rule rules[] = { SKS_RULES_ANSWERED (sks_completions) };
    int rc = sks_tree_members (tree, root, NULL, rules, SKS_COUNT (rules), out);
    return rc ? rc : sks_tree_members (tree, root, NULL, sks_completions_rules, SKS_COMPLETIONS_RULES, out);
}

/* ---------------------------------------------------------------- analyze */
static int
read_words (const sks_tree *tree, const cJSON *root, sks_analysis *analysis)
{
    static const sks_member_rule rules[] = {
        SKS_RULE (sks_read_word, form, TEXT, PRESENT),   SKS_RULE (sks_read_word, start, PLACE, PRESENT),
        SKS_RULE (sks_read_word, end, PLACE, PRESENT),   SKS_RULE (sks_read_word, stem, TEXT, NULLABLE),
        SKS_RULE (sks_read_word, stop, FLAG, PRESENT),   SKS_RULE (sks_read_word, known, FLAG, PRESENT),
        SKS_RULE (sks_read_word, count, WHOLE, PRESENT), SKS_RULE_TEXTS (sks_read_word, expansions, expansion_count),
    };
    int rc;
    analysis->words = sks_tree_records (tree, root, NULL, "words", rules, SKS_COUNT (rules), sizeof *analysis->words,
                                        &analysis->word_count, &rc);
    return rc;
}

/* Indexes of words; each is below `known`. A node without words has no list. */
static int
read_word_indexes (const sks_tree *tree, const cJSON *object, const sks_place *above, size_t known,
                   sks_reading_node *node)
{
    const sks_place place = { above, "words", 0 };
    const cJSON *list = sks_tree_member (object, "words");
    int rc = 0;
    if (!list)
        return 0;
    uint32_t *words = sks_tree_array (tree, list, &place, sizeof *words, &node->word_count, &rc);
    if (rc)
        return rc;
    sks_place here = { &place, NULL, 0 };
    for (const cJSON *item = list->child; item; item = item->next, here.index++) {
        uint64_t index;
        if ((rc = sks_tree_whole (tree, item, &here, 0, SKS_WHOLE_MOST, &index)))
            return rc;
        if (index >= known)
            return sks_tree_refuse (tree, tree->type_code, &here, "no word of the query");
        words[here.index] = (uint32_t) index;
    }
    node->words = words;
    return 0;
}

/* The recursion is as deep as the JSON text, whose depth is limited. */
static int
read_node (const sks_tree *tree, const cJSON *item, const sks_place *place, size_t known, sks_reading_node *node)
{
    static const sks_member_rule rules[] = {
        SKS_RULE (sks_reading_node, kind, TEXT, PRESENT),   SKS_RULE (sks_reading_node, start, PLACE, PRESENT),
        SKS_RULE (sks_reading_node, end, PLACE, PRESENT),   SKS_RULE (sks_reading_node, field, TEXT, OPTIONAL),
        SKS_RULE (sks_reading_node, value, TEXT, OPTIONAL), SKS_RULE (sks_reading_node, distance, PLACE, OPTIONAL),
        SKS_RULE (sks_reading_node, exact, FLAG, OPTIONAL),
    };
    const sks_place children_place = { place, "children", 0 };
    int rc = sks_tree_members (tree, item, place, rules, SKS_COUNT (rules), node);
    const cJSON *list = sks_tree_member (item, "children");
    if (rc || (rc = read_word_indexes (tree, item, place, known, node)) || !list)
        return rc;
    sks_reading_node *children =
        sks_tree_array (tree, list, &children_place, sizeof *children, &node->child_count, &rc);
    if (rc)
        return rc;
    sks_place here = { &children_place, NULL, 0 };
    for (const cJSON *child = list->child; child; child = child->next, here.index++)
        if ((rc = read_node (tree, child, &here, known, &children[here.index])))
            return rc;
    node->children = children;
    return 0;
}

static int
read_analysis (const sks_tree *tree, const cJSON *root, void *out)
{
    static const sks_member_rule rules[] = { SKS_RULES_ANSWERED (sks_analysis),
                                             SKS_RULE (sks_analysis, read_as, TEXT, PRESENT),
                                             SKS_RULE_ITEMS (sks_analysis, notes, note_count, OPTIONAL, sks_note_items),
                                             SKS_RULE_ITEMS (sks_analysis, near, near_count, FILLED, sks_near_items) };
    const sks_place place = { NULL, "tree", 0 };
    sks_analysis *analysis = out;
    int rc = sks_tree_members (tree, root, NULL, rules, SKS_COUNT (rules), analysis);
    if (rc || (rc = read_words (tree, root, analysis)))
        return rc;
    return read_node (tree, sks_tree_member (root, "tree"), &place, analysis->word_count, &analysis->tree);
}

/* ------------------------------------------------------------------- scan */
static int
read_page (const sks_tree *tree, const cJSON *root, void *out)
{
    static const sks_member_rule rules[] = {
        SKS_RULES_ANSWERED (sks_scan_page),
        SKS_RULE (sks_scan_page, total, WHOLE, PRESENT),
        SKS_RULE (sks_scan_page, cursor, TEXT, NULLABLE),
    };
    sks_scan_page *page = out;
    int rc = sks_tree_members (tree, root, NULL, rules, SKS_COUNT (rules), page);
    return rc ? rc : sks_reply_read_hits (tree, root, NULL, "hits", &page->hits, &page->hit_count);
}

static int
read_page_lines (const sks_tree *tree, const cJSON *root, void *out)
{
    sks_scan_page *page = out;
    int rc = read_page (tree, root, page);
    if (rc)
        return rc;
    size_t count = 0;
    page->lines = sks_arena_array (tree->memory, page->hit_count, sizeof *page->lines);
    for (const cJSON *item = sks_tree_member (root, "hits")->child; item && page->lines; item = item->next, count++) {
        char *text = cJSON_PrintUnformatted (item);
        page->lines[count] = text ? sks_arena_copy (tree->memory, text, strlen (text)) : NULL;
        cJSON_free (text);
        if (!page->lines[count])
            return sks_fail_memory (tree->err);
    }
    return page->lines ? 0 : sks_fail_memory (tree->err);
}

/* ----------------------------------------------------------------- decode */
static int
read_result (const sks_tree *tree, const cJSON *root, void *out)
{
    return sks_reply_read_result (tree, root, out);
}

SKS_DECODE (result, sks_result, read_result)
SKS_DECODE (comparison, sks_comparison, read_comparison)
SKS_DECODE (crosswalk, sks_crosswalk, read_crosswalk)
SKS_DECODE (mapping, sks_mapping, read_mapping)
SKS_DECODE (completions, sks_completions, read_completions)
SKS_DECODE (analysis, sks_analysis, read_analysis)
SKS_DECODE_FORM (page, sks_scan_page, read_page, SKS_REPLY_BODY)
SKS_DECODE_FORM (page_lines, sks_scan_page, read_page_lines, SKS_REPLY_BODY)

SKS_DESTROY (sks_comparison)
SKS_DESTROY (sks_crosswalk)
SKS_DESTROY (sks_mapping)
SKS_DESTROY (sks_completions)
SKS_DESTROY (sks_analysis)
SKS_DESTROY (sks_scan_page)
