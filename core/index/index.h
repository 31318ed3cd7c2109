/* index.h - the wrapper around Xapian: a C interface without exceptions and C++ types.
 *
 * Its implementation, index.cc, and those of shard_writer.h and shards.h are the only C++ and, with guard.hh, the only
 * files that include <xapian.h>. Each call catches every C++ exception and returns a code. In an index without shards,
 * Xapian stores only one thing: postings of stems (term -> statement numbers, each with its count; see posting.h).
 * Texts, word positions and columns are in the statements file (store.h). A document is a statement; Xapian's document
 * number is the statement's number + 1, unless a map gives the statement. lists.h reads both files of a generation as
 * one. What a shard has is in shard.h.
 *
 * An object may be used by only one thread at a time. */
#ifndef SKS_INDEX_H
#define SKS_INDEX_H

#include "core/base/budget.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SKS_MAX_TERM_BYTES 200 /* Xapian's own limit is 245, less for NULs */

/* ---------------------------------------------------------------- stemming */
typedef struct sks_stemmer sks_stemmer;

/* English (Porter 2). *out: caller owns it; free with sks_stemmer_destroy. */
int sks_stemmer_create (sks_stemmer **out, sks_error *err);
void sks_stemmer_destroy (sks_stemmer **stemmer_p);

/* Write the stem of a folded word, which has at most SKS_MAX_WORD_BYTES, into out
 * (which has size bytes; no NUL is added); *length is its length. Irregular and British forms have
 * the stem of their regular and American ones (core/base/forms.h). */
int sks_stemmer_stem (sks_stemmer *stemmer, const char *word, size_t word_size, char *out, size_t size, size_t *length,
                      sks_error *err);

/* ----------------------------------------------------------------- joining */

/* Join pieces (builder.h), in order, into one compact single-file database. Documents are
 * renumbered one piece after the other. path may be an empty file. Xapian does not report every sync failure: fsync
 * the file again. */
int sks_index_compact (const char *const *pieces, size_t count, const char *path, sks_error *err);

/* Xapian's own check of a database file. Returns 0 or SKS_EINDEX. */
int sks_index_check (const char *path, sks_error *err);

/* ----------------------------------------------------------------- reading */
typedef struct sks_reader sks_reader;

/* Open a database file.
 *   fd               of the file, open for reading; takes ownership, also on failure.
 *   path             names it in errors.
 *   map, documents   the statement of each of the file's documents, UINT32_MAX if
 *                    it is gone. Borrowed: valid until the reader is closed. NULL:
 *                    the document's number less 1. */
int sks_reader_open (sks_reader **out, int fd, const char *path, const uint32_t *map, uint32_t documents,
                     sks_error *err);
void sks_reader_close (sks_reader **reader_p);

/* End sks_reader_postings when this budget is cut; NULL (the default) for never. Borrowed: valid until the reader is
 * closed. */
void sks_reader_limit (sks_reader *reader, sks_budget *budget);

/* Documents in the database. */
uint32_t sks_reader_documents (sks_reader *reader);

/* Write the postings of a term: at most `capacity` statement numbers (from 0, in the order of documents) and their
 * counts; *count is their number. Deleted documents are skipped. SKS_EINDEX when there are more than `capacity` or
 * the database is damaged. */
int sks_reader_postings (sks_reader *reader, const char *term, size_t size, uint32_t *statements, uint32_t *counts,
                         size_t capacity, size_t *count, sks_error *err);

/* Whether a term has documents of the file, which ascend; the number of the file's first one is `first`. *found becomes
 * the number of those before the first one that it does not have. Only the parts of its list that can have them are
 * read. */
int sks_reader_find (sks_reader *reader, const char *term, size_t size, const uint32_t *documents, size_t count,
                     uint32_t first, size_t *found, sks_error *err);

#ifdef __cplusplus
}
#endif
#endif
