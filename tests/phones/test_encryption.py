"""SIP over TLS, and sound that nobody on the way can hear (SDES-SRTP)."""

ENCRYPTED = [("media_encryption", "sdes")]


def keys(messages) -> list[str]:
    """The lines of a description that carry the key of the sound."""
    return [line for message in messages for line in message.body.splitlines() if line.startswith("a=crypto:")]


def test_two_phones_talk_over_tls_with_encrypted_sound(office):
    ann, ben = office.person(options=ENCRYPTED), office.person(options=ENCRYPTED)
    at_ann, at_ben = (office.phone(who, transport="tls", srtp=True) for who in (ann, ben))
    office.connect(at_ann, at_ben, ben.number)
    for phone in (at_ann, at_ben):
        said = phone.messages("INVITE")
        assert said and all("TLS" in message.headers["via"] for message in said), said
        assert keys(said)
        assert not [message for message in said if "RTP/AVP " in message.body]


def test_a_phone_that_encrypts_talks_to_one_that_does_not(office):
    ann, ben = office.person(options=ENCRYPTED), office.person()
    at_ann, at_ben = office.phone(ann, transport="tls", srtp=True), office.phone(ben)
    office.connect(at_ann, at_ben, ben.number)
    assert keys(at_ann.messages("INVITE")) and not keys(at_ben.messages("INVITE"))


def test_a_template_makes_lines_encrypt_and_a_plain_call_is_refused(office):
    api = office.api
    template = api.post("/endpoints/sip/templates", {"label": "encrypted", "endpoint_section_options": [list(pair) for pair in ENCRYPTED]}).json
    ann, ben = office.person(), office.person()
    for line in ann.user["lines"]:
        sip = line["endpoint_sip"]["uuid"]
        body = {"templates": [{"uuid": template["uuid"]}]}
        api.ready(api.put(f"/endpoints/sip/{sip}", body))
    refused = office.phone(ann).call(ben.number)
    refused.wait_closed()
    assert refused.status() == 488
