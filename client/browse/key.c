/* key.c - keys of ncurses, and characters from bytes. Characters are assembled from bytes here, because ncurses
 * loses a character if its bytes arrive in two pieces, and any such character in the C locale. */
#include "key.h"

#include "core/base/printable.h"

#include <curses.h>
#include <string.h>
#include <wchar.h>

#define ESCAPE 27
#define PASTE_BEGIN (KEY_MAX + 1)
#define PASTE_END (KEY_MAX + 2)
#define CHARACTER_BYTES 4

static bool pasting;
static char bytes[CHARACTER_BYTES]; /* of a character that is not complete */
static size_t byte_count;

void
browse_key_define (void)
{
    define_key ("\033[200~", PASTE_BEGIN);
    define_key ("\033[201~", PASTE_END);
}

static size_t
bytes_wanted (unsigned char first)
{
    return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;
}

/* A byte above 0x7F. False while its character is not complete. */
static bool
add_byte (int byte, browse_key *out)
{
    size_t length;
    bytes[byte_count++] = (char) byte;
    if (byte_count < bytes_wanted ((unsigned char) bytes[0]))
        return false;
    long point = sks_printable_point (bytes, byte_count, &length);
    if (point < 0 || length != byte_count)
        point = (long) (wint_t) btowc (byte); /* in a single-byte locale; else WEOF */
    byte_count = 0;
    bool shown = point != (long) WEOF && !sks_printable_hides (point);
    *out = (browse_key) { shown ? BROWSE_KEY_LETTER : BROWSE_KEY_OTHER, point };
    return true;
}

/* Alt with a digit arrives as two characters at once; ESC alone is a separate key. */
static browse_key
read_escape (void)
{
    int next = getch ();
    if (next >= '1' && next <= '4')
        return (browse_key) { BROWSE_KEY_LEVEL, next - '1' };
    if (next != ERR)
        ungetch (next);
    return (browse_key) { BROWSE_KEY_ESCAPE, 0 };
}

static browse_key
name_key (int code)
{
    static const struct {
        int code, kind;
    } names[] = {
        { KEY_UP, BROWSE_KEY_UP },         { KEY_DOWN, BROWSE_KEY_DOWN },     { KEY_LEFT, BROWSE_KEY_LEFT },
        { KEY_RIGHT, BROWSE_KEY_RIGHT },   { KEY_PPAGE, BROWSE_KEY_PAGE_UP }, { KEY_NPAGE, BROWSE_KEY_PAGE_DOWN },
        { KEY_HOME, BROWSE_KEY_HOME },     { KEY_END, BROWSE_KEY_END },       { KEY_FIND, BROWSE_KEY_HOME },
        { KEY_SELECT, BROWSE_KEY_END },    { KEY_DC, BROWSE_KEY_DELETE },     { KEY_BACKSPACE, BROWSE_KEY_BACKSPACE },
        { KEY_ENTER, BROWSE_KEY_ENTER },   { KEY_BTAB, BROWSE_KEY_BACKTAB },  { KEY_F (1), BROWSE_KEY_F1 },
        { KEY_RESIZE, BROWSE_KEY_RESIZE }, { '\r', BROWSE_KEY_ENTER },        { '\n', BROWSE_KEY_ENTER },
        { '\t', BROWSE_KEY_TAB },          { 0x7F, BROWSE_KEY_BACKSPACE },    { '\b', BROWSE_KEY_BACKSPACE },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].code == code)
            return (browse_key) { names[i].kind, 0 };
    if (code > 0 && code < ' ')
        return (browse_key) { BROWSE_KEY_CONTROL, code + '@' };
    return (browse_key) { code >= ' ' && code < 0x7F ? BROWSE_KEY_LETTER : BROWSE_KEY_OTHER, code };
}

bool
browse_key_read (browse_key *out)
{
    for (int code; (code = getch ()) != ERR;) {
        if (code >= 0x80 && code < 0x100) {
            if (add_byte (code, out))
                return true;
            continue;
        }
        byte_count = 0;
        if (code == PASTE_BEGIN || code == PASTE_END) {
            pasting = code == PASTE_BEGIN;
            continue;
        }
        if (pasting && code < ' ') {
            if (code != '\n' && code != '\r' && code != '\t')
                continue;
            code = ' ';
        }
        *out = code == ESCAPE ? read_escape () : name_key (code);
        return true;
    }
    return false;
}
