/* known.h - which files the last generation was made of, by their content.
 *
 * Finding a file here saves parsing it. A file counts as known when its path and
 * the hash of all its bytes are those of an export that was indexed and of which
 * there was nothing to tell. */
#ifndef SKS_KNOWN_H
#define SKS_KNOWN_H

#include "core/index/store.h"

typedef struct sks_known sks_known;

/* List the files of a generation; none if last is NULL.
 *   *out   caller owns it; free with sks_known_destroy. It borrows last: valid
 *          until that is closed. */
int sks_known_create (sks_known **out, const sks_store *last, sks_error *err);
void sks_known_destroy (sks_known **known_p);

/* The occupation of the last generation that this file gave; SKS_NONE if the file
 * is to be read. May be called by several threads at a time. */
uint32_t sks_known_find (const sks_known *known, const char *path, const char *bytes, size_t size);

#endif
