"""Every route is asked with what its description allows and with what it does not: nothing fails, every answer has a
status, a type and a shape that the description names."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server import KINDS, TOKEN, Server, document, key

# How many requests an operation gets. The same ones in each run, unless a number is given.
EXAMPLES = int(os.environ.get("CORDBOARD_OPENAPI_EXAMPLES", "0"))
SETTINGS = settings(
    max_examples=EXAMPLES or 3,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
# Each has a server of its own.
PARTS = 2
PREFIX = {"confd": "/1.1", "auth": "/0.1", "agentd": "/api/agentd/1.0", "calld": "/api/calld/1.0"}
# Names of placeholders that mean a thing of another name, by the path before them.
OTHERS = {
    "/endpoints/sip/": "sip",
    "/endpoints/sip/templates/": "sip_template",
    "/endpoints/iax/": "iax",
    "/endpoints/custom/": "custom",
    "/endpoints/sccp/": "sccp",
    "/agents/by-number/": None,
    "/registers/iax/": "register",
}
OWNERS = {"/users/": "user", "/groups/": "group", "/queues/": "queue", "/incalls/": "incall", "/outcalls/": "outcall"}


def only_unready(context, answer, case):
    """A server error, but for the 503 that the description has."""
    if answer.status_code != 503:
        not_a_server_error(context, answer, case)


def operations():
    """Every operation: its API, its description, and who tests it."""
    number = 0
    for api in PREFIX:
        schema = schemathesis.openapi.from_dict(document(api))
        for found in schema.get_all_operations():
            operation = found.ok()
            yield pytest.param(
                api, operation, number % PARTS, id=f"{api} {operation.label}", marks=pytest.mark.xdist_group(str(number % PARTS))
            )
            number += 1


@pytest.fixture(scope="session")
def servers():
    started: dict[int, Server] = {}

    def server(part: int) -> Server:
        if part not in started:
            started[part] = Server()
        return started[part]

    yield server
    for one in started.values():
        one.stop()


def known(server: Server, operation, api: str) -> dict[str, str]:
    """What the placeholders of a path may stand for: things that are there."""
    values = {}
    for parameter in operation.path_parameters:
        name = parameter.name
        before = operation.path.split(f"{{{name}}}")[0]
        ends = [(end, kind) for end, kind in (OTHERS | OWNERS).items() if before.endswith(end)]
        kind = max(ends, key=lambda end: len(end[0]))[1] if name in ("endpoint", "holder", "owner") and ends else name
        kind = f"auth {kind}" if api == "auth" else kind
        if kind in KINDS:
            thing = server.thing(kind)
            schema = parameter.definition.get("schema", {})
            values[name] = str(thing["uuid"]) if schema.get("format") == "uuid" and "uuid" in thing else key(thing)
    return values


@pytest.mark.parametrize("api, operation, part", operations())
def test_every_answer_is_as_described(api, operation, part, servers):
    server = servers(part)
    base = server.address + PREFIX[api]
    # There is no Asterisk: who asks it says so.
    faults = not_a_server_error
    if operation.definition.raw.get("x-unready"):
        faults = only_unready
    checks = [faults, *CHECKS]
    things = known(server, operation, api)

    @SETTINGS
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def allowed(case):
        case.path_parameters.update(things)
        ask(case)

    @SETTINGS
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def refused(case):
        ask(case)

    def ask(case):
        answer = case.call(base_url=base, headers={"X-Auth-Token": TOKEN}, timeout=60)
        case.validate_response(answer, checks=checks)

    allowed()
    if operation.body or operation.path_parameters:
        refused()
