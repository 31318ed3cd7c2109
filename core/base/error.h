/* error.h - one way to fail.
 *
 * A function that can fail returns 0 or a negative SKS_E... code and fills the
 * caller's sks_error, its last parameter. The first place that knows the cause
 * writes the text; everyone above passes it on unchanged. Nothing here prints,
 * allocates or touches thread-local state. */
#ifndef SKS_ERROR_H
#define SKS_ERROR_H

#include <skillsearch.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SKS_PRINTF(text, first) __attribute__ ((format (printf, text, first)))

/* Fill err (may be NULL) with code, no position and the formatted text, made
 * printable (printable.h) and cut at a character boundary. Returns code, so that a caller can write "return sks_fail
 * (...)". */
int sks_fail (sks_error *err, int code, const char *format, ...) SKS_PRINTF (3, 4);

/* The same with a byte position. */
int sks_fail_at (sks_error *err, int code, long at, const char *format, ...) SKS_PRINTF (4, 5);

/* The same with SKS_EIO, and with ": " and the text of errno appended. */
int sks_fail_errno (sks_error *err, const char *format, ...) SKS_PRINTF (2, 3);

/* SKS_ENOMEM with its fixed text. */
int sks_fail_memory (sks_error *err);

/* These macros state that the calls above return a code below 0, for the compiler and for analysers. They are
 * statement expressions instead of inline functions, because analysers follow calls only to a limited depth. */
#define sks_failed(call)                                                                                               \
    ({                                                                                                                 \
        int sks_failed_code = (call);                                                                                  \
        if (sks_failed_code >= 0)                                                                                      \
            __builtin_unreachable ();                                                                                  \
        sks_failed_code;                                                                                               \
    })
#define sks_fail(...) sks_failed (sks_fail (__VA_ARGS__))
#define sks_fail_at(...) sks_failed (sks_fail_at (__VA_ARGS__))
#define sks_fail_errno(...) sks_failed (sks_fail_errno (__VA_ARGS__))
#define sks_fail_memory(err) sks_failed (sks_fail_memory (err))

/* The code with the protocol name `name`, SKS_EINTERNAL for an unknown name. */
int sks_error_code_of_name (const char *name);

#ifdef __cplusplus
}
#endif

#endif
