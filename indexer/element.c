/* element.c - brackets and quotes are counted, nothing else. */
#include "element.h"

#include <stdio.h>
#include <string.h>

enum shape { WHOLE, SEQUENCE, ARRAY, DONE };

/* The first byte from `at` on that is not a blank; a record separator (RFC 7464) counts as a blank. */
static const char *
skip_blanks (const char *at, const char *end)
{
    while (at < end && *at && strchr (" \t\r\n\x1E", *at))
        at++;
    return at;
}

/* The same, and skips one byte order mark, as in concatenated files. */
static const char *
skip_mark (const char *at, const char *end)
{
    static const char mark[] = "\xEF\xBB\xBF";
    at = skip_blanks (at, end);
    if (end - at < 3 || memcmp (at, mark, 3) != 0 || (end - at >= 6 && memcmp (at + 3, mark, 3) == 0))
        return at;
    return skip_blanks (at + 3, end);
}

/* The byte after the string whose quote is at `at`; NULL if it does not end. */
static const char *
skip_string (const char *at, const char *end)
{
    for (at++; at < end; at++) {
        if (*at == '\\')
            at++;
        else if (*at == '"')
            return at + 1;
    }
    return NULL;
}

/* The byte after the end of `depth` brackets that are open at `at`; NULL if they are not closed. */
static const char *
skip_brackets (const char *at, const char *end, size_t depth)
{
    while (at && at < end) {
        if (*at == '"') {
            at = skip_string (at, end);
            continue;
        }
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at++;
        if (!depth)
            return at;
    }
    return NULL;
}

/* The byte after the value at `at`; NULL if it does not end. */
static const char *
skip_value (const char *at, const char *end)
{
    if (at < end && (*at == '{' || *at == '['))
        return skip_brackets (at + 1, end, 1);
    if (at < end && *at == '"')
        return skip_string (at, end);
    while (at < end && !memchr (",]} \t\r\n", *at, 7))
        at++;
    return at < end ? at : NULL;
}

/* The array in the member "exports" of the object at `at`; NULL if the object is an export or something else. */
static const char *
find_exports (const char *at, const char *end)
{
    at = skip_blanks (at + 1, end);
    while (at && at < end && *at == '"') {
        const char *name = at + 1;
        if (!(at = skip_string (at, end)))
            return NULL;
        size_t size = (size_t) (at - 1 - name);
        at = skip_blanks (at, end);
        if (at == end || *at != ':')
            return NULL;
        at = skip_blanks (at + 1, end);
        if (size == 7 && memcmp (name, "exports", 7) == 0 && at < end && *at == '[')
            return at;
        if (size == 10 && (memcmp (name, "occupation", 10) == 0 || memcmp (name, "CFDocument", 10) == 0))
            return NULL;
        if (size == 9 && memcmp (name, "framework", 9) == 0)
            return NULL;
        if (!(at = skip_value (at, end)))
            return NULL;
        at = skip_blanks (at, end);
        if (at < end && *at == ',')
            at = skip_blanks (at + 1, end);
    }
    return NULL;
}

bool
sks_element_may_be_export (const char *text, size_t size)
{
    return memmem (text, size, "\"schemaVersion\"", 15) || memmem (text, size, "\"CFDocument\"", 12);
}

static const char *
end_of_line (const char *at, const char *end)
{
    const char *newline = at < end ? memchr (at, '\n', (size_t) (end - at)) : NULL;
    return newline ? newline : end;
}

/* Whether the object before the line break at `at` is truncated: the next line begins an object that cannot belong to
 * it. `before` is the last non-blank character before the line break. */
static bool
begins_another (const char *at, const char *end, char before)
{
    if (at + 1 >= end || at[1] != '{')
        return false;
    return !strchr (":,[", before) || sks_element_may_be_export (at + 1, (size_t) (end_of_line (at + 1, end) - at - 1));
}

/* Where an object that was closed at `at` ends: there, or at the end of its line if more text follows, which makes it
 * a broken element. */
static const char *
end_of_object (const char *at, const char *end)
{
    const char *next = at;
    while (next < end && (*next == ' ' || *next == '\t' || *next == '\r' || *next == '\x1E'))
        next++;
    if (next >= end || *next == '\n' || *next == '{')
        return at;
    return end_of_line (at, end);
}

/* The end of the element of a sequence that begins at `at`. */
static const char *
end_of_element (const char *at, const char *end)
{
    if (*at != '{')
        return end_of_line (at, end);
    bool string = false, broken = false;
    char before = '{';
    for (size_t depth = 0; at < end; at++) {
        while (string && at + 1 < end && *at != '"' && *at != '\\' && *at != '\n') /* fast path */
            at++;
        char c = *at;
        if (c == '\n' && ((broken && at + 1 < end && at[1] == '{') || begins_another (at, end, string ? '"' : before)))
            return at;
        if (c == '\n' && string) {
            broken = true; /* strings do not span lines */
            string = false;
        } else if (string && c == '\\' && at + 1 < end && at[1] != '\n')
            at++;
        else if (c == '"')
            string = !string;
        else if (!string) {
            depth += c == '{' || c == '[';
            depth -= (c == '}' || c == ']') && depth;
            if (!depth)
                return end_of_object (at + 1, end);
        }
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n' && c)
            before = c;
    }
    return end;
}

void
sks_elements_begin (sks_elements *e, const char *text, size_t size, bool stream)
{
    const char *end = text + size, *first = skip_mark (text, end), *array = NULL;
    *e = (sks_elements) {
        .text = text, .at = text, .end = end, .shape = WHOLE, .line = 1, .line_start = text, .prefix = ""
    };
    if (first < end && *first == '[')
        array = first;
    else if (first < end && *first == '{' && (array = find_exports (first, end)))
        e->prefix = "/exports";
    if (array) {
        e->at = array + 1;
        e->shape = ARRAY;
    } else if (stream || (first < end && *first == '{' && skip_mark (end_of_element (first, end), end) < end))
        e->shape = SEQUENCE;
}

/* Return [at, end) without trailing blanks. */
static void
give (sks_element *out, const char *at, const char *end)
{
    while (end > at && strchr (" \t\r\n\x1E", end[-1]) && end[-1])
        end--;
    out->bytes = at;
    out->size = (size_t) (end - at);
}

static bool
next_of_sequence (sks_elements *e, sks_element *out)
{
    const char *start = skip_mark (e->at, e->end);
    if (start == e->end)
        return false;
    for (const char *newline; (newline = memchr (e->line_start, '\n', (size_t) (start - e->line_start)));) {
        e->line_start = newline + 1;
        e->line++;
    }
    e->at = end_of_element (start, e->end);
    out->line = e->line;
    out->at = start - e->line_start;
    give (out, start, e->at);
    return true;
}

/* Check what follows the array: nothing, or the end of the enclosing object. */
static const char *
fault_after (const sks_elements *e, const char *at)
{
    if (*e->prefix && !(at = skip_brackets (at, e->end, 1)))
        return "the object around \"exports\" does not end";
    return skip_blanks (at, e->end) < e->end ? "unexpected text after the value" : NULL;
}

static bool
next_of_array (sks_elements *e, sks_element *out)
{
    const char *start = skip_blanks (e->at, e->end);
    bool ends = start < e->end && *start == ']';
    out->at = start - e->text;
    if (start == e->end)
        out->fault = "the array does not end";
    else if (ends)
        out->fault = fault_after (e, start + 1);
    else if (e->count && *start != ',')
        out->fault = "',' or ']' was expected";
    if (ends || out->fault) {
        e->shape = DONE;
        return out->fault;
    }
    if (e->count)
        start = skip_blanks (start + 1, e->end);
    snprintf (out->pointer, sizeof out->pointer, "%s/%lu", e->prefix, e->count);
    const char *end = skip_value (start, e->end);
    if (!end || end == start) {
        e->shape = DONE;
        end = e->end;
        out->fault = start == e->end ? "the array does not end" : NULL;
    }
    out->at = start - e->text;
    e->at = end;
    give (out, start, end);
    return true;
}

sks_element
sks_element_whole (const char *text, size_t size)
{
    sks_element element = { .pointer = "" };
    const char *start = skip_mark (text, text + size);
    element.at = start - text;
    give (&element, start, text + size);
    return element;
}

bool
sks_elements_next (sks_elements *e, sks_element *out)
{
    *out = (sks_element) { .pointer = "" };
    bool there = e->shape == ARRAY ? next_of_array (e, out) : e->shape == SEQUENCE && next_of_sequence (e, out);
    if (e->shape == WHOLE) {
        *out = sks_element_whole (e->text, (size_t) (e->end - e->text));
        e->shape = DONE;
        there = true;
    }
    e->count += there;
    return there;
}
