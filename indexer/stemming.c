/* stemming.c - new forms are stemmed and sorted, then merged with the stems of the last dictionary, if it grows. */
#include "stemming.h"

#include "core/index/index.h"

#include <stdlib.h>

/* A form to be sorted by its stem. */
struct stemmed {
    char bytes[SKS_MAX_WORD_BYTES];
    size_t size;
    uint64_t count;
    uint32_t form;
};

/* By stem, then the most frequent first. */
static int
by_stem (const void *left, const void *right)
{
    const struct stemmed *a = left, *b = right;
    int order = sks_making_compare (a->bytes, a->size, b->bytes, b->size);
    if (order)
        return order;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    return (a->form > b->form) - (a->form < b->form);
}

/* The forms that are new and no stop words, each with its stem, in the order of stems. */
static int
stem_forms (const sks_making *m, struct stemmed **out, size_t *count, sks_error *err)
{
    const sks_dictionary *d = m->dictionary;
    sks_stemmer *stemmer = NULL;
    struct stemmed *list = calloc (sks_vocabulary_forms (m->all) + (size_t) 1, sizeof *list);
    *out = list;
    int code = list ? sks_stemmer_create (&stemmer, err) : sks_fail_memory (err);
    *count = 0;
    for (uint32_t i = 0; !code && i < sks_vocabulary_forms (m->all); i++) {
        uint32_t number = m->form_numbers[i];
        if (number == SKS_NONE || d->form[number].stop || d->form[number].stem != SKS_NONE)
            continue;
        const sks_vocabulary_form *form = sks_vocabulary_form_at (m->all, i);
        struct stemmed *row = &list[(*count)++];
        row->form = number;
        row->count = m->form_counts[i];
        code = sks_stemmer_stem (stemmer, sks_vocabulary_bytes (m->all, form->text), form->size, row->bytes,
                                 sizeof row->bytes, &row->size, err);
    }
    sks_stemmer_destroy (&stemmer);
    if (!code && *count)
        qsort (list, *count, sizeof *list, by_stem);
    return code;
}

/* Add a form to the last stem; *end is the end of stem_forms. */
static void
add_form (sks_dictionary *d, uint32_t form, uint32_t *end)
{
    uint32_t stem = d->stems - 1, rank = *end - d->stem[stem].forms;
    d->stem_forms[(*end)++] = form;
    d->form[form].stem = stem;
    d->form[form].rank = (uint8_t) (rank < UINT8_MAX ? rank : UINT8_MAX);
}

/* Number the stems in the order of their bytes. The forms that a stem had come first and keep their ranks. */
static void
merge_stems (sks_making *m, const struct stemmed *list, size_t count)
{
    sks_dictionary *d = m->dictionary;
    const sks_store *last = m->last;
    uint32_t olds = last ? last->stems : 0, end = 0;
    size_t i = 0;
    for (uint32_t o = 0;;) {
        const sks_stem *old = o < olds ? &last->stem[o] : NULL;
        const struct stemmed *row = i < count ? &list[i] : NULL;
        if (!old && !row)
            break;
        bool keeps =
            old && (!row || sks_making_compare (last->strings + old->text, old->size, row->bytes, row->size) <= 0);
        const char *bytes = keeps ? last->strings + old->text : row->bytes;
        size_t size = keeps ? old->size : row->size;
        m->old_stems[d->stems] = keeps ? o++ : SKS_NONE;
        d->stem[d->stems++] = (sks_stem) { .text = keeps ? old->text : sks_making_add_string (d, bytes, size),
                                           .size = (uint32_t) size,
                                           .statements = keeps ? old->statements : 0,
                                           .forms = end };
        for (uint32_t f = keeps ? old->forms : 0; keeps && f < old[1].forms; f++)
            add_form (d, m->moved_forms[last->stem_forms[f]], &end);
        for (; i < count && sks_making_compare (list[i].bytes, list[i].size, bytes, size) == 0; i++)
            add_form (d, list[i].form, &end);
    }
    d->stem[d->stems].forms = end;
}

int
sks_stemming_number (sks_making *m, sks_error *err)
{
    sks_dictionary *d = m->dictionary;
    struct stemmed *list;
    size_t count;
    int code = stem_forms (m, &list, &count, err);
    size_t most = count + (m->last ? m->last->stems : 0) + 1;
    m->old_stems = calloc (most, sizeof *m->old_stems);
    d->stem = calloc (most, sizeof *d->stem);
    d->stem_forms = calloc (d->forms + (size_t) 1, sizeof *d->stem_forms);
    if (!code && (!m->old_stems || !d->stem || !d->stem_forms))
        code = sks_fail_memory (err);
    if (!code)
        merge_stems (m, list, count);
    free (list);
    return code;
}
