/* query.c - a recursive-descent parser; its depth is bounded by
 * SKS_MAX_QUERY_DEPTH, its length by SKS_MAX_QUERY_BYTES. */
#include "query.h"

#include "parser.h"
#include "query_leaf.h"
#include "signs.h"

#include <stdio.h>
#include <string.h>

/* A growing list of nodes while a sequence is read. */
struct list {
    sks_node *nodes[SKS_MAX_QUERY_WORDS * 2];
    size_t count;
};

static int parse_or (sks_parser *p, sks_node **out);

/* Make a node whose children are those of a list. */
static sks_node *
new_parent (sks_parser *p, int kind, const struct list *list)
{
    sks_node *node = sks_parser_node (p, kind, list->nodes[0]->at, list->nodes[list->count - 1]->end);
    if (!node || !(node->children = sks_arena_array (p->arena, list->count, sizeof *node->children)))
        return NULL;
    memcpy (node->children, list->nodes, list->count * sizeof *node->children);
    node->child_count = list->count;
    return node;
}

static int
add (sks_parser *p, struct list *list, sks_node *node)
{
    if (!node)
        return 0;
    if (list->count == sizeof list->nodes / sizeof *list->nodes)
        return sks_parser_limit (p, node->at, "parts of a query", (unsigned) list->count);
    list->nodes[list->count++] = node;
    return 0;
}

static int
parse_group (sks_parser *p, sks_node **out)
{
    size_t start = p->in.at++;
    if (++p->depth > SKS_MAX_QUERY_DEPTH)
        return sks_parser_limit (p, start, "levels of parentheses", SKS_MAX_QUERY_DEPTH);
    int code = parse_or (p, out);
    if (code)
        return code;
    sks_scanner_skip (&p->in);
    if (p->in.at >= p->in.size || p->in.marks[p->in.at] != SKS_SIGN_CLOSE)
        return sks_parser_refuse (p, p->in.at, "NEAR needs a word before it");
    p->in.at++;
    p->depth--;
    return 0;
}

static int
parse_leaf (sks_parser *p, sks_node **out)
{
    sks_scanner_skip (&p->in);
    return p->in.marks[p->in.at] == SKS_SIGN_OPEN ? parse_group (p, out) : sks_query_leaf (p, out);
}

/* Whether an operand can begin here. */
static bool
operand_follows (sks_parser *p)
{
    uint32_t distance;
    size_t size;
    sks_scanner *in = &p->in;
    sks_scanner_skip (in);
    if (in->at >= in->size || in->marks[in->at] == SKS_SIGN_CLOSE || sks_scanner_operator (in, "AND") ||
        sks_scanner_operator (in, "OR"))
        return false;
    return !sks_scanner_near (in, &distance, &size, NULL) && !size;
}

/* Whether an operand is empty, as "()" is: no node, and no word left out since `ignored` of them were. */
static bool
is_empty (const sks_parser *p, const sks_node *node, size_t ignored)
{
    return !node && p->ignored_count == ignored;
}

static bool
may_be_near (const sks_parser *p, const sks_node *node, size_t ignored)
{
    if (!node)
        return !is_empty (p, node, ignored);
    return (node->kind == SKS_NODE_WORD || node->kind == SKS_NODE_PHRASE) && node->field != SKS_FIELD_TITLE;
}

/* Parse the operand after NEAR; *out stays NULL for a stop word. */
static int
parse_near_operand (sks_parser *p, sks_node **out)
{
    size_t at = p->in.at, ignored = p->ignored_count;
    *out = NULL;
    if (sks_scanner_operator (&p->in, "NOT") || sks_scanner_minus_at (&p->in, p->in.at))
        return sks_parser_refuse (p, at, "NEAR takes words and phrases");
    int code = parse_leaf (p, out);
    if (!code && !may_be_near (p, *out, ignored))
        code = sks_parser_refuse (p, at, "NEAR takes words and phrases");
    return code;
}

static int
parse_near (sks_parser *p, sks_node **out)
{
    struct list list; /* large, so it is not zeroed */
    list.count = 0;
    uint32_t distance, widest = 0;
    size_t size, start = p->in.at, ignored = p->ignored_count;
    int code = parse_leaf (p, out);
    if (code || (code = sks_scanner_near (&p->in, &distance, &size, p->err)) || !size)
        return code;
    if (!may_be_near (p, *out, ignored))
        return sks_parser_refuse (p, start, "NEAR takes words and phrases");
    code = add (p, &list, *out);
    while (!code && size) {
        sks_node *right;
        size_t at = p->in.at;
        if (++p->nears > SKS_MAX_QUERY_NEARS)
            return sks_parser_limit (p, at, "NEAR in a query", SKS_MAX_QUERY_NEARS);
        widest = distance > widest ? distance : widest;
        p->in.at += size;
        if (!operand_follows (p))
            return sks_parser_refuse (p, at, "NEAR needs a word after it");
        code = parse_near_operand (p, &right);
        if (!code)
            code = add (p, &list, right);
        if (!code)
            code = sks_scanner_near (&p->in, &distance, &size, p->err);
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
parse_unary (sks_parser *p, sks_node **out)
{
    size_t start, size = sks_scanner_operator (&p->in, "NOT");
    start = p->in.at;
    bool minus = !size && p->in.at < p->in.size && sks_scanner_minus_at (&p->in, p->in.at);
    if (!size && !minus)
        return parse_near (p, out);
    p->in.at += minus ? 1 : size;
    if (!operand_follows (p))
        return sks_parser_refuse (p, start, "NOT needs a word after it");
    sks_node *child = NULL;
    size_t ignored = p->ignored_count;
    if (size && ++p->depth > SKS_MAX_QUERY_DEPTH)
        return sks_parser_limit (p, start, "levels of parentheses and NOT", SKS_MAX_QUERY_DEPTH);
    int code = minus ? parse_near (p, &child) : parse_unary (p, &child);
    /* A stop word is left out, so the word after it is the operand: "blood NOT in hospitals". */
    while (size && !code && !child && operand_follows (p) && !sks_scanner_operator (&p->in, "NOT") &&
           !sks_scanner_minus_at (&p->in, p->in.at))
        code = parse_near (p, &child);
    p->depth -= size > 0;
    if (!code && is_empty (p, child, ignored))
        code = sks_parser_refuse (p, start, "NOT needs a word after it");
    if (code || !child)
        return code;
    struct list list = { { child }, 1 };
    *out = new_parent (p, SKS_NODE_NOT, &list);
    if (!*out)
        return sks_fail_memory (p->err);
    (*out)->at = start;
    return 0;
}

/* Whether a node is a plain word, which belongs in the bag of its sequence. */
static bool
is_plain (const sks_node *node)
{
    return node->kind == SKS_NODE_WORD && !node->exact && !node->words->prefix && node->field == SKS_FIELD_TEXT;
}

/* Gather the plain words of a sequence into one bag, at the position of the first. */
static int
gather_bag (sks_parser *p, struct list *list, sks_node **bag)
{
    struct list words; /* likewise */
    words.count = 0;
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
parse_sequence (sks_parser *p, sks_node **out)
{
    struct list list; /* large, so it is not zeroed */
    list.count = 0;
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
lacks_word (sks_parser *p, const char *name, const char *where, size_t at)
{
    char missing[40];
    snprintf (missing, sizeof missing, "%s needs a word %s it", name, where);
    return sks_parser_refuse (p, at, missing);
}

/* Parse operands that are joined by one operator. None may be empty, but it may consist of a stop word that is left
 * out. */
static int
parse_joined (sks_parser *p, const char *name, int kind, int (*operand) (sks_parser *, sks_node **), sks_node **out)
{
    struct list list; /* large, so it is not zeroed */
    list.count = 0;
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
        size = sks_scanner_operator (&p->in, name);
        if (!size)
            break;
        at = p->in.at;
        if (empty)
            return lacks_word (p, name, "before", at);
        p->in.at += size;
        if (!operand_follows (p))
            return lacks_word (p, name, "after", at);
    }
    if (list.count)
        *out = list.count == 1 ? list.nodes[0] : new_parent (p, kind, &list);
    return list.count && !*out ? sks_fail_memory (p->err) : 0;
}

static int
parse_and (sks_parser *p, sks_node **out)
{
    return parse_joined (p, "AND", SKS_NODE_AND, parse_sequence, out);
}

static int
parse_or (sks_parser *p, sks_node **out)
{
    return parse_joined (p, "OR", SKS_NODE_OR, parse_and, out);
}

/* The bag of the sequence that is the whole query, if it can be relaxed. */
static sks_node *
relaxable_bag (sks_node *root)
{
    sks_node *bag = root && root->kind == SKS_NODE_BAG ? root : root ? root->bag : NULL;
    if (!bag || (bag->child_count < 2 && !bag->children[0]->other))
        return NULL;
    bag->relaxable = true;
    return bag;
}

static int
finish (sks_parser *p, sks_query_tree *out, sks_node *root)
{
    sks_query_word *ignored = sks_arena_array (p->arena, p->ignored_count + 1, sizeof *ignored);
    if (!ignored || !root)
        return sks_fail_memory (p->err);
    memcpy (ignored, p->ignored, p->ignored_count * sizeof *ignored);
    sks_notes_sort (&p->notes);
    *out = (sks_query_tree) { .root = root,
                              .ignored = ignored,
                              .ignored_count = p->ignored_count,
                              .text = p->in.text,
                              .marks = p->in.marks,
                              .size = p->in.size,
                              .simple = p->in.simple,
                              .notes = p->notes };
    /* If only stop words are left, nothing can be relaxed: they have no weight of which a share could be required. */
    if (p->left_out != SKS_LEFT_OUT_NONE) {
        out->bag = relaxable_bag (root);
        out->plain = root->kind == SKS_NODE_BAG ? root : root->bag;
    }
    return 0;
}

/* Make the tree of a text without words: everything if it is empty, nothing if it consists of signs. */
static int
parse_no_word (sks_parser *p, sks_node **out)
{
    bool blank = strspn (p->in.text, " ") == p->in.size;
    struct list list = { .nodes = { sks_parser_node (p, SKS_NODE_ALL, 0, p->in.size) }, .count = 1 };
    *out = list.nodes[0];
    if (blank && !p->notes.count)
        return 0;
    if (*out)
        *out = new_parent (p, SKS_NODE_NOT, &list);
    return *out ? sks_parser_note (p, SKS_NOTE_NO_WORD, 0) : sks_fail_memory (p->err);
}

/* Read the whole text once, without the words of p->left_out. */
static int
parse_once (sks_parser *p, sks_node **root)
{
    p->in.at = 0;
    p->depth = p->words = p->prefixes = p->nears = p->asking = 0;
    p->ignored_count = 0;
    *root = NULL;
    int code = parse_or (p, root);
    if (code)
        return code;
    sks_scanner_skip (&p->in);
    if (p->in.at < p->in.size)
        return sks_parser_refuse (p, p->in.at, "NEAR needs a word before it");
    return 0;
}

/* Read the text, and read it again with words that were left out if too little remains: with fillers if there is no
 * other word, with stop words if there is nothing at all. */
static int
parse_all (sks_parser *p, sks_node **root)
{
    size_t notes = p->notes.count;
    p->left_out = SKS_LEFT_OUT_FILLERS;
    int code = parse_once (p, root);
    while (!code && p->ignored_count && p->left_out != SKS_LEFT_OUT_NONE &&
           (p->left_out == SKS_LEFT_OUT_FILLERS ? !p->asking : !*root)) {
        p->notes.count = notes;
        p->left_out--;
        code = parse_once (p, root);
    }
    if (!code && !*root)
        return parse_no_word (p, root);
    if (!code && p->left_out == SKS_LEFT_OUT_NONE)
        code = sks_parser_note (p, SKS_NOTE_STOP_WORDS, (*root)->at);
    return code;
}

int
sks_query_parse (sks_query_tree *out, sks_arena *arena, const sks_labels *labels, const char *text, size_t size,
                 sks_error *err)
{
    sks_parser p = { .arena = arena, .err = err, .labels = labels };
    sks_node *root;
    *out = (sks_query_tree) { 0 };
    if (size > SKS_MAX_QUERY_BYTES)
        return sks_parser_limit (&p, SKS_MAX_QUERY_BYTES, "bytes in a query", SKS_MAX_QUERY_BYTES);
    int code = sks_signs_start (&p.in, arena, text, size, &p.notes, err);
    if (!code)
        code = parse_all (&p, &root);
    return code ? code : finish (&p, out, root);
}

size_t
sks_query_exclusions (const sks_node *node)
{
    size_t count = node->kind == SKS_NODE_NOT;
    for (size_t i = 0; i < node->child_count; i++)
        count += sks_query_exclusions (node->children[i]);
    return count;
}
