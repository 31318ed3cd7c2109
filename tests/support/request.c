/* request.c - calls the decoder with valid and invalid requests. */
#include "request.h"

#include <check.h>
#include <string.h>

sks_request *
request_decode (const char *text)
{
    sks_request *request;
    sks_error err;
    int rc = sks_request_decode (&request, text, strlen (text), &err);
    ck_assert_msg (rc == 0, "%s: %s", text, err.text);
    return request;
}

sks_error
request_refusal (const char *text)
{
    sks_request *request;
    sks_error err = { 0, -1, "" };
    int rc = sks_request_decode (&request, text, strlen (text), &err);
    ck_assert_msg (rc < 0, "%s is accepted", text);
    ck_assert_int_eq (err.code, rc);
    ck_assert_ptr_nonnull (request);
    sks_request_destroy (&request);
    return err;
}

void
request_refused (const char *text, int code, const char *reason)
{
    sks_error err = request_refusal (text);
    ck_assert_str_eq (err.text, reason);
    ck_assert_int_eq (err.code, code);
}

char *
request_repeat (const char *before, const char *piece, size_t count, const char *after)
{
    sks_buffer out = SKS_BUFFER_INIT (1 << 20);
    sks_buffer_puts (&out, before);
    for (size_t i = 0; i < count; i++)
        sks_buffer_puts (&out, piece);
    sks_buffer_puts (&out, after);
    ck_assert_ptr_nonnull (sks_buffer_text (&out));
    return out.bytes;
}
