/* dictionary.c - merge, count, number. */
#include "dictionary.h"

#include "core/index/index.h"
#include "core/base/text_duty.h"
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "array.h"
#include "limits.h"

#include <stdlib.h>
#include <string.h>

/* A word of an occupation's title, group or description. */
struct mention {
    uint32_t form, occupation;
    uint16_t weight, title;
};

/* What is needed only while the dictionary is built. */
struct making {
    sks_dictionary *dictionary;
    const sks_store *last; /* the generation whose postings are taken over; NULL: none */
    sks_vocabulary *all;
    uint64_t *entry_counts, *form_counts;
    bool *written;           /* form of `all`: some text has it as a word */
    uint32_t *places;        /* form of `all` -> place in the last stem_forms, SKS_NONE */
    uint32_t place_count;    /* number of forms at the start of `all` that may have one */
    uint32_t *entry_numbers; /* entry of `all` -> final, SKS_NONE if unused */
    uint32_t *form_numbers;  /* form of `all` -> final, SKS_NONE if unused */
    struct mention *mentions;
    size_t mention_count, mention_capacity;
};

/* An entry or a form to be sorted; bytes point into the vocabulary. */
struct row {
    const char *bytes;
    size_t size;
    uint64_t count;
    uint32_t number;
    uint16_t word; /* of an entry */
};

/* A form to be sorted by its stem. */
struct stemmed {
    char bytes[SKS_MAX_WORD_BYTES];
    size_t size;
    uint64_t count;
    uint32_t form, place; /* place: in the last generation, SKS_NONE if it is new */
};

static int
compare_bytes (const char *a, size_t a_size, const char *b, size_t b_size)
{
    int order = memcmp (a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

static int
by_bytes (const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    return compare_bytes (a->bytes, a->size, b->bytes, b->size);
}

/* Most frequent first. Of entries with equal bytes only one can be a word, because the bytes determine where it ends;
 * the others are joined forms, which differ in their number of words. */
static int
by_count (const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    int order = by_bytes (left, right);
    return order ? order : (a->word > b->word) - (a->word < b->word);
}

/* By stem; within a stem the forms of the last generation in their old order, then the new ones, most frequent first.
 * */
static int
by_stem (const void *left, const void *right)
{
    const struct stemmed *a = left, *b = right;
    int order = compare_bytes (a->bytes, a->size, b->bytes, b->size);
    if (order)
        return order;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return (a->form > b->form) - (a->form < b->form);
}

/* ------------------------------------------------------- merging, counting */

static int
merge (struct making *m, const sks_plan *plan, const sks_intake *intake, sks_error *err)
{
    sks_dictionary *d = m->dictionary;
    int code = 0;
    /* Begin with the carried collection: the first one is merged by copying it as a whole. */
    for (size_t i = 0; !code && i <= intake->count; i++) {
        const sks_collection *c = i ? intake->collections[i - 1] : plan->carried;
        uint32_t *numbers = calloc (sks_vocabulary_entries (c->vocabulary) + (size_t) 1, sizeof *numbers);
        if (!numbers)
            return sks_fail_memory (err);
        d->collections[d->collection_count] = c;
        d->numbers[d->collection_count++] = numbers;
        code = sks_vocabulary_merge (m->all, c->vocabulary, numbers, err);
    }
    return code;
}

/* Add the forms of the last generation and record their places. */
static int
keep_forms (struct making *m, sks_error *err)
{
    const sks_store *last = m->last;
    uint32_t max = sks_vocabulary_forms (m->all) + last->forms, count = last->stem[last->stems].forms;
    m->places = malloc ((max + (size_t) 1) * sizeof *m->places);
    if (!m->places)
        return sks_fail_memory (err);
    for (uint32_t f = 0; f < max; f++)
        m->places[f] = SKS_NONE;
    int code = 0;
    for (uint32_t i = 0; !code && i < count; i++) {
        const sks_form *form = &last->form[last->stem_forms[i]];
        uint32_t number;
        code = sks_vocabulary_add_form (m->all, last->strings + form->text, form->size, &number, err);
        if (!code)
            m->places[number] = i;
    }
    m->place_count = sks_vocabulary_forms (m->all);
    return code;
}

static uint32_t
place_of (const struct making *m, uint32_t form)
{
    return form < m->place_count ? m->places[form] : SKS_NONE;
}

static int
mention_words (struct making *m, const char *text, uint32_t occupation, uint16_t weight, bool title, sks_error *err)
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
        struct mention mention = { 0, occupation, weight, title };
        int code = sks_vocabulary_add_form (m->all, folded, length, &mention.form, err);
        if (code)
            return code;
        m->mentions[m->mention_count++] = mention;
    }
    return 0;
}

static int
mention_context (struct making *m, const sks_plan *plan, sks_error *err)
{
    int code = 0;
    for (uint32_t i = 0; !code && i < plan->count; i++) {
        const sks_framework *f = plan->frameworks[i];
        code = mention_words (m, f->title, i, SKS_TITLE_WEIGHT, true, err);
        if (!code)
            code = mention_words (m, f->group, i, SKS_GROUP_WEIGHT, false, err);
        if (!code)
            code = mention_words (m, f->description, i, SKS_DESCRIPTION_WEIGHT, false, err);
    }
    return code;
}

static void
count_entries (struct making *m, const sks_plan *plan, const sks_framework *f)
{
    const uint32_t *numbers = sks_dictionary_numbers (m->dictionary, f->collection);
    if (f->last == SKS_NONE) {
        const sks_line *line = &f->collection->lines[f->first], *end = line + f->count;
        for (; line < end; line++)
            for (size_t e = line->first; e < line->first + line->count; e++)
                m->entry_counts[numbers[f->collection->entries[e]]]++;
        return;
    }
    const sks_store *last = plan->last;
    const uint32_t *cells = &last->cells[f->last * SKS_LEVELS];
    const uint8_t *at = last->tokens + last->offsets[cells[0]], *end = last->tokens + last->offsets[cells[SKS_LEVELS]];
    while (at < end)
        m->entry_counts[numbers[sks_token_next (&at)]]++;
}

static int
count_words (struct making *m, const sks_plan *plan, sks_error *err)
{
    uint32_t entries = sks_vocabulary_entries (m->all), forms = sks_vocabulary_forms (m->all);
    m->entry_counts = calloc (entries + (size_t) 1, sizeof *m->entry_counts);
    m->form_counts = calloc (forms + (size_t) 1, sizeof *m->form_counts);
    m->written = calloc (forms + (size_t) 1, sizeof *m->written);
    if (!m->entry_counts || !m->form_counts || !m->written)
        return sks_fail_memory (err);
    for (size_t i = 0; i < plan->count; i++)
        count_entries (m, plan, plan->frameworks[i]);
    for (uint32_t e = 0; e < entries; e++) {
        const sks_vocabulary_entry *entry = sks_vocabulary_entry_at (m->all, e);
        if (entry->form == SKS_NONE)
            continue;
        m->form_counts[entry->form] += m->entry_counts[e];
        m->written[entry->form] |= m->entry_counts[e] && !(entry->word & SKS_ENTRY_JOINED);
    }
    for (size_t i = 0; i < m->mention_count; i++) {
        m->form_counts[m->mentions[i].form]++;
        m->written[m->mentions[i].form] = true;
    }
    return 0;
}

/* --------------------------------------------------------------- numbering */

static uint32_t
add_string (sks_dictionary *d, const char *bytes, size_t size)
{
    uint32_t offset = (uint32_t) d->strings.size;
    sks_buffer_add (&d->strings, bytes, size);
    return offset;
}

/* Number the occurring forms in the order of their bytes. */
static int
number_forms (struct making *m, sks_error *err)
{
    sks_dictionary *d = m->dictionary;
    uint32_t all = sks_vocabulary_forms (m->all);
    struct row *rows = calloc (all + (size_t) 1, sizeof *rows);
    m->form_numbers = calloc (all + (size_t) 1, sizeof *m->form_numbers);
    d->form = calloc (all + (size_t) 1, sizeof *d->form);
    if (!rows || !m->form_numbers || !d->form) {
        free (rows);
        return sks_fail_memory (err);
    }
    for (uint32_t i = 0; i < all; i++) {
        const sks_vocabulary_form *form = sks_vocabulary_form_at (m->all, i);
        m->form_numbers[i] = SKS_NONE;
        if (m->form_counts[i] || place_of (m, i) != SKS_NONE)
            rows[d->forms++] = (struct row) { .bytes = sks_vocabulary_bytes (m->all, form->text),
                                              .size = form->size,
                                              .count = m->form_counts[i],
                                              .number = i };
    }
    qsort (rows, d->forms, sizeof *rows, by_bytes);
    for (uint32_t i = 0; i < d->forms; i++) {
        m->form_numbers[rows[i].number] = i;
        d->form[i] = (sks_form) { .text = add_string (d, rows[i].bytes, rows[i].size),
                                  .stem = SKS_NONE,
                                  .size = (uint8_t) rows[i].size,
                                  .stop = sks_text_stop_word (rows[i].bytes, rows[i].size),
                                  .joined = rows[i].count && !m->written[rows[i].number] };
    }
    free (rows);
    return 0;
}

static int
number_entries (struct making *m, sks_error *err)
{
    sks_dictionary *d = m->dictionary;
    uint32_t all = sks_vocabulary_entries (m->all);
    struct row *rows = calloc (all + (size_t) 1, sizeof *rows);
    m->entry_numbers = malloc ((all + (size_t) 1) * sizeof *m->entry_numbers);
    d->entry = calloc (all + (size_t) 1, sizeof *d->entry);
    if (!rows || !m->entry_numbers || !d->entry) {
        free (rows);
        return sks_fail_memory (err);
    }
    for (uint32_t i = 0; i < all; i++) {
        const sks_vocabulary_entry *entry = sks_vocabulary_entry_at (m->all, i);
        m->entry_numbers[i] = SKS_NONE;
        if (m->entry_counts[i])
            rows[d->entries++] = (struct row) { sks_vocabulary_bytes (m->all, entry->text), entry->size,
                                                m->entry_counts[i], i, entry->word };
    }
    qsort (rows, d->entries, sizeof *rows, by_count);
    for (uint32_t i = 0; i < d->entries; i++) {
        const sks_vocabulary_entry *entry = sks_vocabulary_entry_at (m->all, rows[i].number);
        uint32_t form = entry->form == SKS_NONE ? SKS_NONE : m->form_numbers[entry->form];
        m->entry_numbers[rows[i].number] = i;
        if (entry->word & SKS_ENTRY_JOINED) {
            d->entry[i] = (sks_entry) { form, SKS_NONE, 0, entry->word };
            continue;
        }
        bool duty = sks_text_duty_mark (rows[i].bytes, entry->size, entry->word) < entry->size;
        d->entry[i] = (sks_entry) { add_string (d, rows[i].bytes, rows[i].size), form, entry->size,
                                    (uint16_t) (entry->word | (duty ? SKS_ENTRY_DUTY : 0)) };
    }
    free (rows);
    return 0;
}

/* The stem that the last generation has for its form. */
static void
copy_stem (const sks_store *last, struct stemmed *row)
{
    const sks_stem *stem = &last->stem[last->form[last->stem_forms[row->place]].stem];
    row->size = stem->size < sizeof row->bytes ? stem->size : sizeof row->bytes;
    memcpy (row->bytes, last->strings + stem->text, row->size);
}

/* All forms but stop words, each with its stem, in the order of stems. */
static int
stem_forms (const struct making *m, struct stemmed **out, size_t *count, sks_error *err)
{
    const sks_dictionary *d = m->dictionary;
    sks_stemmer *stemmer = NULL;
    struct stemmed *list = calloc (d->forms + (size_t) 1, sizeof *list);
    *out = list;
    int code = list ? sks_stemmer_create (&stemmer, err) : sks_fail_memory (err);
    *count = 0;
    for (uint32_t i = 0; !code && i < sks_vocabulary_forms (m->all); i++) {
        uint32_t number = m->form_numbers[i];
        if (number == SKS_NONE || d->form[number].stop)
            continue;
        const sks_vocabulary_form *form = sks_vocabulary_form_at (m->all, i);
        struct stemmed *row = &list[(*count)++];
        row->form = number;
        row->place = place_of (m, i);
        row->count = m->form_counts[i];
        if (m->last && row->place != SKS_NONE)
            copy_stem (m->last, row);
        else
            code = sks_stemmer_stem (stemmer, sks_vocabulary_bytes (m->all, form->text), form->size, row->bytes,
                                     sizeof row->bytes, &row->size, err);
    }
    sks_stemmer_destroy (&stemmer);
    if (!code)
        qsort (list, *count, sizeof *list, by_stem);
    return code;
}

static int
number_stems (struct making *m, sks_error *err)
{
    sks_dictionary *d = m->dictionary;
    struct stemmed *list;
    size_t count;
    int code = stem_forms (m, &list, &count, err);
    d->stem = calloc (count + 1, sizeof *d->stem);
    d->stem_forms = calloc (d->forms + (size_t) 1, sizeof *d->stem_forms);
    if (!code && (!d->stem || !d->stem_forms))
        code = sks_fail_memory (err);
    for (size_t i = 0; !code && i < count; i++) {
        struct stemmed *row = &list[i];
        bool first = i == 0 || compare_bytes (row->bytes, row->size, row[-1].bytes, row[-1].size) != 0;
        if (first)
            d->stem[d->stems++] = (sks_stem) { .text = add_string (d, row->bytes, row->size),
                                               .size = (uint32_t) row->size,
                                               .forms = (uint32_t) i };
        uint32_t rank = (uint32_t) i - d->stem[d->stems - 1].forms;
        d->stem_forms[i] = row->form;
        d->form[row->form].stem = d->stems - 1;
        d->form[row->form].rank = (uint8_t) (rank < UINT8_MAX ? rank : UINT8_MAX);
    }
    if (!code)
        d->stem[d->stems].forms = (uint32_t) count;
    free (list);
    return code;
}

/* ----------------------------------------------------------------- context */

/* Order the mentions by stem, then by occupation: a counting sort by stem keeps the occupations ascending, as they
 * were added. */
static int
number_contexts (struct making *m, size_t frameworks, sks_error *err)
{
    sks_dictionary *d = m->dictionary;
    d->context = calloc (m->mention_count + 1, sizeof *d->context);
    d->context_words = calloc (frameworks + 1, sizeof *d->context_words);
    uint32_t *starts = calloc (d->stems + (size_t) 2, sizeof *starts);
    struct mention *sorted = calloc (m->mention_count + 1, sizeof *sorted);
    if (!d->context || !d->context_words || !starts || !sorted) {
        free (starts);
        free (sorted);
        return sks_fail_memory (err);
    }
    for (size_t i = 0; i < m->mention_count; i++) {
        uint32_t stem = d->form[m->form_numbers[m->mentions[i].form]].stem;
        m->mentions[i].form = stem;
        if (stem != SKS_NONE)
            starts[stem + 1]++;
    }
    for (uint32_t s = 0; s < d->stems; s++)
        starts[s + 1] += starts[s];
    for (size_t i = 0; i < m->mention_count; i++)
        if (m->mentions[i].form != SKS_NONE)
            sorted[starts[m->mentions[i].form]++] = m->mentions[i];
    /* Now starts[s] is the end of stem s, and so the start of stem s + 1. */
    for (uint32_t s = 0, i = 0; s < d->stems; s++) {
        d->stem[s].contexts = d->contexts;
        for (; i < starts[s]; i++) {
            sks_context *last = d->contexts > d->stem[s].contexts ? &d->context[d->contexts - 1] : NULL;
            d->context_words[sorted[i].occupation] += sorted[i].weight;
            if (last && last->occupation == sorted[i].occupation) {
                last->count = (uint16_t) (last->count < UINT16_MAX - sorted[i].weight ? last->count + sorted[i].weight
                                                                                      : UINT16_MAX);
                last->title |= sorted[i].title;
            } else
                d->context[d->contexts++] = (sks_context) { sorted[i].occupation, sorted[i].weight, sorted[i].title };
        }
    }
    d->stem[d->stems].contexts = d->contexts;
    free (starts);
    free (sorted);
    return 0;
}

/* Map a collection's numbers from the merged vocabulary to the final one. */
static void
renumber (struct making *m)
{
    sks_dictionary *d = m->dictionary;
    for (size_t c = 0; c < d->collection_count; c++) {
        uint32_t count = sks_vocabulary_entries (d->collections[c]->vocabulary);
        for (uint32_t i = 0; i < count; i++)
            d->numbers[c][i] = m->entry_numbers[d->numbers[c][i]];
    }
}

static int
make (struct making *m, const sks_plan *plan, const sks_intake *intake, sks_error *err)
{
    int code = merge (m, plan, intake, err);
    if (!code && m->last)
        code = keep_forms (m, err);
    if (!code)
        code = mention_context (m, plan, err);
    if (!code)
        code = count_words (m, plan, err);
    if (!code)
        code = number_forms (m, err);
    if (!code)
        code = number_entries (m, err);
    if (!code)
        code = number_stems (m, err);
    if (!code)
        code = number_contexts (m, plan->count, err);
    if (!code)
        renumber (m);
    return code ? code : sks_dictionary_check_strings (m->dictionary, err);
}

int
sks_dictionary_check_strings (const sks_dictionary *d, sks_error *err)
{
    return d->strings.failed == SKS_ELIMIT
               ? sks_limits_refuse (
                     "the different words, the titles and descriptions of occupations, and the names of files",
                     d->strings.maximum, err)
               : sks_buffer_status (&d->strings, err);
}

int
sks_dictionary_make (sks_dictionary **out, const sks_plan *plan, const sks_intake *intake, const sks_reuse *reuse,
                     sks_error *err)
{
    *out = NULL;
    struct making m = { .dictionary = calloc (1, sizeof *m.dictionary), .last = reuse ? reuse->last : NULL };
    if (!m.dictionary)
        return sks_fail_memory (err);
    m.dictionary->strings = (sks_buffer) SKS_BUFFER_INIT (sks_limits_of_index.string_bytes);
    int code = sks_vocabulary_create (&m.all, err);
    if (!code)
        code = make (&m, plan, intake, err);
    sks_vocabulary_destroy (&m.all);
    free (m.places);
    free (m.entry_counts);
    free (m.form_counts);
    free (m.written);
    free (m.entry_numbers);
    free (m.form_numbers);
    free (m.mentions);
    if (code)
        sks_dictionary_destroy (&m.dictionary);
    *out = m.dictionary;
    return code;
}

void
sks_dictionary_destroy (sks_dictionary **dictionary_p)
{
    sks_dictionary *d = *dictionary_p;
    if (!d)
        return;
    *dictionary_p = NULL;
    free (d->entry);
    free (d->form);
    free (d->stem);
    free (d->stem_forms);
    free (d->context);
    free (d->context_words);
    for (size_t i = 0; i < d->collection_count; i++)
        free (d->numbers[i]);
    sks_buffer_free (&d->strings);
    free (d);
}

const uint32_t *
sks_dictionary_numbers (const sks_dictionary *d, const sks_collection *collection)
{
    for (size_t i = 0; i < d->collection_count; i++)
        if (d->collections[i] == collection)
            return d->numbers[i];
    return NULL;
}
