"""The phones themselves, proved against an Asterisk with hand-written configuration (no cordboard in it)."""

import pytest

from harness.asterisk import Asterisk
from harness.lab_files import files
from harness.phone import HEARD, Phone
from harness.sip import SipClient
from harness.waiting import free_port, free_udp_range

USERS = ["1001", "1002", "1003", "1004"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    udp, tcp = free_port(), free_port()
    asterisk = Asterisk(tmp_path_factory.mktemp("lab") / "asterisk", files(udp, tcp, free_udp_range(100), USERS))
    asterisk.udp, asterisk.tcp = f"127.0.0.1:{udp}", f"127.0.0.1:{tcp}"
    yield asterisk
    asterisk.stop()


@pytest.fixture
def phone(lab):
    made = []

    def make(user: str, transport: str = "udp", **options) -> Phone:
        made.append(Phone(lab.udp if transport == "udp" else lab.tcp, user, f"secret-{user}", transport=transport, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def sip(lab):
    made = []

    def make(user: str, password: str | None = None) -> SipClient:
        made.append(SipClient(lab.udp, user, password if password is not None else f"secret-{user}"))
        return made[-1]

    yield make
    for each in made:
        each.close()


def connect(caller: Phone, callee: Phone, number: str):
    out = caller.call(number)
    incoming = callee.wait_for_incoming()
    incoming.answer()
    out.wait_established()
    return out, incoming


def test_phones_on_udp_and_tcp_hear_each_other_and_count_packets(phone):
    one, two = phone("1001").register(), phone("1002", "tcp").register()
    out = one.call("1002")
    incoming = two.wait_for_incoming()
    assert incoming.caller() == ("Phone 1001", "1001")
    out.wait_ringing()
    incoming.answer()
    out.wait_established()
    out.wait_to_hear(two)
    incoming.wait_to_hear(one)
    out.hangup()
    incoming.wait_closed()
    for call in (out, incoming):
        assert call.final_stats()["rx"]["packets"] >= HEARD
        assert call.final_stats()["tx"]["packets"] >= HEARD


def test_a_held_party_hears_the_other_no_more_until_the_call_is_resumed(phone):
    one, two = phone("1001").register(), phone("1002").register()
    out, incoming = connect(one, two, "1002")
    incoming.wait_to_hear(one)
    out.hold()
    incoming.wait_to_hear_not(one)
    out.resume()
    incoming.wait_to_hear(one)
    out.wait_to_hear(two)


def test_a_blind_transfer_connects_the_third_phone(phone):
    one, two, three = (phone(user).register() for user in USERS[:3])
    out, incoming = connect(one, two, "1002")
    incoming.wait_to_hear(one)
    incoming.transfer("1003")
    third = three.wait_for_incoming()
    third.answer()
    out.wait_to_hear(three)
    third.wait_to_hear(one)


def test_an_attended_transfer_connects_the_two_others(phone):
    one, two, three = (phone(user).register() for user in USERS[:3])
    out, incoming = connect(one, two, "1002")
    incoming.hold()
    consultation = two.call("1003")
    third = three.wait_for_incoming()
    third.answer()
    consultation.wait_established()
    incoming.attended_transfer(consultation)
    out.wait_to_hear(three)
    third.wait_to_hear(one)


def test_a_busy_phone_is_busy(phone):
    one, two = phone("1001").register(), phone("1002").register()
    out = one.call("1002")
    two.wait_for_incoming().reject()
    assert out.wait_closed().startswith("486")


@pytest.mark.parametrize("codec", ["PCMU", "PCMA", "G722", "opus"])
def test_codecs_are_negotiated(phone, codec):
    one, two = phone("1001", codecs=[codec]).register(), phone("1002", codecs=[codec]).register()
    out, incoming = connect(one, two, "1002")
    assert (out.codec(), incoming.codec()) == (codec, codec)
    out.wait_to_hear(two)
    incoming.wait_to_hear(one)


@pytest.mark.parametrize("codec", ["G722", "opus"])
def test_asterisk_transcodes_to_pcmu(phone, codec):
    one, two = phone("1001", codecs=[codec]).register(), phone("1002", codecs=["PCMU"]).register()
    out, incoming = connect(one, two, "1002")
    assert (out.codec(), incoming.codec()) == (codec, "PCMU")
    out.wait_to_hear(two)
    incoming.wait_to_hear(one)


def test_a_busy_lamp_shows_idle_ringing_and_in_use(phone, sip):
    one, two, watcher = phone("1001").register(), phone("1002").register(), sip("1004")
    watcher.register()
    lamp = watcher.watch("1002")
    lamp.wait_for("idle")
    out = one.call("1002")
    incoming = two.wait_for_incoming()
    lamp.wait_for("ringing")
    incoming.answer()
    lamp.wait_for("inuse")
    out.hangup()
    lamp.wait_for("idle")


def test_the_message_lamp_goes_on_and_off_for_subscribed_and_registered_phones(phone, sip):
    one, two, watcher = phone("1001").register(), phone("1002").register(), sip("1004")
    watcher.register()
    lamp = watcher.watch_mailbox("1004")
    lamp.wait_for(False)
    one.call("700").leave_message()
    lamp.wait_for(True)
    two.wait_for_lamp(True)
    listening = two.call("701").wait_established()
    listening.enter_mailbox("1234")
    listening.wait_to_hear(one, timeout=20)
    listening.dtmf("7")
    listening.hangup()
    lamp.wait_for(False)
    two.wait_for_lamp(False)


def test_digits_reach_the_other_end(phone):
    one, two = phone("1001").register(), phone("1002").register()
    out, incoming = connect(one, two, "1002")
    incoming.wait_to_hear(one)
    out.dtmf("12#")
    two.wait(lambda: [e["text"] for e in two.events("call_dtmf_start", incoming.handle)] == ["1", "2", "#"], 5, "the digits")


def test_refusals_are_seen_as_sent(phone, sip):
    phone("1001").register()
    assert sip("1002", "wrong").register().status() in (401, 403)
    assert sip("nobody").register().status() in (401, 403)
    assert sip("1003").invite("9999").status() == 404
    assert sip("1003").options().status() in (200, 401)
    with pytest.raises(AssertionError, match="401|403"):
        phone("nobody").register()


def test_two_contacts_of_one_account_both_ring(phone):
    one, desk, mobile = phone("1001").register(), phone("1002").register(), phone("1002", "tcp").register()
    out = one.call("1002")
    at_desk, on_mobile = desk.wait_for_incoming(), mobile.wait_for_incoming()
    on_mobile.answer()
    out.wait_established()
    at_desk.wait_closed()
    out.wait_to_hear(mobile)
