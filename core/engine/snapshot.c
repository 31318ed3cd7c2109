/* snapshot.c - the statements file, and one pass over its dictionary for each table. */
#include "snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
allocate_tables (sks_snapshot *s, sks_error *err)
{
    size_t entries = s->store->entries + (size_t) 1, forms = s->store->forms + (size_t) 1;
    s->group_words = calloc (s->store->groups + (size_t) 1, sizeof *s->group_words);
    s->stem_of_entry = calloc (entries, sizeof *s->stem_of_entry);
    s->form_of_entry = calloc (entries, sizeof *s->form_of_entry);
    s->kind_of_entry = calloc (entries, sizeof *s->kind_of_entry);
    s->entry_of_form = malloc (forms * sizeof *s->entry_of_form);
    s->next_entry = calloc (entries, sizeof *s->next_entry);
    s->stop_of_form = calloc (forms, sizeof *s->stop_of_form);
    s->idf_of_stem = calloc (s->store->stems + (size_t) 1, sizeof *s->idf_of_stem);
    s->joined_of_stem = calloc (s->store->stems + (size_t) 1, sizeof *s->joined_of_stem);
    bool all = s->group_words && s->stem_of_entry && s->form_of_entry && s->kind_of_entry && s->entry_of_form &&
               s->next_entry && s->stop_of_form && s->idf_of_stem && s->joined_of_stem;
    return all ? 0 : sks_fail_memory (err);
}

static void
count_group_words (sks_snapshot *s)
{
    const sks_store *store = s->store;
    if (store->shards) {
        memcpy (s->group_words, store->group_words, store->groups * sizeof *s->group_words);
        return;
    }
    for (uint32_t i = 0; i < store->occupations; i++)
        for (uint32_t k = store->cells[i * SKS_LEVELS]; k < store->cells[(i + 1) * SKS_LEVELS]; k++)
            s->group_words[store->occupation[i].group] += store->lengths[k];
}

static void
list_entries (sks_snapshot *s)
{
    const sks_store *store = s->store;
    memset (s->entry_of_form, 0xFF, (store->forms + (size_t) 1) * sizeof *s->entry_of_form);
    for (uint32_t i = 0; i < store->entries; i++) {
        uint32_t form = store->entry[i].form == SKS_NONE ? store->forms : store->entry[i].form;
        bool ends_duty = store->entry[i].word & SKS_ENTRY_DUTY;
        s->form_of_entry[i] = form;
        s->stem_of_entry[i] = form == store->forms ? SKS_NONE : store->form[form].stem;
        s->next_entry[i] = s->entry_of_form[form];
        s->entry_of_form[form] = i;
        s->kind_of_entry[i] = (form != store->forms ? SKS_ENTRY_HAS_WORD : 0) | (ends_duty ? SKS_ENTRY_ENDS_DUTY : 0);
        s->has_duties |= ends_duty;
        if (store->entry[i].word & SKS_ENTRY_JOINED)
            s->joined_of_stem[store->form[store->entry[i].text].stem] = true;
    }
}

/* The most frequent stop words have the smallest numbers, because these fit in the places of stems (places.h). There
 * are fewer stop words than numbers (core/base/text_list.c). If there were more, those without a number would only be
 * slower: their phrases would be checked in the statements. */
static void
number_stop_words (sks_snapshot *s)
{
    const sks_form *form = s->store->form;
    uint32_t stops[SKS_MAX_STOP], count = 0;
    for (uint32_t i = 0; i < s->store->forms && count < SKS_MAX_STOP; i++) {
        uint32_t at = count;
        if (!form[i].stop)
            continue;
        for (count++; at && form[stops[at - 1]].statements < form[i].statements; at--)
            stops[at] = stops[at - 1];
        stops[at] = i;
    }
    for (uint32_t i = 0; i < count; i++)
        s->stop_of_form[stops[i]] = (uint8_t) (SKS_NO_STOP + 1 + i);
}

int
sks_snapshot_open (sks_snapshot *out, const char *folder, sks_error *err)
{
    snprintf (out->folder, sizeof out->folder, "%s", folder);
    int code = sks_store_open_front (&out->store, folder, err);
    if (!code)
        code = sks_facet_table_open (&out->facets, out->store, err);
    if (!code)
        code = sks_lexicon_open (&out->lexicon, out->store, err);
    if (!code)
        code = sks_title_stems_open (&out->titles, out->store, err);
    if (!code)
        code = allocate_tables (out, err);
    if (code)
        return code;
    count_group_words (out);
    list_entries (out);
    number_stop_words (out);
    for (uint32_t i = 0; i < out->store->stems; i++)
        out->idf_of_stem[i] = sks_rank_idf (out->store->collected, out->store->stem[i].statements);
    sks_rank_prepare (&out->rank, out->store);
    return 0;
}

int
sks_snapshot_relate (sks_snapshot *s, sks_near_words **thesaurus_p, sks_error *err)
{
    s->thesaurus = *thesaurus_p;
    *thesaurus_p = NULL;
    s->stem_of_near = calloc (s->thesaurus->word_count + 1, sizeof *s->stem_of_near);
    s->near_of_form = calloc (s->store->forms + (size_t) 1, sizeof *s->near_of_form);
    return s->stem_of_near && s->near_of_form ? 0 : sks_fail_memory (err);
}

int
sks_snapshot_use_vectors (sks_snapshot *s, sks_vectors **vectors_p, sks_error *err)
{
    return sks_semantics_make (&s->semantics, vectors_p, s->store, err);
}

int
sks_snapshot_use_encoder (sks_snapshot *s, sks_encoder **encoder_p, sks_error *err)
{
    return sks_sense_make (&s->sense, encoder_p, s->folder, s->store, err);
}

void
sks_snapshot_close (sks_snapshot *s)
{
    sks_sense_free (&s->sense);
    sks_semantics_free (&s->semantics);
    free (s->group_words);
    free (s->stem_of_entry);
    free (s->form_of_entry);
    free (s->kind_of_entry);
    free (s->entry_of_form);
    free (s->next_entry);
    free (s->stop_of_form);
    free (s->idf_of_stem);
    free (s->joined_of_stem);
    sks_facet_table_close (&s->facets);
    sks_lexicon_close (&s->lexicon);
    sks_title_stems_close (&s->titles);
    free (s->stem_of_near);
    free (s->near_of_form);
    sks_thesaurus_free (&s->thesaurus);
    sks_store_close (&s->store);
}
