"""Forwards and fallbacks to numbers outside of the house."""

def direct_number(api, person, number: str):
    """A number at which the person is reached from outside."""
    destination = {"type": "user", "user_id": person.user["id"]}
    incall = api.post("/incalls", {"destination": destination}).json
    extension = api.post("/extensions", {"exten": number, "context": "from-extern"}).json
    api.ready(api.put(f"/incalls/{incall['id']}/extensions/{extension['id']}"))


def test_a_forward_to_an_outside_number_goes_over_the_trunk(office, network):
    provider, ann, ben = network.provider(), office.person(), office.person()
    prefix = network.prefix()
    network.outcall([network.trunk_to(provider)], f"_{prefix}.", {"strip_digits": 4})
    office.forward(ann, "unconditional", f"{prefix} 06-1234")
    out = office.phone(ben).call(ann.number)
    taken = provider.wait_for_call()
    out.wait_established()
    assert taken.number == "061234"
    assert taken.caller == (ben.name, ben.number)
    assert f"sip:{ann.number}@" in taken.header("diversion")


def test_who_sends_a_call_outside_is_known_by_the_direct_number(office, network, api):
    provider, ann, ben = network.provider(), office.person(), office.person()
    prefix = network.prefix()
    network.outcall([network.trunk_to(provider)], f"_{prefix}.", {"strip_digits": 4})
    direct_number(api, ann, f"{prefix}55")
    office.fallbacks(ann, fail={"type": "extension", "exten": f"{prefix}7", "context": "to-extern"})
    out = office.phone(ben).call(ann.number)
    taken = provider.wait_for_call()
    out.wait_established()
    assert taken.number == "7"
    assert f"sip:{prefix}55@" in taken.header("diversion")


def test_without_a_direct_number_it_is_that_of_the_house_as_the_trunk_wants_it(office, network, api):
    provider, ann, ben = network.provider(), office.person(), office.person()
    prefix = network.prefix()
    trunk = network.trunk_to(provider)
    api.ready(api.put(f"/trunks/{trunk['id']}", {"outgoing_caller_id_format": "E164"}))
    network.outcall([trunk], f"_{prefix}.", {"strip_digits": 4})
    number = api.post("/phone-numbers", {"number": "+33123456789"}).json
    api.ready(api.put("/phone-numbers/main", {"phone_number_uuid": number["uuid"]}))
    try:
        office.forward(ann, "unconditional", f"{prefix}7")
        out = office.phone(ben).call(ann.number)
        taken = provider.wait_for_call()
        out.wait_established()
        assert "sip:33123456789@" in taken.header("diversion")
    finally:
        api.ready(api.delete(f"/phone-numbers/{number['uuid']}"))
