/* reply_mapping.c - the reply to "map". */
#include "reply.h"

static const sks_member_rule match_rules[] = {
    SKS_RULE_OF (sks_map_match, NULL, hit, MERGED, PRESENT, sks_hit_type),
    SKS_RULE_COUNTED (sks_map_match, evidence, evidence_count, SPANS, PRESENT),
    SKS_RULE (sks_map_match, share, REAL, PRESENT),
};
static const sks_member_type match_type = SKS_TYPE (match_rules, sks_map_match);

static const sks_member_rule sentence_rules[] = {
    SKS_RULE (sks_map_sentence, start, BYTE, PRESENT),
    SKS_RULE (sks_map_sentence, end, BYTE, PRESENT),
    SKS_RULE (sks_map_sentence, coverage, REAL, PRESENT),
    SKS_RULE_ITEMS (sks_map_sentence, "matches", matches, match_count, PRESENT, match_type),
};
static const sks_member_type sentence_type = SKS_TYPE (sentence_rules, sks_map_sentence);

static const sks_member_rule mapping_rules[] = {
    SKS_RULES_ANSWERED (sks_mapping),
    SKS_RULE_ITEMS (sks_mapping, "sentences", sentences, sentence_count, PRESENT, sentence_type),
    SKS_RULE (sks_mapping, coverage, REAL, PRESENT),
    SKS_RULE (sks_mapping, levels, LEVELS, PRESENT),
    SKS_RULE (sks_mapping, compared_by, TEXT, OPTIONAL),
    SKS_RULE_ITEMS (sks_mapping, "notes", notes, note_count, FILLED, sks_note_type),
};
static const sks_member_type mapping_type = SKS_TYPE (mapping_rules, sks_mapping);

/* Evidence is in its sentence. */
static int
check_matches (const sks_tree *tree, const sks_place *above, const sks_map_sentence *sentence)
{
    const sks_place matches = { above, "matches", 0 };
    for (size_t i = 0; i < sentence->match_count; i++) {
        const sks_map_match *match = &sentence->matches[i];
        const sks_place here = { &matches, NULL, i }, evidence = { &here, "evidence", 0 };
        for (size_t k = 0; k < match->evidence_count; k++) {
            const sks_place span = { &evidence, NULL, k };
            if (match->evidence[k].start < sentence->start)
                return sks_tree_refuse (tree, tree->type_code, &(sks_place) { &span, NULL, 0 }, "at least %u",
                                        sentence->start);
            if (match->evidence[k].end > sentence->end)
                return sks_tree_refuse (tree, tree->type_code, &(sks_place) { &span, NULL, 1 }, "at most %u",
                                        sentence->end);
        }
    }
    return 0;
}

/* Sentences follow each other. */
static int
check_mapping (const sks_tree *tree, const struct cJSON *root, void *out)
{
    const sks_mapping *mapping = out;
    const sks_place place = { NULL, "sentences", 0 };
    uint32_t min = 0;
    int rc = 0;
    (void) root;
    for (size_t i = 0; rc == 0 && i < mapping->sentence_count; i++) {
        const sks_map_sentence *sentence = &mapping->sentences[i];
        const sks_place here = { &place, NULL, i };
        if (sentence->start < min || sentence->end <= sentence->start)
            return sks_tree_refuse (tree, tree->type_code, &here, "a sentence that does not follow the one before it");
        rc = check_matches (tree, &here, sentence);
        min = sentence->end;
    }
    return rc;
}

SKS_ENCODE (mapping, sks_mapping, mapping_type)
SKS_DECODE (mapping, sks_mapping, mapping_type, check_mapping)
SKS_DESTROY (sks_mapping)
