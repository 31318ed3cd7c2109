/* query.c - a recursive-descent parser; its depth is bounded by
 * SKS_MAX_QUERY_DEPTH, its length by SKS_MAX_QUERY_BYTES. */
#include "query.h"

#include "../../core/text.h"

#include <stdio.h>
#include <string.h>

struct parser {
    sks_arena *arena;
    sks_error *err;
    const char *text;
    size_t size, at;
    unsigned depth, words, prefixes, nears;
    sks_query_word ignored[SKS_MAX_QUERY_WORDS];
    size_t ignored_count;
};

/* A growing list of nodes while a sequence is read. */
struct list {
    sks_node *nodes[SKS_MAX_QUERY_WORDS * 2];
    size_t count;
};

static int parse_or (struct parser *p, sks_node **out);

static int
syntax (struct parser *p, size_t at, const char *what)
{
    return sks_fail_at (p->err, SKS_EQUERYSYNTAX, (long) at, "%s", what);
}

static int
too_complex (struct parser *p, size_t at, const char *what, unsigned most)
{
    return sks_fail_at (p->err, SKS_ETOOCOMPLEX, (long) at, "%s: at most %u", what, most);
}

static sks_node *
new_node (struct parser *p, int kind, size_t at, size_t end)
{
    sks_node *node = sks_arena_alloc (p->arena, sizeof *node);
    if (node)
        *node = (sks_node) { .kind = kind, .at = at, .end = end };
    return node;
}

/* A node over the children of a list. */
static sks_node *
new_parent (struct parser *p, int kind, const struct list *list)
{
    sks_node *node = new_node (p, kind, list->nodes[0]->at, list->nodes[list->count - 1]->end);
    if (!node || !(node->children = sks_arena_array (p->arena, list->count, sizeof *node->children)))
        return NULL;
    memcpy (node->children, list->nodes, list->count * sizeof *node->children);
    node->child_count = list->count;
    return node;
}

static int
add (struct parser *p, struct list *list, sks_node *node)
{
    if (!node)
        return 0;
    if (list->count == sizeof list->nodes / sizeof *list->nodes)
        return too_complex (p, node->at, "parts of a query", (unsigned) list->count);
    list->nodes[list->count++] = node;
    return 0;
}

/* ----------------------------------------------------------------- scanning */

/* copy_text left no other white space. */
static bool
is_blank (char c)
{
    return c == ' ';
}

/* Bytes of the quotation mark at `at`: '"' or a curly one; 0 if there is none. */
static size_t
quote_at (const struct parser *p, size_t at)
{
    if (at < p->size && p->text[at] == '"')
        return 1;
    if (at + 3 <= p->size && (memcmp (p->text + at, "\xE2\x80\x9C", 3) == 0
                              || memcmp (p->text + at, "\xE2\x80\x9D", 3) == 0))
        return 3;
    return 0;
}

/* Whether a word starts at this very byte. */
static bool
word_at (const struct parser *p, size_t at, sks_word *word)
{
    return at < p->size && sks_text_word (p->text, p->size, at, word) && word->start == at;
}

/* Whether a token may start at `at`: "-" and "=" mean something only there. */
static bool
starts_token (const struct parser *p, size_t at)
{
    return at == 0 || is_blank (p->text[at - 1]) || p->text[at - 1] == '(';
}

/* Whether "-" here means NOT: it opens a token and something follows at once. */
static bool
minus_at (const struct parser *p)
{
    sks_word word;
    size_t next = p->at + 1;
    return p->text[p->at] == '-' && starts_token (p, p->at) && next < p->size
           && (word_at (p, next, &word) || quote_at (p, next) || p->text[next] == '(' || p->text[next] == '=');
}

/* Whether "=" here asks for exact forms. */
static bool
exact_at (const struct parser *p, size_t at)
{
    sks_word word;
    return at < p->size && p->text[at] == '=' && (word_at (p, at + 1, &word) || quote_at (p, at + 1));
}

/* The same, where a leaf may start: at a token, or behind the "-" that opens one. */
static bool
exact_leaf_at (const struct parser *p)
{
    bool behind_minus = p->at && p->text[p->at - 1] == '-' && starts_token (p, p->at - 1);
    return exact_at (p, p->at) && (starts_token (p, p->at) || behind_minus);
}

/* Skip what means nothing: blanks and signs between words. */
static void
skip (struct parser *p)
{
    sks_word next;
    if (!sks_text_word (p->text, p->size, p->at, &next))
        next.start = p->size;
    while (p->at < next.start) {
        char c = p->text[p->at];
        if (c == '(' || c == ')' || quote_at (p, p->at) || minus_at (p) || exact_leaf_at (p))
            return;
        p->at++;
        while (p->at < p->size && ((unsigned char) p->text[p->at] & 0xC0) == 0x80)
            p->at++;
    }
}

/* Whether an operator may start here: no part of a word, a sign or a list. */
static bool
starts_operator (const struct parser *p)
{
    size_t at = p->at;
    return starts_token (p, at) || p->text[at - 1] == ')' || quote_at (p, at - 1) == 1
           || (at >= 3 && quote_at (p, at - 3) == 3);
}

static bool
ends_operator (const struct parser *p, size_t end)
{
    return end == p->size || is_blank (p->text[end]) || p->text[end] == '(' || quote_at (p, end);
}

/* Bytes of the operator `name` at this place, 0 if it is not there. */
static size_t
operator_at (struct parser *p, const char *name)
{
    skip (p);
    size_t size = strlen (name), end = p->at + size;
    if (end > p->size || memcmp (p->text + p->at, name, size) != 0)
        return 0;
    return starts_operator (p) && ends_operator (p, end) ? size : 0;
}

/* Read "NEAR" or "NEAR/n"; 0 when it is not there. */
static int
near_at (struct parser *p, uint32_t *distance, size_t *size)
{
    *distance = SKS_DEFAULT_NEAR_DISTANCE;
    if ((*size = operator_at (p, "NEAR")))
        return 0;
    if (p->size - p->at < 5 || memcmp (p->text + p->at, "NEAR/", 5) != 0 || !starts_operator (p))
        return 0;
    size_t end = p->at + 5;
    for (*distance = 0; end < p->size && p->text[end] >= '0' && p->text[end] <= '9'; end++)
        if (*distance <= SKS_MAX_NEAR_DISTANCE)
            *distance = *distance * 10 + (uint32_t) (p->text[end] - '0');
    if (end == p->at + 5 || !ends_operator (p, end))
        return syntax (p, p->at + 5, "NEAR/ needs a number of words, as in NEAR/5");
    if (*distance > SKS_MAX_NEAR_DISTANCE)
        return too_complex (p, p->at + 5, "words between the two sides of NEAR", SKS_MAX_NEAR_DISTANCE);
    if (!*distance)
        return syntax (p, p->at + 5, "NEAR needs a distance of at least 1");
    *size = end - p->at;
    return 0;
}

/* ------------------------------------------------------------------- leaves */

static int
read_word (struct parser *p, const sks_word *span, sks_query_word *out)
{
    char folded[SKS_MAX_WORD_BYTES];
    if (++p->words > SKS_MAX_QUERY_WORDS)
        return too_complex (p, span->start, "words in a query", SKS_MAX_QUERY_WORDS);
    size_t size = sks_text_fold (p->text + span->start, span->end - span->start, folded);
    char *form = sks_arena_copy (p->arena, folded, size);
    if (!form)
        return sks_fail_memory (p->err);
    *out = (sks_query_word) { form, size, span->start, span->end, false };
    return 0;
}

/* The words between two quotation marks; p->at stands on the first. */
static int
parse_quoted (struct parser *p, bool exact, int field, sks_node **out)
{
    size_t start = p->at, opened = start + quote_at (p, start), close = opened;
    while (close < p->size && !quote_at (p, close))
        close++;
    if (close >= p->size)
        return syntax (p, start, "this quotation mark has no partner");
    sks_node *node = new_node (p, SKS_NODE_PHRASE, start, close + quote_at (p, close));
    sks_query_word words[SKS_MAX_QUERY_WORDS];
    sks_word span = { opened, opened };
    size_t count = 0;
    while (sks_text_word (p->text, close, span.end, &span)) {
        if (count == SKS_MAX_QUERY_WORDS)
            return too_complex (p, span.start, "words in a query", SKS_MAX_QUERY_WORDS);
        if (span.end < close && p->text[span.end] == '*')
            return syntax (p, span.end, "* does not go inside quotation marks");
        int code = read_word (p, &span, &words[count]);
        if (code)
            return code;
        count += words[count].size > 0;
    }
    p->at = close + quote_at (p, close);
    if (!count)
        return syntax (p, start, "there is no word between these quotation marks");
    if (!node || !(node->words = sks_arena_array (p->arena, count, sizeof *node->words)))
        return sks_fail_memory (p->err);
    memcpy (node->words, words, count * sizeof *words);
    node->word_count = count;
    node->exact = exact;
    node->field = field;
    *out = node;
    return 0;
}

static int
ignore (struct parser *p, const sks_query_word *word)
{
    if (p->ignored_count < SKS_MAX_QUERY_WORDS)
        p->ignored[p->ignored_count++] = *word;
    return 0;
}

static size_t
count_letters (const sks_query_word *word)
{
    size_t letters = 0;
    for (size_t i = 0; i < word->size; i++)
        letters += ((unsigned char) word->form[i] & 0xC0) != 0x80;
    return letters;
}

/* One word; *out stays NULL for a stop word that is left out. */
static int
parse_word (struct parser *p, const sks_word *span, bool exact, int field, sks_node **out)
{
    sks_query_word word;
    int code = read_word (p, span, &word);
    if (code)
        return code;
    p->at = span->end;
    word.prefix = p->at < p->size && p->text[p->at] == '*';
    if (word.prefix) {
        p->at++;
        if (exact)
            return syntax (p, p->at - 1, "= and * do not go together");
        if (count_letters (&word) < SKS_MIN_PREFIX_LETTERS)
            return sks_fail_at (p->err, SKS_ETOOCOMPLEX, (long) span->start, "* needs at least %d letters before it",
                                SKS_MIN_PREFIX_LETTERS);
        if (++p->prefixes > SKS_MAX_QUERY_PREFIXES)
            return too_complex (p, span->start, "words with *", SKS_MAX_QUERY_PREFIXES);
    }
    if (!word.size)
        return 0;
    if (!exact && !word.prefix && field == SKS_FIELD_TEXT && sks_text_stop_word (word.form, word.size))
        return ignore (p, &word);
    sks_node *node = new_node (p, SKS_NODE_WORD, span->start, p->at);
    if (!node || !(node->words = sks_arena_alloc (p->arena, sizeof *node->words)))
        return sks_fail_memory (p->err);
    *node->words = word;
    node->word_count = 1;
    node->exact = exact;
    node->field = field;
    *out = node;
    return 0;
}

/* What a field's value may be; an impossible one is an error, not an empty answer. */
static int
check_value (struct parser *p, int field, const char *value, size_t at)
{
    if (field == SKS_FIELD_LEVEL && sks_level_of (value, strlen (value)) < 0)
        return syntax (p, at, "levels are emerging, developing, proficient and advanced");
    if (field == SKS_FIELD_ZONE && sks_zone_of (value) < 0)
        return syntax (p, at, "zones are 1 to 5, and none");
    if (field == SKS_FIELD_SOC && (strspn (value, "0123456789-.") != strlen (value) || strlen (value) > SKS_SOC_BYTES))
        return syntax (p, at, "soc: takes a SOC code or its beginning, as 43- or 43-9061.00");
    return 0;
}

static int
parse_value (struct parser *p, int field, size_t start, sks_node **out)
{
    size_t value = p->at, quote = quote_at (p, value), end = value + quote;
    while (end < p->size && (quote ? !quote_at (p, end) : !is_blank (p->text[end]) && p->text[end] != ')'))
        end++;
    if (quote && end >= p->size)
        return syntax (p, value, "this quotation mark has no partner");
    value += quote;
    if (end == value)
        return syntax (p, start, "this field needs a value right behind the colon");
    if (++p->words > SKS_MAX_QUERY_WORDS)
        return too_complex (p, start, "words in a query", SKS_MAX_QUERY_WORDS);
    sks_node *node = new_node (p, SKS_NODE_VALUE, start, end + (quote ? quote_at (p, end) : 0));
    char *copy = sks_arena_copy (p->arena, p->text + value, end - value);
    if (!node || !copy)
        return sks_fail_memory (p->err);
    for (char *c = copy; field == SKS_FIELD_LEVEL && *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char) (*c - 'A' + 'a') : *c;
    node->field = field;
    node->value = copy;
    p->at = node->end;
    *out = node;
    return check_value (p, field, copy, value);
}

/* A field's name and colon at this word; -1 if it is no field. */
static int
field_at (const struct parser *p, const sks_word *span)
{
    if (span->end >= p->size || p->text[span->end] != ':')
        return -1;
    size_t next = span->end + 1;
    if (next >= p->size || is_blank (p->text[next]))
        return -1;
    return sks_field_of (p->text + span->start, span->end - span->start);
}

/* Whether a whole SOC code stands here by itself: codes are searched for as they
 * are copied, and their digits are no words of any statement. */
static bool
soc_at (const struct parser *p)
{
    char code[SKS_SOC_BYTES + 1] = "";
    size_t end = p->at + SKS_SOC_BYTES;
    if (end > p->size || (end < p->size && !is_blank (p->text[end]) && p->text[end] != ')'))
        return false;
    memcpy (code, p->text + p->at, SKS_SOC_BYTES);
    return sks_soc_valid (code);
}

static int
parse_field (struct parser *p, const sks_word *name, int field, sks_node **out)
{
    sks_word span;
    p->at = name->end + 1;
    if (field != SKS_FIELD_DUTY && field != SKS_FIELD_TITLE)
        return parse_value (p, field, name->start, out);
    bool exact = exact_at (p, p->at);
    p->at += exact;
    int code;
    if (quote_at (p, p->at))
        code = parse_quoted (p, exact, field, out);
    else if (word_at (p, p->at, &span))
        code = parse_word (p, &span, exact, field, out);
    else
        return syntax (p, name->start, "this field needs a word or a phrase right behind the colon");
    if (!code && *out)
        (*out)->at = name->start;
    return code;
}

static int
parse_group (struct parser *p, sks_node **out)
{
    size_t start = p->at++;
    if (++p->depth > SKS_MAX_QUERY_DEPTH)
        return too_complex (p, start, "levels of parentheses", SKS_MAX_QUERY_DEPTH);
    int code = parse_or (p, out);
    if (code)
        return code;
    skip (p);
    if (p->at >= p->size || p->text[p->at] != ')')
        return syntax (p, start, "this parenthesis has no partner");
    p->at++;
    p->depth--;
    return 0;
}

static int
parse_leaf (struct parser *p, sks_node **out)
{
    sks_word span;
    skip (p);
    bool exact = p->at < p->size && exact_at (p, p->at);
    if (p->text[p->at] == '(')
        return parse_group (p, out);
    if (quote_at (p, p->at + exact)) {
        p->at += exact;
        return parse_quoted (p, exact, SKS_FIELD_TEXT, out);
    }
    if (exact) {
        p->at++;
        return word_at (p, p->at, &span) ? parse_word (p, &span, true, SKS_FIELD_TEXT, out) : 0;
    }
    if (!word_at (p, p->at, &span))
        return syntax (p, p->at, "a word is missing here");
    if (soc_at (p))
        return parse_value (p, SKS_FIELD_SOC, p->at, out);
    int field = field_at (p, &span);
    return field < 0 ? parse_word (p, &span, false, SKS_FIELD_TEXT, out) : parse_field (p, &span, field, out);
}

/* ---------------------------------------------------------------- operators */

/* Whether what stands here can begin an operand. */
static bool
operand_follows (struct parser *p)
{
    uint32_t distance;
    size_t size;
    skip (p);
    if (p->at >= p->size || p->text[p->at] == ')' || operator_at (p, "AND") || operator_at (p, "OR"))
        return false;
    sks_error *kept = p->err;
    p->err = NULL;
    bool near = near_at (p, &distance, &size) || size;
    p->err = kept;
    return !near;
}

/* Whether an operand has nothing in it: no node, and no stop word that was
 * left out since `ignored` of them were. So it is with "()". */
static bool
is_empty (const struct parser *p, const sks_node *node, size_t ignored)
{
    return !node && p->ignored_count == ignored;
}

static bool
may_be_near (const struct parser *p, const sks_node *node, size_t ignored)
{
    if (!node)
        return !is_empty (p, node, ignored);
    return (node->kind == SKS_NODE_WORD || node->kind == SKS_NODE_PHRASE) && node->field != SKS_FIELD_TITLE;
}

/* What stands behind NEAR; *out stays NULL for a stop word. */
static int
parse_near_operand (struct parser *p, sks_node **out)
{
    size_t at = p->at, ignored = p->ignored_count;
    *out = NULL;
    if (operator_at (p, "NOT") || minus_at (p))
        return syntax (p, at, "NEAR takes words and phrases");
    int code = parse_leaf (p, out);
    return code || may_be_near (p, *out, ignored) ? code : syntax (p, at, "NEAR takes words and phrases");
}

static int
parse_near (struct parser *p, sks_node **out)
{
    struct list list = { .count = 0 };
    uint32_t distance, widest = 0;
    size_t size, start = p->at, ignored = p->ignored_count;
    int code = parse_leaf (p, out);
    if (code || (code = near_at (p, &distance, &size)) || !size)
        return code;
    if (!may_be_near (p, *out, ignored))
        return syntax (p, start, "NEAR takes words and phrases");
    code = add (p, &list, *out);
    while (!code && size) {
        sks_node *right;
        size_t at = p->at;
        if (++p->nears > SKS_MAX_QUERY_NEARS)
            return too_complex (p, at, "NEAR in a query", SKS_MAX_QUERY_NEARS);
        widest = distance > widest ? distance : widest;
        p->at += size;
        if (!operand_follows (p))
            return syntax (p, at, "NEAR needs a word after it");
        code = parse_near_operand (p, &right);
        if (!code)
            code = add (p, &list, right);
        if (!code)
            code = near_at (p, &distance, &size);
    }
    if (code || list.count < 2) {
        *out = list.count ? list.nodes[0] : NULL;
        return code;
    }
    *out = new_parent (p, SKS_NODE_NEAR, &list);
    if (!*out)
        return sks_fail_memory (p->err);
    (*out)->distance = widest;
    return 0;
}

static int
parse_unary (struct parser *p, sks_node **out)
{
    size_t start, size = operator_at (p, "NOT");
    start = p->at;
    bool minus = !size && p->at < p->size && minus_at (p);
    if (!size && !minus)
        return parse_near (p, out);
    p->at += minus ? 1 : size;
    if (!operand_follows (p))
        return syntax (p, start, "NOT needs a word after it");
    sks_node *child = NULL;
    size_t ignored = p->ignored_count;
    if (size && ++p->depth > SKS_MAX_QUERY_DEPTH)
        return too_complex (p, start, "levels of parentheses and NOT", SKS_MAX_QUERY_DEPTH);
    int code = minus ? parse_near (p, &child) : parse_unary (p, &child);
    p->depth -= size > 0;
    if (!code && is_empty (p, child, ignored))
        code = syntax (p, start, "NOT needs a word after it");
    if (code || !child)
        return code;
    struct list list = { { child }, 1 };
    *out = new_parent (p, SKS_NODE_NOT, &list);
    if (!*out)
        return sks_fail_memory (p->err);
    (*out)->at = start;
    return 0;
}

/* A plain word: one that belongs into the bag of its sequence. */
static bool
is_plain (const sks_node *node)
{
    return node->kind == SKS_NODE_WORD && !node->exact && !node->words->prefix && node->field == SKS_FIELD_TEXT;
}

/* Gather the plain words of a sequence into one bag, at the place of the first. */
static int
gather_bag (struct parser *p, struct list *list, sks_node **bag)
{
    struct list words = { .count = 0 };
    size_t kept = 0, place = 0;
    for (size_t i = 0; i < list->count; i++) {
        sks_node *node = list->nodes[i];
        if (!is_plain (node)) {
            list->nodes[kept++] = node;
            continue;
        }
        if (!words.count)
            place = kept++;
        words.nodes[words.count++] = node;
    }
    list->count = kept;
    if (!words.count)
        return 0;
    *bag = list->nodes[place] = new_parent (p, SKS_NODE_BAG, &words);
    return *bag ? 0 : sks_fail_memory (p->err);
}

static int
parse_sequence (struct parser *p, sks_node **out)
{
    struct list list = { .count = 0 };
    sks_node *bag = NULL;
    int code = 0;
    while (!code && operand_follows (p)) {
        sks_node *node = NULL;
        code = parse_unary (p, &node);
        if (!code)
            code = add (p, &list, node);
    }
    if (!code)
        code = gather_bag (p, &list, &bag);
    if (code || !list.count)
        return code;
    *out = list.nodes[0];
    if (list.count == 1)
        return 0;
    *out = new_parent (p, SKS_NODE_AND, &list);
    if (!*out)
        return sks_fail_memory (p->err);
    (*out)->bag = bag;
    return 0;
}

static int
lacks_word (struct parser *p, const char *name, const char *where, size_t at)
{
    char missing[40];
    snprintf (missing, sizeof missing, "%s needs a word %s it", name, where);
    return syntax (p, at, missing);
}

/* Operands joined by one operator; each must have something in it, be it a
 * stop word that is left out. */
static int
parse_joined (struct parser *p, const char *name, int kind, int (*operand) (struct parser *, sks_node **),
              sks_node **out)
{
    struct list list = { .count = 0 };
    size_t size = 0, at = 0;
    for (;;) {
        sks_node *node = NULL;
        size_t ignored = p->ignored_count;
        int code = operand (p, &node);
        if (!code)
            code = add (p, &list, node);
        if (code)
            return code;
        bool empty = is_empty (p, node, ignored);
        if (empty && size)
            return lacks_word (p, name, "after", at);
        size = operator_at (p, name);
        if (!size)
            break;
        at = p->at;
        if (empty)
            return lacks_word (p, name, "before", at);
        p->at += size;
        if (!operand_follows (p))
            return lacks_word (p, name, "after", at);
    }
    if (list.count)
        *out = list.count == 1 ? list.nodes[0] : new_parent (p, kind, &list);
    return list.count && !*out ? sks_fail_memory (p->err) : 0;
}

static int
parse_and (struct parser *p, sks_node **out)
{
    return parse_joined (p, "AND", SKS_NODE_AND, parse_sequence, out);
}

static int
parse_or (struct parser *p, sks_node **out)
{
    return parse_joined (p, "OR", SKS_NODE_OR, parse_and, out);
}

/* The bag of the sequence that is the whole query, if there is one to relax. */
static sks_node *
relaxable_bag (sks_node *root)
{
    sks_node *bag = root && root->kind == SKS_NODE_BAG ? root : root ? root->bag : NULL;
    if (!bag || bag->child_count < 2)
        return NULL;
    bag->relaxable = true;
    return bag;
}

static int
finish (struct parser *p, sks_tree *out, sks_node *root)
{
    sks_query_word *ignored = sks_arena_array (p->arena, p->ignored_count + 1, sizeof *ignored);
    if (!root)
        root = new_node (p, SKS_NODE_ALL, 0, p->size);
    if (!ignored || !root)
        return sks_fail_memory (p->err);
    memcpy (ignored, p->ignored, p->ignored_count * sizeof *ignored);
    *out = (sks_tree) { root, relaxable_bag (root), ignored, p->ignored_count };
    return 0;
}

/* The text with every white space as so many blanks: pasted text has no-break
 * and wide ones, and an operator stands between those as well. */
static char *
copy_text (sks_arena *arena, const char *text, size_t size)
{
    char *copy = sks_arena_copy (arena, text, size);
    for (size_t at = 0, blank; copy && at < size; at += blank ? blank : 1)
        if ((blank = sks_text_blank (text, size, at)))
            memset (copy + at, ' ', blank);
    return copy;
}

int
sks_query_parse (sks_tree *out, sks_arena *arena, const char *text, size_t size, sks_error *err)
{
    struct parser p = { .arena = arena, .err = err, .size = size };
    *out = (sks_tree) { 0 };
    if (size > SKS_MAX_QUERY_BYTES)
        return too_complex (&p, SKS_MAX_QUERY_BYTES, "bytes in a query", SKS_MAX_QUERY_BYTES);
    if (!(p.text = copy_text (arena, text, size)))
        return sks_fail_memory (err);
    sks_node *root = NULL;
    int code = parse_or (&p, &root);
    if (code)
        return code;
    skip (&p);
    if (p.at < size)
        return syntax (&p, p.at, text[p.at] == ')' ? "this parenthesis has no partner" : "NEAR needs a word before it");
    return finish (&p, out, root);
}
