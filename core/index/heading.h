/* heading.h - how files of vectors and of networks begin: 8 bytes of magic, a hash of all bytes from
 * SKS_HEADING_HASHED on, the version of the format; then numbers specific to the format, and zeros up to the end of
 * the head. All numbers are little-endian. */
#ifndef SKS_HEADING_H
#define SKS_HEADING_H

#include "image.h"

#define SKS_HEADING_HASH 8 /* the place of the hash */
#define SKS_HEADING_HASHED 16
#define SKS_HEADING_VERSION 16 /* the place of the version */

/* What the head of a format must have. */
typedef struct sks_heading {
    const char *magic; /* 8 bytes */
    const char *title; /* of the format, for texts of errors: "word vectors" */
    uint32_t version;
    size_t zeros, size; /* the bytes [zeros, size) of the head are zero */
} sks_heading;

/* The number at a place. */
uint32_t sks_heading_number (const char *bytes, size_t at);

/* Check magic, version and zeros. `name` begins the texts of errors. Returns 0 or SKS_EINDEX with the byte. */
int sks_heading_check (const sks_heading *heading, const char *bytes, size_t size, const char *name, sks_error *err);

/* Check the hash against the bytes, and return it in *hash. Returns 0 or SKS_EINDEX. */
int sks_heading_check_hash (uint64_t *hash, const char *bytes, size_t size, const char *name, sks_error *err);

/* Write magic, version and hash into bytes that are complete but for these. */
void sks_heading_write (const sks_heading *heading, char *bytes, size_t size);

/* Read a file. Its head is read and checked first, because a file of another kind may be larger than memory.
 *   check  of the head and the file's size alone; reads no byte after the head
 *   *out   caller owns it; free with sks_image_drop. { NULL, 0 } on failure.
 * Returns 0, what `check` returns, or as sks_image_begin. */
typedef int sks_heading_reader (const char *bytes, size_t size, const char *name, sks_error *err);
int sks_heading_read (sks_image *out, const char *path, size_t head, sks_heading_reader *check, sks_error *err);

#endif
