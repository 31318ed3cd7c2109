/* suggest_duties.c - the distinct duties that contain what was typed.
 *
 * No state is kept between calls: the duties are counted over the statements that contain the rarest word, or over
 * all statements if that is less work. */
#include "suggest_duties.h"

#include "best.h"
#include "core/base/hash.h"
#include "core/base/text_duty.h"

#include <stdlib.h>
#include <string.h>

/* Walking over all statements is faster if the rarest word is in at least one of this many statements. */
#define SCAN_SHARE 4

/* The cost of moving a slot, in units of a budget. */
#define SLOT_UNITS 8

/* Maximum number of stems whose lists are joined. A beginning of more stems is in most statements. */
#define MAX_STEMS 256

/* A distinct duty: the hash of its folded words distinguishes it. The hashes are keyed, so nobody can choose words
 * whose hashes collide. */
struct duty {
    uint64_t hash;
    uint32_t count;     /* 0: the slot is free */
    uint32_t statement; /* the first one with it */
    bool begins;
};

/* Slots are probed in turn; at most half of them are in use. */
struct duties {
    struct duty *slots;
    size_t room, used;
};

static struct duty *
slot_of (const struct duties *table, uint64_t hash)
{
    size_t at = hash & (table->room - 1);
    while (table->slots[at].count && table->slots[at].hash != hash)
        at = (at + 1) & (table->room - 1);
    return &table->slots[at];
}

static bool
grow (struct duties *table, sks_budget *budget)
{
    struct duties larger = { .room = table->room ? table->room * 2 : 1024, .used = table->used };
    larger.slots = calloc (larger.room, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < table->room && !sks_budget_spend (budget, SLOT_UNITS); i++)
        if (table->slots[i].count)
            *slot_of (&larger, table->slots[i].hash) = table->slots[i];
    free (table->slots);
    *table = larger;
    return true;
}

static bool
count_duty (struct duties *table, const uint32_t *forms, size_t count, uint32_t statement, bool begins,
            sks_budget *budget)
{
    if (table->used * 2 >= table->room && !grow (table, budget))
        return false;
    uint64_t hash = sks_hash_key (forms, count * sizeof *forms);
    struct duty *duty = slot_of (table, hash);
    if (!duty->count) {
        *duty = (struct duty) { hash, 0, statement, begins };
        table->used++;
    }
    duty->count++;
    return true;
}

/* A flag in addition to the kinds of entries: the word matches one that was typed. */
#define IS_TYPED 4u

/* Flag the entries that announce a compound whose joined form was typed: "email" completes to "E-mail". */
static void
flag_joined (const sks_matching *m, const sks_typed *typed, uint8_t *flags)
{
    const sks_store *store = m->store;
    for (uint32_t entry = SKS_NONE; (entry = sks_snapshot_next_entry (m->snapshot, store->forms, entry)) != SKS_NONE;)
        if (store->entry[entry].word & SKS_ENTRY_JOINED && typed->takes[store->entry[entry].text])
            flags[entry] |= IS_TYPED;
}

/* The flags of each entry of the token stream, in one byte. */
static uint8_t *
flag_entries (sks_matching *m, const sks_typed *typed)
{
    const sks_store *store = m->store;
    uint8_t *flags = sks_arena_room (m->arena, store->entries + (size_t) 1, 1);
    if (!flags)
        return NULL;
    memcpy (flags, m->snapshot->kind_of_entry, store->entries);
    bool joined = false;
    for (uint32_t form = 0, entry; form < store->forms; form++)
        if (typed->takes[form]) {
            for (entry = SKS_NONE; (entry = sks_snapshot_next_entry (m->snapshot, form, entry)) != SKS_NONE;)
                flags[entry] |= IS_TYPED;
            joined |= store->form[form].stem != SKS_NONE && m->snapshot->joined_of_stem[store->form[form].stem];
        }
    if (joined)
        flag_joined (m, typed, flags);
    return flags;
}

/* Whether a statement has a duty with some word that was typed; if `opening`, as its first word. */
static bool
may_hold (const sks_store *store, const uint8_t *flags, bool opening, uint32_t statement)
{
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    unsigned seen = 0, decide = SKS_ENTRY_ENDS_DUTY | (opening ? SKS_ENTRY_HAS_WORD : 0);
    while (at < end) {
        unsigned flag = flags[sks_token_next (&at)];
        seen |= flag;
        if (!(flag & decide))
            continue;
        if (opening && flag & SKS_ENTRY_HAS_WORD && !(seen & IS_TYPED))
            return false;
        if (flag & SKS_ENTRY_ENDS_DUTY && seen & SKS_ENTRY_HAS_WORD && at < end)
            return seen & IS_TYPED;
    }
    return false;
}

/* Read the forms of a statement's duty, and after them the joined forms of its compounds. Returns the number of its
 * words, 0 for a plain statement; *all counts both. */
static size_t
read_duty (const sks_store *store, uint32_t statement, uint32_t forms[2 * SKS_MAX_STATEMENT_WORDS], size_t *all)
{
    uint32_t joined[SKS_MAX_STATEMENT_WORDS];
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    size_t count = 0, joined_count = 0;
    while (at < end && count < SKS_MAX_STATEMENT_WORDS) {
        const sks_entry *entry = &store->entry[sks_token_next (&at)];
        if (entry->form != SKS_NONE)
            forms[count++] = entry->form;
        else if (entry->word & SKS_ENTRY_JOINED && joined_count < SKS_MAX_STATEMENT_WORDS)
            joined[joined_count++] = entry->text;
        if (!(entry->word & SKS_ENTRY_DUTY) || !count || at >= end)
            continue;
        memcpy (forms + count, joined, joined_count * sizeof *joined);
        *all = count + joined_count;
        return count;
    }
    *all = 0;
    return 0;
}

/* List the stems of a word, each once. False if one is a stop word, or if there are too many to join. */
static bool
stems_of (const sks_store *store, const sks_typed *typed, size_t word, uint32_t *stems, size_t *count)
{
    const sks_matcher *matcher = &typed->matchers[word];
    uint32_t whole = typed->open && word + 1 == typed->count ? typed->stem : SKS_NONE;
    *count = 0;
    if (matcher->stem != SKS_NONE || whole != SKS_NONE)
        stems[(*count)++] = matcher->stem != SKS_NONE ? matcher->stem : whole;
    for (uint32_t form = matcher->first; form < matcher->end; form++) {
        size_t i = 0;
        while (i < *count && stems[i] != store->form[form].stem)
            i++;
        if (store->form[form].stem == SKS_NONE || i == MAX_STEMS)
            return false;
        stems[i] = store->form[form].stem;
        *count += i == *count;
    }
    return true;
}

/* List the stems of the word in the fewest statements. False if walking over all statements is less work. */
static bool
rarest_word (const sks_store *store, const sks_typed *typed, uint32_t *stems, size_t *count)
{
    uint64_t min = store->statements / SCAN_SHARE;
    bool found = false;
    for (size_t i = 0; i < typed->count; i++) {
        uint32_t list[MAX_STEMS];
        size_t size;
        uint64_t sum = 0;
        if (!(typed->all >> i & 1) || !stems_of (store, typed, i, list, &size))
            continue;
        for (size_t k = 0; k < size; k++)
            sum += store->stem[list[k]].statements;
        if (sum >= min)
            continue;
        memcpy (stems, list, size * sizeof *stems);
        *count = size;
        min = sum;
        found = true;
    }
    return found;
}

/* Find the statements to check. */
static int
find_candidates (sks_matching *m, const sks_typed *typed, sks_set *out)
{
    uint32_t stems[MAX_STEMS];
    sks_set sets[MAX_STEMS];
    size_t count, lists = 0;
    int code = 0;
    if (!rarest_word (m->store, typed, stems, &count)) {
        bool made = sks_set_range (out, m->arena, m->store->statements, 0, m->store->statements);
        return made ? 0 : sks_fail_memory (m->err);
    }
    for (size_t i = 0; !code && i < count; i++) {
        const sks_postings *p;
        if (!m->store->stem[stems[i]].statements)
            continue;
        code = sks_cache_postings (m->cache, m->lists, stems[i], m->arena, &p, m->err);
        if (!code)
            sets[lists++] = sks_postings_set (p, m->store);
    }
    *out = sks_set_of_list (m->store->statements, NULL, 0);
    if (!code && lists && !sks_set_or (out, m->arena, sets, lists))
        code = sks_fail_memory (m->err);
    return code;
}

static int
count_duties (sks_matching *m, const sks_typed *typed, struct duties *table)
{
    sks_set candidates;
    uint32_t statement, forms[2 * SKS_MAX_STATEMENT_WORDS];
    size_t all;
    const uint8_t *flags = flag_entries (m, typed);
    int code = flags ? find_candidates (m, typed, &candidates) : sks_fail_memory (m->err);
    if (code)
        return code;
    sks_set_walk walk = { .set = &candidates };
    while (sks_set_walk_next (&walk, &statement)) {
        bool begins;
        if (sks_budget_spend (m->budget, sks_store_tokens (m->store, statement)))
            return sks_budget_status (m->budget, m->err);
        if (!may_hold (m->store, flags, typed->opening, statement))
            continue;
        size_t count = read_duty (m->store, statement, forms, &all);
        if (sks_typed_holds (typed, forms, all, &begins) &&
            !count_duty (table, forms, count, statement, begins, m->budget))
            return sks_fail_memory (m->err);
    }
    return 0;
}

static int
put_duty (sks_matching *m, const sks_candidate *candidate, sks_arena *arena, sks_completion *out)
{
    char text[SKS_MAX_STATEMENT_BYTES];
    size_t size = sks_store_put_text (m->store, candidate->number, text);
    *out = (sks_completion) { .text = sks_arena_copy (arena, text, sks_text_duty (text, size)),
                              .count = candidate->count };
    return out->text ? 0 : sks_fail_memory (m->err);
}

int
sks_suggest_duties (sks_matching *m, const sks_typed *typed, uint32_t limit, sks_arena *arena, sks_completions *out)
{
    struct duties table = { NULL, 0, 0 };
    sks_best best = { .limit = limit };
    bool ask = typed->count && limit && m->snapshot->has_duties && !m->store->shards;
    int code = ask ? count_duties (m, typed, &table) : 0;
    for (size_t i = 0; i < table.room; i++) {
        const struct duty *duty = &table.slots[i];
        if (duty->count)
            sks_best_offer (&best, (sks_candidate) { 0, duty->count, duty->begins, duty->statement });
    }
    free (table.slots);
    sks_completion *list = sks_arena_array (arena, best.count + 1, sizeof *list);
    if (!code && !list)
        code = sks_fail_memory (m->err);
    for (size_t i = 0; !code && i < best.count; i++)
        code = put_duty (m, &best.items[i], arena, &list[i]);
    out->duties = list;
    out->duty_count = best.count;
    return code;
}
