"""A client of the auth API in Python, written to the contract: what the usual one does, and no more."""

import base64
import json
import urllib.error
import urllib.request


class AuthError(Exception):
    """A refusal: its status, and the text that the server gave."""

    def __init__(self, status: int, body: dict) -> None:
        self.status = status
        self.body = body
        super().__init__(body.get("message") or body.get("reason"))


class Client:
    def __init__(self, address: str, token: str | None = None) -> None:
        self.address = address
        self.token = token

    def send(self, method: str, path: str, expected: int, body: dict | None = None, **headers: str):
        request = urllib.request.Request(f"http://{self.address}{path}", method=method)
        request.add_header("Accept", "application/json")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("X-Auth-Token", self.token)
        for name, value in headers.items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text, status = answer.read(), answer.status
        except urllib.error.HTTPError as error:
            text = error.read()
            raise AuthError(error.code, json.loads(text) if text else {}) from None
        assert status == expected, f"{method} {path}: {status}"
        return json.loads(text) if text else None

    def new_token(self, username: str, password: str, **body) -> dict:
        login = base64.b64encode(f"{username}:{password}".encode()).decode()
        answer = self.send("POST", "/0.1/token", 200, body, Authorization=f"Basic {login}")
        return answer["data"]

    def is_valid(self, token: str, scope: str) -> bool:
        try:
            self.send("HEAD", f"/0.1/token/{token}?scope={scope}", 204)
        except AuthError as error:
            if error.status in (403, 404):
                return False
            raise
        return True

    def revoke(self, token: str) -> None:
        self.send("DELETE", f"/0.1/token/{token}", 200)
