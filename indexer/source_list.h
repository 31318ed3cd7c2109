/* source_list.h - where the exports of the current generation came from, and whether their files still exist. */
#ifndef SKS_SOURCE_LIST_H
#define SKS_SOURCE_LIST_H

#include "index_options.h"
#include "folder.h"

/* Read the files of the current generation again and print one line per folder, separated by tabs: the folder, the
 * number of exports and of statements, the first and the last exportedAt, and how many exports are stale, that is,
 * their file gives no good export of the occupation now. Standard input cannot be read again. The index is not
 * changed, and without a generation nothing is printed. */
int sks_source_list_print (const sks_folder *folder, unsigned threads, sks_error *err);

#endif
