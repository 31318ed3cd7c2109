/* auth.c - certificates, and the only door to CZMQ.
 *
 * CZMQ's zconfig reads the files, so what its zcert writes is what we take. Its
 * zauth and zcertstore are not used. On CZMQ 4.2.1 they end the process when two
 * files hold the same key, take a broken key for 32 zeros, say nothing of files
 * they cannot read, and when the zauth thread ends, libzmq lets in everybody.
 * zcert_load, too, makes zeros of a broken key, and prefers the file FILE_secret
 * to FILE without a word. And zconfig complains on the standard output, which
 * may be the descriptor of the ready line: it gets to see only what it can read. */
#include "auth.h"

#include "log.h"

#include <czmq.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SERVER "server_secret"
#define CLIENTS "clients"
#define SECRET_SUFFIX "_secret"
#define MAX_CERTIFICATE_BYTES 16384
#define MAX_PATH_BYTES 4352 /* of a folder and a name in it */
#define STRANGERS_WRITE S_IWOTH
#define SECRET_IS_OPEN (S_IWGRP | S_IXGRP | S_IRWXO) /* what a secret's mode must not have */

/* Failures that say nothing of the folder: the keys that were read before still
 * count. Anything else closes it. */
static bool
is_passing (int cause)
{
    return cause == EMFILE || cause == ENFILE || cause == ENOMEM || cause == EIO || cause == EINTR;
}

/* ------------------------------------------------------------ certificates */
/* The whole of a file that is opened already: 0, or why not. *text is NULL
 * unless the caller has to free it. */
static int
read_text (char **text, int file, sks_error *err)
{
    size_t used = 0;
    ssize_t got = 0;
    *text = calloc (1, MAX_CERTIFICATE_BYTES + 1);
    if (!*text)
        return sks_fail_memory (err);
    while (used < MAX_CERTIFICATE_BYTES && (got = read (file, *text + used, MAX_CERTIFICATE_BYTES - used)) > 0)
        used += (size_t) got;
    if (got < 0)
        return sks_fail (err, is_passing (errno) ? SKS_EIO : SKS_EINVALID, "cannot be read");
    if (used == MAX_CERTIFICATE_BYTES || memchr (*text, '\0', used))
        return sks_fail (err, SKS_EINVALID, "too large or no text");
    return 0;
}

/* "name", "name =" or "name = value", the value perhaps in quotes, a comment
 * behind it. */
static bool
is_item (const char *line, const char *end)
{
    static const char blanks[] = " \t\r", letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                      "0123456789-_";
    size_t name = strspn (line, letters);
    line += name;
    line += strspn (line, blanks);
    if (!name || line >= end || *line == '#')
        return name > 0;
    if (*line++ != '=')
        return false;
    line += strspn (line, blanks);
    if (*line != '"' && *line != '\'')
        return true;
    const char *close = memchr (line + 1, *line, (size_t) (end - line - 1));
    if (!close++)
        return false;
    close += strspn (close, blanks);
    return close >= end || *close == '#';
}

/* Whether all lines are items, each at most one step of four blanks deeper than
 * the one before, or empty, or comments. */
static bool
is_zpl (const char *text)
{
    size_t deepest = 0;
    for (const char *line = text; *line;) {
        size_t size = strcspn (line, "\n"), indent = strspn (line, " ");
        const char *item = line + indent;
        bool empty = indent + strspn (item, "\t\r") == size || *item == '#';
        if (!empty && (indent % 4 || indent / 4 > deepest || !is_item (item, line + size)))
            return false;
        if (!empty)
            deepest = indent / 4 + 1;
        line += size + (line[size] == '\n');
    }
    return true;
}

/* Copy the key of a name, "" if there is none. */
static void
copy_key (char out[SKS_KEY_BYTES], zconfig_t *root, const char *path)
{
    const char *text = zconfig_get (root, path, "");
    out[0] = '\0';
    if (strlen (text) == SKS_KEY_BYTES - 1)
        memcpy (out, text, SKS_KEY_BYTES);
}

static int
parse (sks_key_pair *out, const char *text, sks_error *err)
{
    zconfig_t *root = is_zpl (text) ? zconfig_str_load (text) : NULL;
    if (!root)
        return sks_fail (err, SKS_EINVALID, "no certificate");
    copy_key (out->public_key, root, "/curve/public-key");
    copy_key (out->secret_key, root, "/curve/secret-key");
    zconfig_destroy (&root);
    if (!*out->public_key)
        return sks_fail (err, SKS_EINVALID, "no certificate: it has no public key of 40 characters");
    return 0;
}

/* Read a certificate whose mode has none of the bits. Returns 0, SKS_EINVALID
 * (judged and refused), SKS_EIO (not now) or SKS_ENOMEM. */
static int
read_certificate (sks_key_pair *out, int folder, const char *name, mode_t refused, struct stat *status, sks_error *err)
{
    int file = openat (folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return sks_fail (err, is_passing (errno) ? SKS_EIO : SKS_EINVALID, "cannot be opened: %s",
                         strerrordesc_np (errno));
    int code = 0;
    char *text = NULL;
    if (fstat (file, status))
        code = sks_fail_errno (err, "cannot be looked at");
    else if (!S_ISREG (status->st_mode))
        code = sks_fail (err, SKS_EINVALID, "no file");
    else if (status->st_mode & refused)
        code = sks_fail (err, SKS_EINVALID, "its mode %04o lets others %s", status->st_mode & 07777u,
                         refused == SECRET_IS_OPEN ? "read or change it; make it 0600" : "change it");
    if (!code)
        code = read_text (&text, file, err);
    if (!code)
        code = parse (out, text, err);
    if (text)
        explicit_bzero (text, MAX_CERTIFICATE_BYTES);
    free (text);
    close (file);
    return code;
}

/* ------------------------------------------------------------------ server */
static int
check_pair (const sks_key_pair *pair, sks_error *err)
{
    char derived[SKS_KEY_BYTES];
    if (!*pair->secret_key)
        return sks_fail (err, SKS_EINVALID, "it has no secret key of 40 characters");
    if (zmq_curve_public (derived, pair->secret_key) || strcmp (derived, pair->public_key))
        return sks_fail (err, SKS_EINVALID, "its two keys are no pair");
    return 0;
}

int
sks_auth_read_server (sks_key_pair *out, const char *folder, sks_error *err)
{
    struct stat status;
    sks_error why;
    int at = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return sks_fail (err, SKS_EIO, "the key folder %s: %s; skillsearch keygen --server DIR makes one", folder,
                         strerrordesc_np (errno));
    int code = fstat (at, &status) == 0 && status.st_mode & STRANGERS_WRITE
                   ? sks_fail (&why, SKS_EINVALID, "others can write to the folder; chmod o-w it")
                   : read_certificate (out, at, SERVER, SECRET_IS_OPEN, &status, &why);
    if (!code && status.st_uid != geteuid () && status.st_uid != 0)
        code = sks_fail (&why, SKS_EINVALID, "it belongs to another user (%u)", (unsigned) status.st_uid);
    if (!code)
        code = check_pair (out, &why);
    close (at);
    return code ? sks_fail (err, SKS_EIO, "%s/" SERVER ": %s", folder, why.text) : 0;
}

/* ----------------------------------------------------------------- clients */
/* DIR/clients, NULL with errno. */
static DIR *
open_clients (const char *folder)
{
    char path[MAX_PATH_BYTES];
    snprintf (path, sizeof path, "%s/" CLIENTS, folder);
    return opendir (path);
}

/* Editors' copies and hidden files are no certificates. */
static bool
is_candidate (const char *name)
{
    return name[0] != '.' && name[strlen (name) - 1] != '~';
}

/* Folds value into a sum in which the order of the entries does not count. */
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

int
sks_auth_mark (uint64_t *mark, const char *folder, sks_error *err)
{
    DIR *clients = open_clients (folder);
    *mark = 0;
    if (!clients)
        return is_passing (errno) ? sks_fail_errno (err, "%s/" CLIENTS, folder) : 0;
    uint64_t sum = 1;
    for (struct dirent *entry; (entry = readdir (clients));)
        if (is_candidate (entry->d_name))
            sum += mark_entry (dirfd (clients), entry->d_name);
    closedir (clients);
    *mark = sum ? sum : 1;
    return 0;
}

static void
log_bad (const char *name, const char *why)
{
    char file[2 * SKS_KEY_NAME_BYTES], reason[2 * SKS_ERROR_TEXT_BYTES];
    sks_log_quote (file, sizeof file, name);
    sks_log (SKS_LOG_WARN, "bad_certificate", "file=%s reason=%s", file, sks_log_quote (reason, sizeof reason, why));
}

static bool
is_secret (const char *name)
{
    size_t size = strlen (name), end = strlen (SECRET_SUFFIX);
    return size > end && strcmp (name + size - end, SECRET_SUFFIX) == 0;
}

/* One file into the ring, or into the log. */
static int
add_client (sks_keyring *ring, int at, const char *name, sks_error *err)
{
    struct stat status;
    sks_key_pair pair = { 0 };
    sks_error why = { 0 };
    int code = is_secret (name) ? sks_fail (&why, SKS_EINVALID, "a secret certificate; it belongs with its client only")
                                : read_certificate (&pair, at, name, STRANGERS_WRITE, &status, &why);
    if (!code)
        code = sks_keyring_add (ring, pair.public_key, name, &why);
    if (code == SKS_EIO || code == SKS_ENOMEM)
        return sks_fail (err, code, "%s: %s", name, why.text);
    if (code)
        log_bad (name, why.text);
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
    for (struct dirent *entry; !code && clients && (entry = readdir (clients));)
        if (is_candidate (entry->d_name))
            code = add_client (ring, dirfd (clients), entry->d_name, err);
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
    struct stat status;
    DIR *clients = open_clients (folder);
    if (!clients)
        return sks_fail_errno (err, "%s/" CLIENTS, folder);
    int code = 0;
    if (fstat (dirfd (clients), &status) == 0 && status.st_mode & STRANGERS_WRITE)
        code = sks_fail (err, SKS_EIO, "%s/" CLIENTS ": others can write to the folder; chmod o-w it", folder);
    closedir (clients);
    return code;
}
