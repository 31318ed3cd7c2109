/* hit_writer.c - the parts that replies have in common: statements with their spans, and the counted values of a
 * facet. */
#include "writer.h"

/* ------------------------------------------------------------------- hits */

void
sks_hit_put_spans (sks_buffer *out, const char *name, const sks_span *spans, size_t count, sks_offset *text)
{
    sks_json_open_list (out, name);
    for (size_t i = 0; i < count; i++) {
        sks_buffer_puts (out, i ? ",[" : "[");
        sks_buffer_number (out, sks_offset_of (text, spans[i].start));
        sks_buffer_putc (out, ',');
        sks_buffer_number (out, sks_offset_of (text, spans[i].end));
        sks_buffer_putc (out, ']');
    }
    sks_buffer_putc (out, ']');
}

void
sks_hit_put_range (sks_buffer *out, uint32_t start, uint32_t end, sks_offset *text)
{
    sks_json_put_count (out, "start", sks_offset_of (text, start));
    sks_json_put_count (out, "end", sks_offset_of (text, end));
}

void
sks_hit_put_members (sks_buffer *out, const sks_hit *hit, int units)
{
    sks_offset text = { hit->text, units, 0, 0 };
    sks_tree_put_members (out, sks_hit_rules, SKS_HIT_HEAD, hit);
    sks_hit_put_spans (out, "spans", hit->spans, hit->span_count, &text);
    sks_tree_put_members (out, sks_hit_rules + SKS_HIT_HEAD, SKS_HIT_RULES - SKS_HIT_HEAD, hit);
    if (hit->shares)
        sks_tree_put_items (out, "explain", &sks_share_items, hit->shares, hit->share_count);
    if (hit->provenance) {
        sks_json_open_object (out, "provenance");
        sks_tree_put_members (out, sks_provenance_rules, SKS_PROVENANCE_RULES, hit->provenance);
        sks_buffer_putc (out, '}');
    }
}

void
sks_hit_put (sks_buffer *out, const sks_hit *hit, int units)
{
    sks_buffer_putc (out, '{');
    sks_hit_put_members (out, hit, units);
    sks_buffer_putc (out, '}');
}

void
sks_hits_put (sks_buffer *out, const char *name, const sks_hit *hits, size_t count, int units)
{
    sks_json_open_list (out, name);
    for (size_t i = 0; i < count; i++) {
        if (i)
            sks_buffer_putc (out, ',');
        sks_hit_put (out, &hits[i], units);
    }
    sks_buffer_putc (out, ']');
}
