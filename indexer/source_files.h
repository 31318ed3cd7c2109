/* source_files.h - the files of all sources of a run, while they are found. */
#ifndef SKS_SOURCE_FILES_H
#define SKS_SOURCE_FILES_H

#include "element.h"
#include "export.h"
#include "known.h"
#include "path.h"
#include "report.h"

#include <sys/stat.h>

typedef struct sks_source_file {
    const char *path;    /* absolute; SKS_STANDARD_INPUT */
    int expected;        /* enum sks_expected */
    bool lines;          /* its name says that it has one JSON text per line */
    int64_t modified;    /* nanoseconds since 1970; 0 for standard input */
    uint64_t stamp;      /* sks_source_stamp */
    uint32_t known;      /* the first occupation of the last generation that came from the file, or SKS_NONE */
    sks_element element; /* of standard input; bytes is NULL for a file, which is still to be read */
} sks_source_file;

/* What identifies the content of a file without reading it: a hash of its inode, its size, and its times of
 * modification and change. Every write sets the latter, and no program can set it. 0 if the file was changed less than
 * sks_source_settled_ns before `now`, in nanoseconds since 1970: a later change may have the same time, as file systems
 * count in steps of up to two seconds. */
uint64_t sks_source_stamp (const struct stat *status, int64_t now);

/* 3 s. Not constant only because tests lower it. */
extern int64_t sks_source_settled_ns;

typedef struct sks_source_files {
    sks_arena *arena; /* of all paths */
    sks_known *known;
    sks_source_file *rows;
    size_t count, capacity;
    sks_path_list removed; /* paths that are not to be read; complete before the first file is found */
    sks_path_list lost;    /* see source.h */
    sks_path_list unread;  /* of those lost, with exports: they cannot be read */
    char *input;           /* all of standard input */
    int64_t started;       /* nanoseconds since 1970 */
} sks_source_files;

/* Begin without files; all of *files is 0. last and stamps are those of known.h.
 * Free the files even after a failure. */
int sks_source_files_begin (sks_source_files *files, const sks_store *last, const uint64_t *stamps, sks_error *err);
void sks_source_files_free (sks_source_files *files);

/* Add the file at a path, or the files below a folder. What cannot be read is reported. */
int sks_source_files_walk (sks_source_files *files, const char *path, sks_report *report, sks_error *err);

/* Add each export of standard input, which is read. */
int sks_source_files_split_input (sks_source_files *files, sks_report *report, sks_error *err);

/* Sort by path, keep a file only once if two sources reach it, and look up which gave exports: the end of finding. */
void sks_source_files_sort (sks_source_files *files);

#endif
