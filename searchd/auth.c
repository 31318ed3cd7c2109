/* auth.c - checks the key folder: its owner, who may change it, and which of its files are keys. */
#include "auth.h"

#include "log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define SERVER "server" SKS_CERTIFICATE_SECRET
#define CLIENTS "clients"
#define MAX_PATH_BYTES 4352 /* of a folder and a name in it */

/* Whether a failure is temporary and not caused by the folder: the keys that were read before stay valid. After any
 * other failure no client is accepted. */
static bool
is_passing (int cause)
{
    return cause == EMFILE || cause == ENFILE || cause == ENOMEM || cause == EIO || cause == EINTR;
}

/* ------------------------------------------------------------------ server */
static int
check_pair (const sks_certificate *pair, sks_error *err)
{
    char derived[SKS_KEY_BYTES];
    if (!*pair->secret_key)
        return sks_fail (err, SKS_EINVALID, "it has no secret key of 40 characters");
    if (zmq_curve_public (derived, pair->secret_key) || strcmp (derived, pair->public_key))
        return sks_fail (err, SKS_EINVALID, "its public and secret key do not match");
    return 0;
}

/* The owner of the folder can admit any key, and so can everyone to whom its mode gives write access. */
static int
check_folder (int folder, sks_error *err)
{
    struct stat status;
    if (fstat (folder, &status))
        return sks_fail_errno (err, "cannot be examined");
    if (status.st_uid != geteuid () && status.st_uid != 0)
        return sks_fail (err, SKS_EINVALID, "the folder belongs to another user (%u)", (unsigned) status.st_uid);
    if (status.st_mode & S_IWOTH)
        return sks_fail (err, SKS_EINVALID, "the folder is world-writable; run chmod o-w on it");
    return 0;
}

static int
read_pair (sks_certificate *out, int folder, sks_error *err)
{
    struct stat status;
    int code = sks_certificate_read_at (out, folder, SERVER, SKS_CERTIFICATE_OPEN, &status, err);
    if (!code && status.st_uid != geteuid () && status.st_uid != 0)
        code = sks_fail (err, SKS_EINVALID, "the file belongs to another user (%u)", (unsigned) status.st_uid);
    return code ? code : check_pair (out, err);
}

int
sks_auth_read_server (sks_certificate *out, const char *folder, sks_error *err)
{
    sks_error cause;
    int at = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return sks_fail (err, SKS_EIO, "the key folder %s: %s; skillsearch keygen --server DIR makes one", folder,
                         strerrordesc_np (errno));
    int code = check_folder (at, &cause);
    if (code)
        code = sks_fail (err, SKS_EIO, "%s: %s", folder, cause.text);
    else if (read_pair (out, at, &cause))
        code = sks_fail (err, SKS_EIO, "%s/" SERVER ": %s", folder, cause.text);
    close (at);
    return code;
}

/* ----------------------------------------------------------------- clients */
/* DIR/clients, NULL with errno. */
static DIR *
open_clients (const char *folder)
{
    char path[MAX_PATH_BYTES];
    if ((size_t) snprintf (path, sizeof path, "%s/" CLIENTS, folder) >= sizeof path) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return opendir (path);
}

/* Editors' backup files and hidden files are not certificates. */
static bool
is_candidate (const char *name)
{
    return name[0] != '.' && name[strlen (name) - 1] != '~';
}

/* Add a value to a sum that does not depend on the order of its entries. */
static uint64_t
mix (uint64_t sum, uint64_t value)
{
    sum = (sum ^ value) * UINT64_C (0x9E3779B97F4A7C15);
    return sum ^ sum >> 29;
}

static uint64_t
mark_entry (int at, const char *name)
{
    struct stat status;
    uint64_t sum = 1;
    for (const char *c = name; *c; c++)
        sum = mix (sum, (unsigned char) *c);
    if (fstatat (at, name, &status, 0))
        return sum;
    sum = mix (mix (mix (sum, status.st_ino), (uint64_t) status.st_size), status.st_mode);
    sum = mix (mix (sum, (uint64_t) status.st_mtim.tv_sec), (uint64_t) status.st_mtim.tv_nsec);
    return mix (mix (sum, (uint64_t) status.st_ctim.tv_sec), (uint64_t) status.st_ctim.tv_nsec);
}

/* Read the next name in the folder of clients; NULL after the last. A partial list must not be used as the complete
 * one: clients would be locked out. */
static int
next_name (DIR *clients, const char *folder, const char **name, sks_error *err)
{
    errno = 0;
    struct dirent *entry = readdir (clients);
    *name = entry ? entry->d_name : NULL;
    return !entry && errno ? sks_fail_errno (err, "%s/" CLIENTS, folder) : 0;
}

int
sks_auth_mark (uint64_t *mark, const char *folder, sks_error *err)
{
    DIR *clients = open_clients (folder);
    *mark = 0;
    if (!clients)
        return is_passing (errno) ? sks_fail_errno (err, "%s/" CLIENTS, folder) : 0;
    uint64_t sum = 1;
    const char *name;
    int code;
    while ((code = next_name (clients, folder, &name, err)) == 0 && name)
        if (is_candidate (name))
            sum += mark_entry (dirfd (clients), name);
    closedir (clients);
    if (!code)
        *mark = sum ? sum : 1;
    return code;
}

static void
log_bad (const char *name, const char *why)
{
    char file[2 * SKS_KEY_NAME_BYTES], reason[2 * SKS_ERROR_TEXT_BYTES];
    sks_log_quote (file, sizeof file, name);
    sks_log (SKS_LOG_WARN, "bad_certificate", "file=%s reason=%s", file, sks_log_quote (reason, sizeof reason, why));
}

/* Add the key in one file to the ring, or log why it is ignored. */
static int
add_client (sks_keyring *ring, int at, const char *name, sks_error *err)
{
    sks_certificate pair;
    sks_error cause = { 0 };
    int code = sks_certificate_read_at (&pair, at, name, SKS_CERTIFICATE_WRITABLE, NULL, &cause);
    if (!code && *pair.secret_key)
        code = sks_fail (&cause, SKS_EINVALID, "a secret certificate; only its client should have it");
    explicit_bzero (pair.secret_key, sizeof pair.secret_key);
    if (!code)
        code = sks_keyring_add (ring, pair.public_key, name, &cause);
    if (code == SKS_EIO || code == SKS_ENOMEM)
        return sks_fail (err, code, "%s: %s", name, cause.text);
    if (code)
        log_bad (name, cause.text);
    return 0;
}

int
sks_auth_read_clients (sks_keyring **out, const char *folder, sks_error *err)
{
    DIR *clients = open_clients (folder);
    *out = NULL;
    if (!clients && is_passing (errno))
        return sks_fail_errno (err, "%s/" CLIENTS, folder);
    sks_keyring *ring = sks_keyring_create ();
    int code = ring ? 0 : sks_fail_memory (err);
    sks_error cause;
    bool trusted = clients && check_folder (dirfd (clients), &cause) == 0;
    if (clients && !trusted)
        log_bad (CLIENTS, cause.text);
    const char *name = "";
    while (!code && trusted && name) {
        code = next_name (clients, folder, &name, err);
        if (!code && name && is_candidate (name))
            code = add_client (ring, dirfd (clients), name, err);
    }
    if (clients)
        closedir (clients);
    if (code)
        sks_keyring_destroy (&ring);
    else
        sks_keyring_seal (ring);
    *out = ring;
    return code;
}

int
sks_auth_check_clients (const char *folder, sks_error *err)
{
    sks_error cause;
    DIR *clients = open_clients (folder);
    if (!clients)
        return sks_fail_errno (err, "%s/" CLIENTS, folder);
    int code = check_folder (dirfd (clients), &cause);
    closedir (clients);
    return code ? sks_fail (err, SKS_EIO, "%s/" CLIENTS ": %s", folder, cause.text) : 0;
}
