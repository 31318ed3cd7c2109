/* pick.h - the statements that are printed at the end. */
#ifndef BROWSE_PICK_H
#define BROWSE_PICK_H

#include "answer.h"

#include "core/base/buffer.h"

enum browse_print { BROWSE_PRINT_ID, BROWSE_PRINT_TEXT, BROWSE_PRINT_JSON };

typedef struct browse_pick {
    char *id, *text, *json;
} browse_pick;

/* In the order of picking. Start from zeros; end with browse_picks_free. */
typedef struct browse_picks {
    browse_pick *items;
    size_t count;
} browse_picks;

bool browse_picks_has (const browse_picks *picks, const char *id);

/* Pick a statement, or remove it if it is picked. Copies. False when out of memory. */
bool browse_picks_toggle (browse_picks *picks, const browse_row *row);

/* Write the picked statements, each with a line end or a NUL after it.
 *   print   enum browse_print. */
void browse_picks_write (const browse_picks *picks, int print, bool null, sks_buffer *out);

void browse_picks_free (browse_picks *picks);

#endif
