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

#include <stddef.h>
#include <stdint.h>

typedef struct sks_image {
    void *bytes; /* NULL: none */
    size_t size;
} sks_image;

/* Read a file.
 *   *out    caller owns it; free with sks_image_drop. { NULL, 0 } on failure.
 * Returns 0; SKS_EINDEX when there is no such file, when it is empty, no regular
 * file, or cut while it is read; SKS_EIO (the text tells the cause). */
int sks_image_read (sks_image *out, const char *path, sks_error *err);
void sks_image_drop (sks_image *image);

/* Read a file for a library that reads files itself, and for those that look at the
 * bytes before it does.
 *   *out    the bytes, for a look; as above.
 *   copy    the descriptor of a new file in memory that holds the same bytes. Where
 *           there is none to be had, as a limit on the size of files holds for it,
 *           too, it is the file itself: then the library sees what becomes of it.
 *           Caller closes it; -1 on failure.
 * Returns as above. */
int sks_image_copy (sks_image *out, int *copy, const char *path, sks_error *err);

/* Open a file in memory once more, for reading, with a place in it of its own.
 * Returns a descriptor, or -1 with errno set. */
int sks_image_open (int copy);

#endif
