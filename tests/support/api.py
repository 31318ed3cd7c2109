"""The description at /openapi.json, and the comparison of answers with it."""

import json
import urllib.parse

import jsonschema

from peer import ROOT

METHODS = {"get", "post"}


class Api:
    def __init__(self, document):
        self.document = document
        self.validators = {}

    def resolve(self, reference):
        """The object that a reference "#/..." of the document names."""
        found = self.document
        for name in reference.removeprefix("#/").split("/"):
            found = found[name.replace("~1", "/").replace("~0", "~")]
        return found

    def references(self, part=None):
        part = self.document if part is None else part
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            part = list(part.values())
        if isinstance(part, list):
            for item in part:
                yield from self.references(item)

    def faults(self, schema, value):
        key = json.dumps(schema)
        if key not in self.validators:
            self.validators[key] = jsonschema.Draft202012Validator({**schema, "components": self.document["components"]})
        return [f"{error.json_path}: {error.message}"[:300] for error in self.validators[key].iter_errors(value)]

    def operation(self, method, path):
        return self.document["paths"].get(path, {}).get("get" if method == "HEAD" else method.lower())

    def answer_faults(self, method, target, status, headers, body):
        """What an answer has that the description lacks; body: as JSON."""
        path, _, query = target.partition("?")
        operation = self.operation(method, path)
        problem = {"$ref": "#/components/schemas/problem"}
        if not operation:
            return [] if status in (404, 405) and not self.faults(problem, body) else [f"{method} {path}: {status}"]
        described = operation["responses"].get(str(status)) or operation["responses"].get(f"{status // 100}XX")
        if not described:
            return [f"{method} {path}: {status} is not described"]
        described = self.resolve(described["$ref"]) if "$ref" in described else described
        kind = headers.get("content-type", "").split(";")[0]
        if kind not in described.get("content", {}):
            return [f"{method} {path}: {status} with {kind}"]
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        given = {name for name, _ in urllib.parse.parse_qsl(query, keep_blank_values=True)}
        unknown = [f"{method} {path}: takes {name}" for name in given - names if status == 200]
        return unknown + self.faults(described["content"][kind]["schema"], body)

    def request_faults(self, path, body):
        return self.faults(self.operation("POST", path)["requestBody"]["content"]["application/json"]["schema"], body)


def translate(schema, name):
    """A file of docs/schema in the form that the document must have."""
    if isinstance(schema, list):
        return [translate(item, name) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: value.replace("#/", f"#/components/schemas/{name}/") if key == "$ref" else translate(value, name)
            for key, value in schema.items() if key not in ("$id", "$schema") or not isinstance(value, str)}


def expected_schema(name):
    schema = translate(json.loads((ROOT / "docs" / "schema" / f"{name}.json").read_text()), name)
    if name == "request":
        return {"$defs": schema["$defs"]}
    for member in ("v", "id"):
        schema["properties"].pop(member, None)
        schema["required"] = [other for other in schema["required"] if other != member]
    return schema
