"""Browsers as phones: SIP over websockets and DTLS-SRTP, in Debian's Chromium with SIP.js."""

import socket

import pytest

from harness.browser import Browser


def has_an_address() -> bool:
    """Asterisk offers no way of loopback for sound; the machine's own address leads no further either."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return False
    return True


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if not has_an_address():
        pytest.skip("this machine has no address but loopback's")
    made = Browser(tmp_path_factory.mktemp("browser"))
    yield made
    made.close()


class Tab:
    """Pages of one test, registered on WebRTC lines."""

    def __init__(self, office, browser):
        self.office, self.browser, self._pages = office, browser, []

    def person(self):
        """A user whose line has the template `webrtc`."""
        tenant = self.office.api.get("/tenants").json["items"][0]
        return self.office.person(templates=[tenant["webrtc_sip_template_uuid"]])

    def open(self, person, password: str | None = None):
        page, its = self.browser.page(), person.accounts[0]
        self._pages.append(page)
        page.do("register", f"wss://{self.office.server.wss}/ws", "127.0.0.1", its.username, password or its.password)
        return page


@pytest.fixture
def tab(office, browser):
    made = Tab(office, browser)
    yield made
    for page in made._pages:
        page.close()


def test_a_browser_and_a_desk_phone_call_each_other(office, tab):
    ann, ben = tab.person(), office.person()
    page, at_ben = tab.open(ann), office.phone(ben)
    page.wait_for("registered")

    page.do("call", ben.number)
    call = at_ben.wait_for_incoming()
    assert call.caller() == (ann.name, ann.number)
    call.answer()
    page.wait_for("established")
    page.wait_to_hear(at_ben.tone_hz)
    call.wait_to_hear(page)
    [transport] = page.stats("transport")
    assert transport["dtlsState"] == "connected" and transport["srtpCipher"], transport
    [sound] = page.stats("inbound-rtp")
    assert sound["bytesReceived"] > 0 and sound["audioLevel"] > 0.01, sound
    page.do("hangup")
    call.wait_closed()

    call = at_ben.call(ann.number)
    assert page.wait_for("incoming") == ben.number
    page.do("answer")
    call.wait_established()
    page.wait_for("established", times=2)
    call.wait_to_hear(page)
    page.wait_to_hear(at_ben.tone_hz)
    assert page.stats("transport")[0]["dtlsState"] == "connected"
    call.hangup()
    page.wait_for("terminated", times=2)


def test_two_browsers_hear_each_other(tab):
    ann, ben = tab.person(), tab.person()
    at_ann, at_ben = tab.open(ann), tab.open(ben)
    for page in (at_ann, at_ben):
        page.wait_for("registered")
    at_ann.do("call", ben.number)
    assert at_ben.wait_for("incoming") == ann.number
    at_ben.do("answer")
    for page in (at_ann, at_ben):
        page.wait_for("established")
        page.wait_to_hear(page.tone_hz)
    at_ben.do("hangup")
    at_ann.wait_for("terminated")


def test_a_browser_with_a_wrong_password_is_refused(tab):
    assert tab.open(tab.person(), password="wrong").wait_for("refused") == "401"
