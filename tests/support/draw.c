/* draw.c - one form of query per row of a switch. */
#include "draw.h"

#include <stdio.h>
#include <string.h>

enum { FORMS = 34, WORD = 64 };

static const engine_statement *
draw_statement (draw *d, const engine *e)
{
    return &e->statements[engine_draw (&d->state, (unsigned) e->count)];
}

static const char *
draw_word (draw *d, const engine *e, char out[WORD])
{
    engine_draw_word (&d->state, draw_statement (d, e)->text, out, WORD);
    return out;
}

/* Some adjacent words of a statement, separated by blanks. */
static const char *
draw_words (draw *d, const engine *e, unsigned count, char out[8 * WORD])
{
    const char *text = draw_statement (d, e)->text;
    size_t blanks = 0, at = 0, size = 0;
    for (const char *c = text; *c; c++)
        blanks += *c == ' ';
    for (unsigned skip = engine_draw (&d->state, (unsigned) (blanks > count ? blanks - count : 0) + 1);
         skip && text[at]; at++)
        skip -= text[at] == ' ';
    for (; text[at] && count && size + 1 < 8 * WORD; at++) {
        count -= text[at] == ' ';
        if (count && !strchr ("\"()*:=-", text[at]))
            out[size++] = text[at];
    }
    out[size] = '\0';
    return out;
}

static void
draw_text (draw *d, const engine *e)
{
    char a[WORD], b[WORD], c[WORD], some[8 * WORD], more[8 * WORD];
    const engine_statement *s = draw_statement (d, e);
    unsigned n = 1 + engine_draw (&d->state, 6);
    draw_word (d, e, a), draw_word (d, e, b), draw_word (d, e, c);
    draw_words (d, e, 2 + engine_draw (&d->state, 3), some), draw_words (d, e, 2, more);
    char *t = d->text;
    size_t size = sizeof d->text;
    switch (engine_draw (&d->state, FORMS)) {
    case 0:
        snprintf (t, size, "%s", a);
        break;
    case 1:
        snprintf (t, size, "%s %s", a, b);
        break;
    case 2:
        snprintf (t, size, "%s", some);
        break;
    case 3:
        snprintf (t, size, "%s %s", some, more);
        break;
    case 4:
        snprintf (t, size, "\"%s\"", some);
        break;
    case 5:
        snprintf (t, size, "\"%s\"", more);
        break;
    case 6:
        snprintf (t, size, "=\"%s\"", more);
        break;
    case 7:
        snprintf (t, size, "=%s", a);
        break;
    case 8:
        snprintf (t, size, "%.3s*", a);
        break;
    case 9:
        snprintf (t, size, "%s NEAR %s", a, b);
        break;
    case 10:
        snprintf (t, size, "%s NEAR/%u %s", a, n, b);
        break;
    case 11:
        snprintf (t, size, "%s NEAR/%u %s NEAR/%u %s", a, n, b, n, c);
        break;
    case 12:
        snprintf (t, size, "\"%s\" NEAR %s", more, a);
        break;
    case 13:
        snprintf (t, size, "%s -%s", a, b);
        break;
    case 14:
        snprintf (t, size, "%s OR %s", a, b);
        break;
    case 15:
        snprintf (t, size, "%s AND (%s OR %s)", a, b, c);
        break;
    case 16:
        snprintf (t, size, "NOT %s", a);
        break;
    case 17:
        snprintf (t, size, "title:%s %s", strrchr (s->title, ' ') ? strrchr (s->title, ' ') + 1 : s->title, a);
        break;
    case 18:
        snprintf (t, size, "title:\"%s\"", s->title);
        break;
    case 19:
        snprintf (t, size, "level:%s %s", sks_level_name ((int) engine_draw (&d->state, SKS_LEVELS)), a);
        break;
    case 20:
        snprintf (t, size, "soc:%.*s %s", 2 + (int) engine_draw (&d->state, 9), s->soc, a);
        break;
    case 21:
        snprintf (t, size, "sector:%s %s", s->sector, a);
        break;
    case 22:
        snprintf (t, size, "zone:%d %s", s->zone, a);
        break;
    case 23:
        snprintf (t, size, "group:%s %s", s->group, a);
        break;
    case 24:
        snprintf (t, size, "duty:%s", a);
        break;
    case 25:
        snprintf (t, size, "duty:\"%s\"", more);
        break;
    case 26:
        snprintf (t, size, "\"%s\" %s %s", more, some, a);
        break;
    case 27:
        snprintf (t, size, "%s %.4s* -%s", a, b, c);
        break;
    case 28:
        t[0] = '\0';
        break;
    case 29:
        snprintf (t, size, "the and of");
        break;
    case 30:
        snprintf (t, size, "\"the %s\"", a);
        break;
    case 31:
        snprintf (t, size, "zzqx %s", some);
        break;
    case 32:
        snprintf (t, size, "%s %s %s %s %s", a, b, c, some, more);
        break;
    default:
        snprintf (t, size, "%s", s->title);
        break;
    }
}

static void
draw_filter (draw *d, const engine *e, int facet)
{
    sks_filter *filter = &d->query.filter[facet];
    filter->values = d->lists[facet];
    filter->count = 1 + engine_draw (&d->state, DRAW_VALUES);
    for (size_t i = 0; i < filter->count; i++) {
        const char *value = engine_value (draw_statement (d, e), facet);
        int cut = facet == SKS_FACET_OCCUPATION && engine_draw (&d->state, 2) ? 4 : 15;
        snprintf (d->values[facet][i], sizeof d->values[facet][i], "%.*s", cut, value);
        d->lists[facet][i] = d->values[facet][i];
    }
}

void
draw_next (draw *d, const engine *e)
{
    static const int matches[] = { SKS_MATCH_AUTO, SKS_MATCH_AUTO, SKS_MATCH_ALL, SKS_MATCH_ANY };
    d->query = (sks_query) SKS_QUERY_INIT;
    draw_text (d, e);
    d->query.text = d->text;
    d->query.match = matches[engine_draw (&d->state, COUNT (matches))];
    d->query.limit = 10;
    d->query.want = SKS_WANT_MARKED | SKS_WANT_EXPLAIN;
    if (engine_draw (&d->state, 4) == 0)
        d->query.offset = engine_draw (&d->state, 40);
    if (engine_draw (&d->state, 5) == 0) {
        d->query.sort = SKS_SORT_LEVEL + (int) engine_draw (&d->state, 3);
        d->query.reverse = engine_draw (&d->state, 2) == 1;
    }
    for (unsigned filters = engine_draw (&d->state, 6); filters > 2; filters--)
        draw_filter (d, e, (int) engine_draw (&d->state, SKS_FACETS));
    d->query.facet_count = SKS_FACETS;
    for (int facet = 0; facet < SKS_FACETS; facet++)
        d->query.facets[facet] = (sks_facet_ask) { .facet = facet, .limit = 1000 };
}
