/* reply_table.c - the rows. */
#include "reply_table.h"

static const sks_member_rule citation_rules[] = {
    SKS_RULE (sks_citation, name, TEXT, PRESENT),
    SKS_RULE (sks_citation, text, TEXT, PRESENT),
};
const sks_member_type sks_citation_type = SKS_TYPE (citation_rules, sks_citation);

static const sks_member_rule note_rules[] = {
    SKS_RULE (sks_note, code, TEXT, PRESENT),
    SKS_RULE (sks_note, at, PLACE, PRESENT),
    SKS_RULE (sks_note, text, TEXT, PRESENT),
};
const sks_member_type sks_note_type = SKS_TYPE (note_rules, sks_note);

static const sks_member_rule share_rules[] = {
    SKS_RULE (sks_share, part, TEXT, PRESENT),
    SKS_RULE (sks_share, term, TEXT, PRESENT),
    SKS_RULE (sks_share, score, REAL, PRESENT),
    SKS_RULE (sks_share, word, TEXT, OPTIONAL),
};
const sks_member_type sks_share_type = SKS_TYPE (share_rules, sks_share);

static const sks_member_rule word_share_rules[] = {
    SKS_RULE (sks_share, part, TEXT, UNSENT),
    SKS_RULE (sks_share, term, TEXT, PRESENT),
    SKS_RULE (sks_share, score, REAL, PRESENT),
    SKS_RULE (sks_share, word, TEXT, OPTIONAL),
};
const sks_member_type sks_word_share_type = SKS_TYPE (word_share_rules, sks_share);

static const sks_member_rule near_rules[] = {
    SKS_RULE (sks_near, term, TEXT, PRESENT),
    SKS_RULE (sks_near, word, TEXT, PRESENT),
    SKS_RULE (sks_near, weight, REAL, PRESENT),
    SKS_RULE (sks_near, source, TEXT, PRESENT),
};
const sks_member_type sks_near_type = SKS_TYPE (near_rules, sks_near);

static const sks_member_rule provenance_rules[] = {
    SKS_RULE (sks_hit_provenance, version, TEXT, PRESENT),
    SKS_RULE (sks_hit_provenance, exported_at, TEXT, PRESENT),
    SKS_RULE_ITEMS (sks_hit_provenance, "sources", sources, source_count, PRESENT, sks_citation_type),
    SKS_RULE (sks_hit_provenance, attribution, TEXT, PRESENT),
};
static const sks_member_type provenance_type = SKS_TYPE (provenance_rules, sks_hit_provenance);

static const sks_member_rule hit_rules[] = {
    SKS_RULE (sks_hit, id, TEXT, PRESENT),
    SKS_RULE (sks_hit, score, REAL, PRESENT),
    SKS_RULE (sks_hit, text, TEXT, PRESENT),
    SKS_RULE_COUNTED (sks_hit, spans, span_count, SPANS, PRESENT),
    SKS_RULE (sks_hit, marked, TEXT, OPTIONAL),
    SKS_RULE (sks_hit, duty, TEXT, NULLABLE),
    SKS_RULE (sks_hit, level, LEVEL, PRESENT),
    SKS_RULE (sks_hit, position, PLACE, PRESENT),
    SKS_RULE (sks_hit, soc, TEXT, PRESENT),
    SKS_RULE (sks_hit, occupation, TEXT, PRESENT),
    SKS_RULE (sks_hit, group, TEXT, PRESENT),
    SKS_RULE (sks_hit, sector, TEXT, NULLABLE),
    SKS_RULE (sks_hit, zone, ZONE, PRESENT),
    SKS_RULE (sks_hit, by, TEXT, OPTIONAL),
    SKS_RULE (sks_hit, more, WHOLE, OPTIONAL),
    SKS_RULE_ITEMS (sks_hit, "explain", shares, share_count, GIVEN, sks_share_type),
    SKS_RULE_OF (sks_hit, "provenance", provenance, RECORD, OPTIONAL, provenance_type),
};
const sks_member_type sks_hit_type = SKS_TYPE_TEXT (hit_rules, sks_hit, offsetof (sks_hit, text));
