/* title_stems.h - the occupations whose titles have a stem.
 *
 * They are copied from the contexts of stems (store.h), which also have what occurs in groups and descriptions, ten
 * times as many. So the contexts are needed only to decode posting lists, and are released with these (cache.h). */
#ifndef SKS_TITLE_STEMS_H
#define SKS_TITLE_STEMS_H

#include "core/base/error.h"
#include "core/index/store.h"

typedef struct sks_title_stems {
    uint32_t *starts;      /* by stem, and one more: the index of its first occupation */
    uint32_t *occupations; /* ascending, by stem */
} sks_title_stems;

/* Make the lists of a store. Close them even after a failure (SKS_ENOMEM). */
int sks_title_stems_open (sks_title_stems *out, const sks_store *store, sks_error *err);
void sks_title_stems_close (sks_title_stems *titles);

/* How many titles have the stem. */
static inline uint32_t
sks_title_stems_count (const sks_title_stems *titles, uint32_t stem)
{
    return titles->starts[stem + 1] - titles->starts[stem];
}

/* Their occupations, ascending. Borrowed. */
static inline const uint32_t *
sks_title_stems_of (const sks_title_stems *titles, uint32_t stem)
{
    return titles->occupations + titles->starts[stem];
}

#endif
