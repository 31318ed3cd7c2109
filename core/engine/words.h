/* words.h - a statement's words, read from the token stream.
 *
 * Phrases, exact forms and spans need to know which word stands where; this is
 * where that is read. */
#ifndef SKS_WORDS_H
#define SKS_WORDS_H

#include "core/index/store.h"

typedef struct sks_words {
    uint32_t count;
    uint32_t duty; /* words of the duty; 0 for a plain statement */
    uint32_t form[SKS_MAX_STATEMENT_WORDS];
    uint16_t start[SKS_MAX_STATEMENT_WORDS]; /* bytes in the text */
    uint16_t end[SKS_MAX_STATEMENT_WORDS];
} sks_words;

/* Read the words of a statement. */
void sks_words_read (sks_words *words, const sks_store *store, uint32_t statement);

/* What one word of a query may be in the index. Exactly one of the two is used. */
typedef struct sks_matcher {
    uint32_t stem;       /* any form of this stem; SKS_NONE: look at the forms */
    uint32_t first, end; /* forms in [first, end): one form, or a prefix's forms */
} sks_matcher;

static inline bool
sks_matcher_takes (const sks_matcher *matcher, const sks_store *store, uint32_t form)
{
    return matcher->stem != SKS_NONE ? store->form[form].stem == matcher->stem
                                     : form >= matcher->first && form < matcher->end;
}

/* Whether the matchers take `count` words side by side from word `at` on; the
 * caller sees that there are so many. */
static inline bool
sks_words_match (const sks_words *words, const sks_store *store, uint32_t at, const sks_matcher *matchers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!sks_matcher_takes (&matchers[i], store, words->form[at + i]))
            return false;
    return true;
}

#endif
