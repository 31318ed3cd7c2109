"""What other programs expect of a CASE package, without the project's code: a schema, identifiers, and an importer."""

import copy
import json
import uuid

import jsonschema

from peer import ROOT

SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:skillsearch:statement")
CASE_1_1 = json.loads((ROOT / "tests" / "exports" / "case.json").read_text())


def name(text, space=SPACE):
    return str(uuid.uuid5(space, text))


def relaxed(schema):
    """CASE 1.0: other members and capitals are allowed, and a type needs no description."""
    schema = copy.deepcopy(schema)
    schema["$defs"]["uuid"]["pattern"] = schema["$defs"]["uuid"]["pattern"].replace("a-f", "a-fA-F").replace("[89ab]", "[89abAB]")
    schema["$defs"]["item_type"]["required"].remove("description")
    for part in ("document", "item", "association", "item_type", "link"):
        del schema["$defs"][part]["additionalProperties"]
    return schema


SCHEMAS = {"1.1": CASE_1_1, "1.0": relaxed(CASE_1_1)}
VALIDATORS = {version: jsonschema.Draft202012Validator(schema) for version, schema in SCHEMAS.items()}


def faults(package, version):
    """What the schema refuses, as texts."""
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:120]}" for error in VALIDATORS[version].iter_errors(package)]


def links(package):
    """Faults of identifiers: equal ones, those that differ from their URI, and ends of associations that do not exist."""
    parts = [package["CFDocument"], *package["CFItems"], *package["CFAssociations"], *package["CFDefinitions"]["CFItemTypes"]]
    ids = [part["identifier"] for part in parts]
    wrong = [f"{one} twice" for one in set(ids) if ids.count(one) > 1]
    uris = {part["identifier"]: part["uri"] for part in parts}
    wrong += [f"{part['uri']} is not of {part['identifier']}" for part in parts if not part["uri"].endswith(part["identifier"])]
    for one in package["CFAssociations"]:
        ends = [one["originNodeURI"]] + ([one["destinationNodeURI"]] if one["associationType"] != "exactMatchOf" else [])
        wrong += [f"{end} of {one['associationType']}" for end in ends if uris.get(end["identifier"]) != end["uri"]]
    wrong += [f"type {item['CFItemTypeURI']}" for item in package["CFItems"] if item["CFItemTypeURI"]["identifier"] not in uris]
    return wrong


class Importer:
    """A program that imports packages as OpenSALT does: what a document had and the package does not name is removed, and
    an item that belongs to another document is refused."""

    def __init__(self):
        self.documents = {}

    def take(self, package):
        document = package["CFDocument"]["identifier"]
        content = {part["identifier"]: part for kind in ("CFItems", "CFAssociations") for part in package[kind]}
        for other, known in self.documents.items():
            if other != document and known.keys() & content.keys():
                raise ValueError(f"{known.keys() & content.keys()} belong to {other}")
        self.documents[document] = content

    def content(self):
        return {one for known in self.documents.values() for one in known}
