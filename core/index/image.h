/* image.h - the bytes of a file, in private memory.
 *
 * A mapped file changes while it is in use when somebody copies another one over it, and an access past its new end
 * causes SIGBUS. So the files of a generation are read once, completely; the checked bytes are used until they are
 * closed, whatever happens to the files. A million statements take 45 MB plus 26 MB of postings. */
#ifndef SKS_IMAGE_H
#define SKS_IMAGE_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sks_image {
    void *bytes; /* NULL: none */
    size_t size;
    bool mapped; /* to the file: its bytes need not be read */
} sks_image;

/* Open a file, and allocate memory for all of it.
 *   *out    caller owns it; free with sks_image_drop. { NULL, 0 } on failure.
 *   *fd     caller closes it; -1 on failure.
 * Returns 0; SKS_EINDEX when there is no such file, when it is empty or not a regular file; SKS_EIO (the text names
 * the cause), SKS_ENOMEM. */
int sks_image_begin (sks_image *out, int *fd, const char *path, sks_error *err);

/* The same, but map the file: only for a file that no other process changes. Its pages are not copied. */
int sks_image_map (sks_image *out, int *fd, const char *path, sks_error *err);

/* Read its bytes from `from` to `end`, which is at most its size. Threads may read different parts at once.
 * Returns 0; SKS_EINDEX when the file was truncated meanwhile; SKS_EIO. */
int sks_image_take (const sks_image *image, int fd, size_t from, size_t end, const char *path, sks_error *err);

/* The same, piece by piece: each piece is hashed while it is in the cache of the processor.
 *   *hash   of these bytes, on success.
 *   check   called for each piece after it was read, with its place in the part; it reads no byte after `end`, and
 *           if it returns false, the rest is still read. May be NULL.
 *   *holds  whether every call of check returned true.
 * Returns as above, and SKS_ENOMEM. */
typedef bool sks_image_check (const void *owner, size_t from, size_t end);
int sks_image_take_hashed (const sks_image *image, int fd, size_t from, size_t end, const char *path,
                           sks_image_check *check, const void *owner, bool *holds, uint64_t *hash, sks_error *err);

void sks_image_drop (sks_image *image);

/* Return the memory of the bytes, which read as zeros from then on. The image must still be dropped. */
void sks_image_empty (const sks_image *image);

/* The same for a part of the bytes, except for the rest of the pages where it begins and ends. */
void sks_image_empty_part (const void *bytes, size_t size);

/* Open the bytes for a library that reads descriptors, with an offset that is separate from others: the first byte
 * of the image is at the current offset of the descriptor, not at 0. Valid until the image is dropped.
 * Returns a descriptor, or -1 with errno set. */
int sks_image_open (const sks_image *image);

/* Size and hash of a file. */
typedef struct sks_print {
    uint64_t size, hash;
} sks_print;

/* Read a whole file and return its size and hash. One of more than `most` bytes is not read: its hash is 0. Returns as
 * sks_image_begin. */
int sks_image_print (sks_print *out, uint64_t most, const char *path, sks_error *err);

/* The same, and pass each piece of SKS_IMAGE_PIECE bytes, and the rest, to `take`. */
typedef void sks_image_taker (void *owner, const void *piece, size_t size);
#define SKS_IMAGE_PIECE ((size_t) 256 << 10) /* it fits into the cache of a core */
int sks_image_scan (sks_print *out, uint64_t most, sks_image_taker *take, void *owner, const char *path,
                    sks_error *err);

/* Write all bytes to a file at `offset`. False with errno when that failed. */
bool sks_image_write (int fd, const void *bytes, size_t size, uint64_t offset);

/* Write a file atomically: it exists completely or not at all. An existing one is replaced. Returns 0, SKS_EIO or
 * SKS_ENOMEM. */
int sks_image_replace (const char *path, const void *bytes, size_t size, sks_error *err);

#endif
