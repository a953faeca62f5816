"""Hold, blind and attended transfer."""


def test_a_held_party_hears_the_other_again_after_the_hold(office):
    ann, ben = office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    out.hold()
    incoming.wait_to_hear_not(at_ann)
    out.resume()
    incoming.wait_to_hear(at_ann)
    out.wait_to_hear(at_ben)


def test_a_blind_transfer_connects_the_caller_with_the_third_user(office):
    ann, ben, eve = office.person(), office.person(), office.person()
    at_ann, at_ben, at_eve = office.phone(ann), office.phone(ben), office.phone(eve)
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    incoming.transfer(eve.number)
    third = at_eve.wait_for_incoming()
    assert third.caller()[1] == ann.number
    third.answer()
    out.wait_to_hear(at_eve)
    third.wait_to_hear(at_ann)
    incoming.wait_closed()


def test_an_attended_transfer_connects_the_two_others(office):
    ann, ben, eve = office.person(), office.person(), office.person()
    at_ann, at_ben, at_eve = office.phone(ann), office.phone(ben), office.phone(eve, transport="tcp")
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    incoming.hold()
    consultation = at_ben.call(eve.number)
    third = at_eve.wait_for_incoming()
    third.answer()
    consultation.wait_established()
    incoming.attended_transfer(consultation)
    out.wait_to_hear(at_eve)
    third.wait_to_hear(at_ann)


def test_who_is_on_hold_hears_music_until_the_call_is_resumed(office):
    ann, ben = office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    incoming.hold()
    out.wait_to_hear_not(at_ben)
    out.wait_for_sound()
    incoming.resume()
    out.wait_to_hear(at_ben)
