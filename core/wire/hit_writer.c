/* hit_writer.c - the parts that replies have in common: statements with
 * what matched in them, and the counted values of a facet. */
#include "core/base/schema.h"
#include "writer.h"

/* ------------------------------------------------------------------- hits */

void
sks_spans_put (sks_buffer *out, const char *name, const sks_span *spans, size_t count, sks_offset *text)
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
sks_range_put (sks_buffer *out, uint32_t start, uint32_t end, sks_offset *text)
{
    sks_json_put_count (out, "start", sks_offset_of (text, start));
    sks_json_put_count (out, "end", sks_offset_of (text, end));
}

static void
put_shares (sks_buffer *out, const sks_hit *hit)
{
    sks_json_open_list (out, "explain");
    for (size_t i = 0; i < hit->share_count; i++) {
        sks_json_open_item (out);
        sks_json_put_text (out, "part", hit->shares[i].part);
        sks_json_put_text (out, "term", hit->shares[i].term);
        sks_json_put_real (out, "score", hit->shares[i].score);
        if (hit->shares[i].word)
            sks_json_put_text (out, "word", hit->shares[i].word);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

void
sks_sources_put (sks_buffer *out, const sks_citation *sources, size_t count)
{
    sks_json_open_list (out, "sources");
    for (size_t i = 0; i < count; i++) {
        sks_json_open_item (out);
        sks_json_put_text (out, "name", sources[i].name);
        sks_json_put_text (out, "text", sources[i].text);
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

static void
put_provenance (sks_buffer *out, const sks_hit_provenance *provenance)
{
    sks_json_open_object (out, "provenance");
    sks_json_put_text (out, "version", provenance->version);
    sks_json_put_text (out, "exported_at", provenance->exported_at);
    sks_sources_put (out, provenance->sources, provenance->source_count);
    sks_json_put_text (out, "attribution", provenance->attribution);
    sks_buffer_putc (out, '}');
}

void
sks_hit_put_members (sks_buffer *out, const sks_hit *hit, int units)
{
    sks_offset text = { hit->text, units, 0, 0 };
    sks_json_put_text (out, "id", hit->id);
    sks_json_put_real (out, "score", hit->score);
    sks_json_put_text (out, "text", hit->text);
    sks_spans_put (out, "spans", hit->spans, hit->span_count, &text);
    if (hit->marked)
        sks_json_put_text (out, "marked", hit->marked);
    sks_json_put_text (out, "duty", hit->duty);
    sks_json_put_text (out, "level", sks_level_name (hit->level));
    sks_json_put_count (out, "position", hit->position);
    sks_json_put_text (out, "soc", hit->soc);
    sks_json_put_text (out, "occupation", hit->occupation);
    sks_json_put_text (out, "group", hit->group);
    sks_json_put_text (out, "sector", hit->sector);
    if (hit->zone)
        sks_json_put_count (out, "zone", (uint64_t) hit->zone);
    else
        sks_json_put_text (out, "zone", NULL);
    if (hit->by)
        sks_json_put_text (out, "by", hit->by);
    if (hit->more)
        sks_json_put_count (out, "more", hit->more);
    if (hit->shares)
        put_shares (out, hit);
    if (hit->provenance)
        put_provenance (out, hit->provenance);
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

/* ----------------------------------------------------------------- facets */

/* A tree is one step deep, so this calls itself once at most. */
static void
put_values (sks_buffer *out, const char *name, const sks_facet_value *values, size_t count)
{
    sks_json_open_list (out, name);
    for (size_t i = 0; i < count; i++) {
        const sks_facet_value *value = &values[i];
        sks_json_open_item (out);
        sks_json_put_text (out, "value", value->value);
        sks_json_put_text (out, "label", value->label);
        sks_json_put_count (out, "count", value->count);
        sks_json_put_flag (out, "selected", value->selected != 0);
        if (value->children) {
            put_values (out, "children", value->children, value->child_count);
            sks_json_put_count (out, "distinct", value->distinct);
        }
        sks_buffer_putc (out, '}');
    }
    sks_buffer_putc (out, ']');
}

void
sks_facet_put_values (sks_buffer *out, const char *name, const sks_facet_counts *facet)
{
    put_values (out, name, facet->values, facet->count);
}
