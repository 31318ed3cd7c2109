/* dictionary.c - merge, count, number. Each step of numbering begins with the rows of the last dictionary, if it grows. */
#include "dictionary.h"

#include "core/base/text_duty.h"
#include "core/base/text_list.h"
#include "absent.h"
#include "compounds.h"
#include "limits.h"
#include "mentions.h"
#include "stemming.h"

#include <stdlib.h>
#include <string.h>

/* An entry or a form to be sorted; bytes point into the vocabulary. */
struct row {
    const char *bytes;
    size_t size;
    uint64_t count;
    uint32_t number;
    uint16_t word; /* of an entry */
};

static int
by_bytes (const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    return sks_making_compare (a->bytes, a->size, b->bytes, b->size);
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

/* ------------------------------------------------------- merging, counting */

static int
merge (sks_making *m, const sks_intake *intake, sks_error *err)
{
    sks_dictionary *d = m->dictionary;
    int code = 0;
    /* Begin with the carried collection: the first one is merged by copying it as a whole. */
    for (size_t i = m->last ? 1 : 0; !code && i <= intake->count; i++) {
        const sks_collection *c = i ? intake->collections[i - 1] : m->plan->carried;
        uint32_t *numbers = calloc (sks_vocabulary_entries (c->vocabulary) + (size_t) 1, sizeof *numbers);
        if (!numbers)
            return sks_fail_memory (err);
        d->collections[d->collection_count] = c;
        d->numbers[d->collection_count++] = numbers;
        code = sks_vocabulary_merge (m->all, c->vocabulary, numbers, err);
    }
    return code;
}

static void
count_entries (sks_making *m, const sks_framework *f)
{
    const uint32_t *numbers = sks_dictionary_numbers (m->dictionary, f->collection);
    if (f->last == SKS_NONE) {
        const sks_line *line = &f->collection->lines[f->first], *end = line + f->count;
        for (; line < end; line++)
            for (size_t e = line->first; e < line->first + line->count; e++)
                m->entry_counts[numbers[f->collection->entries[e]]]++;
        return;
    }
    const sks_store *last = m->plan->last;
    const uint32_t *cells = &last->cells[f->last * SKS_LEVELS];
    const uint8_t *at = last->tokens + last->offsets[cells[0]], *end = last->tokens + last->offsets[cells[SKS_LEVELS]];
    while (at < end)
        m->entry_counts[numbers[sks_token_next (&at)]]++;
}

static int
count_words (sks_making *m, sks_error *err)
{
    uint32_t entries = sks_vocabulary_entries (m->all), forms = sks_vocabulary_forms (m->all);
    m->entry_counts = calloc (entries + (size_t) 1, sizeof *m->entry_counts);
    m->form_counts = calloc (forms + (size_t) 1, sizeof *m->form_counts);
    m->written = calloc (forms + (size_t) 1, sizeof *m->written);
    if (!m->entry_counts || !m->form_counts || !m->written)
        return sks_fail_memory (err);
    for (size_t i = 0; i < m->plan->count; i++)
        if (sks_making_takes (m, m->plan->frameworks[i]))
            count_entries (m, m->plan->frameworks[i]);
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

/* The forms of the vocabulary that occur, in the order of their bytes; NULL when out of memory. */
static struct row *
list_forms (const sks_making *m, uint32_t *count)
{
    uint32_t all = sks_vocabulary_forms (m->all);
    struct row *rows = calloc (all + (size_t) 1, sizeof *rows);
    *count = 0;
    for (uint32_t i = 0; rows && i < all; i++) {
        const sks_vocabulary_form *form = sks_vocabulary_form_at (m->all, i);
        if (m->form_counts[i])
            rows[(*count)++] = (struct row) { .bytes = sks_vocabulary_bytes (m->all, form->text),
                                              .size = form->size,
                                              .count = m->form_counts[i],
                                              .number = i };
    }
    if (*count)
        qsort (rows, *count, sizeof *rows, by_bytes);
    return rows;
}

static bool
allocate_forms (sks_making *m, size_t count)
{
    uint32_t all = sks_vocabulary_forms (m->all), olds = m->last ? m->last->forms : 0;
    m->form_numbers = malloc ((all + (size_t) 1) * sizeof *m->form_numbers);
    m->moved_forms = calloc (olds + (size_t) 1, sizeof *m->moved_forms);
    m->sure = calloc (olds + (size_t) 1, sizeof *m->sure);
    m->dictionary->form = calloc (olds + count + 1, sizeof *m->dictionary->form);
    for (uint32_t i = 0; m->form_numbers && i < all; i++)
        m->form_numbers[i] = SKS_NONE;
    return m->form_numbers && m->moved_forms && m->sure && m->dictionary->form;
}

/* Number the forms in the order of their bytes: those of the last generation, and those that occur in the texts. */
static int
number_forms (sks_making *m, sks_error *err)
{
    sks_dictionary *d = m->dictionary;
    const sks_store *last = m->last;
    uint32_t count, olds = last ? last->forms : 0;
    struct row *rows = list_forms (m, &count);
    if (!rows || !allocate_forms (m, count)) {
        free (rows);
        return sks_fail_memory (err);
    }
    for (uint32_t o = 0, i = 0;; d->forms++) {
        const sks_form *old = o < olds ? &last->form[o] : NULL;
        const struct row *row = i < count ? &rows[i] : NULL;
        if (!old && !row)
            break;
        int order = old && row ? sks_making_compare (last->strings + old->text, old->size, row->bytes, row->size) : 0;
        sks_form *form = &d->form[d->forms];
        bool adds = row && order >= 0;
        if (old && order <= 0) {
            *form = *old;
            m->moved_forms[o] = d->forms;
            m->sure[o++] = adds && m->written[row->number];
            if (adds)
                form->joined = old->joined && !m->written[row->number] ? SKS_FORM_JOINED : 0;
        } else
            *form = (sks_form) { .text = sks_making_add_string (d, row->bytes, row->size),
                                 .stem = SKS_NONE,
                                 .size = (uint8_t) row->size,
                                 .stop = sks_text_stop_word (row->bytes, row->size),
                                 .joined = m->written[row->number] ? 0 : SKS_FORM_JOINED };
        if (adds)
            m->form_numbers[rows[i++].number] = d->forms;
    }
    free (rows);
    return 0;
}

/* -------------------------------------------------------------------- entries */

/* Entries of the last generation by the form that they have, or that they announce (joined). */
struct finder {
    uint32_t *first; /* of a form; those without one are at the end */
    uint32_t *next;
};

static uint32_t
key_of (const sks_dictionary *d, const sks_entry *entry)
{
    uint32_t form = entry->word & SKS_ENTRY_JOINED ? entry->text : entry->form;
    return form == SKS_NONE ? d->forms : form;
}

/* Keep the entries of the last generation with their numbers. */
static void
keep_entries (sks_making *m, const struct finder *finder)
{
    sks_dictionary *d = m->dictionary;
    const sks_store *last = m->last;
    memset (finder->first, 0xFF, (d->forms + (size_t) 1) * sizeof *finder->first);
    for (; last && d->entries < last->entries; d->entries++) {
        sks_entry *entry = &d->entry[d->entries];
        *entry = last->entry[d->entries];
        if (entry->word & SKS_ENTRY_JOINED)
            entry->text = m->moved_forms[entry->text];
        if (entry->form != SKS_NONE)
            entry->form = m->moved_forms[entry->form];
        uint32_t key = key_of (d, entry);
        finder->next[d->entries] = finder->first[key];
        finder->first[key] = d->entries;
    }
}

/* The number of an entry that the last generation has; SKS_NONE if it has not. */
static uint32_t
find_entry (const sks_making *m, const struct finder *finder, const sks_entry *wanted, const struct row *row)
{
    uint32_t i = m->last ? finder->first[key_of (m->dictionary, wanted)] : SKS_NONE;
    for (; i != SKS_NONE; i = finder->next[i]) {
        const sks_entry *entry = &m->last->entry[i];
        if ((entry->word & ~SKS_ENTRY_DUTY) != row->word)
            continue;
        if (row->word & SKS_ENTRY_JOINED ||
            (entry->size == row->size && memcmp (m->last->strings + entry->text, row->bytes, row->size) == 0))
            break;
    }
    return i;
}

/* Number the entries that occur: those of the last generation keep their numbers, the others follow, most frequent
 * first. */
static void
add_entries (sks_making *m, const struct finder *finder, const struct row *rows, uint32_t count)
{
    sks_dictionary *d = m->dictionary;
    for (uint32_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        uint32_t of = sks_vocabulary_entry_at (m->all, row->number)->form;
        uint32_t form = of == SKS_NONE ? SKS_NONE : m->form_numbers[of], *number = &m->entry_numbers[row->number];
        bool joined = row->word & SKS_ENTRY_JOINED;
        sks_entry entry = { joined ? form : 0, joined ? SKS_NONE : form, joined ? 0 : (uint16_t) row->size, row->word };
        *number = find_entry (m, finder, &entry, row);
        if (*number != SKS_NONE)
            continue;
        if (!joined) {
            bool duty = sks_text_duty_mark (row->bytes, row->size, row->word) < row->size;
            entry.text = sks_making_add_string (d, row->bytes, row->size);
            entry.word = (uint16_t) (row->word | (duty ? SKS_ENTRY_DUTY : 0));
        }
        *number = d->entries;
        d->entry[d->entries++] = entry;
    }
}

static int
number_entries (sks_making *m, sks_error *err)
{
    sks_dictionary *d = m->dictionary;
    uint32_t all = sks_vocabulary_entries (m->all), olds = m->last ? m->last->entries : 0, count = 0;
    struct row *rows = calloc (all + (size_t) 1, sizeof *rows);
    struct finder finder = { malloc ((d->forms + (size_t) 1) * sizeof *finder.first),
                             malloc ((olds + (size_t) 1) * sizeof *finder.next) };
    m->entry_numbers = malloc ((all + (size_t) 1) * sizeof *m->entry_numbers);
    d->entry = calloc (all + (size_t) olds + 1, sizeof *d->entry);
    bool ready = rows && finder.first && finder.next && m->entry_numbers && d->entry;
    for (uint32_t i = 0; ready && i < all; i++) {
        const sks_vocabulary_entry *entry = sks_vocabulary_entry_at (m->all, i);
        m->entry_numbers[i] = SKS_NONE;
        if (m->entry_counts[i])
            rows[count++] = (struct row) { sks_vocabulary_bytes (m->all, entry->text), entry->size, m->entry_counts[i],
                                           i, entry->word };
    }
    if (ready) {
        keep_entries (m, &finder);
        qsort (rows, count, sizeof *rows, by_count);
        add_entries (m, &finder, rows, count);
    }
    free (finder.first);
    free (finder.next);
    free (rows);
    return ready ? 0 : sks_fail_memory (err);
}

/* ----------------------------------------------------------------------- whole */

/* Map a collection's numbers from the merged vocabulary to the final one. */
static void
renumber (sks_making *m)
{
    sks_dictionary *d = m->dictionary;
    for (size_t c = 0; c < d->collection_count; c++) {
        uint32_t count = sks_vocabulary_entries (d->collections[c]->vocabulary);
        for (uint32_t i = 0; i < count; i++)
            d->numbers[c][i] = m->entry_numbers[d->numbers[c][i]];
    }
}

static int
make (sks_making *m, const sks_intake *intake, sks_error *err)
{
    int code = merge (m, intake, err);
    if (m->last) /* its rows keep their strings */
        sks_buffer_add (&m->dictionary->strings, m->last->strings, m->last->strings_size);
    if (!code)
        code = sks_mentions_collect (m, err);
    if (!code)
        code = count_words (m, err);
    if (!code)
        code = number_forms (m, err);
    if (!code)
        code = number_entries (m, err);
    if (!code)
        code = sks_stemming_number (m, err);
    if (!code)
        code = sks_mentions_number (m, err);
    if (!code && m->last)
        code = sks_compounds_find (m, err);
    if (!code && m->last)
        code = sks_absent_expect (m, err);
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
    sks_making m = {
        .dictionary = calloc (1, sizeof *m.dictionary), .plan = plan, .reuse = reuse, .last = reuse ? reuse->last : NULL
    };
    if (!m.dictionary)
        return sks_fail_memory (err);
    m.dictionary->strings = (sks_buffer) SKS_BUFFER_INIT (sks_limits_of_index.string_bytes);
    int code = sks_vocabulary_create (&m.all, err);
    if (!code)
        code = make (&m, intake, err);
    sks_vocabulary_destroy (&m.all);
    free (m.entry_counts);
    free (m.form_counts);
    free (m.written);
    free (m.entry_numbers);
    free (m.form_numbers);
    free (m.moved_forms);
    free (m.sure);
    free (m.old_stems);
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
    free (d->doubtful);
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
