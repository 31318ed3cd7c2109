"""Exports generated from a seed, and the expected size of their index."""

import json
import os

VERBS = "Sorts Checks Repairs Plans Teaches Records Measures Cleans Packs Drives Compares Explains".split()
THINGS = "parcels pumps ledgers lessons routes samples orders fences engines menus permits boilers".split()
MANNERS = "daily carefully under supervision without help for new staff by telephone at night".split()
LEVELS = ("emerging", "developing", "proficient", "advanced")


class Exports:
    """A folder of exports; `size` is the expected size of its index."""

    def __init__(self, folder, random):
        self.folder, self.random, self.counts = folder, random, {}
        os.makedirs(folder)

    @property
    def size(self):
        """Statements and occupations."""
        return sum(self.counts.values()), len(self.counts)

    def name(self, number):
        return os.path.join(self.folder, f"{number:04}.json")

    def statement(self, number):
        words = [self.random.choice(VERBS), self.random.choice(THINGS)]
        words += self.random.choices(MANNERS + THINGS, k=self.random.randrange(4, 14))
        return " ".join(words) + f" in writing \u2014 step {number}."

    def put(self, number, statements):
        """Write the export of an occupation with `statements` statements, in place of the previous one."""
        lists = {level: [] for level in LEVELS}
        for i in range(statements):
            lists[LEVELS[i % len(LEVELS)]].append(self.statement(i))
        soc = f"{98 - number // 10_000}-{number % 10_000:04}.00"
        export = {"schemaVersion": "1.0",
                  "occupation": {"soc": soc, "title": f"Occupation {number}", "jobZone": 1 + number % 5},
                  "framework": {"levels": {level: {"statements": texts} for level, texts in lists.items()}}}
        with open(self.name(number), "w", encoding="utf-8") as file:
            json.dump(export, file)
        self.counts[number] = statements

    def drop(self, number):
        os.remove(self.name(number))
        del self.counts[number]

    def fill(self, occupations, statements):
        for number in range(1, occupations + 1):
            self.put(number, statements)

    def change(self):
        """Delete, change and add some exports; the size differs afterwards."""
        numbers = sorted(self.counts)
        for number in numbers[::7]:
            self.drop(number)
        for number in numbers[1::7]:
            self.put(number, self.counts[number] + 3)
        for number in range(numbers[-1] + 1, numbers[-1] + 2 + len(numbers) // 5):
            self.put(number, 11)
