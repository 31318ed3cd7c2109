/* mentions.c - one list of mentions, ordered by stem, and joined with the contexts of a dictionary that grows. */
#include "mentions.h"

#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "array.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ collecting */

static int
mention_words (sks_making *m, const char *text, uint32_t occupation, uint16_t weight, bool title, sks_error *err)
{
    size_t size = strlen (text);
    sks_word word = { 0, 0 };
    for (size_t at = 0; sks_text_word (text, size, at, &word); at = word.end) {
        char folded[SKS_MAX_WORD_BYTES];
        size_t length = sks_text_fold (text + word.start, word.end - word.start, folded);
        if (!length)
            continue;
        if (!sks_array_reserve (&m->mentions, &m->mention_capacity, m->mention_count + 1, sizeof *m->mentions))
            return sks_fail_memory (err);
        sks_mention mention = { 0, occupation, weight, title };
        int code = sks_vocabulary_add_form (m->all, folded, length, &mention.form, err);
        if (code)
            return code;
        m->mentions[m->mention_count++] = mention;
    }
    return 0;
}

int
sks_mentions_collect (sks_making *m, sks_error *err)
{
    int code = 0;
    for (uint32_t i = 0; !code && i < m->plan->count; i++) {
        const sks_framework *f = m->plan->frameworks[i];
        if (!sks_making_takes (m, f))
            continue;
        code = mention_words (m, f->title, i, SKS_TITLE_WEIGHT, true, err);
        if (!code)
            code = mention_words (m, f->group, i, SKS_GROUP_WEIGHT, false, err);
        if (!code)
            code = mention_words (m, f->description, i, SKS_DESCRIPTION_WEIGHT, false, err);
    }
    return code;
}

/* --------------------------------------------------------------------- marking */

static void
mark_words (const sks_store *store, uint32_t string, bool *forms)
{
    const char *text = sks_store_string (store, string);
    size_t size = strlen (text);
    sks_word word = { 0, 0 };
    while (sks_text_word (text, size, word.end, &word)) {
        char folded[SKS_MAX_WORD_BYTES];
        size_t length = sks_text_fold (text + word.start, word.end - word.start, folded);
        uint32_t form = length ? sks_store_form (store, folded, length) : SKS_NONE;
        if (form != SKS_NONE)
            forms[form] = true;
    }
}

void
sks_mentions_mark (const sks_store *store, uint32_t occupation, bool *forms)
{
    const sks_occupation *row = &store->occupation[occupation];
    const uint32_t *cells = &store->cells[occupation * SKS_LEVELS];
    const uint8_t *at = store->tokens + store->offsets[cells[0]],
                  *end = store->tokens + store->offsets[cells[SKS_LEVELS]];
    while (at < end) {
        const sks_entry *entry = &store->entry[sks_token_next (&at)];
        if (entry->form != SKS_NONE)
            forms[entry->form] = true;
    }
    mark_words (store, row->title, forms);
    mark_words (store, row->group_title, forms);
    mark_words (store, row->description, forms);
}

/* ------------------------------------------------------------------- numbering */

/* Order the mentions by stem, then by occupation: a counting sort by stem keeps the occupations ascending, as they
 * were added. Then a mention's form is its stem, and starts[s] is the end of stem s, and so the start of stem s + 1. */
static sks_mention *
sort_mentions (sks_making *m, uint32_t *starts)
{
    const sks_dictionary *d = m->dictionary;
    sks_mention *sorted = calloc (m->mention_count + 1, sizeof *sorted);
    for (size_t i = 0; sorted && i < m->mention_count; i++) {
        uint32_t stem = d->form[m->form_numbers[m->mentions[i].form]].stem;
        m->mentions[i].form = stem;
        if (stem != SKS_NONE)
            starts[stem + 1]++;
    }
    for (uint32_t s = 0; sorted && s < d->stems; s++)
        starts[s + 1] += starts[s];
    for (size_t i = 0; sorted && i < m->mention_count; i++)
        if (m->mentions[i].form != SKS_NONE)
            sorted[starts[m->mentions[i].form]++] = m->mentions[i];
    return sorted;
}

/* The contexts of a stem of the last generation that are still to be taken over. */
struct old {
    const sks_context *at, *end;
};

static struct old
begin_old (const sks_making *m, uint32_t stem)
{
    uint32_t old = m->last ? m->old_stems[stem] : SKS_NONE;
    if (old == SKS_NONE)
        return (struct old) { NULL, NULL };
    return (struct old) { m->last->context + m->last->stem[old].contexts,
                          m->last->context + m->last->stem[old + 1].contexts };
}

/* Take over the contexts of occupations before `limit`. Their order stays, as both generations order occupations by
 * code. */
static void
take_old (const sks_making *m, struct old *old, uint32_t limit)
{
    sks_dictionary *d = m->dictionary;
    for (; old->at < old->end; old->at++) {
        uint32_t occupation = m->reuse->occupation[old->at->occupation];
        if (occupation == SKS_NONE)
            continue;
        if (occupation >= limit)
            return;
        d->context[d->contexts] = *old->at;
        d->context[d->contexts++].occupation = occupation;
    }
}

/* Add a mention to the contexts of its stem, which begin at `first`. */
static void
add_mention (sks_dictionary *d, uint32_t first, const sks_mention *mention)
{
    sks_context *last = d->contexts > first ? &d->context[d->contexts - 1] : NULL;
    d->context_words[mention->occupation] += mention->weight;
    if (last && last->occupation == mention->occupation) {
        uint32_t count = (uint32_t) last->count + mention->weight;
        last->count = (uint16_t) (count < UINT16_MAX ? count : UINT16_MAX);
        last->title |= mention->title;
    } else
        d->context[d->contexts++] = (sks_context) { mention->occupation, mention->weight, mention->title };
}

int
sks_mentions_number (sks_making *m, sks_error *err)
{
    sks_dictionary *d = m->dictionary;
    size_t most = m->mention_count + (m->last ? m->last->contexts : 0);
    d->context = malloc ((most + 1) * sizeof *d->context);
    d->context_words = calloc (m->plan->count + 1, sizeof *d->context_words);
    uint32_t *starts = calloc (d->stems + (size_t) 2, sizeof *starts);
    sks_mention *sorted = starts ? sort_mentions (m, starts) : NULL;
    if (!d->context || !d->context_words || !sorted) {
        free (starts);
        free (sorted);
        return sks_fail_memory (err);
    }
    for (uint32_t s = 0, i = 0; s < d->stems; s++) {
        struct old old = begin_old (m, s);
        d->stem[s].contexts = d->contexts;
        for (; i < starts[s]; i++) {
            take_old (m, &old, sorted[i].occupation);
            add_mention (d, d->stem[s].contexts, &sorted[i]);
        }
        take_old (m, &old, UINT32_MAX);
    }
    d->stem[d->stems].contexts = d->contexts;
    free (starts);
    free (sorted);
    return 0;
}
