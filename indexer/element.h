/* element.h - splits a text into exports.
 *
 * A text is one of
 *   - one export;
 *   - a sequence: several objects, one per line (NDJSON) or concatenated;
 *   - an array of exports, or an object with such an array as its member "exports".
 * Only the structure is examined here: reading an element finds out whether it is an export, or JSON at all. A broken
 * element of a sequence ends where the next line begins an object, so no other element is lost; after a missing
 * bracket in an array, the rest is one element. */
#ifndef SKS_ELEMENT_H
#define SKS_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sks_element {
    const char *bytes; /* without surrounding blanks; borrowed from the text */
    size_t size;
    unsigned long line; /* of a sequence: the line where it begins, from 1; else 0 */
    char pointer[32];   /* of an array: "/12" or "/exports/12"; else "" */
    long at;            /* bytes before it in its line, or in the text if it has no line number */
    const char *fault;  /* NULL, or why the text is invalid here; borrowed: valid for ever */
} sks_element;

/* Whether a text may hold exports: it has a member that every export has, or every CFPackage (case_package.h). */
bool sks_element_may_be_export (const char *text, size_t size);

/* All of a text as one element. */
sks_element sks_element_whole (const char *text, size_t size);

/* The state of the iteration. */
typedef struct sks_elements {
    const char *text, *at, *end;
    int shape;
    unsigned long count; /* elements returned so far */
    unsigned long line;  /* of a sequence: the line of line_start */
    const char *line_start;
    const char *prefix; /* of the pointers of an array */
} sks_elements;

/* Begin with the first element.
 *   stream   the text is a sequence even when it holds one object alone, so that
 *            every element has its line. */
void sks_elements_begin (sks_elements *elements, const char *text, size_t size, bool stream);

/* The next element; false at the end. A text that is one export, or of none of the kinds above, is one element. */
bool sks_elements_next (sks_elements *elements, sks_element *out);

#endif
