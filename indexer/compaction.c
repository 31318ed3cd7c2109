/* compaction.c - compacts, syncs, and removes what it was made of. */
#include "compaction.h"

#include "core/index/index.h"
#include "folder.h"

#include <fcntl.h>
#include <unistd.h>

/* Xapian syncs the file but ignores some failures. The kernel reports a failed write once to each descriptor that is
 * open at that time, so we open one first. */
static int
compact (const char *const *pieces, size_t count, const char *path, sks_error *err)
{
    int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return sks_fail_errno (err, "%s", path);
    int code = sks_index_compact (pieces, count, path, err);
    if (!code && fsync (fd) < 0)
        code = sks_fail_errno (err, "%s", path);
    close (fd);
    return code;
}

int
sks_compaction_join (const char *const *pieces, size_t count, const char *path, sks_error *err)
{
    int code = compact (pieces, count, path, err);
    for (size_t i = 0; i < count; i++)
        if (sks_folder_erase (pieces[i]) < 0 && !code)
            code = sks_fail_errno (err, "%s", pieces[i]);
    return code;
}
