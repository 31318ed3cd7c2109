/* wordnet.h - how strongly WordNet relates two words.
 *
 * WordNet 3.0 is text files that are sorted for searching by halves: index.POS
 * (lemma -> synsets), data.POS (a synset at each offset), POS.exc (irregular form ->
 * lemma), cntlist.rev (how often each sense was met). They are read whole, searched as
 * they are, and what a line says is checked when it is used. wndb(5WN) describes them. */
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

/* Called with a word of a relation, in small letters, and its strength: the share of
 * the senses it holds for, by how often each was met; weaker for wider and narrower
 * words. A word may come several times, also with one relation: those add up. */
enum sks_relation { SKS_SAME, SKS_DERIVED, SKS_SIMILAR, SKS_WIDER, SKS_NARROWER, SKS_RELATIONS };
typedef void sks_wordnet_visit (void *context, const char *word, size_t size, int relation, double strength);

/* Visit what is related to a word, by all of its lemmas. Words of several words are
 * left out.
 * Returns 0; SKS_EINVALID with file and byte of a line that is not as it should be. */
int sks_wordnet_relate (const sks_wordnet *wordnet, const char *word, size_t size, sks_wordnet_visit *visit,
                        void *context, sks_error *err);

#endif
