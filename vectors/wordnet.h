/* wordnet.h - how strongly WordNet relates two words.
 *
 * WordNet 3.0 consists of text files that are sorted for binary search: index.POS (lemma -> synsets), data.POS (a
 * synset at each offset), POS.exc (irregular form -> lemma), cntlist.rev (how often each sense occurred). They are
 * read completely and searched unchanged; a line is checked when it is used. wndb(5WN) describes them. */
#ifndef SKS_WORDNET_H
#define SKS_WORDNET_H

#include "core/base/error.h"

#include <stddef.h>

enum { SKS_NOUN, SKS_VERB, SKS_ADJECTIVE, SKS_ADVERB, SKS_PARTS_OF_SPEECH };

typedef struct sks_wordnet_file {
    char *bytes; /* with a NUL after them */
    size_t size;
    char *path; /* for texts of errors */
} sks_wordnet_file;

typedef struct sks_wordnet {
    sks_wordnet_file index[SKS_PARTS_OF_SPEECH], data[SKS_PARTS_OF_SPEECH], exceptions[SKS_PARTS_OF_SPEECH], counts;
} sks_wordnet;

/* Read the files of a folder.
 * Returns 0, SKS_EIO or SKS_ENOMEM. Free with sks_wordnet_close in any case. */
int sks_wordnet_open (sks_wordnet *out, const char *folder, sks_error *err);

void sks_wordnet_close (sks_wordnet *wordnet);

/* Called with a word of a relation, in small letters, and its strength: the share of the senses that have the
 * relation, weighted by how often each occurred; weaker for wider and narrower words. A word may come several
 * times, even with the same relation: the strengths add up. */
enum sks_relation { SKS_SAME, SKS_DERIVED, SKS_SIMILAR, SKS_WIDER, SKS_NARROWER, SKS_RELATIONS };
typedef void sks_wordnet_visit (void *context, const char *word, size_t size, int relation, double strength);

/* Visit what is related to a word, by all of its lemmas. Entries of several words are left out.
 * Returns 0; SKS_EINVALID with file and byte of a malformed line. */
int sks_wordnet_relate (const sks_wordnet *wordnet, const char *word, size_t size, sks_wordnet_visit *visit,
                        void *context, sks_error *err);

#endif
