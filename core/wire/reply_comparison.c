/* reply_comparison.c - the reply to "compare". */
#include "reply.h"

static const sks_member_rule cell_rules[] = {
    SKS_RULE_OF (sks_compare_cell, NULL, hit, MERGED, PRESENT, sks_hit_type),
    SKS_RULE (sks_compare_cell, likeness, REAL, PRESENT),
    SKS_RULE_COUNTED (sks_compare_cell, gained, gained_count, TEXTS, PRESENT),
    SKS_RULE_COUNTED (sks_compare_cell, lost, lost_count, TEXTS, PRESENT),
    SKS_RULE (sks_compare_cell, loose, FLAG, OPTIONAL),
    SKS_RULE_ITEMS (sks_compare_cell, "reasons", shares, share_count, FILLED, sks_share_type),
};
static const sks_member_type cell_type = SKS_TYPE (cell_rules, sks_compare_cell);

static const sks_member_rule row_rules[] = {
    SKS_RULE (sks_compare_row, duty, TEXT, NULLABLE),
    SKS_RULE_OF (sks_compare_row, "levels", cells, LEVELS, PRESENT, cell_type),
};
static const sks_member_type row_type = SKS_TYPE (row_rules, sks_compare_row);

static const sks_member_rule comparison_rules[] = {
    SKS_RULES_ANSWERED (sks_comparison),
    SKS_RULE (sks_comparison, soc, TEXT, PRESENT),
    SKS_RULE (sks_comparison, occupation, TEXT, PRESENT),
    SKS_RULE_ITEMS (sks_comparison, "rows", rows, row_count, PRESENT, row_type),
    SKS_RULE (sks_comparison, compared_by, TEXT, OPTIONAL),
    SKS_RULE (sks_comparison, partial, FLAG, OPTIONAL),
};
static const sks_member_type comparison_type = SKS_TYPE (comparison_rules, sks_comparison);

SKS_ENCODE (comparison, sks_comparison, comparison_type)
SKS_DECODE (comparison, sks_comparison, comparison_type, NULL)
SKS_DESTROY (sks_comparison)
