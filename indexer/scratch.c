/* scratch.c - a dedicated thread handles the signals that end the program, because a signal handler must not remove a
 * folder. */
#include "scratch.h"

#include "core/index/place.h"
#include "folder.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static char folder[PATH_MAX]; /* empty: no folder */
static atomic_bool removing;  /* the thread that sets it removes the folder */
static bool released;         /* by sks_scratch_release */
static pthread_t waiter;

static sigset_t
ending_signals (void)
{
    sigset_t set;
    sigemptyset (&set);
    sigaddset (&set, SIGHUP);
    sigaddset (&set, SIGINT);
    sigaddset (&set, SIGQUIT);
    sigaddset (&set, SIGTERM);
    return set;
}

/* Build threads may create a file while the folder is emptied. */
static void
erase (void)
{
    while (sks_folder_erase (folder) < 0 && (errno == ENOTEMPTY || errno == EEXIST || errno == ENOENT) &&
           access (folder, F_OK) == 0)
        ;
}

static void *
wait_for_signal (void *argument)
{
    sigset_t set = ending_signals ();
    int number = 0;
    (void) argument;
    sigwait (&set, &number);
    if (atomic_exchange (&removing, true)) {
        /* The main thread removes or keeps the folder; the signal stays pending until it unblocks them. */
        kill (getpid (), number);
        return NULL;
    }
    erase ();
    signal (number, SIG_DFL);
    pthread_sigmask (SIG_UNBLOCK, &set, NULL);
    raise (number);
    return NULL;
}

static bool
has_space (const char *place, uint64_t bytes)
{
    struct statvfs status;
    return statvfs (place, &status) == 0 && (uint64_t) status.f_bavail * status.f_frsize >= bytes;
}

/* Create the folder in the first writable place of the list. */
static int
make (const char *const *places, size_t count, uint64_t bytes, sks_error *err)
{
    int code = 0;
    for (size_t i = 0; i < count; i++) {
        if (!places[i] || !*places[i] || !has_space (places[i], bytes))
            continue;
        sks_error *first = code ? NULL : err;
        int failed = sks_place_join (folder, sizeof folder, places[i], "skillsearch-XXXXXX", first);
        if (!failed && mkdtemp (folder))
            return 0;
        code = failed ? failed : sks_fail_errno (first, "%s", folder);
    }
    folder[0] = '\0';
    return code ? code : sks_fail (err, SKS_EIO, "no folder for temporary files; set TMPDIR");
}

/* Block the signals. One that arrives before the thread starts stays pending. */
static void
begin (void)
{
    sigset_t set = ending_signals ();
    pthread_sigmask (SIG_BLOCK, &set, NULL);
    atomic_store (&removing, false);
}

/* Start the thread, unless the folder could not be created. */
static int
finish (char path[PATH_MAX], int code, sks_error *err)
{
    sigset_t set = ending_signals ();
    if (!code && (errno = pthread_create (&waiter, NULL, wait_for_signal, NULL))) {
        code = sks_fail_errno (err, "cannot start a thread");
        erase ();
        folder[0] = '\0';
    }
    snprintf (path, PATH_MAX, "%s", folder);
    if (code)
        pthread_sigmask (SIG_UNBLOCK, &set, NULL);
    return code;
}

int
sks_scratch_open (char path[PATH_MAX], uint64_t bytes, sks_error *err)
{
    const char *places[] = { getenv ("TMPDIR"), "/tmp", "/var/tmp", "/dev/shm" };
    size_t count = sizeof places / sizeof *places;
    begin ();
    int code = make (places, count, bytes, NULL);
    if (code)
        code = make (places, count, 0, err);
    return finish (path, code, err);
}

int
sks_scratch_open_beside (char path[PATH_MAX], const char *target, sks_error *err)
{
    const char *slash = strrchr (target, '/'), *name = slash ? slash + 1 : target;
    int code = 0;
    begin ();
    int size = snprintf (folder, sizeof folder, "%.*s.%.200s.XXXXXX", (int) (name - target), target, name);
    if (size < 0 || (size_t) size >= sizeof folder)
        code = sks_fail (err, SKS_EINVALID, "%s: the path is too long", target);
    else if (!mkdtemp (folder))
        code = sks_fail_errno (err, "%s", target);
    if (code)
        folder[0] = '\0';
    return finish (path, code, err);
}

/* End the thread; after a signal that it has taken, this blocks until the program ends. */
static void
end_thread (bool cancel)
{
    if (cancel)
        pthread_cancel (waiter);
    pthread_join (waiter, NULL);
}

void
sks_scratch_release (void)
{
    end_thread (!atomic_exchange (&removing, true));
    released = true;
}

void
sks_scratch_close (void)
{
    sigset_t set = ending_signals ();
    if (!folder[0])
        return;
    bool owner = released || !atomic_exchange (&removing, true);
    if (owner)
        erase ();
    if (!released)
        end_thread (owner);
    released = false;
    folder[0] = '\0';
    pthread_sigmask (SIG_UNBLOCK, &set, NULL);
}
