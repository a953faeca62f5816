"""A switchboard with a call in each of its fifty places."""

import re
import socket

from harness.waiting import until
from test_switchboards import Board, waits

PLACES = 50


def originate(server, channel: str, application: str, data: str, times: int):
    """Calls of Asterisk's own, over its manager interface."""
    text = (server.folder / "asterisk/etc/manager.conf").read_text()
    port, user = re.search(r"port = (\d+)", text)[1], re.search(r"\n\[(?!general)(.+)\]\nsecret = (.+)", text)
    login = f"Action: Login\r\nUsername: {user[1]}\r\nSecret: {user[2]}\r\nEvents: off\r\n\r\n"
    call = f"Action: Originate\r\nAsync: true\r\nChannel: {channel}\r\nApplication: {application}\r\nData: {data}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(port)), 10) as ami:
        ami.sendall((login + call * times + "Action: Logoff\r\n\r\n").encode())
        answers = b"".join(iter(lambda: ami.recv(65536), b"")).decode()
    assert answers.count("successfully queued") == times, answers


def test_who_finds_no_place_goes_on_to_the_fallback_until_one_is_free(own):
    op, ben = own.person(), own.person()
    at_op, at_ben, at_ann, at_eve = own.phone(op), own.phone(ben), own.phone(own.person()), own.phone(own.person())
    board = Board(own, op, fallback={"type": "user", "user_id": ben.user["id"]})
    name = f"switchboard-{board.next[3:]}"

    def parked(lot):
        return re.findall(r"Space +: +(\d+)\n.*: +(\S+)", own.server.command(f"parking show {name}-{lot}"))

    first = waits(at_ann, board)
    # One end of each waits, the other is held.
    originate(own.server, f"Local/{board.number}@default/n", "Park", f"{name}-hold,s", PLACES - 1)
    until(lambda: len(parked("queue")) == PLACES and len(parked("hold")) == PLACES - 1, 20, "all wait")
    # The fifty-first is told so.
    out = at_eve.call(board.number)
    ringing = at_ben.wait_for_incoming(timeout=20)
    ringing.answer()
    out.wait_to_hear(at_ben)
    # Who was first is taken first, and another can wait.
    taken = at_op.call(board.next).wait_established()
    first.wait_to_hear(at_op)
    out.hangup()
    ringing.wait_closed()
    second = waits(at_eve, board)
    assert at_ben.nobody_called()
    # The last place of those who are held is taken; the next call that is put there ends, as PHONES.md says.
    taken.transfer(board.hold)
    taken.wait_closed()
    until(lambda: len(parked("hold")) == PLACES, 5, "no place is left")
    place = next(place for place, channel in parked("queue") if channel.startswith("PJSIP"))
    again = at_op.call(f"{board.next}*{place}").wait_established()
    second.wait_to_hear(at_op)
    again.transfer(board.hold)
    second.wait_closed()
    again.wait_closed()
