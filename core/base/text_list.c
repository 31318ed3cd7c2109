/* text_list.c - binary search in sorted lists of words, and the list of stop words. */
#include "text_list.h"

#include <stdlib.h>
#include <string.h>

/* Lucene's 33 English stop words and words that open or pad statements; sorted. The latter were chosen by
 * measurements on statements (docs/ranking.md). */
static const char *const stop_words[] = {
    "a",       "all",  "an",   "and",   "andor", "any",    "are",  "as",   "at",      "be",   "but",  "by",
    "each",    "etc",  "for",  "from",  "how",   "if",     "in",   "into", "is",      "it",   "its",  "no",
    "not",     "of",   "on",   "or",    "other", "others", "own",  "per",  "related", "such", "that", "the",
    "their",   "them", "then", "there", "these", "they",   "this", "to",   "use",     "used", "uses", "using",
    "various", "was",  "what", "when",  "which", "who",    "will", "with",
};

#define LONGEST_STOP_WORD (sizeof "related" - 1)

struct form {
    const char *bytes;
    size_t size;
};

static int
compare_form (const void *key, const void *element)
{
    const struct form *form = key;
    const char *word = *(const char *const *) element;
    int order = (unsigned char) *form->bytes - (unsigned char) *word; /* the first byte nearly always decides */
    if (order)
        return order;
    order = strncmp (form->bytes, word, form->size);
    return order ? order : word[form->size] ? -1 : 0;
}

bool
sks_text_listed (const char *form, size_t size, const char *const *list, size_t count)
{
    struct form key = { form, size };
    return size && bsearch (&key, list, count, sizeof *list, compare_form);
}

bool
sks_text_stop_word (const char *form, size_t size)
{
    return size <= LONGEST_STOP_WORD &&
           sks_text_listed (form, size, stop_words, sizeof stop_words / sizeof *stop_words);
}
