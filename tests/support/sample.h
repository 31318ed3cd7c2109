/* sample.h - fixture of the tests that need exports or an index, made in this
 * very process: no program is run.
 *
 * All calls fail the test by themselves. A folder is removed by sample_remove at
 * the end of a test; a test that fails leaves it there to be looked at. */
#ifndef SKS_SAMPLE_H
#define SKS_SAMPLE_H

#include "core/index/store.h"
#include "indexer/folder.h"

/* A new empty folder. Caller owns it; free with sample_remove, which removes
 * the folder and all in it. */
char *sample_folder (void);
void sample_remove (char *folder);

/* Write FOLDER/NAME; folders in NAME are made. The second takes any bytes. */
void sample_write (const char *folder, const char *name, const char *text);
void sample_write_bytes (const char *folder, const char *name, const void *bytes, size_t size);

/* FOLDER/NAME. Caller owns it; free with free. */
char *sample_path (const char *folder, const char *name);

/* A whole file. Caller owns it; free with free. */
char *sample_read (const char *path, size_t *size);

/* The folder of the sample exports: $SKS_CORPUS. Borrowed: valid for ever. */
const char *sample_corpus (void);

/* What an export says. Members left out are left out of the JSON. */
typedef struct sample_occupation {
    const char *soc, *title, *sector;
    int zone;                       /* 0: null */
    const char *levels[SKS_LEVELS]; /* one statement a line, emerging first */
    const char *group, *exported_at, *description;
    const char *version, *framework, *attribution; /* framework: its description */
    const char *sources;                           /* JSON */
    const char *inferred;                          /* JSON */
    const char *labels[SKS_LEVELS];                /* of levels that are there */
} sample_occupation;

/* The JSON of an export. Caller owns it; free with free. */
char *sample_export (const sample_occupation *occupation);

/* Write that JSON to FOLDER/NAME. */
void sample_put (const char *folder, const char *name, const sample_occupation *occupation);

/* The word vectors that sample_index gives statements; NULL, as it is at first: none. Borrowed. */
extern const struct sks_vectors *sample_vectors;

/* Bring the index folder in line with a folder of exports, as skillsearch-index
 * does, with two threads. */
void sample_index (const char *index, const char *source_folder);

/* For sks_folder_prune: every generation counts as one that opens. */
bool sample_opens (const sks_folder *folder, uint64_t number);

/* The folder of the current generation. Caller owns it; free with free. */
char *sample_generation (const char *index);

/* Open the current generation. Caller owns it; free with sks_store_close. */
sks_store *sample_store (const char *index);

/* A section of a statements file. */
typedef struct sample_section {
    const char *name;
    const void *start;
    size_t size;
} sample_section;

/* All sections of a store, in the order of the file. */
#define SAMPLE_SECTIONS 18
void sample_sections (const sks_store *store, sample_section sections[SAMPLE_SECTIONS]);

#endif
