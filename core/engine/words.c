/* words.c - walking the token stream. */
#include "words.h"

#include "core/base/text.h"

bool
sks_entry_in_capitals (const sks_store *store, uint32_t entry)
{
    const sks_entry *row = &store->entry[entry];
    const char *text = store->strings + row->text;
    size_t size = row->word & SKS_ENTRY_WORD;
    for (size_t at = 0, length; at < size; at += length)
        if (sks_text_case (text, size, at, &length) == 'a')
            return false;
    return true;
}

void
sks_words_read (sks_words *words, const sks_store *store, uint32_t statement)
{
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    uint32_t count = 0, byte = 0;
    words->duty = 0;
    while (at < end && count < SKS_MAX_STATEMENT_WORDS) {
        uint32_t number = sks_token_next (&at);
        const sks_entry *entry = &store->entry[number];
        if (entry->form != SKS_NONE) {
            words->form[count] = entry->form;
            words->entry[count] = number;
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
