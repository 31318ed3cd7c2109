/* shell_line.c - quoting of bash: '...', "...", and a backslash before a character. */
#include "shell_line.h"

#include <stdbool.h>
#include <string.h>

/* Copy the word at line without its quotes to out; returns its end in the line. */
static const char *
copy_word (const char *line, char *out)
{
    char quote = '\0';
    for (; *line && (quote || !strchr (" \t\n", *line)); line++) {
        if (*line == '\\' && quote != '\'' && line[1])
            *out++ = *++line;
        else if (quote ? *line == quote : *line == '\'' || *line == '"')
            quote = quote ? '\0' : *line;
        else
            *out++ = *line;
    }
    *out = '\0';
    return line;
}

size_t
sks_shell_line_split (sks_arena *memory, const char *line, char ***words)
{
    size_t size = strlen (line), count = 0;
    char *text = sks_arena_alloc (memory, 2 * size + 2); /* each word ends with a NUL */
    *words = sks_arena_array (memory, size / 2 + 3, sizeof **words);
    if (!text || !*words)
        return 0;
    for (bool more = true; more;) {
        line += strspn (line, " \t\n");
        (*words)[count++] = text;
        line = copy_word (line, text);
        text += strlen (text) + 1;
        more = *line != '\0';
    }
    (*words)[count] = NULL;
    return count;
}
