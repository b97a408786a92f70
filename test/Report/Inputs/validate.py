"""validate.py MANIFEST.md [FILE]: checks JSON against the schema in the document.

Knows the few words of JSON Schema that the document uses. A property that the
schema does not list is an error, so that nothing goes undocumented.
"""
import json
import re
import sys

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
         "null": type(None), "boolean": bool}
DEFINITIONS = {}  # of the schema, by what refers to them


def check_object(value, schema, path):
    for name in schema.get("required", []):
        if name not in value:
            yield f"{path}: '{name}' is missing"
    for name, item in value.items():
        inner = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
        if inner is None:
            yield f"{path}: '{name}' is not documented"
        else:
            yield from check(item, inner, f"{path}.{name}")


def check(value, schema, path="$"):
    schema = DEFINITIONS.get(schema.get("$ref"), schema)
    if not schema:  # anything will do
        return
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(isinstance(value, TYPES[t]) for t in types):
        yield f"{path}: {value!r} is not of type {types}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is not one of {schema['enum']}"
    if isinstance(value, dict):
        yield from check_object(value, schema, path)
    if isinstance(value, list):
        for n, item in enumerate(value):
            yield from check(item, schema["items"], f"{path}[{n}]")


def main():
    with open(sys.argv[1]) as document:
        schema = json.loads(re.search(r"```json\n(.*?)```", document.read(), re.S).group(1))
    for name, definition in schema.get("$defs", {}).items():
        DEFINITIONS["#/$defs/" + name] = definition
    with open(sys.argv[2]) if len(sys.argv) > 2 else sys.stdin as manifest:
        problems = list(check(json.load(manifest), schema))
    print("\n".join(problems) or "valid")
    return bool(problems)


sys.exit(main())
