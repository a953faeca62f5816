"""A tiny client of cordboard's REST API."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass

from . import shapes


@dataclass
class Answer:
    """Status, headers (any case) and body of an answer; `json` is None for an empty or non-JSON body."""

    status: int
    headers: object
    text: str

    @property
    def json(self):
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    @property
    def revision(self) -> int:
        return int(self.headers["Config-Revision"])


class Api:
    """Requests to http://HOST:PORT/1.1 with the token given; answers are as the OpenAPI documents of `program` say."""

    def __init__(self, host_port: str, token: str, prefix: str = "/1.1", *, program: str):
        self.base, self.token = f"http://{host_port}{prefix}", token
        self.prefix, self.program = prefix, program

    def request(self, method: str, path: str, body=None, **options) -> Answer:
        answer = self._ask(method, path, body, **options)
        shapes.check(self.program, self.prefix, method, path, answer.status, answer.text)
        return answer

    def _ask(self, method: str, path: str, body=None, *, timeout: float = 30, headers: dict | None = None) -> Answer:
        sent = {"X-Auth-Token": self.token, "Content-Type": "application/json", **(headers or {})}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as reply:
                return Answer(reply.status, reply.headers, reply.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read().decode())

    def get(self, path: str, **options) -> Answer:
        return self.request("GET", path, **options)

    def post(self, path: str, body, *, expect: int = 201) -> Answer:
        return self._expect(self.request("POST", path, body), expect, f"POST {path}")

    def put(self, path: str, body=None, *, expect: int = 204) -> Answer:
        return self._expect(self.request("PUT", path, body), expect, f"PUT {path}")

    def delete(self, path: str, *, expect: int = 204) -> Answer:
        return self._expect(self.request("DELETE", path), expect, f"DELETE {path}")

    @staticmethod
    def _expect(answer: Answer, status: int, what: str) -> Answer:
        assert answer.status == status, f"{what} was answered {answer.status}, not {status}: {answer.text}"
        return answer

    def ready(self, answer: Answer, wait: int = 10):
        """Wait until the revision that this write made runs in Asterisk."""
        path = f"/cordboard/revisions/{answer.revision}?wait={wait}"
        self._expect(self.get(path, timeout=wait + 10), 200, f"GET {path}")
        return answer.json
