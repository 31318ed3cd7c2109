/* threads.c - start, work, join. */
#include "threads.h"

#include <pthread.h>

/* One thread's part of the work, and its result. */
struct part {
    pthread_t thread;
    int (*work) (void *run, sks_error *err);
    void *run;
    sks_error err;
    int code;
};

static void *
do_part (void *argument)
{
    struct part *part = argument;
    part->code = part->work (part->run, &part->err);
    return NULL;
}

int
sks_threads_work (int (*work) (void *run, sks_error *err), void *runs, size_t count, size_t size, sks_error *err)
{
    struct part parts[SKS_MAX_THREADS] = { { .work = work, .run = runs } };
    size_t started = 1;
    int code = 0;
    for (size_t i = 1; i < count; i++)
        parts[i] = (struct part) { .work = work, .run = (char *) runs + i * size };
    while (!code && started < count)
        if (pthread_create (&parts[started].thread, NULL, do_part, &parts[started]) == 0)
            started++;
        else
            code = sks_fail (err, SKS_EINTERNAL, "cannot start a thread");
    if (!code)
        do_part (&parts[0]);
    for (size_t i = 1; i < started; i++)
        pthread_join (parts[i].thread, NULL);
    for (size_t i = 0; !code && i < count; i++)
        if ((code = parts[i].code) && err)
            *err = parts[i].err;
    return code;
}
