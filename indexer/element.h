/* element.h - the exports that one text holds.
 *
 * A text is one of
 *   - one export;
 *   - a sequence: several objects one after another, one a line (NDJSON) or joined;
 *   - an array of exports, or an object with such an array as its member "exports".
 * Only the shape is looked at here: whether an element is an export, and whether
 * it is JSON at all, is found when it is read. A broken element of a sequence ends
 * where the next line begins an object, so it costs no other one; after a bracket
 * that is missing in an array there is only one element more, the rest. */
#ifndef SKS_ELEMENT_H
#define SKS_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sks_element {
    const char *bytes; /* without blanks around it; borrowed from the text */
    size_t size;
    unsigned long line; /* of a sequence: where it begins, from 1; else 0 */
    char pointer[32];   /* of an array: "/12" or "/exports/12"; else "" */
    long at;            /* bytes before it in its line, or else in the text */
    const char *fault;  /* NULL, or why the text cannot go on here; borrowed: valid for ever */
} sks_element;

/* All of a text as one element. */
sks_element sks_element_whole (const char *text, size_t size);

/* Where the iteration stands. */
typedef struct sks_elements {
    const char *text, *at, *end;
    int shape;
    unsigned long count; /* elements given so far */
    unsigned long line;  /* of a sequence: the line of line_start */
    const char *line_start;
    const char *prefix; /* of the pointers of an array */
} sks_elements;

/* Begin with the first element.
 *   stream   the text is a sequence even when it holds one object alone, so that
 *            every element has its line. */
void sks_elements_begin (sks_elements *elements, const char *text, size_t size, bool stream);

/* The next element; false when there is none. A text that is one export, or nothing
 * of these, is one element, whole. */
bool sks_elements_next (sks_elements *elements, sks_element *out);

#endif
