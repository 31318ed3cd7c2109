/* log.h - one logfmt line to stderr: ts=... level=info event=reload generation=17
 *
 * For programs only; core, engine and client library never log. Events are
 * fixed lower-case words, listed in skillsearchd(8). Each line is one write(2), so lines of several threads never
 * mix. */
#ifndef SKS_LOG_H
#define SKS_LOG_H

#include "core/base/error.h"

enum sks_log_level { SKS_LOG_ERROR, SKS_LOG_WARN, SKS_LOG_INFO, SKS_LOG_DEBUG };

/* Lines above this level are not written; SKS_LOG_INFO unless set. Set it
 * before the first thread starts. */
void sks_log_set_level (int level);

/* The level of a name ("info"), -1 if unknown. */
int sks_log_level_of (const char *name);

/* One line. details is logfmt text ("path=%s"); quote values that may contain blanks or quotes with sks_log_quote
 * first. NULL for no details. */
void sks_log (int level, const char *event, const char *details, ...) SKS_PRINTF (3, 4);

/* Write value as a logfmt value into out, quoted and escaped where needed, cut
 * at size bytes. Returns out. */
const char *sks_log_quote (char *out, size_t size, const char *value);

#endif
