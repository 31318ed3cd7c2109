/* notes.c - one table of names and texts. */
#include "notes.h"

#include <string.h>

static const struct {
    const char *name, *text;
} kinds[SKS_NOTES] = {
    [SKS_NOTE_PARENTHESIS] = { "parenthesis",
                               "this parenthesis is read as a sign, not as a group; a group has an operator in it or "
                               "beside it, as in (mail OR parcel) AND sort" },
    [SKS_NOTE_QUOTE] = { "quote", "this quotation mark is read as a sign, not as part of a phrase" },
    [SKS_NOTE_OPERATOR] = { "operator",
                            "its line is searched as words, as it is all capitals; for the operator, write the other "
                            "words in small letters" },
    [SKS_NOTE_OPERATORS] = { "operators",
                             "no statement matches with the operators of this query; without AND, OR and NEAR some do" },
    [SKS_NOTE_BULLET] = { "bullet", "this is read as the bullet or the number of a line" },
    [SKS_NOTE_SIGN] = { "sign", "these stars are read as signs" },
    [SKS_NOTE_MARKUP] = { "markup", "HTML, or text in a wrong encoding, is read as what it stands for" },
    [SKS_NOTE_CAPITALS] = { "capitals", "searched as a name, as it is in capitals; in small letters it is left out" },
    [SKS_NOTE_FIELD] = { "field", "this is read as a field with its value" },
    [SKS_NOTE_STOP_WORDS] = { "stop_words", "stop words are read as words: there are no others" },
    [SKS_NOTE_BEGINNING] = { "beginning", "this stands for its most frequent words only" },
    [SKS_NOTE_JOINED] = { "joined", "this and the next word are read as one" },
    [SKS_NOTE_TITLE] = { "title", "the statements of some occupations are found too, by their titles" },
    [SKS_NOTE_NO_WORD] = { "no_word", "there is no word in this query, so nothing is found" },
    [SKS_NOTE_LABEL] = { "label", "this label is read as a code" },
    [SKS_NOTE_ABSENT] = { "absent", "no statement has this value" },
};

int
sks_notes_add (sks_notes *notes, sks_arena *arena, int kind, size_t at, const char *text, sks_error *err)
{
    if (!notes->list && !(notes->list = sks_arena_array (arena, SKS_MAX_QUERY_NOTES, sizeof *notes->list)))
        return sks_fail_memory (err);
    if (notes->count == SKS_MAX_QUERY_NOTES)
        return 0;
    const char *copy = text ? sks_arena_copy (arena, text, strlen (text)) : kinds[kind].text;
    notes->list[notes->count++] = (sks_note) { kinds[kind].name, (uint32_t) at, copy };
    return copy ? 0 : sks_fail_memory (err);
}

void
sks_notes_sort (sks_notes *notes)
{
    for (size_t i = 1; i < notes->count; i++) {
        sks_note note = notes->list[i];
        size_t at = i;
        for (; at && notes->list[at - 1].at > note.at; at--)
            notes->list[at] = notes->list[at - 1];
        notes->list[at] = note;
    }
}

int
sks_notes_copy (sks_notes *notes, sks_arena *arena, const sks_note **out, size_t *count, sks_error *err)
{
    sks_note *list = sks_arena_array (arena, notes->count + 1, sizeof *list);
    if (!list)
        return sks_fail_memory (err);
    sks_notes_sort (notes);
    for (size_t i = 0; i < notes->count; i++) {
        list[i] = notes->list[i];
        if (!(list[i].text = sks_arena_copy (arena, notes->list[i].text, strlen (notes->list[i].text))))
            return sks_fail_memory (err);
    }
    *out = list;
    *count = notes->count;
    return 0;
}
