/* prefetch.c - one thread of the lowest priority per generation. */
#include "prefetch.h"

#include "core/base/clock.h"
#include "log.h"

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* The list of a stem in fewer statements is decoded in less than half a millisecond, places included. */
#define LEAST 2048

struct sks_prefetch {
    sks_generation *generation;
    sks_stop stop;
    pthread_t thread;
};

static void *
run (void *argument)
{
    static const struct sched_param lowest = { 0 };
    char reason[2 * SKS_ERROR_TEXT_BYTES];
    struct sks_prefetch *prefetch = argument;
    uint64_t begun_us = sks_clock_us ();
    sks_error err;
    pthread_setschedparam (pthread_self (), SCHED_IDLE, &lowest); /* without it, it only takes more time from others */
    int code = sks_generation_fill (prefetch->generation, LEAST, &prefetch->stop, &err);
    if (code && code != SKS_ESHUTTINGDOWN)
        sks_log (SKS_LOG_WARN, "prefetch_failed", "generation=%" PRIu64 " reason=%s",
                 sks_generation_number (prefetch->generation), sks_log_quote (reason, sizeof reason, err.text));
    else
        sks_log (SKS_LOG_DEBUG, code ? "prefetch_ended" : "prefetched",
                 "generation=%" PRIu64 " bytes=%zu took_ms=%" PRIu64, sks_generation_number (prefetch->generation),
                 sks_generation_decoded (prefetch->generation), (sks_clock_us () - begun_us) / 1000);
    return NULL;
}

void
sks_prefetch_start (sks_prefetch **out, sks_generation *generation)
{
    sigset_t all, before;
    sks_prefetch *prefetch = *out = calloc (1, sizeof *prefetch);
    if (!prefetch)
        return;
    prefetch->generation = sks_generation_share (generation);
    sks_generation_expect_fill (generation, LEAST);
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    int code = pthread_create (&prefetch->thread, NULL, run, prefetch);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (!code)
        return;
    sks_log (SKS_LOG_WARN, "prefetch_failed", "reason=\"cannot start a thread: %s\"", strerror (code));
    sks_generation_expect_fill (generation, SKS_NONE);
    sks_generation_release (&prefetch->generation);
    free (prefetch);
    *out = NULL;
}

void
sks_prefetch_stop (sks_prefetch **prefetch_p)
{
    sks_prefetch *prefetch = *prefetch_p;
    if (!prefetch)
        return;
    *prefetch_p = NULL;
    sks_budget_set_stop (&prefetch->stop, 1);
    pthread_join (prefetch->thread, NULL);
    sks_generation_release (&prefetch->generation);
    free (prefetch);
}
