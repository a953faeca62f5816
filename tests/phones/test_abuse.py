"""Who guesses passwords is kept out, nobody else is; and whom an account is for."""

import re
import secrets
import socket

import pytest

from harness.network import Network
from harness.office import Office
from harness.server import Cordboard
from harness.sip import SipClient, digest
from harness.waiting import until

# Each of them is one sender's: the whole network is loopback.
ADDRESSES = (f"127.0.1.{host}" for host in range(1, 255))


class Guarded(Cordboard):
    """One that trusts no address, and so may block those of the tests."""

    duration = 600

    def _abuse(self) -> str:
        return f"{super()._abuse()}trusted = []\nduration = {self.duration}\nlongest = {self.duration}\n"

    def is_blocked(self, address: str) -> bool:
        return self.api.get(f"/cordboard/blocks/{address}").status == 200

    def failures(self) -> int:
        return self.status()["abuse"]["failures"]


class Brief(Guarded):
    """The same, with blocks that are soon over."""

    duration = 3


def started(made: Guarded) -> Office:
    office = Office(made.start())
    until(lambda: made.status()["abuse"]["watching"], 20, "a look at Asterisk's security events")
    return office


def ended(office: Office):
    office.close()
    office.server.stop()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    office = started(Guarded(tmp_path_factory.mktemp("guarded") / "run"))
    yield office
    ended(office)


@pytest.fixture(scope="module")
def brief(tmp_path_factory):
    office = started(Brief(tmp_path_factory.mktemp("brief") / "run"))
    yield office
    ended(office)


def guesser(office: Office, account: str, address: str, password: str = "wrong") -> SipClient:
    made = SipClient(office.server.udp, account, password, address=address)
    office._open.append(made)
    return made


def guess(client: SipClient, most: int):
    """Guess until it is told to go away."""
    for _ in range(most):
        if client.register().status() == 403:
            return
    until(lambda: client.register().status() == 403, 20, "the end of patience with wrong passwords")


class Stranger:
    """Sends requests and waits for no answer: the address may be anybody's."""

    def __init__(self, server: str, address: str):
        self.server, self.address = server, address
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        host, port = server.rsplit(":", 1)
        self._socket.connect((host, int(port)))

    def send(self, method: str, user: str, *more: str):
        port = self._socket.getsockname()[1]
        lines = [
            f"{method} sip:{self.server} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.address}:{port};branch=z9hG4bK{secrets.token_hex(8)};rport",
            "Max-Forwards: 70",
            f"From: <sip:{user}@{self.server}>;tag={secrets.token_hex(4)}",
            f"To: <sip:{user}@{self.server}>",
            f"Call-ID: {secrets.token_hex(8)}",
            f"CSeq: 1 {method}",
            f"Contact: <sip:{user}@{self.address}:{port}>",
            *more,
            "Content-Length: 0",
        ]
        self._socket.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def flood(self, times: int, method: str, user: str, *more: str):
        """So many requests, no faster than they are noticed."""
        for _ in range(times // 20):
            for _ in range(20):
                self.send(method, user, *more)
            self._wait_for(20)

    def _wait_for(self, answers: int):
        self._socket.settimeout(0.5)
        try:
            for _ in range(answers):
                self._socket.recv(65535)
        except TimeoutError:
            return

    def close(self):
        self._socket.close()


def test_a_thousand_wrong_passwords_are_cut_off_while_honest_phones_go_on(guarded):
    server, api = guarded.server, guarded.api
    ann, ben = guarded.person(), guarded.person()
    at_ann, at_ben = guarded.phone(ann), guarded.phone(ben)
    out, incoming = guarded.connect(at_ann, at_ben, ben.number)
    address, account = next(ADDRESSES), ann.accounts[0]
    attacker = guesser(guarded, account.username, address)
    guess(attacker, 100)
    assert {attacker.register().status() for _ in range(900)} == {403}
    block = api.get("/cordboard/blocks").json["items"][0]
    assert (block["address"], block["network"], block["accounts"]) == (address, address, [account.username])
    assert block["count"] >= 20 and "wrong passwords" in block["reason"] and block["since"] < block["until"]
    assert server.status()["abuse"]["blocked"] >= 1
    assert api.get("/cordboard/audit").json["items"][0]["path"] == f"/cordboard/blocks/{address}"
    out.wait_to_hear(at_ben)
    incoming.wait_to_hear(at_ann)
    out.hangup()
    at_ann.register()
    guarded.connect(at_ann, at_ben, ben.number)[0].hangup()
    # The right password is of no use before the release.
    owner = guesser(guarded, account.username, address, account.password)
    assert owner.register().status() == 403
    api.ready(api.delete(f"/cordboard/blocks/{address}"))
    assert owner.register().status() == 200
    assert not server.is_blocked(address)


def test_a_block_outlives_both_programs(guarded):
    ann, address = guarded.person(), next(ADDRESSES)
    attacker = guesser(guarded, ann.accounts[0].username, address)
    guess(attacker, 100)
    guarded.server.stop()
    guarded.server.start()
    assert attacker.register().status() == 403
    assert guarded.server.is_blocked(address)


def test_a_block_ends_by_itself_and_a_flood_is_cut_off_for_a_moment(brief):
    address = next(ADDRESSES)
    stranger = Stranger(brief.server.udp, address)
    at_stranger = guesser(brief, "nobody", address)
    for _ in range(10):
        stranger.flood(40, "INVITE", "nobody")
        if brief.server.is_blocked(address):
            break
    until(lambda: brief.server.is_blocked(address), 10, "the block of who calls and calls")
    guess(at_stranger, 1)
    until(lambda: not brief.server.is_blocked(address), 15, "the end of the block")
    until(lambda: at_stranger.register().status() == 401, 10, "the end of the block in Asterisk")
    assert brief.server.api.get("/cordboard/blocks").json == {"total": 0, "items": []}
    stranger.close()


def test_nobody_gets_a_phone_or_a_provider_blocked_by_writing_its_address(guarded):
    server = guarded.server
    ann, home, theirs = guarded.person(), next(ADDRESSES), next(ADDRESSES)
    account = ann.accounts[0]
    phone = guesser(guarded, account.username, home, account.password)
    assert phone.register().status() == 200
    network = Network(guarded)
    network.trunk(identify=[["match", theirs]])
    made_up = f'Authorization: Digest username="x", realm="asterisk", nonce="{{}}", uri="sip:x", response="{"0" * 32}"'
    time = re.search(r'nonce="(\d+)/', once(phone, "OPTIONS").headers["www-authenticate"])[1]
    forged = f"{time}/{secrets.token_hex(16)}"
    before = server.failures()
    for address in (home, theirs):
        stranger = Stranger(server.udp, address)
        stranger.flood(200, "REGISTER", account.username, made_up.format("1/x"))
        stranger.flood(200, "REGISTER", account.username, made_up.format(forged))
        stranger.flood(200, "INVITE", "nobody")
        stranger.close()
    # Who is blocked after them shows that all of it was looked at.
    guess(guesser(guarded, account.username, next(ADDRESSES)), 100)
    assert server.failures() >= before + 800
    assert not server.is_blocked(home) and not server.is_blocked(theirs)
    assert phone.register().status() == 200
    assert f"{home} attacks SIP" in server.log.read_text()
    network.close()


def test_who_is_certainly_at_fault_is_blocked_where_a_phone_is_registered_too_but_only_far_over_the_limit(guarded):
    server, home = guarded.server, next(ADDRESSES)
    ann = guarded.person()
    account = ann.accounts[0]
    phone = guesser(guarded, account.username, home, account.password)
    assert phone.register().status() == 200
    host, port = server.tcp.rsplit(":", 1)
    answers = []
    with socket.create_connection((host, int(port)), 10, (home, 0)) as connection:
        lines = connection.makefile("rb")
        for _ in range(1000):
            connection.sendall(registration(server.tcp, home, "TCP", "nobody"))
            head = iter(lines.readline, b"\r\n")
            answers.append(next(line for line in head if line.startswith(b"SIP/2.0")).split()[1])
            for _ in head:
                pass
            if answers[-1] == b"403":
                break
    assert answers.count(b"401") >= 200 and answers[-1] == b"403", answers[-5:]
    assert server.is_blocked(home)
    server.api.ready(server.api.delete(f"/cordboard/blocks/{home}"))
    assert phone.register().status() == 200


def registration(server: str, address: str, transport: str, user: str) -> bytes:
    lines = [
        f"REGISTER sip:{server} SIP/2.0",
        f"Via: SIP/2.0/{transport} {address}:5060;branch=z9hG4bK{secrets.token_hex(8)};rport",
        "Max-Forwards: 70",
        f"From: <sip:{user}@{server}>;tag={secrets.token_hex(4)}",
        f"To: <sip:{user}@{server}>",
        f"Call-ID: {secrets.token_hex(8)}",
        "CSeq: 1 REGISTER",
        "Content-Length: 0",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def test_an_account_that_writes_line_ends_gets_nobody_blocked(guarded):
    address, victim = next(ADDRESSES), next(ADDRESSES)
    stranger = Stranger(guarded.server.udp, address)
    name = f"a%0d%0aRemoteAddress%3a%20IPV4%2fTCP%2f{victim}"
    for _ in range(10):
        stranger.flood(40, "INVITE", name)
        if guarded.server.is_blocked(address):
            break
    until(lambda: guarded.server.is_blocked(address), 10, "the block of who sends it")
    assert not guarded.server.is_blocked(victim)
    stranger.close()


def refusal(client: SipClient, user: str, method: str, password: str | None) -> tuple:
    """What somebody sees of a refusal: status, and headers without what differs each time."""
    client.user = client.auth_user = user
    client.password = password
    answer = client.request(method, "") if password else once(client, method)
    challenge = re.sub(r'(nonce|opaque)="[^"]*"', r"\1", answer.headers.get("www-authenticate", ""))
    return answer.first_line, sorted(answer.headers), challenge


def once(client: SipClient, method: str):
    call = secrets.token_hex(8)
    sequence, _ = client._send(method, f"sip:{client.server}", call, "tag", f"<sip:{client.user}@{client.server}>", {}, "")
    return client._final_answer(call, sequence, method, 10)


@pytest.mark.parametrize("method", ["REGISTER", "OPTIONS", "SUBSCRIBE", "MESSAGE"])
def test_an_unknown_account_is_refused_as_a_wrong_password_is(office, method):
    client = office.sip(office.person())
    known = client.user
    for password in (None, "wrong"):
        assert refusal(client, known, method, password) == refusal(client, "line1x99999", method, password), password


# Who is at a wrong address is refused as somebody with a wrong password is.


def test_a_line_is_for_the_addresses_that_its_options_permit(office):
    allowed, other = next(ADDRESSES), next(ADDRESSES)
    ann = office.person(options=[("deny", "0.0.0.0/0"), ("permit", f"{allowed}/32")])
    ben, account = office.person(), ann.accounts[0]
    at_ben = office.phone(ben)
    inside = guesser(office, account.username, allowed, account.password)
    assert inside.register().status() == 200
    outside = guesser(office, account.username, other, account.password)
    assert outside.register().status() == 401
    assert outside.invite(ben.number).status() == 401
    assert at_ben.nobody_called()
    inside.to_calls = 486
    out = at_ben.call(ann.number)
    inside.wait_for_call()
    out.hangup()
    assert inside.invite("*10").status() >= 200


def test_what_a_line_permits_is_all_that_it_permits(office):
    allowed, other = next(ADDRESSES), next(ADDRESSES)
    account = office.person(options=[("permit", allowed)]).accounts[0]
    assert guesser(office, account.username, allowed, account.password).register().status() == 200
    assert guesser(office, account.username, other, account.password).register().status() == 401


def test_a_line_registers_only_contacts_that_its_options_permit(office):
    ann = office.person(options=[("contact_deny", "0.0.0.0/0"), ("contact_permit", "127.0.0.1")])
    assert office.sip(ann).register().status() == 200
    elsewhere = guesser(office, ann.accounts[0].username, next(ADDRESSES), ann.accounts[0].password)
    assert elsewhere.register().status() == 401


def test_a_trunk_that_registers_does_so_from_its_own_addresses(network, office):
    allowed, other = next(ADDRESSES), next(ADDRESSES)
    trunk = network.trunk(
        auth=[["username", "provider"], ["password", "secret-of-trunk"]],
        endpoint=[["deny", "0.0.0.0/0"], ["permit", allowed]],
        aor=[["max_contacts", "1"]],
    )
    codes = {}
    for address in (allowed, other):
        client = SipClient(office.server.udp, trunk["name"], "secret-of-trunk", auth_user="provider", address=address)
        office._open.append(client)
        codes[address] = client.register().status()
    assert codes == {allowed: 200, other: 401}


def test_an_account_without_a_password_has_one_that_nobody_knows(office, api):
    number = office.number()
    body = {"firstname": "Ann", "lines": [{"context": "default", "extensions": [{"exten": number}], "endpoint_sip": {}}]}
    answer = api.post("/users", body)
    api.ready(answer)
    sip = answer.json["lines"][0]["endpoint_sip"]
    for password in ("", sip["name"], number):
        client = SipClient(office.server.udp, sip["name"], password)
        office._open.append(client)
        assert client.register().status() == 401
    text = (office.server.folder / "asterisk/etc/pjsip_auth.conf").read_text()
    secret = re.search(rf"\[{sip['name']}\]\n(?:.+\n)*?password = (\S+)", text)[1]
    assert len(secret) >= 32


def test_the_challenge_of_a_digest_is_of_use_to_nobody_else(office):
    ann = office.person()
    account = ann.accounts[0]
    client = office.sip(ann)
    challenge = once(client, "REGISTER").headers["www-authenticate"]
    uri = f"sip:{client.server}"
    answer = digest(challenge, "REGISTER", uri, account.username, account.password)
    elsewhere = guesser(office, account.username, next(ADDRESSES))
    call = secrets.token_hex(8)
    sequence, _ = elsewhere._send("REGISTER", uri, call, "tag", f"<sip:{account.username}@{client.server}>", {"Authorization": answer}, "")
    assert elsewhere._final_answer(call, sequence, "REGISTER", 10).status() == 401
