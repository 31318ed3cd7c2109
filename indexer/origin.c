/* origin.c - writes and reads the file "sources", and reads the files of exports in format 2. */
#include "origin.h"

#include "core/base/bisect.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/index/place.h"
#include "array.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[8] = "SKSSRC2\n", unstamped[8] = "SKSSRCS\n"; /* the second one: a list without stamps */

#define HEADER_BYTES (sizeof magic + sizeof (uint64_t))
#define MAX_BYTES (INT64_C (1) << 30) /* a file that grew beyond it is not read: it may be larger than all memory */

/* ------------------------------------------------------------------- lists */

static int
add_root (sks_origins *origins, const char *path, sks_error *err)
{
    const char *copy = sks_arena_copy (origins->arena, path, strlen (path));
    if (!copy ||
        !sks_array_reserve (&origins->roots, &origins->root_capacity, origins->root_count + 1, sizeof *origins->roots))
        return sks_fail_memory (err);
    origins->roots[origins->root_count++] = copy;
    return 0;
}

/* The strings must be the origins'. */
static int
append_export (sks_origins *origins, sks_origin row, sks_error *err)
{
    if (!row.soc || !row.path ||
        !sks_array_reserve (&origins->exports, &origins->export_capacity, origins->export_count + 1,
                            sizeof *origins->exports))
        return sks_fail_memory (err);
    origins->exports[origins->export_count++] = row;
    return 0;
}

static int
add_export (sks_origins *origins, const char *soc, const char *path, sks_error *err)
{
    sks_origin row = { sks_arena_copy (origins->arena, soc, strlen (soc)),
                       sks_arena_copy (origins->arena, path, strlen (path)), 0 };
    return append_export (origins, row, err);
}

/* All lines of standard input belong to one source. */
static const char *
root_of (const char *path)
{
    return strncmp (path, "-:", 2) == 0 ? SKS_STANDARD_INPUT : path;
}

/* Order paths so that everything below a folder follows it directly. */
static int
compare_paths (const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    unsigned char left = *a == '/' ? 1 : (unsigned char) *a, right = *b == '/' ? 1 : (unsigned char) *b;
    return (left > right) - (left < right);
}

static int
by_path (const void *left, const void *right)
{
    return compare_paths (*(const char *const *) left, *(const char *const *) right);
}

static bool
lies_at_or_below (const char *path, const char *root)
{
    size_t size = strlen (root);
    return size && strncmp (path, root, size) == 0 &&
           (path[size] == '\0' || path[size] == '/' || root[size - 1] == '/');
}

/* Sort the roots, without those that lie below another. */
static void
reduce_roots (sks_origins *origins)
{
    size_t kept = 0;
    if (origins->root_count)
        qsort (origins->roots, origins->root_count, sizeof *origins->roots, by_path);
    for (size_t i = 0; i < origins->root_count; i++)
        if (!kept || !lies_at_or_below (origins->roots[i], origins->roots[kept - 1]))
            origins->roots[kept++] = origins->roots[i];
    origins->root_count = kept;
}

static sks_origins *
create (void)
{
    sks_origins *origins = calloc (1, sizeof *origins);
    if (origins && !(origins->arena = sks_arena_create ()))
        sks_origins_destroy (&origins);
    return origins;
}

void
sks_origins_destroy (sks_origins **origins_p)
{
    sks_origins *origins = *origins_p;
    if (!origins)
        return;
    *origins_p = NULL;
    free (origins->roots);
    free (origins->exports);
    free (origins->bytes);
    sks_arena_destroy (&origins->arena);
    free (origins);
}

static int
by_soc (const void *left, const void *right)
{
    return strcmp (((const sks_origin *) left)->soc, ((const sks_origin *) right)->soc);
}

bool
sks_origins_have (const sks_origins *origins, const char *soc)
{
    sks_origin key = { .soc = soc };
    return origins->export_count &&
           bsearch (&key, origins->exports, origins->export_count, sizeof *origins->exports, by_soc);
}

/* ----------------------------------------------------------------- reading */

/* The string at *at, which is advanced past its NUL; NULL if there is no NUL before end. */
static const char *
next_string (const char **at, const char *end)
{
    const char *text = *at, *nul = text < end ? memchr (text, '\0', (size_t) (end - text)) : NULL;
    *at = nul ? nul + 1 : end;
    return nul ? text : NULL;
}

/* The number of a stamp; all of the list has been checked by its hash. strtoull takes seven times as long. */
static uint64_t
read_stamp (const char *digits)
{
    uint64_t stamp = 0;
    for (; *digits; digits++)
        stamp = stamp << 4 | (uint64_t) ((*digits & 15) + (*digits > '9' ? 9 : 0));
    return stamp;
}

static int
damaged (const char *path, sks_error *err)
{
    return sks_fail (err, SKS_EINDEX, "%s: the file is damaged", path);
}

/* The exports refer to the bytes. */
static int
parse (sks_origins *origins, const char *bytes, size_t size, const char *path, sks_error *err)
{
    uint64_t hash;
    const char *at = bytes + HEADER_BYTES, *end = bytes + size, *text;
    bool is_stamped = size >= HEADER_BYTES && memcmp (bytes, magic, sizeof magic) == 0;
    if (!is_stamped && (size < HEADER_BYTES || memcmp (bytes, unstamped, sizeof unstamped) != 0))
        return damaged (path, err);
    memcpy (&hash, bytes + sizeof magic, sizeof hash);
    if (hash != sks_hash_bytes (at, (size_t) (end - at)))
        return damaged (path, err);
    int code = 0;
    while (!code && (text = next_string (&at, end)) && *text)
        code = add_root (origins, text, err);
    if (!code && !text)
        return damaged (path, err);
    while (!code && (text = next_string (&at, end))) {
        const char *file = next_string (&at, end), *stamp = is_stamped ? next_string (&at, end) : "";
        code = file && stamp ? append_export (origins, (sks_origin) { text, file, read_stamp (stamp) }, err)
                             : damaged (path, err);
    }
    return code;
}

/* ---------------------------------------------------------------- format 2 */

enum {
    FORMAT_2_SECTIONS = 15,
    FORMAT_2_COUNT = 76, /* bytes of the header: number of occupations */
    FORMAT_2_PLACES = 112,
    FORMAT_2_HASH = 472,
    FORMAT_2_HEADER = 480,
    FORMAT_2_ROW = 48, /* bytes of an occupation; the SOC code comes first */
    FORMAT_2_SOURCE = 24,
    FORMAT_2_OCCUPATIONS = 5,
    FORMAT_2_STRINGS = 14
};

static uint32_t
number_at (const char *bytes)
{
    uint32_t number;
    memcpy (&number, bytes, sizeof number);
    return number;
}

/* A section; NULL unless it is within the file and has its checksum. */
static const char *
section (const char *bytes, size_t size, size_t row, uint64_t *length)
{
    uint64_t place[3];
    memcpy (place, bytes + FORMAT_2_PLACES + row * sizeof place, sizeof place);
    *length = place[1];
    if (place[0] > size || place[1] > size - place[0] || sks_hash_bytes (bytes + place[0], place[1]) != place[2])
        return NULL;
    return bytes + place[0];
}

static int
parse_format_2 (sks_origins *origins, const char *bytes, size_t size, const char *path, sks_error *err)
{
    uint64_t hash, rows_size, strings_size;
    if (size < FORMAT_2_HEADER || number_at (bytes + 12) != FORMAT_2_SECTIONS)
        return damaged (path, err);
    memcpy (&hash, bytes + FORMAT_2_HASH, sizeof hash);
    const char *rows = section (bytes, size, FORMAT_2_OCCUPATIONS, &rows_size);
    const char *strings = section (bytes, size, FORMAT_2_STRINGS, &strings_size);
    uint64_t count = number_at (bytes + FORMAT_2_COUNT);
    if (hash != sks_hash_bytes (bytes, FORMAT_2_HASH) || !rows || !strings || rows_size != count * FORMAT_2_ROW)
        return damaged (path, err);
    int code = 0;
    for (const char *row = rows; !code && row < rows + rows_size; row += FORMAT_2_ROW) {
        const char *texts[2];
        for (int i = 0; i < 2; i++) {
            uint32_t offset = number_at (row + (i ? FORMAT_2_SOURCE : 0));
            const char *at = strings + (offset < strings_size ? offset : strings_size);
            texts[i] = next_string (&at, strings + strings_size);
        }
        code = texts[0] && texts[1] ? add_export (origins, texts[0], texts[1], err) : damaged (path, err);
        if (!code)
            code = add_root (origins, root_of (texts[1]), err);
    }
    return code;
}

static int
read_format_2 (sks_origins *origins, const char *folder, sks_error *err)
{
    char path[PATH_MAX], *bytes;
    size_t size;
    int code = sks_place_join (path, sizeof path, folder, SKS_STATEMENTS_FILE, err);
    if (!code)
        code = sks_file_read (path, SIZE_MAX / 4, &bytes, &size, err);
    if (code)
        return code;
    if (size >= 16 && memcmp (bytes, "SKSTMTS\n", 8) == 0 && number_at (bytes + 8) == 2)
        code = parse_format_2 (origins, bytes, size, path, err);
    else
        code = sks_fail (err, SKS_EINDEX, "%s/" SKS_SOURCES_FILE ": there is no such file", folder);
    free (bytes);
    return code;
}

int
sks_origins_read (sks_origins **out, const char *folder, sks_error *err)
{
    char path[PATH_MAX], *bytes = NULL;
    size_t size = 0;
    sks_origins *origins = create ();
    *out = NULL;
    int code = origins ? sks_place_join (path, sizeof path, folder, SKS_SOURCES_FILE, err) : sks_fail_memory (err);
    struct stat status = { 0 };
    bool there = !code && (stat (path, &status) == 0 || errno != ENOENT);
    if (status.st_size > MAX_BYTES)
        code = sks_fail (err, SKS_EINDEX, "%s: the file is damaged", path);
    else if (there)
        code = sks_file_read (path, SIZE_MAX / 4, &bytes, &size, err);
    if (!code)
        code = there ? parse (origins, bytes, size, path, err) : read_format_2 (origins, folder, err);
    if (origins)
        origins->bytes = bytes;
    else
        free (bytes);
    if (code) {
        sks_origins_destroy (&origins);
        return code;
    }
    reduce_roots (origins);
    *out = origins;
    return 0;
}

int
sks_origins_of_store (sks_origins **out, const sks_store *store, sks_error *err)
{
    sks_origins *origins = *out = create ();
    int code = origins ? 0 : sks_fail_memory (err);
    for (uint32_t i = 0; !code && i < store->occupations; i++) {
        const char *path = sks_store_string (store, store->occupation[i].source);
        code = add_export (origins, sks_store_string (store, store->occupation[i].soc), path, err);
        if (!code)
            code = add_root (origins, root_of (path), err);
    }
    if (code)
        sks_origins_destroy (out);
    else
        reduce_roots (origins);
    return code;
}

/* compare_paths sorts a folder directly before all paths below it, and no root is below another one. */
const char *
sks_origins_root (const sks_origins *origins, const char *path)
{
    size_t low = 0, high = origins->root_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_paths (origins->roots[middle], path) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low && lies_at_or_below (path, origins->roots[low - 1]) ? origins->roots[low - 1] : NULL;
}

bool
sks_origins_match (const sks_origins *origins, const sks_store *store)
{
    bool match = origins->export_count == store->occupations;
    for (uint32_t i = 0; match && i < store->occupations; i++)
        match = strcmp (origins->exports[i].soc, sks_store_string (store, store->occupation[i].soc)) == 0 &&
                strcmp (origins->exports[i].path, sks_store_string (store, store->occupation[i].source)) == 0;
    return match;
}

/* ----------------------------------------------------------------- writing */

/* Whether a root of the last generation is not at or below one of these. */
static bool
lacks_roots (const sks_origins *origins, const sks_origins *last)
{
    for (size_t i = 0; i < last->root_count; i++)
        if (!sks_origins_root (origins, last->roots[i]))
            return true;
    return false;
}

/* Keep the roots of the last generation that have an export of the plan below them. Those below other roots would be
 * left out again. */
static int
add_used_roots (sks_origins *origins, const sks_plan *plan, const sks_origins *last, sks_error *err)
{
    reduce_roots (origins);
    if (!lacks_roots (origins, last))
        return 0;
    const char **paths = calloc (plan->count + 1, sizeof *paths);
    if (!paths)
        return sks_fail_memory (err);
    for (size_t i = 0; i < plan->count; i++)
        paths[i] = root_of (plan->frameworks[i]->source);
    qsort (paths, plan->count, sizeof *paths, by_path);
    int code = 0;
    for (size_t i = 0; !code && i < last->root_count; i++) {
        size_t low = 0, high = plan->count;
        SKS_BISECT (low, high, at, compare_paths (paths[at], last->roots[i]) < 0)
        if (low < plan->count && lies_at_or_below (paths[low], last->roots[i]))
            code = add_root (origins, last->roots[i], err);
    }
    free (paths);
    return code;
}

/* Hexadecimal digits, none for 0, and NUL. */
static void
put_stamp (uint64_t stamp, sks_buffer *out)
{
    char digits[2 * sizeof stamp + 1] = { 0 }, *at = digits + sizeof digits - 1;
    for (; stamp; stamp >>= 4)
        *--at = "0123456789abcdef"[stamp & 15];
    sks_buffer_add (out, at, (size_t) (digits + sizeof digits - at));
}

static void
put (const sks_origins *origins, const sks_plan *plan, sks_buffer *out)
{
    uint64_t hash = 0;
    sks_buffer_add (out, magic, sizeof magic);
    sks_buffer_add (out, &hash, sizeof hash);
    for (size_t i = 0; i < origins->root_count; i++)
        sks_buffer_add (out, origins->roots[i], strlen (origins->roots[i]) + 1);
    sks_buffer_add (out, "", 1);
    for (size_t i = 0; i < plan->count; i++) {
        sks_buffer_add (out, plan->frameworks[i]->soc, strlen (plan->frameworks[i]->soc) + 1);
        sks_buffer_add (out, plan->frameworks[i]->source, strlen (plan->frameworks[i]->source) + 1);
        put_stamp (plan->frameworks[i]->stamp, out);
    }
    if (out->failed)
        return;
    hash = sks_hash_bytes (out->bytes + HEADER_BYTES, out->size - HEADER_BYTES);
    memcpy (out->bytes + sizeof magic, &hash, sizeof hash);
}

static int
write_file (const char *path, const sks_buffer *bytes, sks_error *err)
{
    int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644), code = 0;
    if (fd < 0)
        return sks_fail_errno (err, "%s", path);
    for (size_t done = 0; !code && done < bytes->size;) {
        ssize_t put = write (fd, bytes->bytes + done, bytes->size - done);
        if (put < 0 && errno != EINTR)
            code = sks_fail_errno (err, "%s", path);
        done += put > 0 ? (size_t) put : 0;
    }
    if (!code && fsync (fd) < 0)
        code = sks_fail_errno (err, "%s", path);
    if (close (fd) < 0 && !code)
        code = sks_fail_errno (err, "%s", path);
    return code;
}

int
sks_origins_write (const char *folder, const sks_plan *plan, const sks_sources *sources, const sks_origins *last,
                   sks_error *err)
{
    char path[PATH_MAX];
    sks_buffer bytes = SKS_BUFFER_INIT (SIZE_MAX / 2);
    const char *root;
    sks_origins *origins = create ();
    int code = origins ? sks_place_join (path, sizeof path, folder, SKS_SOURCES_FILE, err) : sks_fail_memory (err);
    for (size_t i = 0; !code && (root = sks_sources_root (sources, i)); i++)
        code = add_root (origins, root, err);
    if (!code && last)
        code = add_used_roots (origins, plan, last, err);
    if (!code) {
        reduce_roots (origins);
        put (origins, plan, &bytes);
        code = sks_buffer_status (&bytes, err);
    }
    if (!code)
        code = write_file (path, &bytes, err);
    sks_buffer_free (&bytes);
    sks_origins_destroy (&origins);
    return code;
}
