/* range.c - words of statements -> tokens, counts and postings. */
#include "range.h"

#include "core/index/place.h"
#include "core/index/posting.h"
#include "limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_BYTES 5 /* at most */

/* Record one word of a statement; `before` is the number of words before it that are not stop words. */
static size_t
note_word (sks_range *range, uint32_t form_number, uint32_t statement, uint32_t before, size_t found)
{
    const sks_form *form = &range->building->dictionary->form[form_number];
    sks_range_form *count = &range->forms[form_number];
    if (count->last != statement + 1) {
        count->last = statement + 1;
        count->statements += range->step;
    }
    if (form->stop)
        return found;
    uint32_t *slot = &range->stems[form->stem].slot;
    if (!*slot) {
        *slot = (uint32_t) ++found;
        range->found[found - 1] = (sks_range_word) { form->stem, form_number, 0 };
    }
    range->found[*slot - 1].weight += range->building->weights[before];
    return found;
}

static void
count_stems (sks_range *range, size_t found)
{
    for (size_t i = 0; i < found; i++) {
        sks_range_stem *count = &range->stems[range->found[i].stem];
        count->slot = 0;
        count->statements += range->step;
    }
}

/* Turn the recorded words into the document's terms. The form of the first occurrence represents all: its position
 * weight is the largest. */
static void
list_terms (sks_range *range, size_t found)
{
    const sks_dictionary *d = range->building->dictionary;
    for (size_t i = 0; i < found; i++) {
        const sks_range_word *f = &range->found[i];
        range->terms[i] =
            (sks_term) { f->stem, sks_posting_pack (sks_posting_weight_code (f->weight), d->form[f->form].rank) };
    }
}

void
sks_range_piece (char path[PATH_MAX], const sks_range *range, unsigned piece)
{
    snprintf (path, PATH_MAX, "%s/piece-%u-%u", range->folder, range->number, piece);
}

/* Write the current piece; the only one of the build is the file of additions.
 *   is_last   of the range */
static int
end_piece (sks_range *range, bool is_last)
{
    const sks_dictionary *d = range->building->dictionary;
    bool is_file = is_last && range->building->alone && !range->pieces;
    char path[PATH_MAX];
    if (!range->builder)
        return 0;
    if (is_file)
        snprintf (path, sizeof path, "%s/%s", range->folder, SKS_ADDITIONS_FILE);
    else
        sks_range_piece (path, range, range->pieces++);
    int code = sks_builder_commit (range->builder, path, is_file, d->stem, d->strings.bytes, range->err);
    sks_builder_close (&range->builder);
    return code;
}

static int
feed (sks_range *range, size_t found)
{
    int code =
        range->builder ? 0 : sks_builder_create (&range->builder, range->building->dictionary->stems, range->err);
    list_terms (range, found);
    if (!code)
        code = sks_builder_add (range->builder, range->terms, found, range->err);
    return code || sks_builder_bytes (range->builder) < sks_limits_of_index.piece_bytes ? code
                                                                                        : end_piece (range, false);
}

/* The state of a statement whose words are taken. */
struct taking {
    uint32_t statement, before; /* before: as in note_word */
    size_t found;
    uint8_t *at; /* end of its tokens */
};

static inline void
take_word (sks_range *range, struct taking *t, uint32_t number)
{
    const sks_dictionary *d = range->building->dictionary;
    const sks_entry *entry = &d->entry[number];
    t->at = sks_token_put (t->at, number);
    if (entry->word & SKS_ENTRY_JOINED)
        t->found = note_word (range, entry->text, t->statement, t->before, t->found);
    if (entry->form == SKS_NONE)
        return;
    t->found = note_word (range, entry->form, t->statement, t->before, t->found);
    t->before += !d->form[entry->form].stop;
}

static void
take_words (sks_range *range, const sks_framework *f, const uint32_t *numbers, const sks_line *line, struct taking *t)
{
    const uint32_t *entry = f->collection->entries + line->first, *end = entry + line->count;
    while (entry < end)
        take_word (range, t, numbers[*entry++]);
}

/* The same for a statement of the last generation; numbers is NULL if its entries keep their numbers. */
static void
take_old_words (sks_range *range, const uint32_t *numbers, uint32_t old, struct taking *t)
{
    const sks_store *last = range->building->plan->last;
    const uint8_t *at = last->tokens + last->offsets[old], *end = last->tokens + last->offsets[old + 1];
    while (at < end) {
        uint32_t number = sks_token_next (&at);
        take_word (range, t, numbers ? numbers[number] : number);
    }
}

/* Take the i-th statement of a framework. */
static int
take_statement (sks_range *range, const sks_framework *f, const uint32_t *numbers, uint32_t i, uint32_t statement,
                uint32_t *length)
{
    sks_building *b = range->building;
    bool is_old = f->last != SKS_NONE;
    uint32_t old = is_old ? b->plan->last->cells[f->last * SKS_LEVELS] + i : SKS_NONE;
    const sks_line *line = is_old ? NULL : &f->collection->lines[f->first + i];
    size_t tokens = line ? line->count : sks_store_tokens (b->plan->last, old);
    char *space = sks_buffer_reserve (&range->tokens.own, tokens * TOKEN_BYTES);
    if (!space)
        return sks_stream_status (&range->tokens, range->err);
    struct taking t = { .statement = statement, .at = (uint8_t *) space };
    if (line)
        take_words (range, f, numbers, line, &t);
    else
        take_old_words (range, numbers, old, &t);
    b->positions[statement] = line ? line->position : b->plan->last->positions[old];
    sks_stream_add (&range->tokens, (size_t) (t.at - (uint8_t *) space));
    b->offsets[statement + 1] = (uint32_t) range->tokens.size;
    b->lengths[statement] = (uint8_t) (t.before < UINT8_MAX ? t.before : UINT8_MAX);
    *length = t.before;
    count_stems (range, t.found);
    return !b->sharding && sks_reuse_lacks (b->reuse, statement) ? feed (range, t.found) : 0;
}

static int
take_framework (sks_range *range, size_t i)
{
    sks_building *b = range->building;
    const sks_framework *f = b->plan->frameworks[i];
    const uint32_t *numbers = sks_dictionary_numbers (b->dictionary, f->collection);
    int code = 0;
    range->step = !b->reuse || f->last == SKS_NONE;
    for (uint32_t k = 0; !code && k < f->count; k++) {
        uint32_t length = 0;
        code = take_statement (range, f, numbers, k, b->first[i] + k, &length);
        b->words[i] += length;
    }
    return code;
}

/* Whether all statements of a framework can be copied: their entries keep their numbers, and they have postings. */
static bool
can_copy (const sks_building *b, size_t i)
{
    return b->reuse && b->plan->frameworks[i]->last != SKS_NONE &&
           !memchr (b->reuse->covered + b->first[i], 0, b->first[i + 1] - b->first[i]);
}

/* The words of a run of statements that are not stop words. */
static uint32_t
count_words (const sks_store *store, uint32_t first, uint32_t count)
{
    uint32_t words = 0;
    for (uint32_t s = first; s < first + count; s++)
        words += store->lengths[s];
    if (!memchr (store->lengths + first, UINT8_MAX, count))
        return words;
    const uint8_t *at = store->tokens + store->offsets[first], *end = store->tokens + store->offsets[first + count];
    for (words = 0; at < end;) {
        uint32_t form = store->entry[sks_token_next (&at)].form;
        words += form != SKS_NONE && !store->form[form].stop;
    }
    return words;
}

static int
copy_framework (sks_range *range, size_t i)
{
    sks_building *b = range->building;
    const sks_framework *f = b->plan->frameworks[i];
    const sks_store *last = b->plan->last;
    uint32_t first = b->first[i], old = last->cells[f->last * SKS_LEVELS];
    const uint32_t *offsets = last->offsets + old;
    uint32_t shift = (uint32_t) range->tokens.size - offsets[0];
    sks_stream_borrow (&range->tokens, last->tokens + offsets[0], offsets[f->count] - offsets[0]);
    memcpy (b->positions + first, last->positions + old, f->count * sizeof *b->positions);
    memcpy (b->lengths + first, last->lengths + old, f->count);
    for (uint32_t k = 1; k <= f->count; k++)
        b->offsets[first + k] = offsets[k] + shift;
    b->words[i] = count_words (last, old, (uint32_t) f->count);
    return sks_stream_status (&range->tokens, range->err);
}

static int
take_frameworks (sks_range *range)
{
    sks_building *b = range->building;
    int code = 0;
    for (size_t i = range->first; !code && i < range->end; i++) {
        code = can_copy (b, i) ? copy_framework (range, i) : take_framework (range, i);
        if (b->progress)
            atomic_fetch_add_explicit (&b->progress->built, b->plan->frameworks[i]->count, memory_order_relaxed);
    }
    return code ? code : end_piece (range, true);
}

/* Take a statement that is gone out of the counts of its words. */
static int
forget_statement (sks_range *range, uint32_t old)
{
    const sks_store *last = range->building->plan->last;
    char *space = sks_buffer_reserve (&range->tokens.own, sks_store_tokens (last, old) * (size_t) TOKEN_BYTES);
    if (!space)
        return sks_stream_status (&range->tokens, range->err);
    struct taking t = { .statement = (uint32_t) range->building->plan->statements + old, .at = (uint8_t *) space };
    take_old_words (range, NULL, old, &t);
    count_stems (range, t.found);
    return 0;
}

/* The counts of a dictionary that grows begin with those of the last generation. */
static int
forget_occupations (sks_range *range)
{
    const sks_reuse *reuse = range->building->reuse;
    int code = 0;
    range->step = UINT32_MAX;
    for (uint32_t i = 0; reuse && i < reuse->last->occupations; i++) {
        const uint32_t *cells = &reuse->last->cells[i * SKS_LEVELS];
        for (uint32_t s = cells[0]; !code && reuse->occupation[i] == SKS_NONE && s < cells[SKS_LEVELS]; s++)
            code = forget_statement (range, s);
    }
    return code;
}

int
sks_range_take (void *argument, sks_error *err)
{
    sks_range *range = argument;
    const sks_dictionary *d = range->building->dictionary;
    sks_stream_begin (&range->tokens);
    range->forms = calloc (d->forms + (size_t) 1, sizeof *range->forms);
    range->stems = calloc (d->stems + (size_t) 1, sizeof *range->stems);
    range->err = err;
    bool ready = range->forms && range->stems;
    int code = ready ? take_frameworks (range) : sks_fail_memory (err);
    if (!code && range->number == 0)
        code = forget_occupations (range);
    sks_builder_close (&range->builder);
    return code;
}

void
sks_range_free (sks_range *range)
{
    sks_stream_free (&range->tokens);
    free (range->forms);
    free (range->stems);
}
