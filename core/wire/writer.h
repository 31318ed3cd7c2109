/* writer.h - shared by the writers of replies; for core/wire only. */
#ifndef SKS_WIRE_WRITER_H
#define SKS_WIRE_WRITER_H

#include "core/base/json.h"
#include "offset.h"
#include "reply_table.h"
#include "wire.h"

/* Begin a reply: v, id, ok. Writes a comma first unless it is the first reply of its list. */
void sks_reply_open (sks_buffer *out, const sks_request *request, bool ok);
int sks_reply_close (sks_buffer *out, sks_error *err);

/* Write a hit as an object, or its members only, for an object with more members.
 *   units   enum sks_units, of its spans. */
void sks_hit_put (sks_buffer *out, const sks_hit *hit, int units);
void sks_hit_put_members (sks_buffer *out, const sks_hit *hit, int units);

/* "name":[hit, ...] */
void sks_hits_put (sks_buffer *out, const char *name, const sks_hit *hits, size_t count, int units);

/* "name":[[start, end], ...]; the spans are positions in text->text. */
void sks_hit_put_spans (sks_buffer *out, const char *name, const sks_span *spans, size_t count, sks_offset *text);

/* "start":1,"end":2; likewise. */
void sks_hit_put_range (sks_buffer *out, uint32_t start, uint32_t end, sks_offset *text);

#endif
