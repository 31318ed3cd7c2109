/* filler.c - pronouns, auxiliary verbs, question words and words of asking, with their contractions as they are
 * folded; "e.g." and "i.e."; the beginnings of URLs. docs/query-language.md has the measurements for the choice. */
#include "filler.h"

#include "core/base/text_list.h"

/* Sorted. */
static const char *const fillers[] = {
    "able",   "am",    "anybody", "anyone",    "anything", "become",     "been",      "being",     "can",
    "cannot", "cant",  "could",   "couldnt",   "did",      "didnt",      "do",        "does",      "doesnt",
    "doing",  "dont",  "eg",      "everybody", "everyone", "everything", "had",       "has",       "have",
    "having", "he",    "her",     "hers",      "herself",  "him",        "himself",   "his",       "hows",
    "http",   "https", "i",       "ie",        "im",       "ive",        "may",       "me",        "might",
    "mine",   "must",  "my",      "myself",    "need",     "our",        "ours",      "ourselves", "please",
    "shall",  "she",   "should",  "shouldnt",  "somebody", "someone",    "something", "thats",     "theyll",
    "theyre", "us",    "want",    "wants",     "we",       "were",       "whats",     "where",     "wheres",
    "whom",   "whos",  "whose",   "why",       "wont",     "would",      "wouldnt",   "you",       "youll",
    "your",   "youre", "yours",   "yourself",  "youve",
};

#define LONGEST_FILLER (sizeof "everything" - 1)

bool
sks_filler (const char *form, size_t size)
{
    return size <= LONGEST_FILLER && sks_text_listed (form, size, fillers, sizeof fillers / sizeof *fillers);
}
