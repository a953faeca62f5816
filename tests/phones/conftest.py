"""Fixtures: the cordboard under test (one for the whole run), its API, and phones that end with their test."""

import pytest

from harness.network import Network
from harness.office import Office
from harness.server import Cordboard, binary

SERVER = pytest.StashKey[Cordboard]()


@pytest.fixture(scope="session")
def cordboard(request, tmp_path_factory):
    if not binary().exists():
        pytest.fail(f"{binary()} does not exist: build it with `cargo build`, or name another with CORDBOARD_BIN")
    server = Cordboard(tmp_path_factory.mktemp("cordboard") / "run")
    request.config.stash[SERVER] = server
    server.start()
    yield server
    server.stop()


@pytest.fixture
def api(cordboard):
    return cordboard.api


@pytest.fixture
def office(cordboard):
    made = Office(cordboard)
    yield made
    made.close()


@pytest.fixture
def own(tmp_path):
    """An office with a cordboard of its own, which may be killed."""
    server = Cordboard(tmp_path / "run").start()
    made = Office(server)
    yield made
    made.close()
    if server._process is None:
        server.start()
    server.stop()


@pytest.fixture
def network(office):
    made = Network(office)
    yield made
    made.close()


@pytest.fixture
def in_france(api):
    """The tenant's country is France."""
    api.ready(api.put("/localization", {"country": "FR"}))
    yield
    api.ready(api.put("/localization", {"country": None}))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    server = item.config.stash.get(SERVER, None)
    if report.failed and server is not None and server.log.exists():
        report.sections.append((f"cordboard, all of it in {server.folder}", server.log.read_text(errors="replace")[-3000:]))
    return report
