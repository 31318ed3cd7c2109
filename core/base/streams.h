/* streams.h - the standard streams of a program: keeps descriptors 0 to 2 open, and reports output that could not be
 * written.
 *
 * Belongs to the main thread of a program. */
#ifndef SKS_STREAMS_H
#define SKS_STREAMS_H

#include <stdbool.h>
#include <stddef.h>

/* Call first in main. Descriptors 0 to 2 that are closed are opened on /dev/null, so that no file of the program gets
 * such a number: output to standard error is discarded; reading standard input and writing standard output fail
 * (EBADF).
 * At exit, standard output is flushed and closed; if anything could not be written
 * the program names the cause and ends with the status `unwritten`, whatever its status was. EPIPE (the reader closed
 * the pipe) gives no message. Where messages could not be written to standard error, status 0 becomes `unwritten`; any
 * other status reports a failure already.
 *   program    name for that message; borrowed, valid until the program ends
 *   unwritten  the program's exit status of a failure of its own */
void sks_streams_open (const char *program, int unwritten);

/* Write and flush to standard output; bytes may be NULL when size is 0. False if that
 * failed; the message and the exit status come at exit. */
bool sks_streams_write (const char *bytes, size_t size);

#endif
