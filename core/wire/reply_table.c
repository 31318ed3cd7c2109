/* reply_table.c - the rows. */
#include "reply_table.h"

#define ITEMS(rules, type)                                                                                             \
    {                                                                                                                  \
        rules, SKS_COUNT (rules), sizeof (type)                                                                        \
    }

static const sks_member_rule citation_rules[] = {
    SKS_RULE (sks_citation, name, TEXT, PRESENT),
    SKS_RULE (sks_citation, text, TEXT, PRESENT),
};
const sks_member_items sks_citation_items = ITEMS (citation_rules, sks_citation);

static const sks_member_rule note_rules[] = {
    SKS_RULE (sks_note, code, TEXT, PRESENT),
    SKS_RULE (sks_note, at, PLACE, PRESENT),
    SKS_RULE (sks_note, text, TEXT, PRESENT),
};
const sks_member_items sks_note_items = ITEMS (note_rules, sks_note);

static const sks_member_rule share_rules[] = {
    SKS_RULE (sks_share, part, TEXT, PRESENT),
    SKS_RULE (sks_share, term, TEXT, PRESENT),
    SKS_RULE (sks_share, score, REAL, PRESENT),
    SKS_RULE (sks_share, word, TEXT, OPTIONAL),
};
const sks_member_items sks_share_items = ITEMS (share_rules, sks_share);
const sks_member_items sks_word_share_items = { share_rules + 1, SKS_COUNT (share_rules) - 1, sizeof (sks_share) };

static const sks_member_rule near_rules[] = {
    SKS_RULE (sks_near, term, TEXT, PRESENT),
    SKS_RULE (sks_near, word, TEXT, PRESENT),
    SKS_RULE (sks_near, weight, REAL, PRESENT),
    SKS_RULE (sks_near, source, TEXT, PRESENT),
};
const sks_member_items sks_near_items = ITEMS (near_rules, sks_near);

const sks_member_rule sks_hit_rules[SKS_HIT_RULES] = {
    SKS_RULE (sks_hit, id, TEXT, PRESENT),      SKS_RULE (sks_hit, score, REAL, PRESENT),
    SKS_RULE (sks_hit, text, TEXT, PRESENT), /* spans */
    SKS_RULE (sks_hit, marked, TEXT, OPTIONAL), SKS_RULE (sks_hit, duty, TEXT, NULLABLE),
    SKS_RULE (sks_hit, level, LEVEL, PRESENT),  SKS_RULE (sks_hit, position, PLACE, PRESENT),
    SKS_RULE (sks_hit, soc, TEXT, PRESENT),     SKS_RULE (sks_hit, occupation, TEXT, PRESENT),
    SKS_RULE (sks_hit, group, TEXT, PRESENT),   SKS_RULE (sks_hit, sector, TEXT, NULLABLE),
    SKS_RULE (sks_hit, zone, ZONE, PRESENT),    SKS_RULE (sks_hit, by, TEXT, OPTIONAL),
    SKS_RULE (sks_hit, more, WHOLE, OPTIONAL),
};

const sks_member_rule sks_provenance_rules[SKS_PROVENANCE_RULES] = {
    SKS_RULE (sks_hit_provenance, version, TEXT, PRESENT),
    SKS_RULE (sks_hit_provenance, exported_at, TEXT, PRESENT),
    SKS_RULE_ITEMS (sks_hit_provenance, sources, source_count, PRESENT, sks_citation_items),
    SKS_RULE (sks_hit_provenance, attribution, TEXT, PRESENT),
};

const sks_member_rule sks_suggestion_rules[SKS_SUGGESTION_RULES] = {
    SKS_RULE (sks_suggestion, word, TEXT, PRESENT),
    SKS_RULE (sks_suggestion, replacement, TEXT, PRESENT),
    SKS_RULE (sks_suggestion, query, TEXT, PRESENT),
    SKS_RULE (sks_suggestion, count, WHOLE, PRESENT),
};

/* A daemon of 0.1 has no unknown words, no notes and no near words. */
const sks_member_rule sks_reading_rules[SKS_READING_RULES] = {
    SKS_RULE (sks_result, total, WHOLE, PRESENT),
    SKS_RULE (sks_result, matched_all, WHOLE, PRESENT),
    SKS_RULE (sks_result, relaxed, FLAG, PRESENT),
    SKS_RULE (sks_result, read_as, TEXT, PRESENT),
    SKS_RULE_TEXTS (sks_result, ignored, ignored_count),
    { "unknown", SKS_MEMBER_TEXTS, SKS_MEMBER_OPTIONAL, offsetof (sks_result, unknown),
      offsetof (sks_result, unknown_count), NULL },
    SKS_RULE_ITEMS (sks_result, notes, note_count, OPTIONAL, sks_note_items),
    SKS_RULE_ITEMS (sks_result, near, near_count, FILLED, sks_near_items),
};

const sks_member_rule sks_facet_value_rules[SKS_FACET_VALUE_RULES] = {
    SKS_RULE (sks_facet_value, value, TEXT, PRESENT),
    SKS_RULE (sks_facet_value, label, TEXT, PRESENT),
    SKS_RULE (sks_facet_value, count, WHOLE, PRESENT),
    SKS_RULE (sks_facet_value, selected, FLAG, PRESENT),
};

const sks_member_rule sks_cell_rules[SKS_CELL_RULES] = {
    SKS_RULE (sks_compare_cell, likeness, REAL, PRESENT),
    SKS_RULE_TEXTS (sks_compare_cell, gained, gained_count),
    SKS_RULE_TEXTS (sks_compare_cell, lost, lost_count),
    SKS_RULE (sks_compare_cell, loose, FLAG, OPTIONAL),
    { "reasons", SKS_MEMBER_ITEMS, SKS_MEMBER_FILLED, offsetof (sks_compare_cell, shares),
      offsetof (sks_compare_cell, share_count), &sks_share_items },
};

static const sks_member_rule completion_rules[] = {
    SKS_RULE (sks_completion, text, TEXT, PRESENT),
    SKS_RULE (sks_completion, value, TEXT, OPTIONAL),
    SKS_RULE (sks_completion, count, WHOLE, PRESENT),
};
static const sks_member_items completion_items = ITEMS (completion_rules, sks_completion);

const sks_member_rule sks_completions_rules[SKS_COMPLETIONS_RULES] = {
    SKS_RULE_ITEMS (sks_completions, words, word_count, PRESENT, completion_items),
    SKS_RULE_ITEMS (sks_completions, duties, duty_count, PRESENT, completion_items),
    SKS_RULE_ITEMS (sks_completions, occupations, occupation_count, PRESENT, completion_items),
};

static const sks_member_rule record_statement_rules[] = {
    SKS_RULE (sks_record_statement, id, TEXT, PRESENT),
    SKS_RULE (sks_record_statement, position, PLACE, PRESENT),
    SKS_RULE (sks_record_statement, text, TEXT, PRESENT),
};
static const sks_member_items record_statement_items = ITEMS (record_statement_rules, sks_record_statement);

const sks_member_rule sks_record_level_rules[SKS_RECORD_LEVEL_RULES] = {
    SKS_RULE (sks_record_level, label, TEXT, PRESENT),
    SKS_RULE_ITEMS (sks_record_level, statements, count, PRESENT, record_statement_items),
};
