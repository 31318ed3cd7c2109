/* writer.h - what the writers of replies share; for inside core/wire only. */
#ifndef SKS_WIRE_WRITER_H
#define SKS_WIRE_WRITER_H

#include "core/base/json.h"
#include "offset.h"
#include "reply_table.h"
#include "wire.h"

/* Begin a reply: v, id, ok. A comma comes first when it is not the first reply
 * of its list. */
void sks_reply_open (sks_buffer *out, const sks_request *request, bool ok);
int sks_reply_close (sks_buffer *out, sks_error *err);

/* A hit as an object, and its members alone, for an object that has more.
 *   units   enum sks_units: what its spans are written in. */
void sks_hit_put (sks_buffer *out, const sks_hit *hit, int units);
void sks_hit_put_members (sks_buffer *out, const sks_hit *hit, int units);

/* "name":[hit, ...] */
void sks_hits_put (sks_buffer *out, const char *name, const sks_hit *hits, size_t count, int units);

/* "name":[[start, end], ...]; the spans are places in the text of `text`. */
void sks_hit_put_spans (sks_buffer *out, const char *name, const sks_span *spans, size_t count, sks_offset *text);

/* "start":1,"end":2; likewise. */
void sks_hit_put_range (sks_buffer *out, uint32_t start, uint32_t end, sks_offset *text);

/* "name":[value, ...] */
void sks_reply_put_facet (sks_buffer *out, const char *name, const sks_facet_counts *facet);

#endif
