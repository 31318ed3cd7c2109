/* place.h - the default path of the index, shared by the indexer and the daemon; and paths below it. */
#ifndef SKS_PLACE_H
#define SKS_PLACE_H

#include "core/base/error.h"

#include <stdbool.h>

/* Write the folder of the index into out: $SKILLSEARCH_INDEX, else
 * $XDG_DATA_HOME/skillsearch, else $HOME/.local/share/skillsearch. An empty variable counts as unset, and so does an
 * XDG_DATA_HOME that is not an absolute path, as its specification requires.
 * Returns 0, or SKS_EINVALID when no variable is set or the path does not fit. */
int sks_place_find (char *out, size_t size, sks_error *err);

/* Write FOLDER/NAME into out. Returns 0, or SKS_EINVALID when it does not fit. */
int sks_place_join (char *out, size_t size, const char *folder, const char *name, sks_error *err);

/* Write the path of an installed data file into out: ../share/skillsearch/NAME from the folder of the
 * running program. False when there is no such file to read. */
bool sks_place_installed (char *out, size_t size, const char *name);

#endif
