/* daemon.h - fixture for the tests that need programs: runs one to its end, builds an index, starts and stops
 * skillsearchd.
 *
 * Programs are taken from the folder $SKS_BUILD, sample exports from
 * $SKS_CORPUS. Nothing here sleeps: a started daemon has reported that it is ready, and a stopped one has ended. All
 * calls fail the test by themselves.
 *
 * Everything a test makes lies in one temporary folder below $TMPDIR or /tmp.
 * It is removed when the test reaches its end; a test that fails leaves it
 * there, with the daemon's log in the file "log". A daemon dies with the
 * process that started it. */
#ifndef SKS_TEST_DAEMON_H
#define SKS_TEST_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SKS_TEST_PATH_BYTES 256

/* One daemon. Start from { 0 }. */
typedef struct sks_test_daemon {
    pid_t pid;                          /* 0: not running */
    char folder[SKS_TEST_PATH_BYTES];   /* the daemon's own, with "log" in it */
    char log[SKS_TEST_PATH_BYTES];      /* path of the log */
    char endpoint[SKS_TEST_PATH_BYTES]; /* the first one, "tcp://127.0.0.1:PORT" */
    char endpoints[2048];               /* all of them, separated by blanks */
} sks_test_daemon;

/* Make an empty folder; path has SKS_TEST_PATH_BYTES. */
void sks_test_folder_make (char *path);
void sks_test_folder_remove (const char *path);

/* Read all of a small file, with a NUL at its end; at most size bytes. */
void sks_test_file_read (const char *path, char *out, size_t size);

/* Whether a line of a file of any size has this text. */
bool sks_test_file_has (const char *path, const char *text);

/* Run program (a name in $SKS_BUILD) with arguments (up to a NULL) to its end.
 * out receives its stdout and stderr. Returns its exit code. */
int sks_test_program_run (const char *program, const char *const *arguments, char *out, size_t size);

/* Index the sample exports into index_dir: all of them, or the one file of that name. */
void sks_test_index_build (const char *index_dir, const char *file);

/* An index of one export, and the unchecked fixture that makes and removes it. */
extern char sks_test_small_index[SKS_TEST_PATH_BYTES];
void sks_test_small_index_make (void);
void sks_test_small_index_remove (void);

/* Start skillsearchd on index_dir at tcp://127.0.0.1:* with further options (up to a NULL; may be NULL). Returns when
 * it is ready.
 *   program   its path; NULL: the one in $SKS_BUILD. */
void sks_test_daemon_start (sks_test_daemon *daemon, const char *program, const char *index_dir,
                            const char *const *options);

/* Send SIGSTOP and return when the daemon has stopped; send SIGCONT. */
void sks_test_daemon_freeze (sks_test_daemon *daemon);
void sks_test_daemon_thaw (sks_test_daemon *daemon);

/* Wait for its end. Returns the exit code. Its folder stays. */
int sks_test_daemon_wait (sks_test_daemon *daemon);

/* SIGTERM, wait for exit code 0, remove its folder. Safe when not running. */
void sks_test_daemon_stop (sks_test_daemon *daemon);

#endif
