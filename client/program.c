/* program.c - looks where the project installs programs. */
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether the first size bytes of folder, then below, have a program of the name. An empty name means the working
 * folder. */
static bool
is_in (char path[SKS_PROGRAM_BYTES], const char *folder, size_t size, const char *below, const char *name)
{
    if (size >= SKS_PROGRAM_BYTES)
        return false;
    int used = snprintf (path, SKS_PROGRAM_BYTES, "%.*s%s/%s", (int) size, size ? folder : ".", below, name);
    return used > 0 && used < SKS_PROGRAM_BYTES && access (path, X_OK) == 0;
}

static bool
find_in_path (char path[SKS_PROGRAM_BYTES], const char *name)
{
    const char *rest = getenv ("PATH");
    for (size_t length; rest; rest = rest[length] ? rest + length + 1 : NULL) {
        length = strcspn (rest, ":");
        if (is_in (path, rest, length, "", name))
            return true;
    }
    return false;
}

bool
sks_program_find (char path[SKS_PROGRAM_BYTES], const char *name)
{
    char own[SKS_PROGRAM_BYTES];
    ssize_t size = readlink ("/proc/self/exe", own, sizeof own - 1);
    own[size > 0 ? size : 0] = '\0';
    const char *end = strrchr (own, '/');
    return (end && (is_in (path, own, (size_t) (end - own), "", name) ||
                    is_in (path, own, (size_t) (end - own), "/../libexec/skillsearch", name))) ||
           find_in_path (path, name);
}

bool
sks_program_call (char word[SKS_PROGRAM_BYTES], const char *typed, const char *name)
{
    const char *slash = strrchr (typed, '/');
    if (slash && is_in (word, typed, (size_t) (slash - typed), "", name))
        return true;
    if (slash || !find_in_path (word, name))
        return sks_program_find (word, name);
    snprintf (word, SKS_PROGRAM_BYTES, "%s", name);
    return true;
}
