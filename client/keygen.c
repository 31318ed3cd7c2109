/* keygen.c - makes key files, and explains where to put them.
 *
 * A daemon's folder has the layout that skillsearchd expects: its own key pair under the name "server", and a
 * folder for the public certificates of clients. */
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

/* Where the lines about the files go: rows, or text. */
struct report {
    sks_table *table; /* NULL: text */
    sks_buffer *out;
};

static void
put_line (struct report to, const char *path, const char *end, const char *advice)
{
    static const char *const names[] = { "file", "advice" };
    char file[MAX_PATH_BYTES];
    if (to.table) {
        snprintf (file, sizeof file, "%s%s", path, end);
        sks_table_begin (to.table, names, 2);
        sks_table_text (to.table, file);
        sks_table_text (to.table, advice);
        return;
    }
    sks_terminal_puts (to.out, path);
    sks_buffer_printf (to.out, "%-15s %s\n", end, advice);
}

static int
make_server (const sks_options *options, const char *folder, struct report to, sks_error *err)
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
    put_line (to, folder, "/" SERVER, "give it to the clients");
    put_line (to, folder, "/" SERVER SECRET, "keep it secret");
    put_line (to, folder, "/" CLIENTS, "put the clients' public certificates here");
    if (!to.table) {
        sks_buffer_puts (to.out, "\nStart with: skillsearchd --curve-keys ");
        sks_terminal_puts (to.out, folder);
        sks_buffer_putc (to.out, '\n');
    }
    return 0;
}

static int
make_client (const sks_options *options, const char *path, struct report to, sks_error *err)
{
    const char *slash = strrchr (path, '/');
    const char *base = slash ? slash + 1 : path;
    if (!*base)
        return sks_fail (err, SKS_EINVALID, "keygen needs the name of a file to write, not of a folder");
    int rc = sks_keys_write (path, options->name ? options->name : base, err);
    if (rc)
        return rc;
    put_line (to, path, "", "give it to the operator of the daemon, for the folder " CLIENTS);
    put_line (to, path, SECRET, "keep it secret; use it with --client-key");
    return 0;
}

int
sks_keygen_run (const sks_options *options, sks_table *table, sks_buffer *out, sks_error *err)
{
    const char *path = options->words[0];
    const struct report to = { table, out };
    if (strlen (path) >= MAX_PATH_BYTES - 64)
        return sks_fail (err, SKS_EINVALID, "the path is too long");
    return options->server ? make_server (options, path, to, err) : make_client (options, path, to, err);
}
