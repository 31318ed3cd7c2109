"""likeness_draw.py COUNT: draw pairs to be judged from the lines of `test-likeness list`.

Equally many come from each range of the likeness of words; most ranges are near the bounds. In each range half of the
pairs are the best by words and half the best by word vectors. A statement is drawn once. The order is random, and no likeness
is shown, so that it does not lead the judge: "kind<TAB><TAB>left id<TAB>right id<TAB>left text<TAB>right text"."""

import random
import sys

RANGES = [0, .05, .08, .1, .12, .15, .18, .2, .23, .27, .35, .5, 1.01]


def main():
    draw, wanted = random.Random(14), int(sys.argv[1])
    rows = sorted({tuple(line.rstrip("\n").split("\t")) for line in sys.stdin})
    draw.shuffle(rows)
    places = [(low, high, kind, by) for low, high in zip(RANGES, RANGES[1:]) for kind in ("crosswalk", "compare")
              for by in ("words", "vectors")]
    chosen, used = [], set()
    while len(chosen) < wanted:
        before = len(chosen)
        for low, high, kind, by in places:
            for row in rows:
                if len(chosen) < wanted and row[0] == kind and row[1] == by and low <= float(row[2]) < high \
                        and row[7] != row[8] and not used & {row[7], row[8]}:
                    used |= {row[7], row[8]}
                    chosen.append(row)
                    break
        if len(chosen) == before:
            break
    draw.shuffle(chosen)
    for row in chosen:
        print("\t".join([row[0], "", *row[5:9]]))


main()
