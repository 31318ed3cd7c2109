#!/usr/bin/env python3
"""grow.py CORPUS OUT STATEMENTS [TIMES]: makes many occupations from few exports.

Each new occupation has the statements of one export with their words in a random order (from a fixed seed), so that
words keep their frequencies and hardly two statements are equal; with TIMES, each statement in that number of orders."""
import glob
import json
import os
import random
import sys


def main():
    corpus, out, wanted = sys.argv[1], sys.argv[2], int(sys.argv[3])
    exports = []
    for path in sorted(glob.glob(os.path.join(corpus, "*.json"))):
        with open(path, encoding="utf-8") as file:
            exports.append(json.load(file))
    times = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    draw, made, number = random.Random(5), 0, 0
    while made < wanted:
        export = json.loads(json.dumps(exports[number % len(exports)]))
        occupation = export["occupation"]
        occupation["soc"] = f"{occupation['soc'][:2]}-{1000 + number % 9000:04d}.{number // 9000:02d}"
        for level in export["framework"]["levels"].values():
            level["statements"] *= times
            for i, text in enumerate(level["statements"]):
                words = text.split()
                draw.shuffle(words)
                level["statements"][i] = " ".join(words)
                made += 1
        with open(os.path.join(out, f"{occupation['soc']}.json"), "w", encoding="utf-8") as file:
            json.dump(export, file)
        number += 1


if __name__ == "__main__":
    main()
