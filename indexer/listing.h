/* listing.h - the generations of an index, and the sources of the current one: the output of --list. */
#ifndef SKS_LISTING_H
#define SKS_LISTING_H

#include "folder.h"
#include "index_options.h"

/* Print the generations to standard output, with options->verbose also the sources of the current one, or all of it as
 * JSON (docs/schema/list.json). Without either, a line on standard error counts stale exports.
 * Returns SKS_EINDEX, after printing, if there are generations but none is current, or the current one is damaged. */
int sks_listing_print (const sks_folder *folder, const sks_index_options *options, sks_error *err);

#endif
