/* daemon.h - fixture of the tests that need programs: run one to its end, build
 * an index, start a skillsearchd and stop it.
 *
 * Programs are taken from the folder $SKS_BUILD, sample exports from
 * $SKS_CORPUS. Nothing here sleeps: a started daemon has said that it is ready
 * and a stopped one is gone. All calls fail the test by themselves.
 *
 * Everything a test makes lies in one temporary folder below $TMPDIR or /tmp.
 * It is removed when the test reaches its end; a test that fails leaves it
 * there, with the daemon's log in the file "log". A daemon dies with the
 * process that started it. */
#ifndef SKS_TEST_DAEMON_H
#define SKS_TEST_DAEMON_H

#include <stddef.h>
#include <sys/types.h>

#define SKS_TEST_PATH_BYTES 256

/* One daemon. Start from { 0 }. */
typedef struct sks_test_daemon {
    pid_t pid;                          /* 0: not running */
    char folder[SKS_TEST_PATH_BYTES];   /* its own, with "log" in it */
    char log[SKS_TEST_PATH_BYTES];      /* path of the log */
    char endpoint[SKS_TEST_PATH_BYTES]; /* the first one, "tcp://127.0.0.1:PORT" */
    char endpoints[2048];               /* all of them, separated by blanks */
} sks_test_daemon;

/* A new empty folder; path takes SKS_TEST_PATH_BYTES. */
void sks_test_folder_make (char *path);
void sks_test_folder_remove (const char *path);

/* The whole of a small file, with NUL; size bytes at most. */
void sks_test_file_read (const char *path, char *out, size_t size);

/* Run program (a name in $SKS_BUILD) with arguments (up to a NULL) to its end.
 * What it writes to stdout and stderr comes in out. Returns its exit code. */
int sks_test_program_run (const char *program, const char *const *arguments, char *out, size_t size);

/* Bring index_dir in line with the sample exports: all of them, or the one
 * file of that name. */
void sks_test_index_build (const char *index_dir, const char *file);

/* An index of one export, and the unchecked fixture that makes and removes it. */
extern char sks_test_small_index[SKS_TEST_PATH_BYTES];
void sks_test_small_index_make (void);
void sks_test_small_index_remove (void);

/* Start skillsearchd on index_dir at tcp://127.0.0.1:* and with further
 * options (up to a NULL; may be NULL); back when it is ready.
 *   program   its path; NULL: the one in $SKS_BUILD. */
void sks_test_daemon_start (sks_test_daemon *daemon, const char *program, const char *index_dir,
                            const char *const *options);

/* SIGSTOP, back when it has stopped; SIGCONT. */
void sks_test_daemon_freeze (sks_test_daemon *daemon);
void sks_test_daemon_thaw (sks_test_daemon *daemon);

/* Wait for its end. Returns the exit code. Its folder stays. */
int sks_test_daemon_wait (sks_test_daemon *daemon);

/* SIGTERM, wait for exit code 0, remove its folder. Safe when not running. */
void sks_test_daemon_stop (sks_test_daemon *daemon);

#endif
