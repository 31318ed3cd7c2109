/* watch.h - a thread that detects a newly published generation, or a changed table of near words, and opens it, so that
 * no request waits for that.
 *
 * The broker holds this end; the calls belong to its thread. A generation that
 * cannot be opened is logged and counted; the previous one stays in use. */
#ifndef SKS_WATCH_H
#define SKS_WATCH_H

#include "core/engine/thesaurus.h"
#include "searchd.h"

#include <stdbool.h>
#include <sys/stat.h>

typedef struct sks_watch sks_watch;

/* A file as it was at one moment. */
typedef struct sks_watch_file {
    dev_t device;
    ino_t inode;             /* 0: there was none */
    struct timespec changed; /* its ctime */
} sks_watch_file;

/* The file to which DIR/current leads, whether its statements are encoded, and the tables of near words, at one moment.
 * It changes whenever something is published, even if a generation number is used again. */
typedef struct sks_watch_mark {
    sks_watch_file statements, encoded, tables[SKS_MAX_NEAR_FILES];
} sks_watch_mark;

/* Take the mark before opening the first generation. The watch then detects what is published in between. */
sks_watch_mark sks_watch_mark_of (const sks_config *config);

/* Open the published generation with the options of the configuration, near words among
 * them. A missing table of the project's own is logged, any other failure returned.
 *   *out   caller owns a reference; give it back with sks_generation_release. */
int sks_watch_open (sks_generation **out, const sks_config *config, sks_error *err);

/* Start the thread, and a prefetch of each generation (prefetch.h).
 *   config      borrowed: valid until the watch is stopped.
 *   generation  the current one.
 *   seen        its mark.
 *   *out   caller owns it; free with sks_watch_stop. NULL on failure. */
int sks_watch_start (sks_watch **out, void *context, const sks_config *config, sks_generation *generation,
                     sks_watch_mark seen, sks_counters *counters, sks_error *err);

/* For epoll(7). It is readable once after each event: wait for it only when sks_watch_take returned NULL and no other
 * call was made since. */
int sks_watch_descriptor (sks_watch *watch);

/* The new generation, NULL without one. Caller owns the
 * reference; give it back with sks_generation_release. */
sks_generation *sks_watch_take (sks_watch *watch);

/* Check now, even a generation that could not be opened before. */
void sks_watch_look (sks_watch *watch);

/* End the thread, free all. Takes ownership; sets *watch_p to NULL. Safe on
 * NULL. */
void sks_watch_stop (sks_watch **watch_p);

/* Whether to use the vectors of an index: false with --vectors none. */
bool sks_watch_wants_vectors (const sks_config *config);

#endif
