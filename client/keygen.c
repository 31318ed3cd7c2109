/* keygen.c - makes files of keys, and says where they belong.
 *
 * A daemon's folder has the shape that skillsearchd takes: its own pair under
 * the name "server", and a folder for the public certificates of clients. */
#include "keygen.h"

#include "core/base/error.h"
#include "terminal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define SERVER "server"
#define CLIENTS "clients"
#define SECRET "_secret" /* ends the name of the secret file of a pair */
#define FOLDER_MODE 0750
#define MAX_PATH_BYTES 4096

static int
make_folder (const char *path, sks_error *err)
{
    if (mkdir (path, FOLDER_MODE) == 0 || errno == EEXIST)
        return 0;
    return sks_fail_errno (err, "%s", path);
}

static int
join (char out[MAX_PATH_BYTES], const char *folder, const char *name, sks_error *err)
{
    int size = snprintf (out, MAX_PATH_BYTES, "%s/%s", folder, name);
    return size > 0 && size < MAX_PATH_BYTES ? 0 : sks_fail (err, SKS_EINVALID, "the path is too long");
}

static void
put_line (sks_buffer *out, const char *path, const char *end, const char *what)
{
    sks_terminal_puts (out, path);
    sks_buffer_printf (out, "%-15s %s\n", end, what);
}

static int
make_server (const sks_options *options, const char *folder, sks_buffer *out, sks_error *err)
{
    char pair[MAX_PATH_BYTES], clients[MAX_PATH_BYTES];
    int rc = join (pair, folder, SERVER, err);
    if (rc == 0)
        rc = join (clients, folder, CLIENTS, err);
    if (rc == 0)
        rc = make_folder (folder, err);
    if (rc == 0)
        rc = make_folder (clients, err);
    if (rc == 0)
        rc = sks_keys_write (pair, options->name ? options->name : "skillsearchd", err);
    if (rc)
        return rc;
    put_line (out, folder, "/" SERVER, "give it to the clients");
    put_line (out, folder, "/" SERVER SECRET, "keep it secret");
    put_line (out, folder, "/" CLIENTS, "put the clients' public certificates here");
    sks_buffer_puts (out, "\nStart with: skillsearchd --curve-keys ");
    sks_terminal_puts (out, folder);
    sks_buffer_putc (out, '\n');
    return 0;
}

static int
make_client (const sks_options *options, const char *path, sks_buffer *out, sks_error *err)
{
    const char *slash = strrchr (path, '/');
    const char *base = slash ? slash + 1 : path;
    if (!*base)
        return sks_fail (err, SKS_EINVALID, "keygen needs the name of a file to write, not of a folder");
    int rc = sks_keys_write (path, options->name ? options->name : base, err);
    if (rc)
        return rc;
    put_line (out, path, "", "give it to the operator of the daemon, for the folder " CLIENTS);
    put_line (out, path, SECRET, "keep it secret; use it with --client-key");
    return 0;
}

int
sks_keygen_run (const sks_options *options, sks_buffer *out, sks_error *err)
{
    const char *path = options->words[0];
    if (strlen (path) >= MAX_PATH_BYTES - 64)
        return sks_fail (err, SKS_EINVALID, "the path is too long");
    return options->server ? make_server (options, path, out, err) : make_client (options, path, out, err);
}
