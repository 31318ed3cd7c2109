/* inflection.c - endings of number, tense and participle; derivations keep theirs. */
#include "inflection.h"

#include "core/base/forms.h"

#include <string.h>

static bool
ends_with (const char *form, size_t size, const char *ending)
{
    size_t length = strlen (ending);
    return size > length && memcmp (form + size - length, ending, length) == 0;
}

static bool
has_vowel (const char *form, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (strchr ("aeiouy", form[i]) && form[i])
            return true;
    return false;
}

/* The size of a form without the "s" of a plural or of a verb. */
static size_t
without_s (const char *form, size_t size)
{
    bool s = ends_with (form, size, "s") && !ends_with (form, size, "ss") && !ends_with (form, size, "us") &&
             !ends_with (form, size, "is");
    return size - s;
}

/* The size of a form without "ing" or "ed". */
static size_t
without_participle (const char *form, size_t size)
{
    if (ends_with (form, size, "ing") && has_vowel (form, size - 3))
        return size - 3;
    return size - (ends_with (form, size, "ed") && has_vowel (form, size - 2) ? 2 : 0);
}

size_t
sks_inflection_base (const char *form, size_t size, char out[SKS_MAX_WORD_BYTES])
{
    size = sks_forms_base (form, size, out);
    size = without_participle (out, without_s (out, size));
    /* "case" and "cased", "fit" and "fitted", "carry" and "carries" */
    if (ends_with (out, size, "e"))
        size--;
    if (size > 1 && out[size - 1] == out[size - 2])
        size--;
    if (ends_with (out, size, "y"))
        out[size - 1] = 'i';
    return size;
}

/* A form without its ending. */
struct parts {
    size_t root; /* bytes */
    bool participle;
    bool doubled; /* "fit" of "fitted" */
    bool vowel;   /* "carr" of "carry" and "carried" */
};

static struct parts
parts_of (const char *form, size_t size)
{
    size_t whole = without_s (form, size);
    struct parts parts = { .root = without_participle (form, whole) };
    parts.participle = parts.root < whole;
    parts.doubled = parts.participle && parts.root > 1 && form[parts.root - 1] == form[parts.root - 2];
    parts.vowel = !parts.doubled && parts.root > 0 && strchr ("eiy", form[parts.root - 1]);
    parts.root -= parts.doubled || parts.vowel;
    return parts;
}

size_t
sks_inflection_root (const char *form, size_t size)
{
    return parts_of (form, size).root;
}

/* Whether the roots are equal; "egged" has the root of "egg", too. */
static bool
same_root (const char *a, struct parts left, const char *b, struct parts right)
{
    if (left.doubled != right.doubled) {
        left.root += left.doubled && left.root < right.root;
        right.root += right.doubled && right.root < left.root;
    }
    return left.root == right.root && memcmp (a, b, left.root) == 0;
}

bool
sks_inflection_related (const char *a, size_t a_size, const char *b, size_t b_size)
{
    char a_base[SKS_MAX_WORD_BYTES], b_base[SKS_MAX_WORD_BYTES];
    const struct parts left = parts_of (a, a_size), right = parts_of (b, b_size);
    if (!same_root (a, left, b, right) || !(left.participle || right.participle) || (left.doubled && right.vowel) ||
        (right.doubled && left.vowel))
        return false;
    size_t size = sks_inflection_base (a, a_size, a_base);
    return sks_inflection_base (b, b_size, b_base) == size && memcmp (a_base, b_base, size) == 0;
}
