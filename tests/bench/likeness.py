"""likeness.py [--fit]: how well likeness agrees with readers, from the lines of `test-likeness judged`.

Judgments are yes (the same duty), loosely (a related one) and no. For the likeness of words, the cosine of the vectors,
that of the encoder's vectors, and all together (the likeness of the index): the area under the ROC curve for yes and for related
pairs (yes or loosely), the cut with the best F1 for each, and precision and recall over cuts. With --fit, the two
constants of the sum of words and vectors are chosen in ten folds, each judged by the pairs left out."""

import sys

COLUMNS = {"words": 2, "cosine": 3, "both": 4, "sentences": 5}
WEIGHTS = [i / 20 for i in range(0, 20)]
FLOORS = [i / 20 for i in range(0, 15)]
FOLDS = 10


def read(lines):
    rows = [line.rstrip("\n").split("\t") for line in lines]
    return [(row[0], row[1], *map(float, [*row[2:5], row[9]])) for row in rows]


def area(scores, good):
    """The share of pairs of a good and a bad one that are in order; ties count half."""
    positive, negative = ([s for s, g in zip(scores, good) if g is which] for which in (True, False))
    if not positive or not negative:
        return float("nan")
    wins = sum((p > n) + .5 * (p == n) for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def at_cut(scores, good, cut):
    """Precision and recall of the pairs at or above the cut."""
    kept = [g for s, g in zip(scores, good) if s >= cut]
    return sum(kept) / max(1, len(kept)), sum(kept) / max(1, sum(good))


def f1(scores, good, cut):
    precision, recall = at_cut(scores, good, cut)
    return 2 * precision * recall / max(1e-9, precision + recall)


def best_cut(scores, good):
    return max((i / 100 for i in range(2, 95)), key=lambda cut: f1(scores, good, cut))


def combine(row, weight, floor):
    return (1 - weight) * row[2] + weight * max(0, row[3] - floor) / (1 - floor)


def targets(rows):
    return {"yes": [row[1] == "yes" for row in rows], "related": [row[1] != "no" for row in rows]}


def put(name, scores, rows):
    for target, good in targets(rows).items():
        cut = best_cut(scores, good)
        precision, recall = at_cut(scores, good, cut)
        print(f"{name:7} {target:8} area {area(scores, good):.3f}  best cut {cut:.2f}  precision {precision:.2f}  "
              f"recall {recall:.2f}  F1 {f1(scores, good, cut):.3f}")


def put_cuts(rows, name):
    scores = [row[COLUMNS[name]] for row in rows]
    wanted = targets(rows)
    print(f"\n{name}: cut, pairs, yes and related among them, recall of both")
    for cut in (.05, .08, .1, .12, .15, .18, .2, .22, .25, .3, .35, .4, .5, .6):
        kept = sum(score >= cut for score in scores)
        yes, related = (at_cut(scores, good, cut) for good in wanted.values())
        print(f"{cut:4.2f} {kept:4} {yes[0]:5.2f} {related[0]:5.2f}  {yes[1]:5.2f} {related[1]:5.2f}")


def quality(rows, weight, floor):
    scores = [combine(row, weight, floor) for row in rows]
    return sum(area(scores, good) for good in targets(rows).values())


def put_fit(rows):
    left_out = [0.0] * len(rows)
    for fold in range(FOLDS):
        rest = [row for i, row in enumerate(rows) if i % FOLDS != fold]
        weight, floor = max(((w, f) for w in WEIGHTS for f in FLOORS), key=lambda pair: quality(rest, *pair))
        for i in range(fold, len(rows), FOLDS):
            left_out[i] = combine(rows[i], weight, floor)
        print(f"fold {fold}: weight {weight:.2f}, floor {floor:.2f}")
    put("folds", left_out, rows)


def main():
    rows = read(sys.stdin)
    for kind in sorted({row[0] for row in rows}) + [None]:
        chosen = [row for row in rows if kind in (None, row[0])]
        count = {judgment: sum(row[1] == judgment for row in chosen) for judgment in ("yes", "loosely", "no")}
        print(f"\n{kind or 'all'}: {len(chosen)} pairs, {count}")
        for name, column in COLUMNS.items():
            put(name, [row[column] for row in chosen], chosen)
        for name in ("words", "both"):
            put_cuts(chosen, name)
    if "--fit" in sys.argv[1:]:
        put_fit(rows)


if __name__ == "__main__":
    main()
