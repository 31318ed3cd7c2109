/* compaction.h - makes one compact Xapian file of several databases. */
#ifndef SKS_COMPACTION_H
#define SKS_COMPACTION_H

#include "core/base/error.h"

#include <stddef.h>

/* Join databases, in order, into the new file `path`, sync it, and remove them. */
int sks_compaction_join (const char *const *pieces, size_t count, const char *path, sks_error *err);

#endif
