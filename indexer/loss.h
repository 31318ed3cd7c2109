/* loss.h - decides what happens to exports of the last generation that this run did not read.
 *
 * A folder at or below a source is lost when it gave exports before, still exists and gives none now: it is not
 * mounted, or somebody emptied it by mistake. The same applies to standard input. */
#ifndef SKS_LOSS_H
#define SKS_LOSS_H

#include "intake.h"

enum sks_fate {
    SKS_FATE_SAME,   /* it was read and has not changed */
    SKS_FATE_OTHER,  /* it belongs to another source and stays */
    SKS_FATE_STALE,  /* its file is broken or cannot be reached: it stays */
    SKS_FATE_LOST,   /* its folder gives no export now: it stays */
    SKS_FATE_GONE,   /* its file is gone, or has another export now: it is removed */
    SKS_FATE_DROPPED /* it is removed because the user asked for it */
};

typedef struct sks_losses sks_losses;

/* Decide on each occupation of the last generation. rejected of intake is sorted.
 *   *out   caller owns it; free with sks_losses_destroy. It borrows the other arguments. */
int sks_losses_find (sks_losses **out, const sks_intake *intake, const sks_sources *sources, const sks_store *last,
                     sks_error *err);
void sks_losses_destroy (sks_losses **losses_p);

enum sks_fate sks_losses_fate (const sks_losses *losses, uint32_t occupation);

/* The decision on an occupation of the last generation. */
enum sks_presence { SKS_ABSENT, SKS_READ, SKS_CARRIED };

/* Report each folder that is lost and of which something is carried, and each source
 * that shrinks too much.
 *   presence   of each occupation of the last generation; enum sks_presence
 *   *shrunk    how many sources shrink too much
 * Returns 0 or SKS_ENOMEM. */
int sks_losses_report (const sks_losses *losses, const uint8_t *presence, size_t *shrunk, sks_report *report,
                       sks_error *err);

#endif
