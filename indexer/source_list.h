/* source_list.h - where the exports of the current generation came from, and which of them are stale: the
 * file of the export has no good one of the occupation now, as in a run of the indexer. Files that were moved or added since the last run are not read. */
#ifndef SKS_SOURCE_LIST_H
#define SKS_SOURCE_LIST_H

#include "core/base/buffer.h"
#include "folder.h"

typedef struct sks_source_list sks_source_list;

/* Read the files of the current generation, which must exist, again; those that have not changed since they were
 * indexed are not read. Standard input cannot be read again. The index is not changed.
 *   *out   caller owns it; free with sks_source_list_destroy. NULL on failure. */
int sks_source_list_read (sks_source_list **out, const sks_folder *folder, unsigned threads, sks_error *err);
void sks_source_list_destroy (sks_source_list **list_p);

/* How many exports are stale. */
size_t sks_source_list_stale (const sks_source_list *list);

/* Print one line per folder, separated by tabs: the folder, the number of exports and of statements, the first and the
 * last exportedAt, and how many exports are stale. */
void sks_source_list_print (const sks_source_list *list);

/* Write one JSON object per export, sorted by file, as items of an array. */
void sks_source_list_put_json (const sks_source_list *list, sks_buffer *out);

#endif
