"""A running cordboard without an Asterisk, with a user who can log in."""

import json
import os
import subprocess
import urllib.request

import pytest

TOKEN = "client-tests"


class Server:
    """Where it listens, and whose account it has."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.name, self.password = "ada", "secret:1"
        self.user: dict = {}

    def post(self, path: str, body: dict) -> dict:
        """Asks as the administrator."""
        request = urllib.request.Request(f"http://{self.address}/1.1{path}", json.dumps(body).encode())
        request.add_header("X-Auth-Token", TOKEN)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


@pytest.fixture
def server(tmp_path):
    settings = {
        "CORDBOARD__HTTP__LISTEN": "127.0.0.1:0",
        "CORDBOARD__STORAGE__DIR": str(tmp_path / "storage"),
        "CORDBOARD__ASTERISK__MODE": "none",
        "CORDBOARD__AUTH__BOOTSTRAP_TOKEN": TOKEN,
        "CORDBOARD__LOG__LEVEL": "error",
    }
    program = [os.environ["CORDBOARD_BIN"], "serve"]
    with subprocess.Popen(program, env=os.environ | settings, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines = iter(process.stdout.readline, "")
            address = next(word for line in lines for word in line.split() if word.startswith("http://"))
            server = Server(address.removeprefix("http://"))
            line = {
                "context": "default",
                "extensions": [{"exten": "1001"}],
                "endpoint_sip": {"auth_section_options": [["username", "ada"], ["password", "sip-secret"]]},
            }
            auth = {"username": server.name, "password": server.password}
            server.user = server.post("/users", {"firstname": "Ada", "lines": [line], "auth": auth})
            yield server
        finally:
            process.terminate()
