/* heading.c - the header fields that all formats share. */
#include "heading.h"

#include "core/base/hash.h"

#include <string.h>
#include <unistd.h>

uint32_t
sks_heading_number (const char *bytes, size_t at)
{
    uint32_t number;
    memcpy (&number, bytes + at, sizeof number);
    return number;
}

int
sks_heading_check (const sks_heading *heading, const char *bytes, size_t size, const char *name, sks_error *err)
{
    if (size < heading->size || memcmp (bytes, heading->magic, SKS_HEADING_HASH) != 0)
        return sks_fail_at (err, SKS_EINDEX, 0, "%s: not a file of %s", name, heading->title);
    uint32_t version = sks_heading_number (bytes, SKS_HEADING_VERSION);
    if (version != heading->version)
        return sks_fail_at (err, SKS_EINDEX, SKS_HEADING_VERSION,
                            "%s: %s of version %u, this program reads %u; make the file again", name, heading->title,
                            version, heading->version);
    for (size_t at = heading->zeros; at < heading->size; at++)
        if (bytes[at])
            return sks_fail_at (err, SKS_EINDEX, (long) at, "%s: damaged: byte %zu is not zero", name, at);
    return 0;
}

int
sks_heading_check_hash (uint64_t *hash, const char *bytes, size_t size, const char *name, sks_error *err)
{
    memcpy (hash, bytes + SKS_HEADING_HASH, sizeof *hash);
    return sks_hash_bytes (bytes + SKS_HEADING_HASHED, size - SKS_HEADING_HASHED) == *hash
               ? 0
               : sks_fail_at (err, SKS_EINDEX, SKS_HEADING_HASH, "%s: damaged: wrong checksum", name);
}

void
sks_heading_write (const sks_heading *heading, char *bytes, size_t size)
{
    memcpy (bytes, heading->magic, SKS_HEADING_HASH);
    memcpy (bytes + SKS_HEADING_VERSION, &heading->version, sizeof heading->version);
    uint64_t hash = sks_hash_bytes (bytes + SKS_HEADING_HASHED, size - SKS_HEADING_HASHED);
    memcpy (bytes + SKS_HEADING_HASH, &hash, sizeof hash);
}

int
sks_heading_read (sks_image *out, const char *path, size_t head, sks_heading_reader *check, sks_error *err)
{
    int fd;
    int code = sks_image_begin (out, &fd, path, err);
    if (code)
        return code;
    size_t first = out->size < head ? out->size : head;
    code = sks_image_take (out, fd, 0, first, path, err);
    if (!code)
        code = check (out->bytes, out->size, path, err);
    if (!code)
        code = sks_image_take (out, fd, first, out->size, path, err);
    close (fd);
    if (code)
        sks_image_drop (out);
    return code;
}
