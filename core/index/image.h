/* image.h - the bytes of a file, in private memory.
 *
 * A mapped file changes while it is in use when somebody copies another one over it, and an access past its new end
 * causes SIGBUS. So the files of a generation are read once, completely; the checked bytes are used until they are
 * closed, whatever happens to the files. A million statements take 53 MB, and 39 MB of
 * postings. */
#ifndef SKS_IMAGE_H
#define SKS_IMAGE_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sks_image {
    void *bytes; /* NULL: none */
    size_t size;
} sks_image;

/* Bytes that are checked directly after reading are read in pieces of at most this size, which fit the cache of a
 * core. */
#define SKS_IMAGE_PIECE ((size_t) 256 << 10)

/* Open a file, and allocate memory for all of it.
 *   *out    caller owns it; free with sks_image_drop. { NULL, 0 } on failure.
 *   *fd     caller closes it; -1 on failure.
 * Returns 0; SKS_EINDEX when there is no such file, when it is empty or not a regular file; SKS_EIO (the text names
 * the cause), SKS_ENOMEM. */
int sks_image_begin (sks_image *out, int *fd, const char *path, sks_error *err);

/* Read its bytes from `from` to `end`, which is at most its size.
 * Returns 0; SKS_EINDEX when the file was truncated meanwhile; SKS_EIO. */
int sks_image_take (const sks_image *image, int fd, size_t from, size_t end, const char *path, sks_error *err);

void sks_image_drop (sks_image *image);

/* Size and hash of a file. */
typedef struct sks_print {
    uint64_t size, hash;
} sks_print;

/* Read a whole file and return its size and hash. Also, for a library that reads files, and for callers that check
 * the bytes first:
 *   image   the bytes, read-only; free with sks_image_drop. { NULL, 0 } on failure.
 *   copy    the descriptor of a new file in memory with the same bytes. If it cannot be made (a limit on file sizes
 *           applies to it, too), it is the file itself: then the library sees later changes of the file.
 *           Caller closes it; -1 on failure.
 * Either both are NULL or neither.
 *   max     bytes; a file that has more is SKS_EINDEX before it is read: it may have grown beyond all memory.
 * Returns as above. */
int sks_image_print (sks_print *out, sks_image *image, int *copy, const char *path, uint64_t max, sks_error *err);

/* Open a file in memory once more, for reading, with a separate offset.
 * Returns a descriptor, or -1 with errno set. */
int sks_image_open (int copy);

/* Write all bytes to a file at `offset`. False with errno when that failed. */
bool sks_image_write (int fd, const void *bytes, size_t size, uint64_t offset);

#endif
