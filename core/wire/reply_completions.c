/* reply_completions.c - the reply to "suggest". */
#include "reply.h"

static const sks_member_rule completion_rules[] = {
    SKS_RULE (sks_completion, text, TEXT, PRESENT),
    SKS_RULE (sks_completion, value, TEXT, OPTIONAL),
    SKS_RULE (sks_completion, count, WHOLE, PRESENT),
};
static const sks_member_type completion_type = SKS_TYPE (completion_rules, sks_completion);

static const sks_member_rule completions_rules[] = {
    SKS_RULES_ANSWERED (sks_completions),
    SKS_RULE_ITEMS (sks_completions, "words", words, word_count, PRESENT, completion_type),
    SKS_RULE_ITEMS (sks_completions, "duties", duties, duty_count, PRESENT, completion_type),
    SKS_RULE_ITEMS (sks_completions, "occupations", occupations, occupation_count, PRESENT, completion_type),
};
static const sks_member_type completions_type = SKS_TYPE (completions_rules, sks_completions);

SKS_ENCODE (completions, sks_completions, completions_type)
SKS_DECODE (completions, sks_completions, completions_type, NULL)
SKS_DESTROY (sks_completions)
