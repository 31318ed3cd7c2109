/* certificate.c - reads and writes the part of ZPL that a certificate needs:
 * sections at the margin, "name = value" indented by four blanks per level below
 * them, comments after "#".
 *
 * The reader is strict. Tolerant readers of this format read a broken key as 32 zeros; here a file that is not
 * completely valid ZPL has no key. */
#include "certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_BYTES 16384
#define SECTION "curve"
#define INDENT 4

/* ----------------------------------------------------------------- parsing */
/* A line of ZPL. name_size is 0 for an empty line and for a comment. */
struct item {
    size_t depth; /* levels below the margin */
    const char *name, *value;
    size_t name_size, value_size; /* the value without its quotes */
};

static size_t
skip_blanks (const char *line, size_t at)
{
    return at + strspn (line + at, " \t\r");
}

/* Parse the value that begins at `at`. It may be in quotes, and only a comment may follow it. Without quotes it ends
 * with the line, or before a blank and "#", because a key may contain "#". */
static bool
parse_value (struct item *out, const char *line, size_t size, size_t at)
{
    char quote = line[at];
    if (quote == '"' || quote == '\'') {
        const char *end = memchr (line + at + 1, quote, size - at - 1);
        if (!end)
            return false;
        out->value = line + at + 1;
        out->value_size = (size_t) (end - out->value);
        at = skip_blanks (line, (size_t) (end - line) + 1);
        return at >= size || line[at] == '#';
    }
    size_t end = at;
    while (end < size && !(line[end] == '#' && strchr (" \t", line[end - 1])))
        end++;
    while (end > at && strchr (" \t\r", line[end - 1]))
        end--;
    out->value = line + at;
    out->value_size = end - at;
    return true;
}

/* Parse a line of `size` bytes; false when it is not ZPL. */
static bool
parse_line (struct item *out, const char *line, size_t size)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t indent = strspn (line, " "), at = skip_blanks (line, indent);
    *out = (struct item) { .depth = indent / INDENT, .name = line + indent, .value = "" };
    if (at >= size || line[indent] == '#')
        return true;
    out->name_size = strspn (out->name, letters);
    at = skip_blanks (line, indent + out->name_size);
    if (indent % INDENT || !out->name_size)
        return false;
    if (at >= size || line[at] == '#')
        return true;
    return line[at] == '=' && parse_value (out, line, size, skip_blanks (line, at + 1));
}

static void
take_key (char out[SKS_KEY_BYTES], const struct item *item, const char *name)
{
    if (item->name_size == strlen (name) && memcmp (item->name, name, item->name_size) == 0 &&
        item->value_size == SKS_KEY_BYTES - 1)
        memcpy (out, item->value, SKS_KEY_BYTES - 1);
}

static int
parse (sks_certificate *out, const char *text, sks_error *err)
{
    bool inside = false;
    size_t deepest = 0;
    for (const char *line = text; *line;) {
        struct item item;
        size_t size = strcspn (line, "\n");
        if (!parse_line (&item, line, size) || (item.name_size && item.depth > deepest))
            return sks_fail (err, SKS_EINVALID, "not a certificate; skillsearch keygen makes one");
        if (item.name_size) {
            deepest = item.depth + 1;
            if (item.depth == 0)
                inside = item.name_size == strlen (SECTION) && memcmp (item.name, SECTION, item.name_size) == 0 &&
                         item.value_size == 0;
            if (inside && item.depth == 1) {
                take_key (out->public_key, &item, "public-key");
                take_key (out->secret_key, &item, "secret-key");
            }
        }
        line += size + (line[size] == '\n');
    }
    if (!*out->public_key)
        return sks_fail (err, SKS_EINVALID,
                         "not a certificate: it has no public key of 40 characters; skillsearch keygen makes one");
    return 0;
}

/* ----------------------------------------------------------------- reading */
/* Whether a cause is not in the file, so that another attempt may succeed. */
static bool
is_transient (int cause)
{
    return cause == EMFILE || cause == ENFILE || cause == ENOMEM || cause == EIO || cause == EINTR;
}

static int
read_text (char text[MAX_BYTES + 1], int file, sks_error *err)
{
    size_t used = 0;
    ssize_t got = 0;
    while (used < MAX_BYTES && (got = read (file, text + used, MAX_BYTES - used)) > 0)
        used += (size_t) got;
    if (got < 0)
        return sks_fail (err, is_transient (errno) ? SKS_EIO : SKS_EINVALID, "cannot be read: %s",
                         strerrordesc_np (errno));
    if (used == MAX_BYTES || memchr (text, '\0', used))
        return sks_fail (err, SKS_EINVALID, "too large for a certificate, or not text");
    text[used] = '\0';
    return 0;
}

static int
check_mode (const struct stat *status, mode_t refused, sks_error *err)
{
    if (!(status->st_mode & refused))
        return 0;
    return sks_fail (err, SKS_EINVALID, "its mode %04o lets others %s", status->st_mode & 07777u,
                     refused == SKS_CERTIFICATE_OPEN ? "read or change it; chmod 600 it" : "change it");
}

static int
read_file (sks_certificate *out, int file, mode_t refused, struct stat *status, sks_error *err)
{
    char text[MAX_BYTES + 1];
    if (fstat (file, status))
        return sks_fail_errno (err, "cannot be examined");
    if (!S_ISREG (status->st_mode))
        return sks_fail (err, SKS_EINVALID, "not a regular file");
    int code = check_mode (status, refused, err);
    if (!code)
        code = read_text (text, file, err);
    if (!code)
        code = parse (out, text, err);
    explicit_bzero (text, sizeof text);
    return code;
}

int
sks_certificate_read_at (sks_certificate *out, int folder, const char *name, mode_t refused, struct stat *status,
                         sks_error *err)
{
    struct stat own;
    *out = (sks_certificate) { "", "" };
    int file = openat (folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return sks_fail (err, is_transient (errno) ? SKS_EIO : SKS_EINVALID, "cannot be opened: %s",
                         strerrordesc_np (errno));
    int code = read_file (out, file, refused, status ? status : &own, err);
    close (file);
    return code;
}

int
sks_certificate_read_public (sks_certificate *out, const char *path, sks_error *err)
{
    sks_error cause;
    int code = sks_certificate_read_at (out, AT_FDCWD, path, 0, NULL, &cause);
    explicit_bzero (out->secret_key, sizeof out->secret_key);
    return code ? sks_fail (err, SKS_EINVALID, "%s: %s", path, cause.text) : 0;
}

int
sks_certificate_read_secret (sks_certificate *out, const char *path, sks_error *err)
{
    struct stat status;
    sks_error cause;
    if (sks_certificate_read_at (out, AT_FDCWD, path, 0, &status, &cause))
        return sks_fail (err, SKS_EINVALID, "%s: %s", path, cause.text);
    if (!*out->secret_key)
        return sks_fail (err, SKS_EINVALID,
                         "%s is a public certificate; the secret one is named %s" SKS_CERTIFICATE_SECRET, path, path);
    int code = check_mode (&status, SKS_CERTIFICATE_OPEN, &cause);
    if (code)
        explicit_bzero (out, sizeof *out);
    return code ? sks_fail (err, SKS_EINVALID, "%s: %s", path, cause.text) : 0;
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
        return sks_fail (err, SKS_EINVALID, "%s already exists; a key is never overwritten", path);
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
              "#   Public ZeroMQ CURVE certificate of skillsearch. It may be published;\n"
              "#   check with its owner before you trust it.\n"
              "metadata\n    name = \"%s\"\n" SECTION "\n    public-key = \"%s\"\n",
              name, pair->public_key);
    return create (path, 0644, text, err);
}

int
sks_certificate_write_secret (const sks_certificate *pair, const char *path, const char *name, sks_error *err)
{
    char text[1024], secret[SKS_CERTIFICATE_PATH_BYTES];
    int size = snprintf (secret, sizeof secret, "%s" SKS_CERTIFICATE_SECRET, path);
    if (size < 0 || (size_t) size >= sizeof secret)
        return sks_fail (err, SKS_EINVALID, "the path is too long");
    snprintf (text, sizeof text,
              "#   SECRET ZeroMQ CURVE certificate of skillsearch. Keep it secret.\n"
              "metadata\n    name = \"%s\"\n" SECTION "\n    public-key = \"%s\"\n    secret-key = \"%s\"\n",
              name, pair->public_key, pair->secret_key);
    int rc = create (secret, 0600, text, err);
    explicit_bzero (text, sizeof text);
    return rc;
}
