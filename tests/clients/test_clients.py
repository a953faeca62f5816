"""Clients that were written for the original work here unchanged."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from auth_client import AuthError, Client


def test_the_javascript_sdk_logs_in_reads_and_changes_its_user_and_logs_out(server):
    environment = os.environ | {"SERVER": server.address, "NAME": server.name, "PASSWORD": server.password}
    script = Path(__file__).with_name("sdk.cjs")
    done = subprocess.run(
        [os.environ["CORDBOARD_NODE"], script], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    requests = json.loads(done.stdout.splitlines()[-1])
    assert f"PUT /api/confd/1.1/users/{server.user['uuid']} 204" in requests
    assert any(request.startswith("DELETE /api/auth/0.1/token/") for request in requests)
    assert "DELETE /api/auth/0.1/users/me/tokens/cordboard-tests 204" in requests


def test_a_python_client_logs_in_reads_and_changes_its_user_and_logs_out(server):
    client = Client(server.address)
    with pytest.raises(AuthError) as refused:
        client.new_token(server.name, "wrong")
    assert (refused.value.status, refused.value.body["reason"]) == (401, ["Authentication Failed"])
    token = client.new_token(server.name, server.password, expiration=600, backend="wazo_user")
    assert token["metadata"]["uuid"] == server.user["uuid"]
    client.token = token["token"]
    assert client.is_valid(client.token, "confd.users.me.read")
    assert not client.is_valid(client.token, "confd.users.read")
    user = f"/1.1/users/{token['metadata']['uuid']}"
    assert client.send("GET", user, 200)["firstname"] == "Ada"
    client.send("PUT", user, 204, {"lastname": "Lovelace"})
    client.send("PUT", f"{user}/forwards/busy", 204, {"enabled": True, "destination": "1002"})
    seen = client.send("GET", user, 200)
    assert (seen["lastname"], seen["forwards"]["busy"]["destination"]) == ("Lovelace", "1002")
    with pytest.raises(AuthError) as refused:
        client.send("GET", "/0.1/users", 200)
    assert refused.value.body["details"]["reason"] == "missing_permission_or_invalid_tenant"
    client.revoke(client.token)
    assert not client.is_valid(client.token, "confd.users.me.read")
    with pytest.raises(AuthError) as refused:
        client.send("GET", "/0.1/users/me/tokens", 200)
    assert refused.value.status == 401
