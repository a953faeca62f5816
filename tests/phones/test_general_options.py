"""General options of Asterisk that were set through the API, and that no value keeps it from starting."""

from test_conferences import Room

FEATURES = {
    "transferdigittimeout": "3600", "featuredigittimeout": "60000", "atxfernoanswertimeout": "3600", "atxferloopdelay": "3600",
    "atxfercallbackretries": "100", "transferdialattempts": "20", "atxferdropcall": "yes", "atxferabort": "*#123456789",
    "atxfercomplete": "*2", "atxferthreeway": "", "atxferswap": "ABCD", "pickupexten": "*8", "courtesytone": "beep",
    "recordingfailsound": "beep", "xfersound": "digits/1", "xferfailsound": "/nowhere/x", "pickupsound": "beep",
    "pickupfailsound": "beep", "transferretrysound": "beep", "transferinvalidsound": "beep", "transferannouncesound": "beep",
    "parkeddynamic": "kept, and without effect",
}  # fmt: skip


def test_options_reach_calls_and_asterisk_starts_with_all_of_them(own):
    caller, called = own.person(), own.person(dtmf_hangup_enabled=True)
    phones = [own.phone(caller), own.phone(called)]
    room = Room(own, quiet_join_leave=True, announce_only_user=False)
    put = lambda path, **options: own.api.put(f"/asterisk/{path}", {"options": options})
    put("features/general", **FEATURES)
    put("features/applicationmap", togglerecord="*5,self,System(reboot)", other="*6,self,System(reboot)")
    put("confbridge/wazo_default_user", startmuted="yes", record_command="reboot")
    own.api.ready(put("features/featuremap", disconnect="*7", blindxfer="*1", atxfer=""))
    shown = own.server.command("features show")
    assert "*7" in shown and "*5" in shown and "*6" not in shown, shown
    log = own.server.folder / "asterisk/log/messages"
    assert "features" not in log.read_text(), "Asterisk takes every one of them"
    _, incoming = own.connect(*phones, called.number)
    incoming.dtmf("*7")
    incoming.wait_closed()
    first, second = [phone.call(room.number).wait_established() for phone in phones]
    room.wait_for(2)
    assert sum("m" in row.split()[1] for row in room.listed()) == 2, room.listed()
    first.dtmf("1")
    second.wait_to_hear(phones[0])
    first.hangup()
    second.hangup()
    own.server.stop()
    own.server.start()
    assert "*7" in own.server.command("features show")
