/* package_scan.h - the scan that chooses the statements of packages. For packages.c only. */
#ifndef SKS_PACKAGE_SCAN_H
#define SKS_PACKAGE_SCAN_H

#include "core/base/buffer.h"
#include "core/wire/wire.h"
#include <skillsearch.h>

/* Check options, except the format. Returns 0, SKS_EINVALID or SKS_ELIMIT; the text names the member. */
int sks_package_scan_check (const sks_package_options *options, sks_error *err);

/* Read the request of checked options, or make one from their query.
 *   *out   caller owns it; free with sks_request_destroy, also after a failure. It may be NULL.
 * Returns 0, SKS_EBADREQUEST, SKS_ELIMIT or SKS_ENOMEM. */
int sks_package_scan_read (sks_request **out, const sks_package_options *options, sks_error *err);

/* Write what chooses statements, in one form for equal requests (docs/exports.md), with a NUL after it. This sorts the
 * values of the scan's filters and keeps each once. Returns 0, SKS_ELIMIT or SKS_ENOMEM. */
int sks_package_scan_canonical (sks_buffer *out, sks_request *scan, sks_error *err);

#endif
