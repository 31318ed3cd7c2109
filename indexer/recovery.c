/* recovery.c - examines all generations and changes nothing. */
#include "recovery.h"

#include "core/base/printable.h"
#include "core/index/opening.h"
#include "shard_stub.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_SOURCES 20

int
sks_recovery_open (sks_store **store, sks_origins **origins, const sks_folder *folder, uint64_t number,
                   sks_recovery_opener *open, sks_error *err)
{
    char path[PATH_MAX];
    *origins = NULL;
    sks_folder_path (folder, number, path, sizeof path);
    int code = open (store, path, err);
    if (!code)
        code = sks_origins_read (origins, path, err);
    if (!code && !sks_origins_match (*origins, *store))
        code = sks_fail (err, SKS_EINDEX, "%s/" SKS_SOURCES_FILE ": the file is of another generation", path);
    if (!code && (*store)->shards)
        code = sks_shard_stub_check (*store, path, err);
    if (code) {
        sks_origins_destroy (origins);
        sks_store_close (store);
    }
    return code;
}

bool
sks_recovery_opens (const sks_folder *folder, uint64_t number)
{
    sks_store *store;
    sks_origins *origins;
    bool opens = sks_recovery_open (&store, &origins, folder, number, sks_store_open, NULL) == 0;
    sks_store_close (&store);
    sks_origins_destroy (&origins);
    return opens;
}

/* What a generation was made of: its list if it is its own, or else what its statements file says.
 *   *number  the generation whose files are in the folder, which may have been renamed */
static int
find_origins (sks_origins **out, uint64_t *number, const sks_folder *folder, uint64_t name, sks_error *err)
{
    char path[PATH_MAX];
    sks_store *store;
    sks_folder_path (folder, name, path, sizeof path);
    uint64_t held = sks_opening_number (path);
    *number = held ? held : name;
    int code = sks_origins_read (out, path, err);
    if (sks_store_open (&store, path, NULL) == 0 && (code || !sks_origins_match (*out, store))) {
        sks_origins_destroy (out);
        code = sks_origins_of_store (out, store, err);
    }
    sks_store_close (&store);
    return code;
}

int
sks_recovery_origins (sks_origins **out, uint64_t *number, const sks_folder *folder, sks_error *err)
{
    size_t count;
    const uint64_t *names = sks_folder_numbers (folder, &count);
    uint64_t named = sks_folder_named (folder);
    *out = NULL;
    *number = 0;
    for (size_t i = 0; i < count; i++) {
        sks_origins *origins;
        uint64_t found;
        if (find_origins (&origins, &found, folder, names[i], NULL))
            continue;
        /* What is newer than the link's target was given up: it counts only when there is nothing else. */
        bool better = !*out || (*number > named ? found <= named : found > *number && found <= named);
        sks_origins **worse = better ? out : &origins;
        sks_origins_destroy (worse);
        if (better) {
            *out = origins;
            *number = found;
        }
    }
    return *out ? 0 : sks_fail (err, SKS_ENOTFOUND, "the sources of the index are not known; name them");
}

bool
sks_recovery_is_there (const char *root)
{
    return strcmp (root, SKS_STANDARD_INPUT) != 0 && access (root, F_OK) == 0;
}

static void
print_sources (const sks_origins *origins, FILE *out)
{
    for (size_t i = 0; i < origins->root_count && i < SHOWN_SOURCES; i++) {
        const char *root = origins->roots[i];
        bool input = strcmp (root, SKS_STANDARD_INPUT) == 0;
        fputs ("    ", out);
        sks_printable_write (out, input ? "standard input" : root);
        fputs (input ? ": cannot be read again\n" : sks_recovery_is_there (root) ? "\n" : ": is gone\n", out);
    }
    if (origins->root_count > SHOWN_SOURCES)
        fprintf (out, "    and %zu more\n", origins->root_count - SHOWN_SOURCES);
}

static bool
is_damaged (const sks_folder *folder)
{
    uint64_t current = sks_folder_current (folder);
    return sks_folder_check (folder, NULL) || (current && !sks_recovery_opens (folder, current));
}

void
sks_recovery_advise (const char *index, FILE *out)
{
    sks_folder *folder;
    sks_origins *origins;
    uint64_t of;
    if (sks_folder_open (&folder, index, 0, NULL))
        return;
    if (!is_damaged (folder)) {
        sks_folder_close (&folder);
        return;
    }
    uint64_t newest = sks_folder_newest (folder, sks_recovery_opens);
    fputs ("Nothing was changed. To repair the index:\n", out);
    if (newest)
        fprintf (out, "  --rollback  makes generation %" PRIu64 " current, the newest that opens\n", newest);
    else
        fputs ("  --rollback  cannot help: no generation opens\n", out);
    if (sks_recovery_origins (&origins, &of, folder, NULL) == 0) {
        fprintf (out, "  --rebuild   reads the sources of generation %" PRIu64 " again:\n", of);
        print_sources (origins, out);
    } else
        fputs ("  --rebuild   reads the sources that you name: those of the index are not known\n", out);
    sks_origins_destroy (&origins);
    sks_folder_close (&folder);
}
