/* place.c - tries the environment variables in order. */
#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
sks_place_find (char *out, size_t size, sks_error *err)
{
    static const struct {
        const char *variable, *below;
        bool absolute;
    } places[] = {
        { "SKILLSEARCH_INDEX", "", false },
        { "XDG_DATA_HOME", "/skillsearch", true },
        { "HOME", "/.local/share/skillsearch", false },
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *base = getenv (places[i].variable);
        if (!base || !*base || (places[i].absolute && *base != '/'))
            continue;
        if ((size_t) snprintf (out, size, "%s%s", base, places[i].below) >= size)
            return sks_fail (err, SKS_EINVALID, "$%s is too long", places[i].variable);
        return 0;
    }
    return sks_fail (err, SKS_EINVALID, "no index folder: give --index DIR or set SKILLSEARCH_INDEX");
}

int
sks_place_join (char *out, size_t size, const char *folder, const char *name, sks_error *err)
{
    if ((size_t) snprintf (out, size, "%s/%s", folder, name) < size)
        return 0;
    return sks_fail (err, SKS_EINVALID, "%.200s...: the path is too long", folder);
}

bool
sks_place_installed (char *out, size_t size, const char *name)
{
    ssize_t used = readlink ("/proc/self/exe", out, size - 1);
    if (used <= 0)
        return false;
    out[used] = '\0';
    char *end = strrchr (out, '/');
    size_t space = size - (size_t) (end - out);
    return (size_t) snprintf (end, space, "/../share/skillsearch/%s", name) < space && access (out, R_OK) == 0;
}
