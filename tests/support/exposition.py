"""A strict reader of Prometheus's text format 0.0.4 for the tests: faults() lists what a collector would refuse or
misread."""

import math
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"^({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)$")
TYPES = ("counter", "gauge", "histogram", "summary", "untyped")


def parse(text):
    """Samples as {(name, labels): value}, types by name, and faults of single lines."""
    samples, types, helped, faults = {}, {}, set(), []
    if not text.endswith("\n"):
        faults.append("no line end at the end")
    for line in text.splitlines():
        if head := re.fullmatch(rf"# HELP ({NAME}) .+", line):
            helped.add(head[1])
        elif head := re.fullmatch(rf"# TYPE ({NAME}) (\w+)", line):
            if head[1] in types or head[2] not in TYPES or head[1] not in helped:
                faults.append(line)
            types[head[1]] = head[2]
        elif sample := SAMPLE.match(line):
            labels = tuple(sorted(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', sample[2] or "")))
            if (sample[1], labels) in samples or base(sample[1], types) not in types:
                faults.append(line)
            samples[sample[1], labels] = float(sample[3].replace("Inf", "inf"))
        else:
            faults.append(line)
    return samples, types, faults


def base(name, types):
    stem = re.sub(r"_(bucket|sum|count)$", "", name)
    return stem if types.get(stem) == "histogram" else name


def histogram_faults(name, samples):
    series = {}
    for (sample, labels), value in samples.items():
        if sample == name + "_bucket":
            rest = tuple(l for l in labels if l[0] != "le")
            series.setdefault(rest, []).append((float(dict(labels)["le"].replace("Inf", "inf")), value))
    for rest, buckets in series.items():
        bounds, counts = zip(*buckets)
        if list(bounds) != sorted(set(bounds)) or bounds[-1] != math.inf:
            yield f"{name}{rest}: bounds {bounds}"
        if list(counts) != sorted(counts) or samples.get((name + "_count", rest)) != counts[-1]:
            yield f"{name}{rest}: counts {counts}"
        if (name + "_sum", rest) not in samples:
            yield f"{name}{rest}: no sum"


def faults(text):
    samples, types, found = parse(text)
    for name, kind in types.items():
        own = [key for key in samples if base(key[0], types) == name]
        if not own:
            found.append(f"{name}: no sample")
        if kind == "counter" and (not name.endswith("_total") or any(samples[key] < 0 for key in own)):
            found.append(f"{name}: no counter")
        if kind == "histogram":
            found.extend(histogram_faults(name, samples))
    return found
