/* split.c - tries every position where a word may be split, once for each form of the dictionary; the cache keeps
 * the best. */
#include "split.h"

#include "core/base/text_list.h"
#include "leaf.h"

#define MIN_LETTERS 2  /* fewest letters of each part */
#define MAX_INITIALS 3 /* of a name: "W.H.O." */
#define MIN_SHARE 8    /* a split needs more than one statement per this many that have the unsplit word */

/* Whether some statement has the form as a word, and it is not a stop word. */
static bool
is_word (const sks_snapshot *snapshot, const char *form, size_t size)
{
    const sks_store *store = snapshot->store;
    uint32_t number = sks_snapshot_form (snapshot, form, size);
    return number != SKS_NONE && store->form[number].statements && !store->form[number].stop &&
           !store->form[number].joined;
}

/* Whether some statement has the word in this or in another form. */
static int
is_stem_of_word (sks_matching *m, const char *form, size_t size, bool *out)
{
    uint32_t stem;
    *out = is_word (m->snapshot, form, size);
    if (*out || sks_text_stop_word (form, size))
        return 0;
    int code = sks_leaf_stem (m, form, size, &stem);
    *out = stem != SKS_NONE && m->store->stem[stem].statements;
    return code;
}

/* Make a phrase of the parts of a word: all but the last have `left` bytes. */
static sks_node *
make_phrase (sks_matching *m, const sks_node *word, size_t left, size_t count)
{
    const sks_query_word *whole = word->words;
    sks_node *phrase = sks_arena_alloc (m->arena, sizeof *phrase);
    sks_query_word *parts = sks_arena_array (m->arena, count, sizeof *parts);
    if (!phrase || !parts)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const char *form = whole->form + i * left;
        size_t size = i + 1 < count ? left : whole->size - i * left;
        parts[i] = (sks_query_word) {
            .form = sks_arena_copy (m->arena, form, size), .size = size, .at = whole->at, .end = whole->end
        };
        if (!parts[i].form)
            return NULL;
    }
    *phrase = (sks_node) { .kind = SKS_NODE_PHRASE, .at = word->at, .end = word->end, .field = word->field };
    phrase->words = parts;
    phrase->word_count = count;
    return phrase;
}

/* Find the position where most statements split a word; 0 if too few do. */
static int
find_best (sks_matching *m, const sks_node *word, size_t *best)
{
    const sks_query_word *whole = word->words;
    uint32_t form = word->matchers->form, max = form == SKS_NONE ? 0 : m->store->form[form].statements / MIN_SHARE;
    *best = 0;
    for (size_t left = MIN_LETTERS; left + MIN_LETTERS <= whole->size; left++) {
        bool right = false;
        int code = is_word (m->snapshot, whole->form, left)
                       ? is_stem_of_word (m, whole->form + left, whole->size - left, &right)
                       : 0;
        if (code)
            return code;
        if (!right)
            continue;
        sks_node *phrase = make_phrase (m, word, left, 2);
        if (!phrase)
            return sks_fail_memory (m->err);
        phrase->field = SKS_FIELD_TEXT;
        code = sks_leaf_find (m, phrase);
        if (code)
            return code;
        if (phrase->set->count > max) {
            max = phrase->set->count;
            *best = left;
        }
    }
    return 0;
}

static bool
is_ascii_word (const sks_query_word *word)
{
    for (size_t i = 0; i < word->size; i++)
        if (word->form[i] < 'a' || word->form[i] > 'z')
            return false;
    return word->size >= 2 * MIN_LETTERS;
}

int
sks_split_find (sks_matching *m, sks_node *word)
{
    uint32_t form = word->matchers->form;
    size_t left = 0;
    int code = 0;
    if (word->exact || word->words->prefix || word->field == SKS_FIELD_TITLE)
        return 0;
    if (word->words->capitals)
        left = word->words->size > 1 && word->words->size <= MAX_INITIALS;
    else if (form == SKS_NONE || !sks_cache_split (m->cache, form, &left)) {
        code = is_ascii_word (word->words) ? find_best (m, word, &left) : 0;
        if (!code && form != SKS_NONE)
            sks_cache_keep_split (m->cache, form, left);
    }
    if (!code && left && !(word->other = make_phrase (m, word, left, word->words->capitals ? word->words->size : 2)))
        code = sks_fail_memory (m->err);
    return code;
}
