/* filler.c - pronouns, auxiliary verbs, question words and words of asking, with
 * their contractions as they are folded. docs/query-language.md has what the
 * choice was measured by. */
#include "filler.h"

#include <stdlib.h>
#include <string.h>

/* Sorted. */
static const char *const fillers[] = {
    "am",      "been",     "being",   "can",      "cannot", "cant", "could", "couldnt",   "did",     "didnt", "do",
    "does",    "doesnt",   "doing",   "dont",     "had",    "has",  "have",  "having",    "he",      "her",   "hers",
    "herself", "him",      "himself", "his",      "hows",   "i",    "im",    "ive",       "may",     "me",    "might",
    "mine",    "must",     "my",      "myself",   "need",   "our",  "ours",  "ourselves", "please",  "shall", "she",
    "should",  "shouldnt", "thats",   "theyll",   "theyre", "us",   "want",  "wants",     "we",      "were",  "whats",
    "where",   "wheres",   "whom",    "whos",     "whose",  "why",  "wont",  "would",     "wouldnt", "you",   "youll",
    "your",    "youre",    "yours",   "yourself", "youve",
};

struct form {
    const char *bytes;
    size_t size;
};

static int
compare_form (const void *key, const void *element)
{
    const struct form *form = key;
    const char *word = *(const char *const *) element;
    int order = strncmp (form->bytes, word, form->size);
    return order ? order : word[form->size] ? -1 : 0;
}

bool
sks_filler (const char *form, size_t size)
{
    struct form key = { form, size };
    return size && bsearch (&key, fillers, sizeof fillers / sizeof *fillers, sizeof *fillers, compare_form);
}
