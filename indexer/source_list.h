/* source_list.h - where the exports of the current generation came from, and whether
 * they are still there. */
#ifndef SKS_SOURCE_LIST_H
#define SKS_SOURCE_LIST_H

#include "options.h"
#include "publish.h"

/* Read the files of the current generation again and print a line for each folder of
 * them, with tabs between: the folder, exports, statements, the first and the last
 * exportedAt, and how many are stale: their file gives no good export of the occupation
 * now. Standard input cannot be read again. Nothing is written, and
 * without a generation nothing is printed. */
int sks_source_list_print (const sks_folder *folder, unsigned threads, sks_error *err);

#endif
