/* reply_analysis.c - the reply to "analyze". */
#include "reply.h"

static const sks_member_rule word_rules[] = {
    SKS_RULE (sks_read_word, form, TEXT, PRESENT),
    SKS_RULE (sks_read_word, start, BYTE, PRESENT),
    SKS_RULE (sks_read_word, end, BYTE, PRESENT),
    SKS_RULE (sks_read_word, stem, TEXT, NULLABLE),
    SKS_RULE (sks_read_word, stop, FLAG, PRESENT),
    SKS_RULE (sks_read_word, known, FLAG, PRESENT),
    SKS_RULE (sks_read_word, count, WHOLE, PRESENT),
    SKS_RULE_COUNTED (sks_read_word, expansions, expansion_count, TEXTS, PRESENT),
};
static const sks_member_type word_type = SKS_TYPE (word_rules, sks_read_word);

/* A node has nodes below it. The recursion is as deep as the query or the JSON text, whose depths are limited. */
static const sks_member_type node_type;
static const sks_member_rule node_rules[] = {
    SKS_RULE (sks_reading_node, kind, TEXT, PRESENT),
    SKS_RULE (sks_reading_node, start, BYTE, PRESENT),
    SKS_RULE (sks_reading_node, end, BYTE, PRESENT),
    SKS_RULE (sks_reading_node, field, TEXT, OPTIONAL),
    SKS_RULE (sks_reading_node, value, TEXT, OPTIONAL),
    SKS_RULE (sks_reading_node, distance, PLACE, OPTIONAL),
    SKS_RULE (sks_reading_node, exact, FLAG, OPTIONAL),
    SKS_RULE_COUNTED (sks_reading_node, words, word_count, PLACES, FILLED),
    SKS_RULE_ITEMS (sks_reading_node, "children", children, child_count, FILLED, node_type),
};
static const sks_member_type node_type = SKS_TYPE (node_rules, sks_reading_node);

static const sks_member_rule other_word_rules[] = {
    SKS_RULE (sks_other_word, form, TEXT, PRESENT),
    SKS_RULE (sks_other_word, stem, TEXT, NULLABLE),
};
static const sks_member_type other_word_type = SKS_TYPE (other_word_rules, sks_other_word);

static const sks_member_rule other_rules[] = {
    SKS_RULE (sks_other_words, start, BYTE, PRESENT),
    SKS_RULE (sks_other_words, end, BYTE, PRESENT),
    SKS_RULE_ITEMS (sks_other_words, "words", words, word_count, PRESENT, other_word_type),
};
static const sks_member_type other_type = SKS_TYPE (other_rules, sks_other_words);

static const sks_member_rule analysis_rules[] = {
    SKS_RULES_ANSWERED (sks_analysis),
    SKS_RULE (sks_analysis, read_as, TEXT, PRESENT),
    SKS_RULE_ITEMS (sks_analysis, "notes", notes, note_count, OPTIONAL, sks_note_type),
    SKS_RULE_ITEMS (sks_analysis, "near", near, near_count, FILLED, sks_near_type),
    SKS_RULE_ITEMS (sks_analysis, "other", other, other_count, FILLED, other_type),
    SKS_RULE_ITEMS (sks_analysis, "words", words, word_count, PRESENT, word_type),
    SKS_RULE_OF (sks_analysis, "tree", tree, PART, PRESENT, node_type),
};
static const sks_member_type analysis_type = SKS_TYPE (analysis_rules, sks_analysis);

/* The words of a node are indexes of words, each below `known`. */
static int
check_node (const sks_tree *tree, const sks_place *place, const sks_reading_node *node, size_t known)
{
    const sks_place words = { place, "words", 0 }, children = { place, "children", 0 };
    int rc = 0;
    for (size_t i = 0; i < node->word_count; i++)
        if (node->words[i] >= known)
            return sks_tree_refuse (tree, tree->type_code, &(sks_place) { &words, NULL, i }, "no word of the query");
    for (size_t i = 0; rc == 0 && i < node->child_count; i++)
        rc = check_node (tree, &(sks_place) { &children, NULL, i }, &node->children[i], known);
    return rc;
}

static int
check_analysis (const sks_tree *tree, const struct cJSON *root, void *out)
{
    const sks_analysis *analysis = out;
    (void) root;
    return check_node (tree, &(sks_place) { NULL, "tree", 0 }, &analysis->tree, analysis->word_count);
}

SKS_ENCODE (analysis, sks_analysis, analysis_type)
SKS_DECODE (analysis, sks_analysis, analysis_type, check_analysis)
SKS_DESTROY (sks_analysis)
