/* threads.c - start, work, join. */
#include "threads.h"

#include <pthread.h>

int
sks_threads_work (void *(*work) (void *run), void *runs, size_t count, size_t size, sks_error *err)
{
    pthread_t threads[SKS_MAX_THREADS];
    size_t started = 1;
    int code = 0;
    while (!code && started < count)
        if (pthread_create (&threads[started], NULL, work, (char *) runs + started * size) == 0)
            started++;
        else
            code = sks_fail (err, SKS_EINTERNAL, "cannot start a thread");
    if (!code)
        work (runs);
    for (size_t i = 1; i < started; i++)
        pthread_join (threads[i], NULL);
    return code;
}
