/* absent.c - few forms are examined, and each only in the texts of occupations whose contexts have its stem. */
#include "absent.h"

#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "mentions.h"

#include <stdlib.h>

/* Mark the joined forms of an occupation of the last generation. */
static void
mark_joined (const sks_store *last, uint32_t occupation, bool *forms)
{
    const uint32_t *cells = &last->cells[occupation * SKS_LEVELS];
    const uint8_t *at = last->tokens + last->offsets[cells[0]], *end = last->tokens + last->offsets[cells[SKS_LEVELS]];
    while (at < end) {
        const sks_entry *entry = &last->entry[sks_token_next (&at)];
        if (entry->word & SKS_ENTRY_JOINED)
            forms[entry->text] = true;
    }
}

int
sks_absent_expect (sks_making *m, sks_error *err)
{
    sks_dictionary *d = m->dictionary;
    bool *gone = calloc (m->last->forms + (size_t) 1, sizeof *gone);
    d->doubtful = calloc (d->forms + (size_t) 1, sizeof *d->doubtful);
    bool ready = gone && d->doubtful;
    for (uint32_t i = 0; ready && i < m->last->occupations; i++)
        if (m->reuse->occupation[i] == SKS_NONE) {
            sks_mentions_mark (m->last, i, gone);
            mark_joined (m->last, i, gone);
        }
    for (uint32_t f = 0; ready && f < m->last->forms; f++)
        d->doubtful[m->moved_forms[f]] = gone[f];
    free (gone);
    return ready ? 0 : sks_fail_memory (err);
}

static bool
has_word (const char *text, const char *bytes, size_t size)
{
    size_t all = strlen (text);
    sks_word word = { 0, 0 };
    while (sks_text_word (text, all, word.end, &word)) {
        char folded[SKS_MAX_WORD_BYTES];
        size_t length = sks_text_fold (text + word.start, word.end - word.start, folded);
        if (length == size && memcmp (folded, bytes, size) == 0)
            return true;
    }
    return false;
}

static bool
mentions (const sks_framework *f, const char *bytes, size_t size)
{
    return has_word (f->title, bytes, size) || has_word (f->group, bytes, size) ||
           has_word (f->description, bytes, size);
}

/* Stop words have no contexts. */
static bool
is_mentioned (const sks_dictionary *d, const sks_plan *plan, const sks_form *form)
{
    const char *bytes = d->strings.bytes + form->text;
    bool found = false;
    if (form->stem == SKS_NONE)
        for (size_t i = 0; !found && i < plan->count; i++)
            found = mentions (plan->frameworks[i], bytes, form->size);
    else
        for (uint32_t c = d->stem[form->stem].contexts; !found && c < d->stem[form->stem + 1].contexts; c++)
            found = mentions (plan->frameworks[d->context[c].occupation], bytes, form->size);
    return found;
}

void
sks_absent_mark (sks_dictionary *d, const sks_plan *plan)
{
    for (uint32_t f = 0; d->doubtful && f < d->forms; f++) {
        sks_form *form = &d->form[f];
        if (d->doubtful[f] && !form->statements && !is_mentioned (d, plan, form))
            form->joined = SKS_FORM_ABSENT;
    }
}
