"""Queries for other engines, made from the reply to "analyze" as docs/bridge.md describes. An export of
skillsearch-index --export-bulk must be loaded there.

A translated query is a tree of tuples: ("and", ...), ("or", ...), ("not", x), ("all",), ("value", field, value),
("phrase", field, words) and ("near", field, distance, phrases). A word is (kind, text), with the kinds "stem", "stop" (a
stop word), "form" (a word after "="), "name" (a stop word in capitals) and "beginning", of which the text is the list of
its words."""

import string
import urllib.parse


class Untranslatable(Exception):
    pass


# -------------------------------------------------------------------- reading
class Reading:
    """The tree of a reply to "analyze"."""

    def __init__(self, reply, match):
        self.words, self.match = reply["words"], match
        self.names = {note["at"] for note in reply["notes"] if note["code"] == "capitals"}
        self.other = {(other["start"], other["end"]): other["words"] for other in reply.get("other", [])}
        self.query = self.node(reply["tree"])

    def word(self, word, exact):
        if word["expansions"] or (word["stem"] is None and not word["stop"]):
            return "beginning", word["expansions"]
        if word["start"] in self.names and not word["stop"]:
            return "name", word["form"].upper()
        return self.plain(word, exact)

    @staticmethod
    def plain(word, exact):
        if exact:
            return "form", word["form"]
        return ("stop", word["form"]) if word["stem"] is None else ("stem", word["stem"])

    def leaf(self, node):
        field, exact = node.get("field", "text"), node.get("exact", False)
        words = [self.word(self.words[place], exact) for place in node["words"]]
        other = [self.plain(word, exact) for word in self.other.get((node["start"], node["end"]), [])]
        phrase = ("phrase", field, words)
        return ("or", phrase, ("phrase", field, other)) if other else phrase

    def near(self, node):
        sides = [self.leaf(child) for child in node["children"]]
        if len(sides) > 2:
            raise Untranslatable("NEAR with more than two sides")
        fields = {side[1] for side in sides if side[0] == "phrase"}
        if any(side[0] == "or" for side in sides) or len(fields) > 1:
            raise Untranslatable("NEAR with a compound, or in two fields")
        return "near", fields.pop(), node["distance"], [side[2] for side in sides]

    def node(self, node):
        kind = node["kind"]
        if kind in ("word", "phrase"):
            return self.leaf(node)
        if kind == "near":
            return self.near(node)
        if kind == "value":
            return "value", node["field"], node["value"]
        if kind == "all":
            return ("all",)
        parts = [self.node(child) for child in node["children"]]
        if kind == "bag":
            kind = "or" if self.match == "any" else "and"
        return parts[0] if len(parts) == 1 and kind != "not" else (kind, *parts)


def translate(reply, match):
    return Reading(reply, match).query


# ----------------------------------------------------------------- PostgreSQL
def lexeme(text, suffix=""):
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'" + suffix


def tsquery(query):
    """The query as a tsquery."""
    kind = query[0]
    if kind in ("and", "or"):
        return "(" + {"and": " & ", "or": " | "}[kind].join(map(tsquery, query[1:])) + ")"
    if kind == "not":
        return "!" + tsquery(query[1])
    if kind == "all":
        return "!'='"
    if kind == "value":
        return lexeme(f"{query[1]}:{query[2]}", ":*" if query[1] in ("soc", "occupation") else "")
    if kind == "phrase":
        return tsquery_phrase(query[1], query[2])
    # Only the words with the pieces of compounds have the distances of the text.
    left, right = (tsquery_phrase(query[1], words, ":A" if query[1] == "duty" else ":AD") for words in query[3])
    return "(" + " | ".join(f"{a} <{apart}> {b}" for apart in range(1, query[2] + 1)
                            for a, b in ((left, right), (right, left))) + ")"


def tsquery_phrase(field, words, weights=""):
    before, suffix = "title:" if field == "title" else "", weights or (":AB" if field == "duty" else "")
    signs = {"stem": "", "form": "=", "name": ""}

    def word(kind, text):
        if kind == "stop":
            return f"({lexeme(before + '=' + text, suffix)} | {lexeme(before + '+' + text, suffix)})"
        if kind != "beginning":
            return lexeme(before + signs[kind] + text, suffix)
        forms = [lexeme(before + sign + form, suffix) for form in text for sign in "=~"]
        return "(" + (" | ".join(forms) or lexeme("=")) + ")"
    return "(" + " <-> ".join(word(*pair) for pair in words) + ")"


# --------------------------------------------------------------------- Lucene
BEFORE = {"text": "", "duty": "duty_", "title": "title_"}


def lucene(query):
    """The query for tests/support/LuceneBridge.java: "( or ( phrase stems mail ) ( term level advanced ) )"."""
    kind = query[0]
    if kind in ("and", "or", "not"):
        return f"( {kind} {' '.join(map(lucene, query[1:]))} )"
    if kind == "all":
        return "( all )"
    if kind == "value":
        field = {"soc": "occupation"}.get(query[1], query[1])
        return f"( {'beginning' if field == 'occupation' else 'term'} {field} {urllib.parse.quote(query[2])} )"
    if kind == "phrase":
        return lucene_phrase(query[1], query[2])
    if query[3][0] == query[3][1]:
        raise Untranslatable("NEAR of a word with itself")
    return f"( near {query[2]} {' '.join(lucene_phrase(query[1], words) for words in query[3])} )"


def lucene_phrase(field, words):
    before = BEFORE[field]
    kinds = {kind for kind, _ in words}
    if "beginning" in kinds:
        forms = [f"( phrase {before}{name} {urllib.parse.quote(form)} )"
                 for form in words[0][1] for name in ("forms", "compounds")]
        return f"( or {' '.join(forms)} )"
    texts = [urllib.parse.quote(("=" if kind == "stop" else "") + text) for kind, text in words]
    return f"( phrase {before}{'forms' if kinds == {'form'} else 'stems'} {' '.join(texts)} )"


# ----------------------------------------------------------- Manticore, Sphinx
def encoded(text):
    """A word as bulk_manticore.c writes it."""
    return "".join(c if "\x7f" < c <= "\uffff" or c in string.ascii_lowercase + string.digits
                   else "".join(f"_{byte:02x}" for byte in c.encode()) for c in text)


def sphinx(query):
    """The query for MATCH()."""
    kind = query[0]
    if kind == "or":
        return "(" + " | ".join(map(sphinx, query[1:])) + ")"
    if kind == "not":
        return f"((@codes all) -{sphinx(query[1])})"
    if kind == "and":
        no = [part for part in query[1:] if part[0] == "not"]
        yes = [part for part in query[1:] if part[0] != "not"] or [("all",)]
        return "(" + " ".join([*map(sphinx, yes), *("-" + sphinx(part[1]) for part in no)]) + ")"
    if kind == "all":
        return "(@codes all)"
    if kind == "value":
        field = {"occupation": "soc"}.get(query[1], query[1])
        beginning = "*" if field == "soc" and len(query[2]) < 10 else ""
        return f"(@codes {encoded(f'{field}:{query[2]}')}{beginning})"
    if kind == "phrase":
        return sphinx_phrase(query[1], query[2])
    left, right = (sphinx_words(words) for words in query[3])
    fields = sphinx_fields(query[1], query[3][0] + query[3][1]).partition(",")[0].rstrip(")") + ")"
    return f"({fields} {left} NEAR/{query[2]} {right})"


def sphinx_fields(field, words):
    kinds = {kind for kind, _ in words}
    names = (["forms", "compounds"] if "beginning" in kinds else ["forms"] if kinds == {"form"} else ["stems", "whole"])
    return f"@({','.join(BEFORE[field] + name for name in names)})"


def sphinx_words(words):
    kinds = {kind for kind, _ in words}
    if "beginning" in kinds:
        return "(" + (" | ".join(map(encoded, words[0][1])) or "_3d") + ")"
    texts = [encoded(("=" if kind == "stop" else "") + text) for kind, text in words]
    return texts[0] if len(texts) == 1 else f'"{" ".join(texts)}"'


def sphinx_phrase(field, words):
    return f"({sphinx_fields(field, words)} {sphinx_words(words)})"
