#!/usr/bin/env python3
"""Checks JSON files against a JSON schema, such as benchmarks/bench.schema.json, without any package. It knows only the
keywords of JSON Schema that this schema uses. Usage: check_schema.py SCHEMA FILE... Prints every mistake; exits with 1
if there is one."""
import json
import re
import sys

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "number": (int, float),
         "integer": int}
KNOWN = {"type", "required", "properties", "additionalProperties", "items", "minItems", "minLength", "pattern", "enum",
         "const", "minimum", "exclusiveMinimum", "description", "title", "definitions", "$ref", "$schema"}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def mistakes(value, rule, root, place):
    for word in rule.keys() - KNOWN:
        yield f"{place}: the schema uses {word}, which this checker does not know"
    if "$ref" in rule:
        target = root
        for part in rule["$ref"].lstrip("#/").split("/"):
            target = target[part]
        yield from mistakes(value, target, root, place)
    types = rule.get("type", [])
    if types and not any(is_type(value, name) for name in ([types] if isinstance(types, str) else types)):
        yield f"{place}: {value!r} is no {types}"
        return
    if "const" in rule and value != rule["const"]:
        yield f"{place}: {value!r} is not {rule['const']!r}"
    if "enum" in rule and value not in rule["enum"]:
        yield f"{place}: {value!r} is none of {rule['enum']}"
    if isinstance(value, str):
        if not re.search(rule.get("pattern", ""), value) or len(value) < rule.get("minLength", 0):
            yield f"{place}: {value!r} does not look as it should"
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < rule.get("minimum", value) or ("exclusiveMinimum" in rule and value <= rule["exclusiveMinimum"]):
            yield f"{place}: {value} is too small"
    elif isinstance(value, list):
        if len(value) < rule.get("minItems", 0):
            yield f"{place}: too few items"
        for index, item in enumerate(value):
            yield from mistakes(item, rule.get("items", {}), root, f"{place}[{index}]")
    elif isinstance(value, dict):
        properties = rule.get("properties", {})
        for name in rule.get("required", []):
            if name not in value:
                yield f"{place}: {name} is missing"
        for name, item in value.items():
            if name in properties:
                yield from mistakes(item, properties[name], root, f"{place}.{name}")
            elif rule.get("additionalProperties") is False:
                yield f"{place}: {name} is not in the schema"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    count = 0
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            for mistake in mistakes(json.load(file), schema, schema, path):
                print(mistake)
                count += 1
    sys.exit(1 if count else 0)


main()
