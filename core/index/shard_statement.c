/* shard_statement.c - one walk over the tokens. */
#include "shard_statement.h"

/* Note an occurrence after `before` words that are not stop words. The first form represents all: its weight is the
 * largest. */
static void
note_stem (sks_shard_statement *out, const sks_store *store, uint32_t form, float weight, uint32_t *slots)
{
    uint32_t stem = store->form[form].stem;
    if (stem == SKS_NONE)
        return;
    if (!slots[stem]) {
        slots[stem] = ++out->stem_count;
        out->stems[out->stem_count - 1] = (struct sks_shard_stem) { stem, form, 0 };
    }
    out->stems[slots[stem] - 1].weight += weight;
}

static void
note_compound (sks_shard_statement *out, const sks_entry *entry)
{
    if (out->compound_count < SKS_MAX_STATEMENT_WORDS)
        out->compounds[out->compound_count++] =
            (struct sks_shard_compound) { entry->text, out->word_count, entry->word & SKS_ENTRY_WORD };
}

void
sks_shard_statement_read (sks_shard_statement *out, const sks_store *store, uint32_t statement, const float *weights,
                          uint32_t *slots)
{
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    uint32_t before = 0;
    out->word_count = out->duty = out->stem_count = out->compound_count = 0;
    while (at < end && out->word_count < SKS_MAX_STATEMENT_WORDS) {
        uint32_t number = sks_token_next (&at);
        const sks_entry *entry = &store->entry[number];
        if (entry->word & SKS_ENTRY_JOINED) {
            note_stem (out, store, entry->text, weights[before], slots);
            note_compound (out, entry);
        } else if (entry->form != SKS_NONE) {
            bool stop = store->form[entry->form].stop;
            note_stem (out, store, entry->form, weights[before], slots);
            out->words[out->word_count++] =
                (struct sks_shard_word) { entry->form, stop && sks_store_in_capitals (store, number) };
            before += !stop;
        }
        if (entry->word & SKS_ENTRY_DUTY && !out->duty && at < end)
            out->duty = out->word_count;
    }
    out->length = before;
    for (uint32_t i = 0; i < out->stem_count; i++)
        slots[out->stems[i].stem] = 0;
}
