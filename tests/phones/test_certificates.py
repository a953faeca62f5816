"""The certificate that phones and browsers are shown, and a new one while calls go on."""

import hashlib
import os
import socket
import ssl

import pytest

from harness.server import Cordboard
from harness.waiting import until


def shown_at(address: str) -> str:
    """SHA-256 of the certificate that is shown there."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), 5) as plain, context.wrap_socket(plain) as stream:
        return hashlib.sha256(stream.getpeercert(binary_form=True)).hexdigest()


def in_file(server: Cordboard) -> str:
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(server.certificate.read_text())).hexdigest()


def replace(server: Cordboard, other: Cordboard, name: str):
    """Put a file of another cordboard in the place of its own, as whoever renews one does."""
    new = server.certificate.parent.parent / name
    new.write_text((other.certificate.parent / name).read_text())
    os.replace(new, server.certificate.parent / name)


@pytest.fixture
def encrypted(own):
    """A call between two phones that speak TLS."""
    people = [own.person(options=[("media_encryption", "sdes")]) for _ in range(2)]
    phones = [own.phone(person, transport="tls", srtp=True) for person in people]
    calls = own.connect(*phones, people[1].number)
    return phones, calls


def test_a_new_certificate_is_shown_without_a_restart_and_calls_go_on(own, cordboard, encrypted):
    server, (phones, calls) = own.server, encrypted
    old, new = in_file(server), in_file(cordboard)
    assert [shown_at(address) for address in (server.tls, server.wss)] == [old, old]

    replace(server, cordboard, "certificate.pem")
    # Half a pair is not taken, whatever else makes Asterisk read its files again.
    until(lambda: "The changed certificate is not shown to phones" in server.log.read_text(), 10, "half a pair is refused")
    own.person()
    assert [shown_at(address) for address in (server.tls, server.wss)] == [old, old]

    replace(server, cordboard, "key.pem")
    until(lambda: [shown_at(address) for address in (server.tls, server.wss)] == [new, new], 15, "the new certificate is shown")
    until(lambda: server.status().get("outcome") == "applied", 10, "it is applied")
    status = server.status()
    assert (status["restart_needed"], status["error"]) == (False, None), status
    until(lambda: server.status()["notes"] == [], 15, "nothing is left to mend")
    for call, phone in zip(calls, reversed(phones), strict=True):
        call.wait_to_hear(phone)
        assert not call.is_closed()


def test_a_port_that_somebody_else_has_is_told_in_the_status(tmp_path):
    server = Cordboard(tmp_path / "run")
    host, port = server.wss.rsplit(":", 1)
    with socket.create_server((host, int(port))):
        server.start()
        try:
            [note] = until(lambda: server.status().get("notes"), 20, "a note in the status")
        finally:
            server.stop()
    assert note.startswith(f"Asterisk does not speak TLS at {server.wss}"), note
