/* sentence.c - where a sentence starts, and where it may end.
 *
 * The meaning of line ends depends on the block (the lines between two blank lines): pasted text is either wrapped
 * or a list. */
#include "sentence.h"

#include "bullet.h"
#include "item.h"
#include "core/base/character.h"
#include "core/base/markup.h"
#include "core/base/text.h"
#include "core/base/text_word.h"
#include "core/base/utf8.h"

#include <string.h>
#include <strings.h>

/* Abbreviations whose full stop does not end a sentence; any letter case. */
static const char *const abbreviations[] = {
    "approx", "ca",   "cf", "co",  "corp", "dept", "dr", "ed",  "eg", "esp",  "est",  "excl", "ext", "fig", "ie",
    "inc",    "incl", "jr", "ltd", "max",  "min",  "mr", "mrs", "ms", "prof", "resp", "sr",   "st",  "viz", "vs",
};

/* After "a.m." and "p.m." these continue the sentence; other words in capitals begin a new one. */
static const char *const times[] = {
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar", "Apr", "May",
    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "EST", "CST", "MST", "PST", "GMT",
};

/* After initials and companies, "U.S." and "Inc.", these begin a sentence; other capitals may be part of a name. */
static const char *const openers[] = {
    "All", "An",    "As",   "At",   "Each", "For", "He",   "If",   "In",  "It",   "Must", "Our", "She",  "That",
    "The", "These", "They", "This", "To",   "We",  "What", "When", "Who", "Will", "With", "You", "Your",
};

/* Abbreviations of companies and persons, which may end a sentence before one of the openers. */
static const char *const companies[] = { "co", "corp", "inc", "jr", "ltd", "sr" };

/* A line that ends in one of these words continues in the next line, whatever that begins with. */
static const char *const joining[] = {
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with",
};

/* Longer words are not searched for abbreviations. */
#define LONGEST_ABBREVIATION 8

/* If a line is longer, its block is not a list in small letters. */
#define LONGEST_SMALL_LINE 60

#define COUNT(table) (sizeof (table) / sizeof *(table))

struct text {
    const char *bytes;
    size_t size;
};

/* How the lines of a block are read. */
struct block {
    bool known;
    bool wrapped;   /* some line after the first begins with a small letter */
    bool small;     /* all lines do, and they are a list */
    size_t longest; /* bytes of its longest line */
};

static size_t
blank_at (struct text t, size_t at)
{
    return at < t.size ? sks_text_blank (t.bytes, t.size, at) : 0;
}

static bool
is_stop (char c)
{
    return c == '.' || c == '!' || c == '?';
}

static bool
is_among (const char *const *words, size_t count, const char *bytes, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (strlen (words[i]) == size && strncasecmp (words[i], bytes, size) == 0)
            return true;
    return false;
}

static size_t
skip_blanks (struct text t, size_t at)
{
    for (size_t blank; (blank = blank_at (t, at));)
        at += blank;
    return at;
}

/* --------------------------------------------------------------------- tags */

/* Bytes of the HTML tag at `at`, 0 if there is none. *block: whether it separates sentences. */
static size_t
tag_at (struct text t, size_t at, bool *block)
{
    sks_markup_element element;
    size_t bytes = sks_markup_tag (t.bytes, t.size, at, &element);
    *block = element == SKS_MARKUP_BLOCK;
    return bytes;
}

/* The end of a text without the blanks and tags at its end. */
static size_t
trim (struct text t, size_t start, size_t end)
{
    for (size_t at = end; at > start;) {
        bool block;
        size_t before = start + sks_utf8_start (t.bytes + start, at - 1 - start);
        if (t.bytes[before] == '>')
            while (before > start && t.bytes[before] != '<' && at - before < SKS_LONGEST_TAG)
                before--;
        if (blank_at (t, before) != at - before && tag_at (t, before, &block) != at - before)
            return at;
        at = before;
    }
    return start;
}

/* ------------------------------------------------------------------- blocks */

static size_t
line_end_at (struct text t, size_t at)
{
    return at < t.size ? sks_bullet_line_end (t.bytes, t.size, at) : 0;
}

/* The end of the line that `at` is in. */
static size_t
find_line_end (struct text t, size_t at)
{
    while (at < t.size && !line_end_at (t, at))
        at++;
    return at;
}

/* The first character that is not blank in the line at `at`, or the end of the line. */
static size_t
open_line (struct text t, size_t at)
{
    while (!line_end_at (t, at) && blank_at (t, at))
        at += blank_at (t, at);
    return at;
}

/* The start of the block that `at` is in: the first line after a blank one. */
static size_t
find_block (struct text t, size_t at)
{
    size_t start = 0;
    for (size_t line = 0, end, next; line <= at && line < t.size; line = next) {
        end = find_line_end (t, line);
        next = end + line_end_at (t, end);
        if (open_line (t, line) >= end)
            start = next;
        if (next == end)
            break;
    }
    return start <= at ? start : at;
}

/* Whether a line continues in the next one: it ends in a comma or a joining word. */
static bool
goes_on (struct text t, size_t start, size_t end)
{
    end = trim (t, start, end);
    size_t word = end;
    if (end > start && strchr (",&-/(", t.bytes[end - 1]))
        return true;
    while (word > start && sks_character_is_letter (t.bytes[word - 1]))
        word--;
    return is_among (joining, COUNT (joining), t.bytes + word, end - word);
}

static struct block
read_block (struct text t, size_t at)
{
    struct block block = { .known = true, .small = true };
    size_t lines = 0;
    for (size_t line = find_block (t, at), next; line < t.size; line = next) {
        size_t end = find_line_end (t, line), first = open_line (t, line), length;
        next = end + line_end_at (t, end);
        if (first >= end)
            break;
        bool small = sks_text_case (t.bytes, t.size, first, &length) == 'a';
        block.wrapped |= small && lines;
        block.small &= small && !goes_on (t, line, end);
        block.longest = end - line > block.longest ? end - line : block.longest;
        lines++;
    }
    block.small &= block.longest <= LONGEST_SMALL_LINE && lines > 1;
    return block;
}

/* Whether a line is the heading of a list: "Duties:". */
static bool
ends_with_colon (struct text t, size_t start, size_t end)
{
    end = trim (t, start, end);
    return end > start && t.bytes[end - 1] == ':';
}

/* Whether the line at `line` begins with this sign and a small letter. */
static bool
opens_with_sign (struct text t, size_t line, char sign)
{
    size_t at = open_line (t, line), length;
    return at + 1 < t.size && t.bytes[at] == sign && sks_text_case (t.bytes, t.size, at + 1, &length) == 'a';
}

/* Bytes of the bullet that begins a line at `at`. A "-" or "*" directly before a small letter is a bullet only if the
 * previous or the next line begins in the same way. */
static size_t
bullet_at (struct text t, size_t at)
{
    size_t bytes = sks_bullet_at (t.bytes, t.size, at, NULL), line = at;
    if (bytes || at >= t.size || !(t.bytes[at] == '-' || t.bytes[at] == '*') || !opens_with_sign (t, at, t.bytes[at]))
        return bytes;
    size_t end = find_line_end (t, at), next = end + line_end_at (t, end);
    while (line && blank_at (t, line - 1) && !line_end_at (t, line - 1))
        line--;
    size_t before = line;
    while (before && line_end_at (t, before - 1))
        before--;
    while (before && !line_end_at (t, before - 1))
        before--;
    return opens_with_sign (t, next, t.bytes[at]) || (before < line && opens_with_sign (t, before, t.bytes[at])) ? 1
                                                                                                                 : 0;
}

/* Whether the line end at `at` ends a sentence: the line ends in a colon, or the next line is blank, begins with a
 * bullet, or is the next item of a list. */
static bool
line_ends (struct text t, size_t start, size_t at, struct block *block)
{
    size_t next = at + line_end_at (t, at), first = open_line (t, next), word, length;
    if (first >= t.size || line_end_at (t, first) || bullet_at (t, first) || ends_with_colon (t, start, at))
        return true;
    char letter = sks_text_case (t.bytes, t.size, first, &length);
    if (!letter || goes_on (t, start, at))
        return false;
    if (!block->known)
        *block = read_block (t, start);
    if (letter == 'a')
        return block->small;
    if (!block->wrapped)
        return true;
    /* In wrapped text, a line was ended on purpose if the next word would have fitted. */
    size_t line = at;
    while (line && !line_end_at (t, line - 1))
        line--;
    for (word = first; word < t.size && !blank_at (t, word);)
        word++;
    return at - line + 1 + (word - first) <= block->longest;
}

/* -------------------------------------------------------------------- signs */

static bool
is_bullet_amid (struct text t, size_t at)
{
    return at < t.size && (unsigned char) t.bytes[at] >= 0x80 && sks_bullet_amid (t.bytes, t.size, at);
}

static size_t
item_at (struct text t, size_t at)
{
    return at && t.bytes[at - 1] == ' ' ? sks_item_at (t.bytes, t.size, at) : 0;
}

/* Skip blanks, tags, and bullets at the beginning of a line. */
static size_t
skip (struct text t, size_t at)
{
    bool opens_line = at == 0 || line_end_at (t, at - 1), block;
    for (size_t bytes; at < t.size; at += bytes) {
        if ((bytes = line_end_at (t, at)))
            opens_line = true;
        else if ((bytes = tag_at (t, at, &block)))
            opens_line |= block;
        else if (!(bytes = blank_at (t, at)) &&
                 !((opens_line || is_bullet_amid (t, at)) && (bytes = bullet_at (t, at))) &&
                 !(bytes = item_at (t, at)) && t.bytes[at] != ';')
            break;
        bytes += !bytes;
    }
    return at;
}

/* Bytes of the closing quote or bracket at `at`, 0 if there is none. */
static size_t
closer_at (struct text t, size_t at)
{
    static const char *const closers[] = { "\"", "'", ")", "]", "\xE2\x80\x9D", "\xE2\x80\x99", "\xC2\xBB" };
    for (size_t i = 0; i < COUNT (closers); i++) {
        size_t length = strlen (closers[i]);
        if (length <= t.size - at && memcmp (t.bytes + at, closers[i], length) == 0)
            return length;
    }
    return 0;
}

/* Whether a sentence may begin with the character at `at`. */
static bool
may_begin (struct text t, size_t at)
{
    unsigned char c = (unsigned char) t.bytes[at];
    if (c < 0x80)
        return (c >= 'A' && c <= 'Z') || sks_character_is_digit ((char) c) || (c && strchr ("\"'([*-+<", c));
    /* U+00DF..U+00FF: small letters of Latin-1. */
    return !(c == 0xC3 && at + 1 < t.size && (unsigned char) t.bytes[at + 1] >= 0x9F);
}

/* The start of the word before the full stop at `stop`, including dots inside it. */
static size_t
word_before (struct text t, size_t start, size_t stop)
{
    size_t at = stop, min = stop - start > LONGEST_ABBREVIATION ? stop - LONGEST_ABBREVIATION : start;
    while (at > min && (sks_character_is_letter (t.bytes[at - 1]) || t.bytes[at - 1] == '.'))
        at--;
    return at;
}

/* Whether "a.m." or "p.m." ends a sentence before the text at `next`. */
static bool
time_ends (struct text t, size_t next)
{
    size_t length;
    if (next >= t.size || sks_text_case (t.bytes, t.size, next, &length) != 'A')
        return false;
    for (size_t i = 0; i < COUNT (times); i++)
        if (t.size - next >= 3 && memcmp (t.bytes + next, times[i], 3) == 0)
            return false;
    return true;
}

/* Whether a word that only begins sentences is at `next`. */
static bool
opener_follows (struct text t, size_t next)
{
    size_t end = next;
    while (end < t.size && sks_character_is_letter (t.bytes[end]))
        end++;
    for (size_t i = 0; i < COUNT (openers); i++)
        if (strlen (openers[i]) == end - next && memcmp (openers[i], t.bytes + next, end - next) == 0)
            return true;
    return false;
}

/* Whether the full stop at `stop` belongs to the word before it. */
static bool
is_abbreviation (struct text t, size_t start, size_t stop)
{
    size_t word = word_before (t, start, stop), length = stop - word, next = skip_blanks (t, stop + 1);
    if (!length ||
        (word > start && ((unsigned char) t.bytes[word - 1] >= 0x80 || sks_character_is_digit (t.bytes[word - 1]))))
        return length == 3 && t.bytes[word + 1] == '.' && (t.bytes[word + 2] | 0x20) == 'm' && !time_ends (t, next);
    bool time =
        length == 3 && strchr ("apAP", t.bytes[word]) && t.bytes[word + 1] == '.' && (t.bytes[word + 2] | 0x20) == 'm';
    if (time)
        return !time_ends (t, next);
    /* "A.", "U.S.": single letters between the dots. */
    if (length == 1)
        return true;
    if (t.bytes[stop - 2] == '.')
        return sks_character_is_letter (t.bytes[stop - 1]) && !opener_follows (t, next);
    if (opener_follows (t, next) && is_among (companies, COUNT (companies), t.bytes + word, length))
        return false;
    if (length == 2 && strncasecmp (t.bytes + word, "no", 2) == 0)
        return next < t.size && sks_character_is_digit (t.bytes[next]);
    return is_among (abbreviations, COUNT (abbreviations), t.bytes + word, length);
}

/* Whether a blank is missing after the full stop at `stop`: "mail.Route", but not "Node.js", "e.g.The" or "1.A". */
static bool
lacks_blank (struct text t, size_t start, size_t stop)
{
    for (size_t i = 1; i <= 3; i++)
        if (stop < start + i || t.bytes[stop - i] < 'a' || t.bytes[stop - i] > 'z')
            return false;
    return t.size - stop > 3 && t.bytes[stop + 1] >= 'A' && t.bytes[stop + 1] <= 'Z' && t.bytes[stop + 2] >= 'a' &&
           t.bytes[stop + 2] <= 'z' && t.bytes[stop + 3] >= 'a' && t.bytes[stop + 3] <= 'z';
}

/* The end of the sentence if it ends with the sign at `at`, else 0. */
static size_t
end_at_stop (struct text t, size_t start, size_t at)
{
    size_t end = at + 1, closer, next;
    if (at + 1 < t.size && t.bytes[at] == '.' && t.bytes[at + 1] != '.' && is_abbreviation (t, start, at))
        return 0;
    while (end < t.size && is_stop (t.bytes[end]))
        end++;
    while (end < t.size && (closer = closer_at (t, end)))
        end += closer;
    next = skip_blanks (t, end);
    bool ends = next == end ? end == at + 1 && lacks_blank (t, start, at) : may_begin (t, next);
    return next == t.size || ends ? end : 0;
}

/* Whether the semicolon at `at` separates items of a list: it ends a line, or there is another one in the same
 * line. */
static bool
separates_items (struct text t, size_t start, size_t at)
{
    size_t end = find_line_end (t, at), line = at;
    if (!blank_at (t, at + 1) || memchr (t.bytes + start, '&', at - start))
        return false;
    while (line && !line_end_at (t, line - 1))
        line--;
    return skip_blanks (t, at + 1) >= end || memchr (t.bytes + at + 1, ';', end - at - 1) ||
           memchr (t.bytes + line, ';', at - line);
}

/* Bytes of a Chinese or Japanese full stop, exclamation mark or question mark, after which there is no blank. */
static size_t
wide_stop_at (struct text t, size_t at)
{
    static const char *const stops[] = { "\u3002", "\uFF01", "\uFF1F" };
    if ((unsigned char) t.bytes[at] < 0x80)
        return 0;
    for (size_t i = 0; i < COUNT (stops); i++)
        if (t.size - at >= 3 && memcmp (t.bytes + at, stops[i], 3) == 0)
            return 3;
    return 0;
}

/* Whether the character before `at` is an ellipsis that ends a sentence. */
static bool
ends_with_dots (struct text t, size_t at)
{
    return at > 3 && memcmp (t.bytes + at - 3, "\u2026", 3) == 0 && blank_at (t, at) && skip_blanks (t, at) < t.size &&
           may_begin (t, skip_blanks (t, at));
}

/* The end of the sentence that starts at `start`. */
static size_t
find_end (struct text t, size_t start)
{
    struct block block = { .known = false };
    for (size_t at = start; at < t.size; at++) {
        bool opens_run = is_stop (t.bytes[at]) && (at == start || !is_stop (t.bytes[at - 1])), separates;
        size_t end = opens_run ? end_at_stop (t, start, at) : 0;
        if (!end && wide_stop_at (t, at))
            end = at + 3;
        if (end)
            return end;
        if (at > start && (is_bullet_amid (t, at) || item_at (t, at) || ends_with_dots (t, at)))
            return at;
        if (t.bytes[at] == ';' && separates_items (t, start, at))
            return at;
        if (t.bytes[at] == '<' && tag_at (t, at, &separates) && separates)
            return at;
        if (line_end_at (t, at) && line_ends (t, start, at, &block))
            return at;
    }
    return t.size;
}

bool
sks_sentence_next (const char *text, size_t size, size_t from, sks_sentence *out)
{
    struct text t = { text, size };
    while ((from = skip (t, from)) < size) {
        sks_word word;
        size_t start = from, end;
        from = find_end (t, start);
        end = trim (t, start, from);
        *out = (sks_sentence) { start, end };
        if (end > start && sks_text_word (text, end, start, &word))
            return true;
    }
    return false;
}
