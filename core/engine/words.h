/* words.h - a statement's words, read from the token stream.
 *
 * Phrases, exact forms and spans need to know which word stands where; this is
 * where that is read. */
#ifndef SKS_WORDS_H
#define SKS_WORDS_H

#include "core/index/store.h"

#include <stdbool.h>

#define SKS_MAX_STATEMENT_WORDS (SKS_MAX_STATEMENT_BYTES / 2 + 1)

typedef struct sks_words {
    uint32_t count;
    uint32_t duty; /* words of the duty; 0 for a plain statement */
    uint32_t form[SKS_MAX_STATEMENT_WORDS];
    uint16_t start[SKS_MAX_STATEMENT_WORDS]; /* bytes in the text */
    uint16_t end[SKS_MAX_STATEMENT_WORDS];
    uint32_t joined[SKS_MAX_STATEMENT_WORDS]; /* joined form of the compound that starts here, or SKS_NONE */
    uint8_t span[SKS_MAX_STATEMENT_WORDS];    /* of how many words, if one does */
} sks_words;

/* Read the words of a statement. */
void sks_words_read (sks_words *words, const sks_store *store, uint32_t statement);

/* What one word of a query may be in the index. Exactly one of the two is used. */
typedef struct sks_matcher {
    uint32_t stem;       /* any form of this stem; SKS_NONE: look at the forms */
    uint32_t first, end; /* forms in [first, end): one form, or a prefix's forms */
    uint32_t form;       /* the form as it stands in the query, SKS_NONE */
    bool exact;          /* as written: no joined form of a compound */
} sks_matcher;

static inline bool
sks_matcher_takes (const sks_matcher *matcher, const sks_store *store, uint32_t form)
{
    return matcher->stem != SKS_NONE ? store->form[form].stem == matcher->stem
                                     : form >= matcher->first && form < matcher->end;
}

/* How many words, from word `at` on and before word `limit`, the matchers take side
 * by side, 0 if they do not. One may take a whole compound by its joined form. */
uint32_t sks_words_match (const sks_words *words, const sks_store *store, uint32_t at, uint32_t limit,
                          const sks_matcher *matchers, size_t count);

#endif
