/* key.h - what was typed, one key at a time. */
#ifndef BROWSE_KEY_H
#define BROWSE_KEY_H

#include <stdbool.h>

enum browse_key_kind {
    BROWSE_KEY_LETTER, /* a character of text */
    BROWSE_KEY_ENTER,
    BROWSE_KEY_TAB,
    BROWSE_KEY_BACKTAB,
    BROWSE_KEY_ESCAPE,
    BROWSE_KEY_UP,
    BROWSE_KEY_DOWN,
    BROWSE_KEY_LEFT,
    BROWSE_KEY_RIGHT,
    BROWSE_KEY_PAGE_UP,
    BROWSE_KEY_PAGE_DOWN,
    BROWSE_KEY_HOME,
    BROWSE_KEY_END,
    BROWSE_KEY_BACKSPACE,
    BROWSE_KEY_DELETE,
    BROWSE_KEY_F1,
    BROWSE_KEY_CONTROL, /* letter: 'A' .. 'Z' */
    BROWSE_KEY_LEVEL,   /* Alt-1 .. Alt-4; letter: 0 .. 3 */
    BROWSE_KEY_RESIZE,
    BROWSE_KEY_OTHER /* ignored */
};

typedef struct browse_key {
    int kind;    /* enum browse_key_kind */
    long letter; /* a code point */
} browse_key;

/* Name the keys that terminfo does not have. Call after browse_screen_open. */
void browse_key_define (void);

/* The next key that has been typed; false when there is none. In pasted text, line ends and tabs become blanks and
 * other control characters are dropped. */
bool browse_key_read (browse_key *out);

#endif
