/* sample.h - fixture for the tests that need exports or an index. They are made in this process; no program is run.
 *
 * All calls fail the test by themselves. A folder is removed by sample_remove at
 * the end of a test; a test that fails leaves it for inspection. */
#ifndef SKS_SAMPLE_H
#define SKS_SAMPLE_H

#include "core/index/store.h"
#include "indexer/folder.h"

/* A new empty folder. Caller owns it; free with sample_remove, which removes
 * the folder and all in it. */
char *sample_folder (void);
void sample_remove (char *folder);

/* Write the file FOLDER/NAME, and create folders in NAME. The second function accepts any bytes. */
void sample_write (const char *folder, const char *name, const char *text);
void sample_write_bytes (const char *folder, const char *name, const void *bytes, size_t size);

/* FOLDER/NAME. Caller owns it; free with free. */
char *sample_path (const char *folder, const char *name);

/* A whole file. Caller owns it; free with free. */
char *sample_read (const char *path, size_t *size);

/* The folder of the sample exports: $SKS_CORPUS. Borrowed: valid for ever. */
const char *sample_corpus (void);

/* The content of an export. Members that are not set are left out of the JSON. */
typedef struct sample_occupation {
    const char *soc, *title, *sector;
    int zone;                       /* 0: null */
    const char *levels[SKS_LEVELS]; /* by level, emerging first; one statement per line */
    const char *group, *exported_at, *description;
    const char *version, *framework, *attribution; /* framework: its description */
    const char *sources;                           /* JSON */
    const char *inferred;                          /* JSON */
    const char *labels[SKS_LEVELS];                /* of existing levels */
} sample_occupation;

/* The JSON of an export. Caller owns it; free with free. */
char *sample_export (const sample_occupation *occupation);

/* Write that JSON to FOLDER/NAME. */
void sample_put (const char *folder, const char *name, const sample_occupation *occupation);

/* The word vectors from which sample_index makes vectors of statements; NULL (the default): none. Borrowed. */
extern const struct sks_vectors *sample_vectors;

/* The number of shards of the next index; 0 for none. */
extern uint32_t sample_shards;

/* Index a folder of exports, as skillsearch-index does, with two threads. */
void sample_index (const char *index, const char *source_folder);

/* For sks_folder_prune: treats every generation as one that opens. */
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
#define SAMPLE_SECTIONS 21
void sample_sections (const sks_store *store, sample_section sections[SAMPLE_SECTIONS]);

#endif
