/* known.h - the exports of the last generation, by their content and by their files.
 *
 * Finding an export here saves parsing it. It counts as known when the hash of all its bytes and the path of its file
 * are those of an export that was indexed without anything to report. Its position in the file does not matter. */
#ifndef SKS_KNOWN_H
#define SKS_KNOWN_H

#include "core/index/store.h"

typedef struct sks_known sks_known;

/* List the files of a generation; if last is NULL, the list is empty.
 *   stamps   of the files, by occupation (sks_source_stamp), 0: unknown; NULL: none is known
 *   *out     caller owns it; free with sks_known_destroy. It borrows last: valid
 *            until that is closed. */
int sks_known_create (sks_known **out, const sks_store *last, const uint64_t *stamps, sks_error *err);
void sks_known_destroy (sks_known **known_p);

/* The occupation of the last generation that was read from these bytes of the file `path`; SKS_NONE if they must be
 * parsed. May be called by several threads at a time. */
uint32_t sks_known_find (const sks_known *known, const char *path, const char *bytes, size_t size);

/* The same by the hash of the bytes. */
uint32_t sks_known_find_content (const sks_known *known, const char *path, uint64_t content);

/* The first occupation of the last generation that came from this file; SKS_NONE if none did. */
uint32_t sks_known_of_file (const sks_known *known, const char *path);

/* Whether the export of such an occupation, which may be SKS_NONE, is all of its file, and the file has the stamp that
 * it had then; else it must be read. */
bool sks_known_is_current (const sks_known *known, uint32_t occupation, uint64_t stamp);

/* How many exports of the last generation came from files at or below this path. The first call sorts all paths: not
 * for several threads. */
size_t sks_known_below (sks_known *known, const char *path);

/* The path of exports from standard input. */
#define SKS_STANDARD_INPUT "-"

#endif
