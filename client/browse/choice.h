/* choice.h - the values that were chosen as filters. */
#ifndef BROWSE_CHOICE_H
#define BROWSE_CHOICE_H

#include "answer.h"

#define BROWSE_MOST_CHOICES 64

typedef struct browse_choice {
    int facet; /* enum sks_facet */
    char value[SKS_MAX_FILTER_VALUE_BYTES + 1];
} browse_choice;

/* In the order of choosing. */
typedef struct browse_choices {
    browse_choice items[BROWSE_MOST_CHOICES];
    size_t count;
} browse_choices;

/* Copies. False when it is too long or there are too many. */
bool browse_choices_add (browse_choices *choices, int facet, const char *value);

bool browse_choices_has (const browse_choices *choices, int facet, const char *value);

/* Choose a value, or remove it if it is chosen. False when there are too many. */
bool browse_choices_toggle (browse_choices *choices, int facet, const char *value);

/* Replace names ("finance") and sectors in another form ("31") by the values that the answer has for them. */
void browse_choices_settle (browse_choices *choices, const browse_answer *shown);

/* All of them as one text: "level:advanced group:43", cut to capacity bytes. */
void browse_choices_write (const browse_choices *choices, char *out, size_t capacity);

#endif
