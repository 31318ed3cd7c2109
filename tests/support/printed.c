/* printed.c - a buffer to print to, and hits to print. */
#include "printed.h"

#include <check.h>
#include <string.h>

#define PRINTED_BYTES (1 << 26)
#define TEXT_BYTES 8192 /* of one printed_text */

const sks_terminal plain_terminal = { .utf8 = true };
const sks_terminal colored_terminal = { .person = true, .color = true, .utf8 = true, .width = 200 };
const sks_terminal narrow_terminal = { .person = true, .utf8 = true, .width = 40 };
const sks_terminal ascii_terminal = { .width = 80 };

static const sks_span first_spans[] = { { 0, 8 }, { 9, 13 }, { 34, 39 } };
static const sks_span second_spans[] = { { 4, 10 } };

const sks_hit sample_hits[2] = {
    { .id = "43-9061.00/emerging/0123456789ab",
      .text = "Incoming mail \u2014 open, sort, and route it to the right desk",
      .soc = "43-9061.00",
      .occupation = "Office Clerks, General",
      .group = "Office",
      .sector = "55",
      .level = SKS_EMERGING,
      .zone = 2,
      .position = 5,
      .score = 2.5,
      .spans = first_spans,
      .span_count = 3 },
    { .id = "17-2051.00/advanced/ba9876543210",
      .text = "Pr\u00fcf Stra\u00dfen",
      .soc = "17-2051.00",
      .occupation = "Civil Engineers",
      .group = "Engineering",
      .level = SKS_ADVANCED,
      .position = 1,
      .score = 1.25,
      .spans = second_spans,
      .span_count = 1 },
};

sks_result
sample_result (void)
{
    return (sks_result) { .total = 37, .matched_all = 37, .hits = sample_hits, .hit_count = 2, .read_as = "mail" };
}

sks_buffer printed = SKS_BUFFER_INIT (PRINTED_BYTES);

const char *
printed_text (void)
{
    static char text[TEXT_BYTES];
    const char *all = sks_buffer_text (&printed);
    ck_assert_ptr_nonnull (all);
    ck_assert_uint_lt (printed.size, sizeof text);
    memcpy (text, all, printed.size + 1);
    sks_buffer_clear (&printed);
    return text;
}

void
printed_forget (void)
{
    sks_buffer_free (&printed);
}
