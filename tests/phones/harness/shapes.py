"""Every answer that a test gets while Asterisk runs is held against the OpenAPI documents."""

import functools
import json
import re
import subprocess

import jsonschema_rs

# Below which prefix each document's paths are.
PREFIXES = {"/1.1": "confd", "/0.1": "auth", "/api/agentd/1.0": "agentd", "/api/calld/1.0": "calld"}


@functools.cache
def document(program: str, api: str) -> dict:
    return json.loads(subprocess.run([program, "openapi", api], check=True, capture_output=True).stdout)


@functools.cache
def paths(program: str, api: str) -> list[tuple[re.Pattern, str]]:
    """The paths as patterns, those with the fewest placeholders first."""
    known = sorted(document(program, api)["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)), path) for path in known]


@functools.cache
def validator(program: str, api: str, path: str, method: str, status: str):
    """Who judges the JSON of these answers; nothing when the document names no such answer, or no JSON."""
    whole = document(program, api)
    answer = whole["paths"][path][method]["responses"].get(status)
    assert answer is not None, f"{method.upper()} {path}: {status} is not in the document"
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    return schema and jsonschema_rs.Draft202012Validator(schema | {"components": whole["components"]})


def check(program: str, prefix: str, method: str, path: str, status: int, text: str):
    """Fail when an answer is not as the document says. Nothing is said of paths that it does not have."""
    api, plain, method = PREFIXES.get(prefix), path.partition("?")[0], method.lower()
    told = next((path for pattern, path in paths(program, api) if pattern.fullmatch(plain)), None) if api else None
    if told is None or method not in document(program, api)["paths"][told]:
        return
    judge = validator(program, api, told, method, str(status))
    if judge and text.startswith(("{", "[")):
        wrong = [f"{list(error.instance_path)}: {error.message}" for error in judge.iter_errors(json.loads(text))]
        assert not wrong, f"{method.upper()} {path}: {wrong} in {text}"
