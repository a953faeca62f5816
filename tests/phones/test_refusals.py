"""What must not work: wrong passwords, unknown numbers, foreign contexts, deleted users."""

import pytest


def test_a_wrong_password_is_refused(office):
    ann = office.person()
    assert office.sip(ann, password="wrong").register().status() in (401, 403)
    office.sip(ann).register()
    assert office.sip(ann, password="wrong").invite(ann.number).status() in (401, 403)


def test_an_unknown_account_is_refused_like_a_wrong_password(office):
    ann = office.person()
    stranger = office.sip(ann, password="wrong")
    stranger.user = stranger.auth_user = "nobody-here"
    assert stranger.register().status() in (401, 403)


def test_the_extension_is_no_account(office):
    ann = office.person()
    scanner = office.sip(ann)
    scanner.user = scanner.auth_user = ann.number
    assert scanner.register().status() in (401, 403, 404)


def test_an_unknown_number_is_not_found(office):
    ann = office.person()
    at_ann = office.phone(ann)
    call = at_ann.call("1999777")
    at_ann.wait(lambda: call.is_closed() or call.is_established(), 10, "an answer")
    if call.is_established():
        call.wait_for_sound()
    else:
        assert call.status() == 404


@pytest.fixture
def elsewhere(api):
    """The name of an internal context that nobody includes."""
    answer = api.post("/contexts", {"label": "elsewhere", "type": "internal", "user_ranges": [{"start": "1000", "end": "1999"}]})
    api.ready(answer)
    return answer.json["name"]


def test_a_number_of_a_context_that_is_not_included_cannot_be_called(office, elsewhere):
    ann, eve, ivy = office.person(), office.person(context=elsewhere), office.person(context=elsewhere)
    at_ann, at_eve, at_ivy = office.phone(ann), office.phone(eve), office.phone(ivy)
    call = at_ann.call(eve.number)
    at_ann.wait(lambda: call.is_closed() or call.is_established(), 10, "an answer")
    assert at_eve.nobody_called()
    assert call.is_established() or call.status() in (403, 404)
    office.connect(at_eve, at_ivy, ivy.number)


def test_an_included_context_can_be_called(office, api, elsewhere):
    contexts = {each["name"]: each["id"] for each in api.get("/contexts").json["items"]}
    answer = api.post("/contexts", {"label": "including", "type": "internal", "user_ranges": [{"start": "1000", "end": "1999"}]})
    api.ready(api.put(f"/contexts/{answer.json['id']}/contexts", {"contexts": [{"id": contexts[elsewhere]}]}))
    ann, eve = office.person(context=answer.json["name"]), office.person(context=elsewhere)
    office.connect(office.phone(ann), office.phone(eve), eve.number)


def test_a_deleted_user_finishes_the_call_but_is_gone(office, api):
    ann, ben = office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    api.ready(api.delete(f"{ann.path}?recursive=true"))

    incoming.wait_to_hear(at_ann)
    out.wait_to_hear(at_ben)
    assert office.sip(ann).register().status() in (401, 403, 404)
    assert api.get(ann.path).status == 404
    incoming.hangup()
    out.wait_closed()
    assert office.sip(ben).invite(ann.number).status() == 404


def test_a_deleted_user_leaves_the_calls_of_others_alone(office, api):
    ann, ben, eve = office.person(), office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    api.ready(api.delete(f"{eve.path}?recursive=true"))
    incoming.wait_to_hear(at_ann)
    out.wait_to_hear(at_ben)
    out.hangup()
