/* reading.c - writes the tree as text. */
#include "reading.h"

#include "match.h"

#include <stdio.h>

static void
put_words (sks_buffer *out, const sks_node *node)
{
    bool compound = node->compound, quoted = node->kind == SKS_NODE_PHRASE;
    const char *field = sks_schema_field_name (node->field);
    if (field && *field)
        sks_buffer_printf (out, "%s:", field);
    if (node->exact)
        sks_buffer_putc (out, '=');
    if (quoted)
        sks_buffer_putc (out, '"');
    if (compound)
        node = node->other;
    for (size_t i = 0; i < node->word_count; i++) {
        if (i)
            sks_buffer_putc (out, compound ? '-' : ' ');
        sks_buffer_add (out, node->words[i].form, node->words[i].size);
        if (node->words[i].prefix)
            sks_buffer_putc (out, '*');
    }
    if (quoted)
        sks_buffer_putc (out, '"');
}

static void
put_children (sks_buffer *out, const char *name, const sks_node *node, int amount)
{
    sks_buffer_puts (out, name);
    sks_buffer_putc (out, '(');
    for (size_t i = 0; i < node->child_count; i++) {
        if (i)
            sks_buffer_putc (out, ' ');
        sks_reading_put (out, node->children[i], amount);
    }
    sks_buffer_putc (out, ')');
}

void
sks_reading_put (sks_buffer *out, const sks_node *node, int amount)
{
    static const char *const bags[] = { "ALL", "ANY", "QUARTER", "EIGHTH", "SHARE", "THIRD", "MEANING" };
    char near[24];
    switch (node->kind) {
    case SKS_NODE_ALL:
        sks_buffer_putc (out, '*');
        return;
    case SKS_NODE_WORD:
    case SKS_NODE_PHRASE:
        put_words (out, node);
        return;
    case SKS_NODE_VALUE:
        sks_buffer_printf (out, "%s:%s", sks_schema_field_name (node->field), node->value);
        return;
    case SKS_NODE_BAG:
        if (node->child_count == 1)
            sks_reading_put (out, node->children[0], amount);
        else
            put_children (out, bags[sks_bag_amount (node, amount)], node, amount);
        return;
    case SKS_NODE_NEAR:
        snprintf (near, sizeof near, "NEAR/%u", node->distance);
        put_children (out, near, node, amount);
        return;
    case SKS_NODE_NOT:
        put_children (out, "NOT", node, amount);
        return;
    case SKS_NODE_OR:
        put_children (out, "OR", node, amount);
        return;
    default:
        put_children (out, "AND", node, amount);
    }
}
