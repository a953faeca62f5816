"""An Asterisk that somebody else runs, with files of its own."""

import pytest

from harness import asterisk
from harness.office import Office
from harness.server import Cordboard
from harness.sip import SipClient
from harness.waiting import free_port, until

SECRET = "manager-secret"
THEIRS = "[global]\ntype = global\n"


class External(Cordboard):
    """A cordboard whose settings point at an Asterisk of the test."""

    ami: int
    etc: str

    def _abuse(self) -> str:
        return f"{super()._abuse()}trusted = []\n"

    def _asterisk(self) -> str:
        ami = f'{{ address = "127.0.0.1:{self.ami}", user = "cordboard", secret = "{SECRET}" }}'
        return f'mode = "external"\netc = "{self.etc}"\nlog = "{self.log_folder}"\nspool = "{self.spool_folder}"\nami = {ami}\n'


def stock(ami: int) -> dict[str, str]:
    """The files of an administrator who has read docs/OPERATIONS.md, and one that is in the way."""
    modules = (asterisk.REPOSITORY / "templates/asterisk/modules.conf").read_text().splitlines()
    return {
        "modules.conf": "\n".join(line for line in modules if not line.startswith("{%")) + "\n",
        "manager.conf": f"""[general]
enabled = yes
bindaddr = 127.0.0.1
port = {ami}

[cordboard]
secret = {SECRET}
read = system,user
write = system,config,reporting,call,originate,user,agent
""",
        "logger.conf": "[logfiles]\nmessages.log => notice,warning,error\n",
        "features.conf": "[general]\n",
        "pjsip.conf": THEIRS,
    }


@pytest.fixture
def theirs(tmp_path):
    made = asterisk.Asterisk(tmp_path / "theirs", stock(free_port()))
    yield made
    made.stop()


@pytest.fixture
def server(theirs, tmp_path):
    External.etc, External.log_folder = theirs.folder / "etc", theirs.folder / "astlogdir"
    External.spool_folder = theirs.folder / "astspooldir"
    manager = (External.etc / "manager.conf").read_text()
    External.ami = int(manager.split("port = ")[1].split()[0])
    made = External(tmp_path / "cordboard")
    made.run()
    yield made
    made.stop()


def test_an_asterisk_of_somebody_else_gets_phones_and_keeps_its_files(server, theirs):
    etc = theirs.folder / "etc"
    said = until(lambda: server.status().get("error"), 20, "an error in the status")
    assert str(etc / "pjsip.conf") in said and "move it away" in said, said
    assert (etc / "pjsip.conf").read_text() == THEIRS
    assert not (etc / "extensions.conf").exists() and not (etc / "pjsip_endpoint.conf").exists()

    # As the message says. Asterisk is not restarted: it gets its transports, dialplan and mailboxes in flight.
    (etc / "pjsip.conf").rename(etc / "pjsip.conf.mine")
    office = Office(server)
    ann, ben = office.person(voicemail=True), office.person()
    status = server.status()
    assert status["error"] is None and "cordboard_sorcery.conf" in status["notes"][0], status
    at_ann, at_ben = office.phone(ann), office.phone(ben)
    office.connect(at_ann, at_ben, ben.number)[0].hangup()
    until(lambda: "`security`" in (server.status()["abuse"]["error"] or ""), 20, "a word on the manager account's classes")

    # With the line that the note asks for, the files are all or nothing, and proved.
    (etc / "sorcery.conf").write_text("#tryinclude cordboard_sorcery.conf\n")
    manager = (etc / "manager.conf").read_text()
    (etc / "manager.conf").write_text(manager.replace("read = system,user", "read = system,user,security"))
    theirs.stop()
    until(lambda: server.status()["asterisk"] == "down", 20, "cordboard misses Asterisk")
    theirs.start()
    until(lambda: server.status()["notes"] == [], 20, "no note")
    carl = office.person()
    at_ann.register()
    at_ben.register()
    office.connect(at_ann, office.phone(carl), carl.number)[0].hangup()
    office.api.ready(office.api.delete(carl.path + "?recursive=true"))
    status = server.status()
    assert (status["outcome"], status["error"]) == ("applied", None), status

    # Who guesses is kept out here, too.
    until(lambda: server.status()["abuse"]["watching"], 20, "a look at security events")
    assert server.status()["abuse"]["error"] is None
    guesser = SipClient(server.udp, ann.accounts[0].username, "wrong", address="127.0.0.77")
    until(lambda: guesser.register().status() == 403, 30, "the end of patience with wrong passwords")
    guesser.close()

    # A phone of the administrator's own that Asterisk refuses: said, with Asterisk's words, and nobody loses a phone.
    custom = etc / "custom/pjsip_endpoint.conf"
    custom.write_text("[mine]\ntype = endpoint\nallow = nonsense\n")
    said = until(lambda: server.status()["error"], 20, "an error in the status")
    assert "custom/pjsip_endpoint.conf" in said and "nonsense" in said, said
    endpoint = {"auth_section_options": [["username", "late"], ["password", "late-secret"]]}
    late = office.api.post("/users", {"firstname": "Late", "lines": [{"context": "default", "endpoint_sip": endpoint}]})
    answer = office.api.get(f"/cordboard/revisions/{late.revision}?wait=10", timeout=20)
    assert (answer.status, answer.json["outcome"]) == (503, "restored"), answer.text
    office.connect(at_ben, at_ann, ann.number)[0].hangup()
    custom.unlink()
    until(lambda: server.status()["applied_revision"] == late.revision, 20, "it is taken after all")
    until(lambda: server.status()["error"] is None, 20, "no error")
    office.close()
