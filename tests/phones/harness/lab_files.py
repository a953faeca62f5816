"""The configuration of the Asterisk that proves the phones: four phones, one mailbox, hints."""

MODULES = """
app_dial app_echo app_playback app_voicemail app_verbose
bridge_builtin_features bridge_builtin_interval_features bridge_holding bridge_native_rtp bridge_simple bridge_softmix
chan_bridge_media chan_pjsip codec_a_mu codec_alaw codec_g722 codec_gsm codec_opus_open_source codec_resample codec_ulaw
format_gsm format_pcm format_sln format_wav func_callerid func_devstate func_pjsip_endpoint func_presencestate
pbx_config res_format_attr_opus res_musiconhold res_pjproject res_pjsip res_pjsip_acl res_pjsip_authenticator_digest
res_pjsip_caller_id res_pjsip_dialog_info_body_generator res_pjsip_dtmf_info res_pjsip_endpoint_identifier_user
res_pjsip_exten_state res_pjsip_header_funcs res_pjsip_logger res_pjsip_messaging res_pjsip_mwi res_pjsip_mwi_body_generator
res_pjsip_nat res_pjsip_outbound_publish res_pjsip_one_touch_record_info res_pjsip_pidf_body_generator res_pjsip_pubsub res_pjsip_refer
res_pjsip_registrar res_pjsip_rfc3326 res_pjsip_sdp_rtp res_pjsip_session res_pjsip_xpidf_body_generator res_rtp_asterisk
res_smdi res_sorcery_astdb res_sorcery_config res_sorcery_memory res_timing_timerfd
"""


def files(udp: int, tcp: int, rtp: tuple[int, int], users: list[str]) -> dict[str, str]:
    """Texts by file name; user `u` has the password `secret-u`."""
    modules = "[modules]\nautoload=no\n" + "".join(f"load={name}.so\n" for name in MODULES.split())
    pjsip = f"""[global]
type=global
endpoint_identifier_order=auth_username,username

[udp]
type=transport
protocol=udp
bind=127.0.0.1:{udp}

[tcp]
type=transport
protocol=tcp
bind=127.0.0.1:{tcp}
"""
    extensions = "[phones]\nexten => 600,1,Answer()\n same => n,Echo()\n"
    extensions += "exten => 700,1,VoiceMail(1@main,u)\nexten => 701,1,VoiceMailMain(1@main)\n"
    for user in users:
        pjsip += f"""
[{user}]
type=endpoint
context=phones
disallow=all
allow=ulaw,alaw,g722,opus
auth={user}
aors={user}
callerid="Phone {user}" <{user}>
direct_media=no
mailboxes=1@main
mwi_subscribe_replaces_unsolicited=yes
notify_early_inuse_ringing=yes

[{user}]
type=auth
auth_type=userpass
username={user}
password=secret-{user}

[{user}]
type=aor
max_contacts=5
mailboxes=1@main
"""
        extensions += f"exten => {user},hint,PJSIP/{user}\n"
        extensions += f"exten => {user},1,Dial(${{PJSIP_DIAL_CONTACTS({user})}},20)\n"
    return {
        "modules.conf": modules,
        "pjsip.conf": pjsip,
        "extensions.conf": extensions,
        "rtp.conf": f"[general]\nrtpstart={rtp[0]}\nrtpend={rtp[1]}\nstrictrtp=no\n",
        "logger.conf": "[logfiles]\nfull => notice,warning,error,verbose\n",
        "voicemail.conf": "[general]\nformat=wav\nminsecs=1\n[main]\n1 => 1234,Phone One\n",
        "musiconhold.conf": "[default]\nmode=files\ndirectory=moh\n",
        "features.conf": "[general]\n",
    }
