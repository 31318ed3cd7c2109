/* error.c - the code names and the four ways to fill an sks_error. */
#include "error.h"
#include "printable.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int code;
    const char *name;
} names[] = {
    { SKS_OK, "ok" },
    { SKS_EBADREQUEST, "bad_request" },
    { SKS_EBADVERSION, "bad_version" },
    { SKS_EQUERYSYNTAX, "query_syntax" },
    { SKS_ETOOCOMPLEX, "query_too_complex" },
    { SKS_ELIMIT, "limit" },
    { SKS_ENOTFOUND, "not_found" },
    { SKS_EBUSY, "busy" },
    { SKS_EDEADLINE, "deadline" },
    { SKS_ESHUTTINGDOWN, "shutting_down" },
    { SKS_EINDEX, "index" },
    { SKS_EINTERNAL, "internal" },
    { SKS_EAUTH, "auth" },
    { SKS_EUNAVAILABLE, "unavailable" },
    { SKS_EUNSUPPORTED, "unsupported" },
    { SKS_ENOMEM, "no_memory" },
    { SKS_EIO, "io" },
    { SKS_ELOCKED, "locked" },
    { SKS_EINVALID, "invalid" },
    { SKS_ECONNECT, "connect" },
    { SKS_EPROTOCOL, "protocol" },
};

const char *
sks_code_name (int code)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].code == code)
            return names[i].name;
    return "internal";
}

int
sks_error_code_of_name (const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp (names[i].name, name) == 0)
            return names[i].code;
    return SKS_EINTERNAL;
}

#define FORMATTED_BYTES (2 * SKS_ERROR_TEXT_BYTES) /* longer texts are cut anyway */

/* Cut a text that filled its buffer back to the last whole UTF-8 character. */
static size_t
cut_at_character (const char *text, size_t size)
{
    size_t end = strlen (text);
    if (end + 1 < size)
        return end;
    while (end > 0 && ((unsigned char) text[end - 1] & 0xC0) == 0x80)
        end--;
    return end > 0 && ((unsigned char) text[end - 1] & 0x80) ? end - 1 : end;
}

/* A text may quote a file name, a request or a reply, so it is made printable here, once for all callers. */
static void
set_text (sks_error *err, const char *text)
{
    sks_printable_copy (err->text, sizeof err->text, text, cut_at_character (text, FORMATTED_BYTES));
}

__attribute__ ((format (printf, 4, 0))) static int
fill (sks_error *err, int code, long at, const char *format, va_list arguments)
{
    if (err) {
        err->code = code;
        err->at = at;
        char text[FORMATTED_BYTES];
        vsnprintf (text, sizeof text, format, arguments);
        set_text (err, text);
    }
    return code;
}

int (sks_fail) (sks_error *err, int code, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    fill (err, code, -1, format, arguments);
    va_end (arguments);
    return code;
}

int (sks_fail_at) (sks_error *err, int code, long at, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    fill (err, code, at, format, arguments);
    va_end (arguments);
    return code;
}

int (sks_fail_errno) (sks_error *err, const char *format, ...)
{
    int cause = errno;
    va_list arguments;
    va_start (arguments, format);
    fill (err, SKS_EIO, -1, format, arguments);
    va_end (arguments);
    if (err) {
        char text[FORMATTED_BYTES];
        const char *reason = strerrordesc_np (cause);
        snprintf (text, sizeof text, "%s: %s", err->text, reason ? reason : "unknown error");
        set_text (err, text);
    }
    return SKS_EIO;
}

int (sks_fail_memory) (sks_error *err)
{
    return sks_fail (err, SKS_ENOMEM, "out of memory");
}
