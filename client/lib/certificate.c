/* certificate.c - reads as much of ZPL as a certificate has: sections at the
 * margin, "name = value" indented below them, comments behind "#". */
#include "certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_BYTES 16384
#define MAX_PATH_BYTES 4096
#define SECTION "curve"
#define SECRET_IS_OPEN (S_IWGRP | S_IXGRP | S_IRWXO) /* what a secret's mode must not have */

/* ----------------------------------------------------------------- reading */
static int
read_text (char text[MAX_BYTES + 1], const char *path, mode_t *mode, sks_error *err)
{
    struct stat status;
    int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return sks_fail (err, SKS_EINVALID, "%s: %s", path, strerrordesc_np (errno));
    bool regular = fstat (file, &status) == 0 && S_ISREG (status.st_mode);
    ssize_t size = regular ? read (file, text, MAX_BYTES) : -1;
    close (file);
    if (size < 0)
        return sks_fail (err, SKS_EINVALID, "%s: no file that can be read", path);
    text[size] = '\0';
    *mode = status.st_mode & 07777;
    return 0;
}

/* The value of "name = value" in a line, without quotes; false if the line is
 * another one or the value is no key. */
static bool
read_key (const char *line, size_t size, const char *name, char out[SKS_CERTIFICATE_KEY_BYTES])
{
    static const char blanks[] = " \t";
    const char *end = line + size;
    line += strspn (line, blanks);
    size_t length = strlen (name);
    if (strncmp (line, name, length) != 0)
        return false;
    line += length;
    line += strspn (line, blanks);
    if (*line++ != '=')
        return false;
    line += strspn (line, blanks);
    char quote = *line == '"' || *line == '\'' ? *line++ : '\0';
    if (end - line < SKS_CERTIFICATE_KEY_BYTES - 1)
        return false;
    char after = line[SKS_CERTIFICATE_KEY_BYTES - 1];
    if (quote ? after != quote : !strchr (" \t\r\n", after))
        return false;
    memcpy (out, line, SKS_CERTIFICATE_KEY_BYTES - 1);
    out[SKS_CERTIFICATE_KEY_BYTES - 1] = '\0';
    return true;
}

static void
parse (sks_certificate *out, const char *text)
{
    bool inside = false;
    *out = (sks_certificate) { "", "" };
    for (const char *line = text; *line;) {
        size_t size = strcspn (line, "\n");
        if (*line != ' ' && *line != '\t' && *line != '#' && *line != '\r' && size)
            inside = size >= strlen (SECTION) && memcmp (line, SECTION, strlen (SECTION)) == 0 &&
                     strspn (line + strlen (SECTION), " \t\r") == size - strlen (SECTION);
        else if (inside && !read_key (line, size, "public-key", out->public_key))
            read_key (line, size, "secret-key", out->secret_key);
        line += size + (line[size] == '\n');
    }
}

static int
read_certificate (sks_certificate *out, const char *path, bool secret, sks_error *err)
{
    char text[MAX_BYTES + 1];
    mode_t mode = 0;
    int rc = read_text (text, path, &mode, err);
    if (rc)
        return rc;
    parse (out, text);
    explicit_bzero (text, sizeof text);
    if (!*out->public_key)
        return sks_fail (err, SKS_EINVALID, "%s: no certificate; skillsearch keygen makes one", path);
    if (secret && !*out->secret_key)
        return sks_fail (err, SKS_EINVALID,
                         "%s: a public certificate; the secret one is named %s" SKS_CERTIFICATE_SECRET, path, path);
    if (secret && mode & SECRET_IS_OPEN)
        return sks_fail (err, SKS_EINVALID, "%s: its mode %04o lets others read or change it; chmod 600 it", path,
                         (unsigned) mode);
    return 0;
}

int
sks_certificate_read_public (sks_certificate *out, const char *path, sks_error *err)
{
    int rc = read_certificate (out, path, false, err);
    explicit_bzero (out->secret_key, sizeof out->secret_key);
    return rc;
}

int
sks_certificate_read_secret (sks_certificate *out, const char *path, sks_error *err)
{
    return read_certificate (out, path, true, err);
}

/* ----------------------------------------------------------------- writing */
static int
write_text (int file, const char *text)
{
    size_t size = strlen (text);
    if (write (file, text, size) != (ssize_t) size)
        return -1;
    return fsync (file);
}

static int
create (const char *path, mode_t mode, const char *text, sks_error *err)
{
    int file = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file < 0 && errno == EEXIST)
        return sks_fail (err, SKS_EINVALID, "%s is there already; a key is never written over", path);
    if (file < 0)
        return sks_fail_errno (err, "%s", path);
    int rc = write_text (file, text) ? sks_fail_errno (err, "%s", path) : 0;
    close (file);
    if (rc)
        unlink (path);
    return rc;
}

int
sks_certificate_write_public (const sks_certificate *pair, const char *path, const char *name, sks_error *err)
{
    char text[1024];
    snprintf (text, sizeof text,
              "#   Public ZeroMQ CURVE certificate of skillsearch. May be shown to everybody;\n"
              "#   whoever takes it over must be sure whose it is.\n"
              "metadata\n    name = \"%s\"\n" SECTION "\n    public-key = \"%s\"\n",
              name, pair->public_key);
    return create (path, 0644, text, err);
}

int
sks_certificate_write_secret (const sks_certificate *pair, const char *path, const char *name, sks_error *err)
{
    char text[1024], secret[MAX_PATH_BYTES];
    int size = snprintf (secret, sizeof secret, "%s" SKS_CERTIFICATE_SECRET, path);
    if (size < 0 || (size_t) size >= sizeof secret)
        return sks_fail (err, SKS_EINVALID, "the path is too long");
    snprintf (text, sizeof text,
              "#   SECRET ZeroMQ CURVE certificate of skillsearch. Give it to nobody.\n"
              "metadata\n    name = \"%s\"\n" SECTION "\n    public-key = \"%s\"\n    secret-key = \"%s\"\n",
              name, pair->public_key, pair->secret_key);
    int rc = create (secret, 0600, text, err);
    explicit_bzero (text, sizeof text);
    return rc;
}
