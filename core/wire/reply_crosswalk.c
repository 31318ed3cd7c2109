/* reply_crosswalk.c - the reply to "crosswalk". */
#include "reply.h"

static const sks_member_rule pair_rules[] = {
    SKS_RULE_OF (sks_crosswalk_pair, "left", left, RECORD, PRESENT, sks_hit_type),
    SKS_RULE_OF (sks_crosswalk_pair, "right", right, RECORD, PRESENT, sks_hit_type),
    SKS_RULE (sks_crosswalk_pair, likeness, REAL, PRESENT),
    SKS_RULE_ITEMS (sks_crosswalk_pair, "explain", shares, share_count, OPTIONAL, sks_word_share_type),
};
static const sks_member_type pair_type = SKS_TYPE (pair_rules, sks_crosswalk_pair);

static const sks_member_rule left_rules[] = {
    SKS_RULE_AS (sks_crosswalk, "soc", left_soc, TEXT, PRESENT),
    SKS_RULE_AS (sks_crosswalk, "title", left_title, TEXT, PRESENT),
};
static const sks_member_type left_type = SKS_TYPE (left_rules, sks_crosswalk);

static const sks_member_rule right_rules[] = {
    SKS_RULE_AS (sks_crosswalk, "soc", right_soc, TEXT, PRESENT),
    SKS_RULE_AS (sks_crosswalk, "title", right_title, TEXT, PRESENT),
};
static const sks_member_type right_type = SKS_TYPE (right_rules, sks_crosswalk);

static const sks_member_rule crosswalk_rules[] = {
    SKS_RULES_ANSWERED (sks_crosswalk),
    SKS_RULE_WITHIN ("left", PRESENT, left_type),
    SKS_RULE_WITHIN ("right", PRESENT, right_type),
    SKS_RULE_ITEMS (sks_crosswalk, "pairs", pairs, pair_count, PRESENT, pair_type),
    SKS_RULE_ITEMS (sks_crosswalk, "left_only", left_only, left_count, PRESENT, sks_hit_type),
    SKS_RULE_ITEMS (sks_crosswalk, "right_only", right_only, right_count, PRESENT, sks_hit_type),
    SKS_RULE (sks_crosswalk, compared_by, TEXT, OPTIONAL),
    SKS_RULE (sks_crosswalk, partial, FLAG, OPTIONAL),
};
static const sks_member_type crosswalk_type = SKS_TYPE (crosswalk_rules, sks_crosswalk);

SKS_ENCODE (crosswalk, sks_crosswalk, crosswalk_type)
SKS_DECODE (crosswalk, sks_crosswalk, crosswalk_type, NULL)
SKS_DESTROY (sks_crosswalk)
