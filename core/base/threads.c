/* threads.c - start, work, join. */
#include "threads.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

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

/* ------------------------------------------------------------ from both ends */

struct meeting {
    int (*work) (void *task, sks_error *err);
    char *tasks;
    size_t count, size;
    atomic_long left; /* tasks that no thread has begun; below 0: the threads have met */
    int codes[SKS_MAX_TASKS];
    sks_error errs[SKS_MAX_TASKS];
};

static void
do_tasks (struct meeting *m, bool from_end)
{
    for (size_t done = 0; atomic_fetch_sub (&m->left, 1) > 0; done++) {
        size_t i = from_end ? m->count - 1 - done : done;
        m->codes[i] = m->work (m->tasks + i * m->size, &m->errs[i]);
    }
}

static void *
do_last_tasks (void *argument)
{
    do_tasks (argument, true);
    return NULL;
}

int
sks_threads_meet (int (*work) (void *task, sks_error *err), void *tasks, size_t count, size_t size, bool alone,
                  sks_error *err)
{
    struct meeting m = { .work = work, .tasks = tasks, .count = count, .size = size, .left = (long) count };
    pthread_t thread;
    sigset_t all, before;
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    bool started = !alone && pthread_create (&thread, NULL, do_last_tasks, &m) == 0;
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    do_tasks (&m, false);
    if (started)
        pthread_join (thread, NULL);
    for (size_t i = 0; i < count; i++)
        if (m.codes[i]) {
            if (err)
                *err = m.errs[i];
            return m.codes[i];
        }
    return 0;
}
