"""A custom line rings its interface."""


def person_with_interface(office, api, interface: str):
    number = office.number()
    line = {"context": "default", "extensions": [{"exten": number}], "endpoint_custom": {"interface": interface}}
    answer = api.post("/users", {"firstname": "Door", "lines": [line]})
    api.ready(answer)
    return number, answer.json


def test_a_custom_line_rings_what_it_names(office, api):
    ann, ben = office.person(), office.person()
    number, _ = person_with_interface(office, api, f"Local/{ben.number}@default")
    office.connect(office.phone(ann), office.phone(ben), number)


def test_a_custom_line_that_is_switched_off_is_silent(office, api):
    ann, ben = office.person(), office.person()
    number, door = person_with_interface(office, api, f"Local/{ben.number}@default/n")
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    endpoint = door["lines"][0]["endpoint_custom"]["id"]
    api.ready(api.put(f"/endpoints/custom/{endpoint}", {"enabled": False}))
    at_ann.call(number)
    assert at_ben.nobody_called()


def test_a_custom_line_rings_beside_a_phone_with_the_same_number(office, api):
    ann, ben, cid = office.person(), office.person(), office.person()
    line = api.post("/lines", {"context": "default", "endpoint_custom": {"interface": f"Local/{ben.number}@default/n"}}).json
    extension = api.get(f"/extensions?exten={cid.number}").json["items"][0]
    api.put(f"/lines/{line['id']}/extensions/{extension['id']}")
    api.ready(api.put(f"/users/{cid.user['uuid']}/lines/{line['id']}"))
    at_ann, at_ben, at_cid = office.phone(ann), office.phone(ben), office.phone(cid)
    out = at_ann.call(cid.number)
    on_ben, on_cid = at_ben.wait_for_incoming(), at_cid.wait_for_incoming()
    on_ben.answer()
    out.wait_established()
    on_cid.wait_closed()
