/* progress.h - the progress of a run, counted by its threads and shown to a person.
 *
 * The working threads count in sks_progress; a display thread reads it. On a terminal it shows a bar with the rate
 * and the time left and erases it at the end; elsewhere it shows nothing, or, if lines are requested, one every
 * SKS_PROGRESS_LINE_S seconds. */
#ifndef SKS_PROGRESS_H
#define SKS_PROGRESS_H

#include "core/base/error.h"

#include <stdatomic.h>
#include <stdbool.h>

#define SKS_PROGRESS_LINE_S 10

enum sks_phase {
    SKS_PHASE_READING,  /* counts files */
    SKS_PHASE_PLANNING, /* plan and dictionary; counts nothing */
    SKS_PHASE_BUILDING, /* counts statements */
    SKS_PHASE_WRITING,  /* joins, syncs */
    SKS_PHASE_VERIFYING,
    SKS_PHASE_PUBLISHING,
    SKS_PHASE_ENCODING, /* after publishing; counts texts */
    SKS_PHASES
};

typedef struct sks_progress {
    _Atomic int phase;             /* enum sks_phase */
    _Atomic uint64_t started_ms;   /* when the phase began, by the monotonic clock; 0: no phase has begun */
    uint64_t spent_ms[SKS_PHASES]; /* in ended phases; written by the main thread of the run */
    _Atomic uint64_t total;        /* of what the phase counts; 0 if unknown */
    _Atomic uint64_t files;        /* read */
    _Atomic uint64_t built;        /* statements, or encoded texts */
} sks_progress;

/* End the current phase and begin one with `total` units to count. progress may be NULL. */
void sks_progress_begin (sks_progress *progress, int phase, uint64_t total);

/* End the current phase, if there is one. */
void sks_progress_end (sks_progress *progress);

/* The name of a phase in the JSON report ("reading"). */
const char *sks_progress_phase_name (int phase);

/* Write the progress as text into out, without a line end: "reading 300 of 1,016
 * files, 150 a second, 5 s left", with a bar in front unless bar_columns is 0.
 * elapsed_ms is the time in this phase. */
void sks_progress_format (char *out, size_t size, int phase, uint64_t done, uint64_t total, uint64_t elapsed_ms,
                          unsigned bar_columns);

/* A thread that shows progress on the descriptor fd. */
typedef struct sks_display sks_display;

/* Start showing: a bar if fd is a terminal, else lines if they are wanted, else
 * nothing.
 *   *out   caller owns it; free with sks_progress_stop_display. NULL when there is nothing to show or no thread can be
 *          started: the run continues without a display. */
void sks_progress_start_display (sks_display **out, const sks_progress *progress, int fd, bool lines);

/* Stop, erase the bar, and wait for the thread: afterwards the display writes nothing more to fd. Idempotent. */
void sks_progress_stop_display (sks_display **display_p);

#endif
