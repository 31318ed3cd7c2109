/* limits.c - counts before a build, and the memory that the system has left. */
#include "limits.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

sks_limits sks_limits_of_index = { .statements = SKS_MAX_STATEMENTS,
                                   .occupations = SKS_MAX_OCCUPATIONS,
                                   .token_bytes = SKS_MAX_TOKEN_BYTES,
                                   .vocabulary_bytes = SKS_MAX_VOCABULARY_BYTES,
                                   .string_bytes = SKS_MAX_STRING_BYTES,
                                   .memory_bytes = UINT64_MAX,
                                   .piece_bytes = SKS_PIECE_BYTES };

int
sks_limits_refuse (const char *what, uint64_t bytes, sks_error *err)
{
    return sks_fail (err, SKS_ELIMIT,
                     "%s need more than %" PRIu64 " bytes, the limit of one index; divide the sources among several",
                     what, bytes);
}

static int
check_count (const char *what, uint64_t count, uint64_t limit, sks_error *err)
{
    if (count <= limit)
        return 0;
    return sks_fail (err, SKS_ELIMIT,
                     "%" PRIu64 " %s are more than %" PRIu64
                     ", the limit of one index; divide the sources among several",
                     count, what, limit);
}

/* The number after a name at the beginning of a line; 0 if no line begins with it. */
static uint64_t
read_number (const char *path, const char *name)
{
    char line[512];
    uint64_t number = 0;
    size_t size = strlen (name);
    FILE *file = fopen (path, "re");
    while (file && !number && fgets (line, sizeof line, file))
        if (strncmp (line, name, size) == 0)
            number = strtoull (line + size, NULL, 10);
    if (file)
        fclose (file);
    return number;
}

/* What the control group of this process, such as a container or a service, may still take; UINT64_MAX if it has no
 * limit. What it has in caches of files counts as free. */
static uint64_t
left_to_group (void)
{
    char group[512] = "", path[PATH_MAX];
    FILE *file = fopen ("/proc/self/cgroup", "re");
    while (file && fgets (group, sizeof group, file) && strncmp (group, "0::", 3) != 0)
        *group = '\0';
    if (file)
        fclose (file);
    group[strcspn (group, "\n")] = '\0';
    if (!*group)
        return UINT64_MAX;
    snprintf (path, sizeof path, "/sys/fs/cgroup%s/memory.max", group + 3);
    uint64_t most = read_number (path, "");
    snprintf (path, sizeof path, "/sys/fs/cgroup%s/memory.stat", group + 3);
    uint64_t taken = read_number (path, "anon ");
    return !most ? UINT64_MAX : most > taken ? most - taken : 0;
}

/* What the system can give without ending a process; UINT64_MAX if it does not say. */
static uint64_t
left_to_system (void)
{
    uint64_t free = read_number ("/proc/meminfo", "MemAvailable:"), swap = read_number ("/proc/meminfo", "SwapFree:");
    return free ? (free + swap) << 10 : UINT64_MAX;
}

static int
check_memory (uint64_t statements, sks_error *err)
{
    uint64_t left = sks_limits_of_index.memory_bytes, group = left_to_group (), system = left_to_system ();
    left = left < group ? left : group;
    left = left < system ? left : system;
    if (statements * SKS_BUILD_BYTES <= left)
        return 0;
    return sks_fail (err, SKS_ENOMEM,
                     "building %" PRIu64 " statements takes at least %" PRIu64 " MiB of memory, and %" PRIu64
                     " MiB are left",
                     statements, statements * SKS_BUILD_BYTES >> 20, left >> 20);
}

int
sks_limits_check (uint64_t statements, uint64_t occupations, sks_error *err)
{
    int code = check_count ("statements", statements, sks_limits_of_index.statements, err);
    if (!code)
        code = check_count ("occupations", occupations, sks_limits_of_index.occupations, err);
    return code ? code : check_memory (statements, err);
}
