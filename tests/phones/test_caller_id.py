"""What the called phone shows (the contract's caller-id synchronisation)."""


def test_the_name_is_the_users_and_the_number_is_the_extension(office):
    ann, ben = office.person(), office.person()
    at_ben = office.phone(ben)
    office.phone(ann).call(ben.number)
    assert at_ben.wait_for_incoming().caller() == (ann.name, ann.number)


def test_a_caller_id_with_a_number_replaces_both(office):
    ann, ben = office.person(caller_id='"The Boss" <5551234>'), office.person()
    at_ben = office.phone(ben)
    office.phone(ann).call(ben.number)
    assert at_ben.wait_for_incoming().caller() == ("The Boss", "5551234")


def test_a_changed_caller_id_is_shown_in_the_next_call(office, api):
    ann, ben = office.person(), office.person()
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    api.ready(api.put(ann.path, {"caller_id": '"Ann Married"'}))
    at_ann.call(ben.number)
    assert at_ben.wait_for_incoming().caller() == ("Ann Married", ann.number)


def test_a_name_full_of_odd_characters_arrives_as_it_was_given(office):
    ann, ben = office.person(caller_id='"Zoé; [x] => ${EXTEN} #1"'), office.person()
    at_ben = office.phone(ben)
    office.phone(ann).call(ben.number)
    assert at_ben.wait_for_incoming().caller() == ("Zoé; [x] => ${EXTEN} #1", ann.number)


def test_the_contract_shows_the_synchronised_caller_id(office, api):
    ann = office.person()
    line = api.get(f"{ann.path}").json["lines"][0]
    assert (line["caller_id_name"], line["caller_id_num"]) == (ann.name, ann.number)
