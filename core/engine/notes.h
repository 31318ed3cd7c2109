/* notes.h - the notes of a reply: which parts of a query were not read literally. */
#ifndef SKS_NOTES_H
#define SKS_NOTES_H

#include "core/base/arena.h"
#include "core/base/error.h"

/* The kinds; docs/protocol.md lists their names. */
enum sks_note_kind {
    SKS_NOTE_PARENTHESIS, /* a sign: there is no operator inside, or no partner */
    SKS_NOTE_QUOTE,       /* a sign: inches, no partner, or no word inside */
    SKS_NOTE_OPERATOR,    /* a word: its line is all capitals */
    SKS_NOTE_BULLET,      /* left out: it opens a line of a list */
    SKS_NOTE_SIGN,        /* several "*" */
    SKS_NOTE_MARKUP,      /* HTML, or UTF-8 in a wrong encoding: what a reader sees */
    SKS_NOTE_CAPITALS,    /* a stop word in capitals: a name */
    SKS_NOTE_FIELD,       /* a field, although a blank is after its colon */
    SKS_NOTE_STOP_WORDS,  /* words again: there are no others */
    SKS_NOTE_BEGINNING,   /* stands for its most frequent words only */
    SKS_NOTE_JOINED,      /* two words are one */
    SKS_NOTE_TITLE,       /* names occupations, whose statements are found too */
    SKS_NOTE_NO_WORD,     /* nothing but signs: finds nothing */
    SKS_NOTE_LABEL,       /* a label that was read as a code */
    SKS_NOTE_ABSENT,      /* a value that no statement has */
    SKS_NOTES
};

typedef struct sks_notes {
    sks_note *list;
    size_t count; /* at most SKS_MAX_QUERY_NOTES; further ones are dropped */
} sks_notes;

/* Add a note on byte `at`. text is one line, or NULL for the kind's own; copied.
 * Returns 0 or SKS_ENOMEM. */
int sks_notes_add (sks_notes *notes, sks_arena *arena, int kind, size_t at, const char *text, sks_error *err);

/* Order by place. */
void sks_notes_sort (sks_notes *notes);

/* Order them, and copy list and texts into an arena. Returns 0 or SKS_ENOMEM. */
int sks_notes_copy (sks_notes *notes, sks_arena *arena, const sks_note **out, size_t *count, sks_error *err);

#endif
