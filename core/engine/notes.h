/* notes.h - the notes of a reply: which parts of a query were not read literally. */
#ifndef SKS_NOTES_H
#define SKS_NOTES_H

#include "core/base/arena.h"
#include "core/base/error.h"

/* Kinds of notes; docs/protocol.md lists their names. */
enum sks_note_kind {
    SKS_NOTE_PARENTHESIS, /* not syntax: there is no operator inside, or it is unpaired */
    SKS_NOTE_QUOTE,       /* not syntax: inches, unpaired, or no word inside */
    SKS_NOTE_OPERATOR,    /* an ordinary word: its line is all capitals, or a sentence */
    SKS_NOTE_OPERATORS,   /* nothing is found with them, but as words they find statements */
    SKS_NOTE_BULLET,      /* left out: it begins a line of a list */
    SKS_NOTE_SIGN,        /* several "*"; a "^" or "~" as in other query languages */
    SKS_NOTE_MARKUP,      /* HTML or a wrong encoding was replaced by the text that a reader sees */
    SKS_NOTE_CAPITALS,    /* a stop word in capitals is read as a name */
    SKS_NOTE_FIELD,       /* read as a field, although a blank follows the colon */
    SKS_NOTE_STOP_WORDS,  /* they count, because there are no other words */
    SKS_NOTE_BEGINNING,   /* a prefix matches only its most frequent words */
    SKS_NOTE_JOINED,      /* two words were read as one */
    SKS_NOTE_TITLE,       /* the words name occupations, whose statements are found too */
    SKS_NOTE_NO_WORD,     /* the text has only signs: nothing is found */
    SKS_NOTE_LABEL,       /* a label was read as a code */
    SKS_NOTE_ABSENT,      /* no statement has the value */
    SKS_NOTES
};

typedef struct sks_notes {
    sks_note *list;
    size_t count; /* at most SKS_MAX_QUERY_NOTES; further ones are dropped */
} sks_notes;

/* Add a note on byte `at`. text is one line, or NULL for the kind's own; copied.
 * Returns 0 or SKS_ENOMEM. */
int sks_notes_add (sks_notes *notes, sks_arena *arena, int kind, size_t at, const char *text, sks_error *err);

/* Sort by position. */
void sks_notes_sort (sks_notes *notes);

/* Sort them, and copy the list and its texts into an arena. Returns 0 or SKS_ENOMEM. */
int sks_notes_copy (sks_notes *notes, sks_arena *arena, const sks_note **out, size_t *count, sks_error *err);

#endif
