/* image.h - the bytes of a file, in memory of our own.
 *
 * A file that is mapped changes under its reader when somebody copies another one
 * over it, and a look past its new end is SIGBUS. So the files of a generation are
 * read once, whole, and what was checked is what is used until they are closed,
 * whatever becomes of the files. A million statements take 53 MB, and 39 MB of
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

/* What is looked at right after it was read is read in pieces of so many bytes at
 * most: they fit the cache of a core. */
#define SKS_IMAGE_PIECE ((size_t) 256 << 10)

/* Open a file, and make memory for all of it.
 *   *out    caller owns it; free with sks_image_drop. { NULL, 0 } on failure.
 *   *fd     caller closes it; -1 on failure.
 * Returns 0; SKS_EINDEX when there is no such file, when it is empty or no regular
 * file; SKS_EIO (the text tells the cause), SKS_ENOMEM. */
int sks_image_begin (sks_image *out, int *fd, const char *path, sks_error *err);

/* Read the bytes from `from` to `end` of it, which is at most its size.
 * Returns 0; SKS_EINDEX when the file was cut since; SKS_EIO. */
int sks_image_take (const sks_image *image, int fd, size_t from, size_t end, const char *path, sks_error *err);

void sks_image_drop (sks_image *image);

/* Size and hash of a file. */
typedef struct sks_print {
    uint64_t size, hash;
} sks_print;

/* Read a file through, and take its size and hash. For a library that reads files,
 * and for those who look at the bytes before it does, also:
 *   image   the bytes, not to be written; free with sks_image_drop. { NULL, 0 } on failure.
 *   copy    the descriptor of a new file in memory that holds the same bytes. Where
 *           there is none to be had, as a limit on the size of files holds for it,
 *           too, it is the file itself: then the library sees what becomes of it.
 *           Caller closes it; -1 on failure.
 * Both or neither of them may be NULL. Returns as above. */
int sks_image_print (sks_print *out, sks_image *image, int *copy, const char *path, sks_error *err);

/* Open a file in memory once more, for reading, with a place in it of its own.
 * Returns a descriptor, or -1 with errno set. */
int sks_image_open (int copy);

/* Write all bytes to a file at `offset`. False with errno when that failed. */
bool sks_image_write (int fd, const void *bytes, size_t size, uint64_t offset);

#endif
