/* fuzz_near.c - any bytes as a table of near words. An accepted table is sorted; an error names its line. */
#include "core/engine/thesaurus.h"
#include "core/index/rows.h"
#include "require.h"

#include <string.h>

static void
check_side (const sks_near_words *t, const sks_near_side *side)
{
    require (side->count && side->count <= SKS_MAX_NEAR_PARTS);
    for (uint32_t i = 0; i < side->count; i++)
        require (side->words[i] < t->word_count &&
                 (t->words[side->words[i]].stem < t->stem_count || t->words[side->words[i]].stem == SKS_NONE));
}

static void
check (const sks_near_words *t)
{
    for (size_t i = 0; i < t->stem_count; i++) {
        require (sks_thesaurus_stem (t, t->stems[i], strlen (t->stems[i])) == i);
        require (t->first_row[i] <= t->first_row[i + 1]);
        for (uint32_t k = t->first_row[i]; k < t->first_row[i + 1]; k++)
            require (t->words[t->rows[k].word.words[0]].stem == i);
    }
    require (t->first_row[t->stem_count] == t->row_count);
    for (size_t i = 0; i < t->row_count; i++) {
        check_side (t, &t->rows[i].word);
        check_side (t, &t->rows[i].near);
        require (t->rows[i].weight > 0 && t->rows[i].weight <= 1 && *t->rows[i].near_text);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    sks_near_words *t;
    sks_error err;
    int code = sks_thesaurus_parse (&t, "t", (const char *) data, size, &err);
    if (code == 0)
        check (t);
    else
        require (!t && (code == SKS_ELIMIT || (code == SKS_EINVALID && strncmp (err.text, "t:", 2) == 0)));
    sks_thesaurus_free (&t);
    return 0;
}
