/* words.c - walking the token stream. */
#include "words.h"

void
sks_words_read (sks_words *words, const sks_store *store, uint32_t statement)
{
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    uint32_t count = 0, byte = 0;
    words->duty = 0;
    while (at < end && count < SKS_MAX_STATEMENT_WORDS) {
        const sks_entry *entry = &store->entry[sks_token_next (&at)];
        if (entry->form != SKS_NONE) {
            words->form[count] = entry->form;
            words->start[count] = (uint16_t) byte;
            words->end[count] = (uint16_t) (byte + (entry->word & SKS_ENTRY_WORD));
            count++;
        }
        if (entry->word & SKS_ENTRY_DUTY && !words->duty)
            words->duty = count;
        byte += entry->size;
    }
    words->count = count;
}
