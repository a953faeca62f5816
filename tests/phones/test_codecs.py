"""Codecs: negotiated end to end, and transcoded where the phones differ."""

import pytest

ALL = [("allow", "!all,opus,g722,alaw,ulaw")]


@pytest.mark.parametrize("codec", ["PCMU", "PCMA", "G722", "opus"])
def test_two_phones_of_one_codec_talk_in_it(office, codec):
    ann, ben = office.person(options=ALL), office.person(options=ALL)
    at_ann, at_ben = office.phone(ann, codecs=[codec]), office.phone(ben, codecs=[codec])
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    assert (out.codec(), incoming.codec()) == (codec, codec)


@pytest.mark.parametrize("codec", ["G722", "opus"])
def test_a_wideband_phone_talks_to_a_plain_one(office, codec):
    ann, ben = office.person(options=ALL), office.person(options=ALL)
    at_ann, at_ben = office.phone(ann, codecs=[codec]), office.phone(ben, codecs=["PCMU"])
    out, incoming = office.connect(at_ann, at_ben, ben.number)
    assert (out.codec(), incoming.codec()) == (codec, "PCMU")


@pytest.mark.parametrize("codec", ["PCMU", "G722"])
def test_an_endpoint_without_options_takes_the_usual_codecs(office, codec):
    ann, ben = office.person(), office.person()
    office.connect(office.phone(ann, codecs=[codec]), office.phone(ben, codecs=[codec]), ben.number)
