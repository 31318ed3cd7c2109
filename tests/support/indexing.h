/* indexing.h - fixture for the tests of a run of the indexer: its steps one by one, called as skillsearch-index calls
 * them, on folders that are empty at first.
 *
 * All calls fail the test by themselves. The results of a step are in the variables below until the next run. */
#ifndef SKS_TEST_INDEXING_H
#define SKS_TEST_INDEXING_H

#include "indexer/build.h"
#include "indexer/folder.h"
#include "indexer/verify.h"
#include "sample.h"

#include <check.h>

extern char *source, *other, *index_folder;
extern sks_report *report;
extern sks_sources *sources;
extern sks_intake *intake;
extern sks_plan *plan;
extern sks_reuse *reuse;
extern bool from_scratch;        /* take over nothing */
extern sks_source_request terms; /* of the next run, except sources and `only` */
extern sks_store *last;
extern sks_folder *folder;

/* A test case of the suite with this fixture around each test. */
TCase *indexing_case (Suite *suite, const char *name);

/* Begin a new run on the same folders, with an empty report. */
void indexing_forget (void);

/* The steps of a run: find the files of one source, or of several; read them. */
void indexing_find (const char *name);
void indexing_find_all (const char *const *names, size_t count);
void indexing_read (unsigned threads);

/* Forget the last run and do the steps of a new one up to the plan; the second function for `source` alone. */
void indexing_plan (const char *const *names, size_t count, bool only);
void indexing_plan_from (const char *name, bool only);
void indexing_plan_source (void);

/* Build the plan; path, of PATH_MAX bytes, becomes the folder of the build. */
int indexing_build (unsigned threads, char *path, sks_error *err);

/* Build, verify and publish the plan; the second function makes the plan first, of all of `source`. */
void indexing_publish (void);
void indexing_publish_source (void);

/* Write an export with one statement of level emerging; the second function writes it into `source`. */
void indexing_put_at (const char *where, const char *name, const char *soc, const char *statement,
                      const char *exported_at);
void indexing_put (const char *name, const char *soc, const char *statement);

void indexing_remove (const char *where, const char *name);

/* Remove an empty folder in `source`. */
void indexing_remove_folder (const char *name);

/* Make a symbolic link in `source`. */
void indexing_link (const char *target, const char *name);

/* Assert the plan's numbers, as in the summary. */
void indexing_expect (uint64_t added, uint64_t changed, uint64_t removed, uint64_t kept);

/* Assert that there is one problem, of this kind, and that the name of its file ends with this. */
void indexing_expect_problem (int problem, const char *name);

/* The published texts, in their order, separated by "|". Borrowed: valid until
 * the next call. */
const char *indexing_published (void);

/* Names of the files found, without the folder, separated by blanks. Borrowed:
 * valid until the next call. */
const char *indexing_files (void);

#endif
