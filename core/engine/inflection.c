/* inflection.c - endings of number, tense and participle; derivations keep theirs. */
#include "inflection.h"

#include "core/base/forms.h"

#include <stdbool.h>
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

size_t
sks_inflection_base (const char *form, size_t size, char out[SKS_MAX_WORD_BYTES])
{
    size = sks_forms_base (form, size, out);
    if (ends_with (out, size, "s") && !ends_with (out, size, "ss") && !ends_with (out, size, "us") &&
        !ends_with (out, size, "is"))
        size--;
    if (ends_with (out, size, "ing") && has_vowel (out, size - 3))
        size -= 3;
    else if (ends_with (out, size, "ed") && has_vowel (out, size - 2))
        size -= 2;
    /* "case" and "cased", "fit" and "fitted", "carry" and "carries" */
    if (ends_with (out, size, "e"))
        size--;
    if (size > 1 && out[size - 1] == out[size - 2])
        size--;
    if (ends_with (out, size, "y"))
        out[size - 1] = 'i';
    return size;
}
