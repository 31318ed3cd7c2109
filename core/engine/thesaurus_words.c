/* thesaurus_words.c - each distinct word of the tables is folded and stemmed once. */
#include "thesaurus_words.h"

#include "core/base/text.h"
#include "core/base/text_list.h"
#include "core/index/store.h"
#include "inflection.h"

#include <stdlib.h>
#include <string.h>

#define INITIAL_ROOM 4096 /* enough for the project's own table */

static uint32_t *
find_slot (const struct sks_thesaurus_numbers *numbers, const char *text, size_t size,
           const char *(*text_of) (const void *, size_t), const void *owner)
{
    size_t at = (size_t) sks_text_hash (text, size) & (numbers->room - 1);
    for (; numbers->slots[at]; at = (at + 1) & (numbers->room - 1)) {
        const char *other = text_of (owner, numbers->slots[at] - 1);
        if (strncmp (other, text, size) == 0 && !other[size])
            break;
    }
    return &numbers->slots[at];
}

static const char *
form_of (const void *owner, size_t number)
{
    return ((const sks_near_part *) owner)[number].form;
}

static const char *
stem_of (const void *owner, size_t number)
{
    return ((const char *const *) owner)[number];
}

/* Make space for one more text than `count`; at most half of the slots are in use. */
static int
grow_numbers (struct sks_thesaurus_numbers *numbers, size_t count, const char *(*text_of) (const void *, size_t),
              const void *owner, sks_error *err)
{
    if (2 * (count + 1) <= numbers->room)
        return 0;
    struct sks_thesaurus_numbers larger = { NULL, numbers->room ? 2 * numbers->room : 2 * INITIAL_ROOM };
    larger.slots = calloc (larger.room, sizeof *larger.slots);
    if (!larger.slots)
        return sks_fail_memory (err);
    for (size_t i = 0; i < count; i++) {
        const char *text = text_of (owner, i);
        *find_slot (&larger, text, strlen (text), text_of, owner) = (uint32_t) i + 1;
    }
    free (numbers->slots);
    *numbers = larger;
    return 0;
}

int
sks_thesaurus_words_grow (void **list, size_t count, size_t *room, size_t size, sks_error *err)
{
    if (count < *room)
        return 0;
    size_t more = *room ? 2 * *room : INITIAL_ROOM;
    void *larger = realloc (*list, more * size);
    if (!larger)
        return sks_fail_memory (err);
    *list = larger;
    *room = more;
    return 0;
}

static int
number_stem (sks_thesaurus_words *w, const char *stem, size_t size, uint32_t *out, sks_error *err)
{
    int code = grow_numbers (&w->stem_numbers, w->stem_count, stem_of, w->stem, err);
    if (!code)
        code = sks_thesaurus_words_grow ((void **) &w->stem, w->stem_count, &w->stem_room, sizeof *w->stem, err);
    if (code)
        return code;
    uint32_t *slot = find_slot (&w->stem_numbers, stem, size, stem_of, w->stem);
    if (!*slot) {
        if (!(w->stem[w->stem_count] = sks_arena_copy (w->arena, stem, size)))
            return sks_fail_memory (err);
        *slot = (uint32_t) ++w->stem_count;
    }
    *out = *slot - 1;
    return 0;
}

int
sks_thesaurus_words_number (sks_thesaurus_words *w, const char *form, size_t size, uint32_t *out, sks_error *err)
{
    int code = grow_numbers (&w->word_numbers, w->word_count, form_of, w->word, err);
    if (!code)
        code = sks_thesaurus_words_grow ((void **) &w->word, w->word_count, &w->word_room, sizeof *w->word, err);
    if (code)
        return code;
    uint32_t *slot = find_slot (&w->word_numbers, form, size, form_of, w->word);
    if (!*slot) {
        sks_near_part *word = &w->word[w->word_count];
        *word = (sks_near_part) { .form = sks_arena_copy (w->arena, form, size), .size = (uint32_t) size };
        if (!word->form)
            return sks_fail_memory (err);
        word->stem = SKS_NONE;
        word->stop = sks_text_stop_word (form, size);
        *slot = (uint32_t) ++w->word_count;
    }
    *out = *slot - 1;
    return 0;
}

int
sks_thesaurus_words_stem (sks_thesaurus_words *w, const sks_near_side *side, bool learned, sks_error *err)
{
    char text[SKS_MAX_TERM_BYTES > SKS_MAX_WORD_BYTES ? SKS_MAX_TERM_BYTES : SKS_MAX_WORD_BYTES];
    size_t size;
    int code = 0;
    for (uint32_t i = 0; !code && i < side->count; i++) {
        sks_near_part *word = &w->word[side->words[i]];
        if (word->stem == SKS_NONE) {
            code = sks_stemmer_stem (w->stemmer, word->form, word->size, text, SKS_MAX_TERM_BYTES, &size, err);
            if (!code)
                code = number_stem (w, text, size, &word->stem, err);
        }
        if (!code && !learned && !word->base) {
            size = sks_inflection_base (word->form, word->size, text);
            if (!(word->base = sks_arena_copy (w->arena, text, size)))
                code = sks_fail_memory (err);
        }
    }
    return code;
}

uint32_t
sks_thesaurus_words_find (const sks_near_words *of, const char *stem, size_t size)
{
    const struct sks_thesaurus_numbers numbers = { of->stem_slots, of->stem_slot_count };
    return of->stem_count ? *find_slot (&numbers, stem, size, stem_of, of->stems) - 1 : SKS_NONE;
}

int
sks_thesaurus_words_keep (const sks_thesaurus_words *w, sks_near_words *out, sks_error *err)
{
    sks_near_part *words = sks_arena_room (w->arena, w->word_count + 1, sizeof *words);
    const char **stems = sks_arena_room (w->arena, w->stem_count + 1, sizeof *stems);
    uint32_t *slots = sks_arena_room (w->arena, w->stem_numbers.room + 1, sizeof *slots);
    if (!words || !stems || !slots)
        return sks_fail_memory (err);
    if (w->stem_count) {
        memcpy (words, w->word, w->word_count * sizeof *words);
        memcpy (stems, w->stem, w->stem_count * sizeof *stems);
        memcpy (slots, w->stem_numbers.slots, w->stem_numbers.room * sizeof *slots);
    }
    out->words = words;
    out->word_count = w->word_count;
    out->stems = stems;
    out->stem_count = w->stem_count;
    out->stem_slots = slots;
    out->stem_slot_count = w->stem_numbers.room;
    return 0;
}

int
sks_thesaurus_words_open (sks_thesaurus_words *w, sks_arena *arena, sks_error *err)
{
    *w = (sks_thesaurus_words) { .arena = arena };
    return sks_stemmer_create (&w->stemmer, err);
}

void
sks_thesaurus_words_close (sks_thesaurus_words *w)
{
    if (w->stemmer)
        sks_stemmer_destroy (&w->stemmer);
    free (w->word_numbers.slots);
    free (w->stem_numbers.slots);
    free (w->word);
    free (w->stem);
}
