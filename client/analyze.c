/* analyze.c - the replies to "analyze" and "suggest": what words a text is made
 * of, and what words it may become. */
#include "print.h"

#include "client/lib/member.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#define FORM 20
#define STEM 16
#define COUNT 10
#define LINE_BYTES 65536

/* ----------------------------------------------------------------- analyze */

static void
put_cell (sks_buffer *out, const sks_terminal *terminal, const char *text, unsigned columns)
{
    unsigned used = sks_terminal_columns (text, strlen (text));
    if (used < columns)
        sks_terminal_fit (terminal, out, text, columns);
    else
        sks_terminal_puts (out, text);
    sks_buffer_putc (out, ' ');
}

static void
put_remark (sks_buffer *line, const cJSON *word)
{
    const cJSON *expansions = sks_member_items (word, "expansions");
    if (sks_member_flag (word, "stop"))
        sks_buffer_puts (line, "left out as too common");
    else if (!sks_member_flag (word, "known"))
        sks_buffer_puts (line, "occurs nowhere");
    for (const cJSON *item = expansions; item; item = item->next) {
        sks_buffer_puts (line, item == expansions ? "stands for " : ", ");
        sks_terminal_puts (line, cJSON_IsString (item) ? item->valuestring : "");
    }
}

static void
put_word (sks_buffer *out, const sks_terminal *terminal, const cJSON *word)
{
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    const char *stem = sks_member_text (word, "stem");
    size_t before = out->size;
    sks_buffer_puts (out, "  ");
    put_cell (out, terminal, sks_member_text (word, "form"), FORM);
    put_cell (out, terminal, *stem ? stem : "-", STEM);
    size_t number = out->size;
    sks_print_count (out, sks_member_count (word, "count"));
    put_remark (&line, word);
    const char *remark = sks_buffer_text (&line);
    if (remark && *remark) {
        unsigned used = (unsigned) (out->size - number);
        sks_buffer_printf (out, "%*s", used < COUNT ? (int) (COUNT - used) : 1, "");
        sks_print_wrapped (out, terminal, remark, NULL, 0, (unsigned) (out->size - before));
    }
    sks_buffer_putc (out, '\n');
    sks_buffer_free (&line);
}

/* The words of a reply by their place in it. */
struct words {
    const cJSON **items;
    size_t count;
};

/* The forms of the words that a node points at. */
static void
put_node_words (sks_buffer *out, const cJSON *node, const struct words *words)
{
    for (const cJSON *index = sks_member_items (node, "words"); index; index = index->next) {
        bool known = cJSON_IsNumber (index) && index->valuedouble >= 0 && index->valuedouble < (double) words->count;
        sks_buffer_putc (out, ' ');
        if (known)
            sks_terminal_puts (out, sks_member_text (words->items[(size_t) index->valuedouble], "form"));
    }
}

static void
put_node (sks_buffer *out, const cJSON *node, const struct words *words, unsigned indent)
{
    sks_buffer_printf (out, "%*s", (int) indent, "");
    sks_terminal_puts (out, sks_member_text (node, "kind"));
    if (sks_member_count (node, "distance"))
        sks_buffer_printf (out, "/%u", (unsigned) sks_member_count (node, "distance"));
    if (sks_member_flag (node, "exact"))
        sks_buffer_puts (out, ", exactly");
    if (sks_member (node, "field")) {
        sks_buffer_putc (out, ' ');
        sks_terminal_puts (out, sks_member_text (node, "field"));
        sks_buffer_putc (out, ':');
        sks_terminal_puts (out, sks_member_text (node, "value"));
    }
    put_node_words (out, node, words);
    sks_buffer_putc (out, '\n');
    for (const cJSON *child = sks_member_items (node, "children"); child; child = child->next)
        put_node (out, child, words, indent + 2);
}

bool
sks_print_analysis (sks_buffer *out, const sks_terminal *terminal, const cJSON *reply)
{
    sks_buffer_puts (out, "Read as: ");
    sks_terminal_puts (out, sks_member_text (reply, "read_as"));
    sks_buffer_puts (out, "\n");
    for (const cJSON *note = sks_member_items (reply, "notes"); note; note = note->next) {
        sks_buffer_printf (out, "Note, byte %u: ", (unsigned) sks_member_count (note, "at"));
        sks_terminal_puts (out, sks_member_text (note, "text"));
        sks_buffer_putc (out, '\n');
    }
    if (sks_member_items (reply, "words")) {
        sks_buffer_puts (out, "\n  ");
        sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
        sks_buffer_printf (out, "%-*s %-*s %s\n", FORM, "word", STEM, "stem", "statements");
        sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    }
    struct words words = { calloc (sks_member_size (reply, "words") + 1, sizeof *words.items), 0 };
    for (const cJSON *word = sks_member_items (reply, "words"); word; word = word->next) {
        put_word (out, terminal, word);
        if (words.items)
            words.items[words.count++] = word;
    }
    sks_buffer_putc (out, '\n');
    put_node (out, sks_member (reply, "tree"), &words, 2);
    free (words.items);
    return true;
}

/* ----------------------------------------------------------------- suggest */

static bool
put_completions (sks_buffer *out, const sks_terminal *terminal, const cJSON *reply, const char *name)
{
    const cJSON *items = sks_member_items (reply, name);
    if (!items)
        return false;
    sks_terminal_style (terminal, out, SKS_STYLE_STRONG);
    sks_buffer_printf (out, "%s\n", name);
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    for (const cJSON *item = items; item; item = item->next) {
        sks_buffer_puts (out, "  ");
        if (sks_member (item, "value")) {
            sks_terminal_puts (out, sks_member_text (item, "value"));
            sks_buffer_puts (out, "  ");
        }
        sks_terminal_puts (out, sks_member_text (item, "text"));
        sks_buffer_puts (out, "  ");
        sks_terminal_style (terminal, out, SKS_STYLE_DIM);
        sks_print_count (out, sks_member_count (item, "count"));
        sks_terminal_style (terminal, out, SKS_STYLE_NONE);
        sks_buffer_putc (out, '\n');
    }
    return true;
}

bool
sks_print_completions (sks_buffer *out, const sks_terminal *terminal, const cJSON *reply)
{
    static const char *const kinds[] = { "words", "duties", "occupations" };
    bool found = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        found |= put_completions (out, terminal, reply, kinds[i]);
    if (!found)
        sks_buffer_puts (out, "Nothing begins so\n");
    return found;
}
