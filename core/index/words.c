/* words.c - walking the token stream. */
#include "words.h"

#include "core/base/text.h"

void
sks_words_read (sks_words *words, const sks_store *store, uint32_t statement)
{
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    uint32_t count = 0, byte = 0;
    words->duty = 0;
    words->seen = 0;
    words->joined[0] = SKS_NONE;
    while (at < end && count < SKS_MAX_STATEMENT_WORDS) {
        uint32_t number = sks_token_next (&at);
        const sks_entry *entry = &store->entry[number];
        if (entry->form != SKS_NONE) {
            uint32_t stem = store->form[entry->form].stem;
            words->form[count] = entry->form;
            words->stem[count] = stem;
            words->seen |= sks_words_bit (stem);
            words->entry[count] = number;
            words->start[count] = (uint16_t) byte;
            words->end[count] = (uint16_t) (byte + (entry->word & SKS_ENTRY_WORD));
            if (++count < SKS_MAX_STATEMENT_WORDS)
                words->joined[count] = SKS_NONE;
        } else if (entry->word & SKS_ENTRY_JOINED) {
            words->joined[count] = entry->text;
            words->seen |= sks_words_bit (store->form[entry->text].stem);
            words->span[count] = (uint8_t) (entry->word & SKS_ENTRY_WORD);
        }
        if (entry->word & SKS_ENTRY_DUTY && !words->duty && at < end)
            words->duty = count;
        byte += entry->size;
    }
    words->count = count;
}

uint32_t
sks_words_match (const sks_words *words, const sks_store *store, uint32_t at, uint32_t limit,
                 const sks_matcher *matchers, size_t count)
{
    uint32_t joined = at < limit ? words->joined[at] : SKS_NONE;
    if (!count || at >= limit)
        return 0;
    if (sks_matcher_takes (matchers, store, words->form[at]) &&
        (!matchers->capitals || sks_store_in_capitals (store, words->entry[at]))) {
        uint32_t rest = sks_words_match (words, store, at + 1, limit, matchers + 1, count - 1);
        if (rest || count == 1)
            return rest + 1;
    }
    if (joined == SKS_NONE || matchers->exact || matchers->capitals || !sks_matcher_takes (matchers, store, joined) ||
        at + words->span[at] > limit)
        return 0;
    uint32_t rest = sks_words_match (words, store, at + words->span[at], limit, matchers + 1, count - 1);
    return rest || count == 1 ? rest + words->span[at] : 0;
}
