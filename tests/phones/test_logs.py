"""Logs of the managed Asterisk stay small."""

from harness.waiting import until


def test_a_large_log_begins_anew_and_goes_on(own):
    server = own.server
    folder = server.folder / "asterisk/log"
    log, old = folder / "queue_log", folder / "queue_log.old"
    own.api.ready(own.api.post("/queues", {"name": "logged"}))
    server.kill()
    with log.open("r+b") as file:
        file.truncate(21 * 1024 * 1024)
    server.start()
    until(lambda: old.exists() and log.exists(), 15, "the log begins anew")
    assert old.stat().st_size == 21 * 1024 * 1024 and log.stat().st_size < 4096
    server.command("queue add member Local/1@default to logged")
    until(lambda: "ADDMEMBER" in log.read_text(), 5, "what happens is written into the new one")
