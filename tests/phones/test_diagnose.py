"""Why does a number not ring? What Asterisk knows of the phones is part of the answer."""


def ask(office, exten: str) -> dict:
    answer = office.api.get(f"/cordboard/diagnose?exten={exten}&context=default")
    assert answer.status == 200, answer.text
    return answer.json


def test_the_registered_phones_are_named_and_a_missing_one_too(office):
    ann = office.person(voicemail=True)
    before = ask(office, ann.number)
    assert [line["registered"] for line in before["lines"]] == [False], before["text"]
    assert before["now"] == f"No phone rings: the call goes to the mailbox {ann.number}@default.", before["text"]
    office.phone(ann)
    after = ask(office, ann.number)
    (line,) = after["lines"]
    assert line["registered"] and line["name"] == ann.accounts[0].username, after["text"]
    (contact,) = line["contacts"]
    assert contact["uri"].startswith("sip:") and contact["status"] != "Unreachable", after["text"]
    assert after["now"].startswith("The phone rings; "), after["text"]
