/* automaton.c - a shift-and automaton: each word of each leaf has one bit, at most 64 in all; a bit is set while its
 * leaf matches up to that word. */
#include "automaton.h"

#include <assert.h>
#include <string.h>

struct automaton {
    const sks_store *store;
    const uint32_t *form_of_entry;
    uint64_t *takes;               /* by form: the words of the query that it matches; one more row for
                                      entries without a word, and one per word in capitals */
    uint64_t starts, ends, duties; /* first words; last words; last words in duties */
    uint64_t exact;                /* words that a joined form does not match */
    uint32_t own[64];              /* by row of a word in capitals: its form */
    sks_pending *owner[64];        /* by last word */
};

_Static_assert(SKS_MAX_QUERY_WORDS <= 64, "each word of a leaf has a bit");

/* The state of the pass over one statement. */
struct pass {
    uint64_t state, seen;
    uint64_t joined; /* the state after the current compound, read as its joined form */
    uint32_t left;   /* words of this compound that are still to come */
};

static void
add_word (const sks_store *store, uint64_t *takes, const sks_matcher *matcher, uint64_t bit)
{
    if (matcher->stem != SKS_NONE)
        for (uint32_t i = store->stem[matcher->stem].forms; i < store->stem[matcher->stem + 1].forms; i++)
            takes[store->stem_forms[i]] |= bit;
    for (uint32_t form = matcher->first; form < matcher->end; form++)
        if (sks_matcher_takes_form (matcher, store, form))
            takes[form] |= bit;
}

/* Move the entries of a form that are in capitals to a row of their own, which has the bits of the query's words that
 * require capitals. */
static void
part_capitals (const sks_store *store, uint32_t *forms, uint32_t form, uint32_t own)
{
    for (uint32_t i = 0; i < store->entries; i++)
        if (forms[i] == form && sks_store_in_capitals (store, i))
            forms[i] = own;
}

/* Add rows for the words of all leaves that require capitals. Such a word matches one form only. */
static int
add_capitals (sks_matching *m, const sks_pending *pending, size_t count, struct automaton *a)
{
    const sks_store *store = m->store;
    uint32_t *forms = NULL, own = store->forms + 1;
    unsigned word = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < pending[i].node->word_count; k++, word++) {
            const sks_matcher *matcher = &pending[i].node->matchers[k];
            if (!matcher->capitals || matcher->first == matcher->end)
                continue;
            if (!forms) {
                if (!(forms = sks_arena_array (m->arena, store->entries + (size_t) 1, sizeof *forms)))
                    return sks_fail_memory (m->err);
                memcpy (forms, a->form_of_entry, store->entries * sizeof *forms);
                a->form_of_entry = forms;
            }
            uint64_t bit = (uint64_t) 1 << word;
            a->takes[matcher->first] &= ~bit;
            part_capitals (store, forms, matcher->first, own);
            a->takes[own] |= a->takes[matcher->first] | bit;
            for (uint32_t other = store->forms + 1; other < own; other++)
                if (a->own[other - store->forms - 1] == matcher->first)
                    a->takes[other] |= bit;
            a->own[own++ - store->forms - 1] = matcher->first;
        }
    return 0;
}

static int
make_automaton (sks_matching *m, sks_pending *pending, size_t count, struct automaton *out)
{
    unsigned word = 0;
    size_t forms = m->store->forms + (size_t) 1 + SKS_MAX_QUERY_WORDS;
    *out = (struct automaton) { .store = m->store,
                                .takes = sks_arena_array (m->arena, forms, sizeof *out->takes),
                                .form_of_entry = m->snapshot->form_of_entry };
    if (!out->takes)
        return sks_fail_memory (m->err);
    for (size_t i = 0; i < count; i++) {
        const sks_node *leaf = pending[i].node;
        out->starts |= (uint64_t) 1 << word;
        for (size_t k = 0; k < leaf->word_count; k++) {
            uint64_t bit = (uint64_t) 1 << word++;
            add_word (m->store, out->takes, &leaf->matchers[k], bit);
            out->exact |= leaf->exact ? bit : 0;
        }
        assert (word > 0);
        *(leaf->field == SKS_FIELD_DUTY ? &out->duties : &out->ends) |= (uint64_t) 1 << (word - 1);
        out->owner[word - 1] = &pending[i];
    }
    return add_capitals (m, pending, count, out);
}

/* Read an entry without a word: it announces a compound, or only begins a statement. */
static void
take_joined (const struct automaton *a, const sks_entry *entry, struct pass *pass)
{
    if (!(entry->word & SKS_ENTRY_JOINED))
        return;
    pass->joined = (pass->state << 1 | a->starts) & a->takes[entry->text] & ~a->exact;
    pass->left = entry->word & SKS_ENTRY_WORD;
    pass->seen |= pass->joined;
}

static inline __attribute__ ((always_inline)) void
take_word (const struct automaton *a, uint32_t form, struct pass *pass)
{
    pass->state = (pass->state << 1 | a->starts) & a->takes[form];
    pass->seen |= pass->state;
    if (pass->left && !--pass->left)
        pass->state |= pass->joined;
}

/* The last words of the leaves that must be in the duty and that a statement's duty contains. */
static uint64_t
run_duty (const struct automaton *a, uint32_t statement)
{
    const sks_store *store = a->store;
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    struct pass pass = { 0, 0, 0, 0 };
    bool words = false;
    while (at < end) {
        uint32_t number = sks_token_next (&at);
        const sks_entry *entry = &store->entry[number];
        if (entry->form != SKS_NONE) {
            take_word (a, a->form_of_entry[number], &pass);
            words = true;
        } else
            take_joined (a, entry, &pass);
        if (entry->word & SKS_ENTRY_DUTY && words && at < end)
            return pass.seen & a->duties;
    }
    return 0;
}

/* The last words of the leaves that a statement contains. */
static uint64_t
run (const struct automaton *a, uint32_t statement)
{
    const sks_store *store = a->store;
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    struct pass pass = { 0, 0, 0, 0 };
    while (at < end) {
        uint32_t entry = sks_token_next (&at), form = a->form_of_entry[entry];
        if (__builtin_expect (form == store->forms, 0))
            take_joined (a, &store->entry[entry], &pass);
        else
            take_word (a, form, &pass);
    }
    return (pass.seen & a->ends) | (a->duties ? run_duty (a, statement) : 0);
}

static int
make_room (sks_matching *m, sks_pending *pending, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sks_pending *p = &pending[i];
        if (!p->candidates.bits)
            p->list = sks_arena_room (m->arena, p->known.count + (size_t) p->candidates.count + 1, sizeof *p->list);
        else
            p->bits = sks_set_bits (m->arena, m->store->statements);
        if (!p->list && !p->bits)
            return sks_fail_memory (m->err);
    }
    return 0;
}

/* Record a match. There is space for it: a statement that contains the leaf is known or a candidate. Known ones come
 * here when they are candidates of another leaf. */
static inline void
note (sks_pending *p, uint32_t statement)
{
    if (p->list)
        p->list[p->count++] = statement;
    else
        p->bits[statement >> 6] |= (uint64_t) 1 << (statement & 63);
}

/* Check the candidates of some pending leaves, which have at most 64 words together. */
static int
look_up (sks_matching *m, sks_pending *pending, size_t count)
{
    struct automaton automaton;
    sks_set sets[64], all;
    uint32_t statement;
    for (size_t i = 0; i < count; i++)
        sets[i] = pending[i].candidates;
    int code = make_automaton (m, pending, count, &automaton);
    if (!code)
        code = make_room (m, pending, count);
    if (!code && !sks_set_or (&all, m->arena, sets, count))
        code = sks_fail_memory (m->err);
    if (code)
        return code;
    sks_set_walk walk = { .set = &all };
    while (sks_set_walk_next (&walk, &statement)) {
        if (sks_budget_spend (m->budget, sks_store_tokens (m->store, statement)))
            return sks_budget_status (m->budget, m->err);
        for (uint64_t held = run (&automaton, statement); held; held &= held - 1)
            note (automaton.owner[__builtin_ctzll (held)], statement);
    }
    for (size_t i = 0; i < count; i++) {
        sks_pending *p = &pending[i];
        p->found = p->bits ? sks_set_of_bits (m->store->statements, p->bits)
                           : sks_set_of_list (m->store->statements, p->list, p->count);
    }
    return 0;
}

int
sks_automaton_find (sks_matching *m, sks_pending *pending, size_t count)
{
    int code = 0;
    for (size_t first = 0, end = 0; !code && first < count; first = end) {
        size_t words = 0;
        while (end < count && words + pending[end].node->word_count <= 64)
            words += pending[end++].node->word_count;
        code = look_up (m, pending + first, end - first);
    }
    return code;
}
