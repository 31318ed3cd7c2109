/* ask_phrase.c - a word may be written as such, or be the joined form of a compound, which takes several positions. */
#include "ask_phrase.h"

#include "core/index/shard.h"

#include <string.h>

/* The first letters of terms, in the whole text and in the duty (core/index/shard.h). */
struct letters {
    char stem, form, capitals, first, last; /* first, last: of a joined form */
};

static const struct letters letters_of_text = { 'Z', 'W', 'U', 'J', 'L' };
static const struct letters letters_of_duty = { 'D', 'E', 'V', 'K', 'M' };

static const struct letters *
letters_of (const sks_node *leaf)
{
    return leaf->field == SKS_FIELD_DUTY ? &letters_of_duty : &letters_of_text;
}

/* The term of a letter, the number of words if it is a joined form, and the bytes of a form or stem. */
static sks_shards_query *
ask_term (const sks_asker *ask, const sks_store *store, char letter, uint32_t span, uint32_t text, size_t size)
{
    char term[SKS_MAX_TERM_BYTES + 2] = { letter };
    size_t before = 1;
    if (span)
        term[before++] = (char) ('0' + span);
    memcpy (term + before, store->strings + text, size);
    return sks_shards_term (ask->shards, term, before + size);
}

static sks_shards_query *
ask_form (const sks_asker *ask, const sks_store *store, char letter, uint32_t span, uint32_t form)
{
    return ask_term (ask, store, letter, span, store->form[form].text, store->form[form].size);
}

/* The word as written: a term, or an OR of terms; it has positions. */
static sks_shards_query *
ask_written (const sks_asker *ask, const sks_matching *m, const struct letters *letters, const sks_matcher *matcher)
{
    const sks_store *store = m->store;
    sks_shards_query *parts[SKS_MAX_PREFIX_EXPANSIONS];
    size_t count = 0;
    if (matcher->stem != SKS_NONE)
        return ask_term (ask, store, letters->stem, 0, store->stem[matcher->stem].text,
                         store->stem[matcher->stem].size);
    for (uint32_t form = matcher->first; form < matcher->end && count < SKS_MAX_PREFIX_EXPANSIONS; form++)
        if (sks_matcher_takes_form (matcher, store, form))
            parts[count++] = ask_form (ask, store, matcher->capitals ? letters->capitals : letters->form, 0, form);
    return count == 1 ? parts[0] : sks_shards_join (ask->shards, SKS_SHARDS_OR, parts, count);
}

/* The word as a joined form of `span` words, by the position of its first or last word; NULL if it cannot be one. With
 * span 0, of any number of words. */
static int
ask_compound (const sks_asker *ask, const sks_matching *m, char letter, const sks_matcher *matcher, uint32_t span,
              sks_shards_query **out)
{
    size_t count = 0;
    *out = NULL;
    for (size_t i = 0; i < ask->compound_count && !matcher->exact && !matcher->capitals; i++)
        count += sks_matcher_takes (matcher, m->store, ask->compounds[i].form);
    if (!count)
        return 0;
    sks_shards_query **parts = sks_arena_array (m->arena, count, sizeof *parts);
    if (!parts)
        return sks_fail_memory (m->err);
    count = 0;
    for (size_t i = 0; i < ask->compound_count; i++) {
        const struct sks_asker_compound *c = &ask->compounds[i];
        if (sks_matcher_takes (matcher, m->store, c->form) && (!span || span == c->span))
            parts[count++] = ask_form (ask, m->store, letter, c->span, c->form);
    }
    if (count && !(*out = sks_shards_join (ask->shards, SKS_SHARDS_OR, parts, count)))
        return sks_fail_memory (m->err);
    return 0;
}

/* A single word. The term of a stem is also that of its joined forms. */
static int
ask_word (const sks_asker *ask, const sks_matching *m, const sks_node *leaf, sks_shards_query **out)
{
    const struct letters *letters = letters_of (leaf);
    sks_shards_query *either[2] = { ask_written (ask, m, letters, leaf->matchers) };
    int code = 0;
    *out = either[0];
    if (leaf->matchers->stem == SKS_NONE)
        code = ask_compound (ask, m, letters->first, leaf->matchers, 0, &either[1]);
    if (!code && leaf->matchers->stem == SKS_NONE && either[1])
        *out = sks_shards_join (ask->shards, SKS_SHARDS_OR, either, 2);
    return code || *out ? code : sks_fail_memory (m->err);
}

/* A phrase while its words are read one by one. */
struct phrase {
    const sks_asker *ask;
    const sks_matching *m;
    const sks_node *leaf;
    sks_shards_query *operands[SKS_MAX_QUERY_WORDS * 4]; /* one per position */
    size_t positions;
    sks_shards_query *readings[SKS_ASK_MAX_READINGS];
    size_t count;
};

/* The numbers of words of its joined forms that a word may be, one bit each. */
static uint64_t
spans_of (const sks_asker *ask, const sks_matching *m, const sks_matcher *matcher)
{
    uint64_t spans = 0;
    for (size_t i = 0; i < ask->compound_count && !matcher->exact && !matcher->capitals; i++)
        if (ask->compounds[i].span <= SKS_SHARD_MAX_SPAN &&
            sks_matcher_takes (matcher, m->store, ask->compounds[i].form))
            spans |= UINT64_C (1) << (ask->compounds[i].span - 1);
    return spans;
}

static int read_phrase (struct phrase *p, size_t word);

/* Take the word as a joined form of `span` words; its later words have a position each. */
static int
read_compound (struct phrase *p, size_t word, uint32_t span)
{
    size_t before = p->positions;
    sks_shards_query *joined;
    int code = ask_compound (p->ask, p->m, letters_of (p->leaf)->first, &p->leaf->matchers[word], span, &joined);
    if (code || !joined)
        return code;
    if (before + span > sizeof p->operands / sizeof *p->operands)
        return sks_fail (p->m->err, SKS_EUNSUPPORTED, "a phrase of too many compounds for an index in shards");
    p->operands[p->positions++] = joined;
    for (uint32_t i = 1; i < span; i++)
        p->operands[p->positions++] = sks_shards_term (p->ask->shards, "C", 1);
    code = read_phrase (p, word + 1);
    p->positions = before;
    return code;
}

/* Read the words of a phrase from `word` on in all ways. */
static int
read_phrase (struct phrase *p, size_t word)
{
    int code = 0;
    if (word == p->leaf->word_count) {
        if (p->count == SKS_ASK_MAX_READINGS)
            return sks_fail (p->m->err, SKS_EUNSUPPORTED, "a phrase of too many compounds for an index in shards");
        sks_shards_query *reading =
            p->positions == 1 ? p->operands[0] : sks_shards_phrase (p->ask->shards, p->operands, p->positions);
        p->readings[p->count++] = reading;
        return reading ? 0 : sks_fail_memory (p->m->err);
    }
    if (p->positions == sizeof p->operands / sizeof *p->operands)
        return sks_fail (p->m->err, SKS_EUNSUPPORTED, "a phrase of too many compounds for an index in shards");
    p->operands[p->positions++] = ask_written (p->ask, p->m, letters_of (p->leaf), &p->leaf->matchers[word]);
    code = read_phrase (p, word + 1);
    p->positions--;
    uint64_t spans = spans_of (p->ask, p->m, &p->leaf->matchers[word]);
    for (uint32_t span = 1; !code && span <= SKS_SHARD_MAX_SPAN; span++)
        if (spans >> (span - 1) & 1)
            code = read_compound (p, word, span);
    return code;
}

int
sks_ask_phrase (const sks_asker *ask, const sks_matching *m, const sks_node *leaf, sks_shards_query **out)
{
    struct phrase phrase = { .ask = ask, .m = m, .leaf = leaf };
    if (leaf->word_count == 1)
        return ask_word (ask, m, leaf, out);
    int code = read_phrase (&phrase, 0);
    if (!code && !(*out = sks_shards_join (ask->shards, SKS_SHARDS_OR, phrase.readings, phrase.count)))
        code = sks_fail_memory (m->err);
    return code;
}

/* ----------------------------------------------------------------------- near */

/* A word of NEAR: as written, or as a joined form, which is as near as its nearer end. */
static int
near_word (const sks_asker *ask, const sks_matching *m, const sks_node *leaf, bool pair, sks_shards_query **out)
{
    const struct letters *letters = letters_of (leaf);
    sks_shards_query *parts[3] = { ask_written (ask, m, letters, leaf->matchers) };
    if (leaf->word_count != 1 || leaf->other)
        return sks_fail_at (m->err, SKS_EUNSUPPORTED, (long) leaf->at,
                            "an index in shards has no NEAR with a phrase inside");
    int code = ask_compound (ask, m, letters->first, leaf->matchers, 0, &parts[1]);
    if (!code && parts[1] && !pair)
        return sks_fail_at (m->err, SKS_EUNSUPPORTED, (long) leaf->at,
                            "an index in shards has no NEAR of three words with a compound");
    if (!code && parts[1])
        code = ask_compound (ask, m, letters->last, leaf->matchers, 0, &parts[2]);
    if (!code && !(*out = parts[1] ? sks_shards_join (ask->shards, SKS_SHARDS_OR, parts, 3) : parts[0]))
        code = sks_fail_memory (m->err);
    return code;
}

int
sks_ask_near (const sks_asker *ask, const sks_matching *m, const sks_node *node, sks_shards_query **out)
{
    sks_shards_query *parts[SKS_MAX_QUERY_WORDS];
    int code = 0;
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = near_word (ask, m, node->children[i], node->child_count == 2, &parts[i]);
    if (!code)
        *out = sks_shards_near (ask->shards, parts, node->child_count, node->distance + 1);
    return code;
}
