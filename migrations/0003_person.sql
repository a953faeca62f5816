-- The person behind the line: forwards and services, destinations, groups, incalls, trunks, outcalls, call permissions,
-- function keys, feature codes.

-- What a user, or their phone, switches: the three forwards, the two services, the mailbox (`*90`) and the recording of
-- calls (`*26`, which stands in the user's row too). A user without a row has the default: off, and for the mailbox on.
-- changed_at (UTC): a phone's change counts when it is later.
CREATE TABLE user_switch (
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (name IN ('busy', 'noanswer', 'unconditional', 'dnd', 'incallfilter', 'mailbox',
        'callrecord')),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    destination TEXT,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (user_id, name)
) STRICT, WITHOUT ROWID;

-- Recording is switched as a whole when all four kinds of calls are recorded.
CREATE TRIGGER user_comes_with_recording AFTER INSERT ON user
WHEN NEW.call_record_outgoing_external_enabled AND NEW.call_record_outgoing_internal_enabled
    AND NEW.call_record_incoming_internal_enabled AND NEW.call_record_incoming_external_enabled
BEGIN
    INSERT INTO user_switch (user_id, name, enabled, changed_at)
        VALUES (NEW.id, 'callrecord', 1, strftime('%Y-%m-%dT%H:%M:%f', 'now'));
END;
CREATE TRIGGER user_recording_changes AFTER UPDATE OF call_record_outgoing_external_enabled,
    call_record_outgoing_internal_enabled, call_record_incoming_internal_enabled,
    call_record_incoming_external_enabled ON user
WHEN NEW.call_record_outgoing_external_enabled IS NOT OLD.call_record_outgoing_external_enabled
    OR NEW.call_record_outgoing_internal_enabled IS NOT OLD.call_record_outgoing_internal_enabled
    OR NEW.call_record_incoming_internal_enabled IS NOT OLD.call_record_incoming_internal_enabled
    OR NEW.call_record_incoming_external_enabled IS NOT OLD.call_record_incoming_external_enabled
BEGIN
    INSERT OR REPLACE INTO user_switch (user_id, name, enabled, changed_at)
        VALUES (NEW.id, 'callrecord',
            NEW.call_record_outgoing_external_enabled AND NEW.call_record_outgoing_internal_enabled
                AND NEW.call_record_incoming_internal_enabled AND NEW.call_record_incoming_external_enabled,
            strftime('%Y-%m-%dT%H:%M:%f', 'now'));
END;

-- Where a call goes on: the fallbacks of users and groups, what an incall reaches. owner is a resource's word (user,
-- group, incall), event what happened (noanswer, busy, congestion, fail; answer for an incall). target is the id, as
-- text, of the object that the type names; arguments a JSON object with the other arguments.
CREATE TABLE destination (
    owner TEXT NOT NULL,
    owner_id INTEGER NOT NULL,
    event TEXT NOT NULL,
    type TEXT NOT NULL,
    target TEXT,
    arguments TEXT NOT NULL CHECK (json_valid(arguments)),
    PRIMARY KEY (owner, owner_id, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX destination_target ON destination (type, target);

-- "group" is a word of SQL.
CREATE TABLE call_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    label TEXT NOT NULL,
    preprocess_subroutine TEXT,
    ring_strategy TEXT NOT NULL,
    caller_id_mode TEXT CHECK (caller_id_mode IN ('prepend', 'overwrite', 'append')),
    caller_id_name TEXT,
    dtmf_record_toggle INTEGER NOT NULL CHECK (dtmf_record_toggle IN (0, 1)),
    timeout INTEGER,
    user_timeout INTEGER,
    retry_delay INTEGER,
    music_on_hold TEXT,
    ring_in_use INTEGER NOT NULL CHECK (ring_in_use IN (0, 1)),
    mark_answered_elsewhere INTEGER NOT NULL CHECK (mark_answered_elsewhere IN (0, 1)),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    ignore_forward INTEGER NOT NULL CHECK (ignore_forward IN (0, 1)),
    max_calls INTEGER
) STRICT;
CREATE INDEX call_group_tenant ON call_group (tenant_uuid, label);

CREATE TABLE group_user (
    group_id INTEGER NOT NULL REFERENCES call_group (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    priority INTEGER NOT NULL,
    PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_user_user ON group_user (user_id);

-- When a user last came or went (UTC): what their phone says counts when it is later.
CREATE TABLE group_user_change (
    group_id INTEGER NOT NULL REFERENCES call_group (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_user_change_user ON group_user_change (user_id);
CREATE TRIGGER group_user_comes AFTER INSERT ON group_user
BEGIN
    INSERT OR REPLACE INTO group_user_change (group_id, user_id, changed_at)
        VALUES (NEW.group_id, NEW.user_id, strftime('%Y-%m-%dT%H:%M:%f', 'now'));
END;
-- Not when the group or the user is what goes.
CREATE TRIGGER group_user_leaves AFTER DELETE ON group_user
WHEN EXISTS (SELECT 1 FROM call_group WHERE id = OLD.group_id) AND EXISTS (SELECT 1 FROM user WHERE id = OLD.user_id)
BEGIN
    INSERT OR REPLACE INTO group_user_change (group_id, user_id, changed_at)
        VALUES (OLD.group_id, OLD.user_id, strftime('%Y-%m-%dT%H:%M:%f', 'now'));
END;

-- A member that is a number; it need not exist.
CREATE TABLE group_extension (
    group_id INTEGER NOT NULL REFERENCES call_group (id) ON DELETE CASCADE,
    exten TEXT NOT NULL,
    context TEXT NOT NULL,
    priority INTEGER NOT NULL,
    PRIMARY KEY (group_id, exten, context)
) STRICT, WITHOUT ROWID;

CREATE TABLE incall (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    preprocess_subroutine TEXT,
    greeting_sound TEXT,
    caller_id_mode TEXT CHECK (caller_id_mode IN ('prepend', 'overwrite', 'append')),
    caller_id_name TEXT,
    description TEXT
) STRICT;
CREATE INDEX incall_tenant ON incall (tenant_uuid);

-- What an extension reaches when that is no line: kind is the word of error texts (group, incall, outcall, later queue,
-- conference, parking), owner_id the id of the one resource.
CREATE TABLE extension_use (
    extension_id INTEGER PRIMARY KEY REFERENCES extension (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    owner_id INTEGER NOT NULL
) STRICT;
CREATE INDEX extension_use_owner ON extension_use (kind, owner_id);

CREATE TABLE endpoint_custom (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    interface TEXT NOT NULL UNIQUE,
    interface_suffix TEXT,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) STRICT;
CREATE INDEX endpoint_custom_tenant ON endpoint_custom (tenant_uuid);

ALTER TABLE line ADD COLUMN endpoint_custom_id INTEGER REFERENCES endpoint_custom (id) ON DELETE SET NULL;
CREATE UNIQUE INDEX line_endpoint_custom ON line (endpoint_custom_id);

CREATE TABLE endpoint_iax (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL CHECK (type IN ('friend', 'peer', 'user')),
    host TEXT NOT NULL,
    options TEXT NOT NULL CHECK (json_valid(options))
) STRICT;
CREATE INDEX endpoint_iax_tenant ON endpoint_iax (tenant_uuid);

CREATE TABLE register_iax (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    auth_username TEXT,
    auth_password TEXT,
    remote_host TEXT NOT NULL,
    remote_port INTEGER,
    callback_extension TEXT,
    callback_context TEXT,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) STRICT;
CREATE INDEX register_iax_tenant ON register_iax (tenant_uuid);

CREATE TABLE trunk (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    context TEXT REFERENCES context (name) ON DELETE SET NULL,
    twilio_incoming INTEGER NOT NULL CHECK (twilio_incoming IN (0, 1)),
    outgoing_caller_id_format TEXT NOT NULL CHECK (outgoing_caller_id_format IN ('+E164', 'E164', 'national')),
    endpoint_sip_uuid TEXT UNIQUE REFERENCES endpoint_sip (uuid) ON DELETE SET NULL,
    endpoint_custom_id INTEGER UNIQUE REFERENCES endpoint_custom (id) ON DELETE SET NULL,
    endpoint_iax_id INTEGER UNIQUE REFERENCES endpoint_iax (id) ON DELETE SET NULL,
    register_iax_id INTEGER UNIQUE REFERENCES register_iax (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX trunk_tenant ON trunk (tenant_uuid);
CREATE INDEX trunk_context ON trunk (context);

CREATE TABLE outcall (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL UNIQUE,
    internal_caller_id INTEGER NOT NULL CHECK (internal_caller_id IN (0, 1)),
    preprocess_subroutine TEXT,
    ring_time INTEGER,
    description TEXT,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) STRICT;
CREATE INDEX outcall_tenant ON outcall (tenant_uuid);

CREATE TABLE outcall_trunk (
    outcall_id INTEGER NOT NULL REFERENCES outcall (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    trunk_id INTEGER NOT NULL REFERENCES trunk (id) ON DELETE CASCADE,
    PRIMARY KEY (outcall_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX outcall_trunk_trunk ON outcall_trunk (trunk_id);

-- What is done to a number on its way out, beside its row in extension_use.
CREATE TABLE outcall_extension (
    extension_id INTEGER PRIMARY KEY REFERENCES extension_use (extension_id) ON DELETE CASCADE,
    external_prefix TEXT,
    prefix TEXT,
    strip_digits INTEGER NOT NULL,
    caller_id TEXT
) STRICT;

CREATE TABLE call_permission (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL,
    password TEXT,
    mode TEXT NOT NULL CHECK (mode IN ('allow', 'deny')),
    -- A JSON list of patterns.
    extensions TEXT NOT NULL CHECK (json_valid(extensions)),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    description TEXT,
    UNIQUE (tenant_uuid, name)
) STRICT;

CREATE TABLE call_permission_user (
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    call_permission_id INTEGER NOT NULL REFERENCES call_permission (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, call_permission_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_permission_user_permission ON call_permission_user (call_permission_id);

CREATE TABLE call_permission_group (
    group_id INTEGER NOT NULL REFERENCES call_group (id) ON DELETE CASCADE,
    call_permission_id INTEGER NOT NULL REFERENCES call_permission (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, call_permission_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_permission_group_permission ON call_permission_group (call_permission_id);

CREATE TABLE call_permission_outcall (
    outcall_id INTEGER NOT NULL REFERENCES outcall (id) ON DELETE CASCADE,
    call_permission_id INTEGER NOT NULL REFERENCES call_permission (id) ON DELETE CASCADE,
    PRIMARY KEY (outcall_id, call_permission_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_permission_outcall_permission ON call_permission_outcall (call_permission_id);

-- main: the tenant's one number; shared: anybody of the tenant may show it.
CREATE TABLE phone_number (
    uuid TEXT PRIMARY KEY,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    number TEXT NOT NULL,
    caller_id_name TEXT,
    main INTEGER NOT NULL CHECK (main IN (0, 1)),
    shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
    UNIQUE (tenant_uuid, number)
) STRICT;
CREATE UNIQUE INDEX phone_number_main ON phone_number (tenant_uuid) WHERE main = 1;

-- With a user_id it is the hidden template that holds the user's own keys.
CREATE TABLE func_key_template (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT,
    user_id INTEGER UNIQUE REFERENCES user (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX func_key_template_tenant ON func_key_template (tenant_uuid);

-- target is the id, as text, of the object that the type names; arguments a JSON object with the other arguments.
CREATE TABLE func_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    template_id INTEGER NOT NULL REFERENCES func_key_template (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    label TEXT,
    blf INTEGER NOT NULL CHECK (blf IN (0, 1)),
    type TEXT NOT NULL,
    target TEXT,
    arguments TEXT NOT NULL CHECK (json_valid(arguments)),
    UNIQUE (template_id, position)
) STRICT;
CREATE INDEX func_key_target ON func_key (type, target);
CREATE INDEX user_func_key_template ON user (func_key_template_id);

-- A feature code, `*98` and the like: its number can be changed and it can be switched off.
CREATE TABLE feature_extension (
    uuid TEXT PRIMARY KEY,
    feature TEXT NOT NULL UNIQUE,
    exten TEXT NOT NULL UNIQUE,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) STRICT;

-- Every user has a template of their own.
INSERT INTO func_key_template (tenant_uuid, user_id) SELECT tenant_uuid, id FROM user ORDER BY id;
CREATE TRIGGER user_gets_func_keys AFTER INSERT ON user
BEGIN
    INSERT INTO func_key_template (tenant_uuid, user_id) VALUES (NEW.tenant_uuid, NEW.id);
END;

-- What goes takes along what points at it: an incall then reaches nothing, other destinations and function keys go.
CREATE TRIGGER user_goes AFTER DELETE ON user
BEGIN
    DELETE FROM destination WHERE owner = 'user' AND owner_id = OLD.id;
    UPDATE destination SET type = 'none', target = NULL, arguments = '{}'
        WHERE type = 'user' AND target = CAST(OLD.id AS TEXT) AND owner = 'incall';
    DELETE FROM destination WHERE type = 'user' AND target = CAST(OLD.id AS TEXT);
    DELETE FROM func_key WHERE type = 'user' AND target = CAST(OLD.id AS TEXT);
END;
CREATE TRIGGER group_goes AFTER DELETE ON call_group
BEGIN
    DELETE FROM extension_use WHERE kind = 'group' AND owner_id = OLD.id;
    DELETE FROM destination WHERE owner = 'group' AND owner_id = OLD.id;
    UPDATE destination SET type = 'none', target = NULL, arguments = '{}'
        WHERE type = 'group' AND target = CAST(OLD.id AS TEXT) AND owner = 'incall';
    DELETE FROM destination WHERE type = 'group' AND target = CAST(OLD.id AS TEXT);
    DELETE FROM func_key WHERE type IN ('group', 'groupmember') AND target = CAST(OLD.id AS TEXT);
END;
CREATE TRIGGER voicemail_goes AFTER DELETE ON voicemail
BEGIN
    UPDATE destination SET type = 'none', target = NULL, arguments = '{}'
        WHERE type = 'voicemail' AND target = CAST(OLD.id AS TEXT) AND owner = 'incall';
    DELETE FROM destination WHERE type = 'voicemail' AND target = CAST(OLD.id AS TEXT);
END;
CREATE TRIGGER incall_goes AFTER DELETE ON incall
BEGIN
    DELETE FROM extension_use WHERE kind = 'incall' AND owner_id = OLD.id;
    DELETE FROM destination WHERE owner = 'incall' AND owner_id = OLD.id;
END;
CREATE TRIGGER outcall_goes AFTER DELETE ON outcall
BEGIN
    DELETE FROM extension_use WHERE kind = 'outcall' AND owner_id = OLD.id;
    UPDATE destination SET type = 'none', target = NULL, arguments = '{}'
        WHERE type = 'outcall' AND target = CAST(OLD.id AS TEXT) AND owner = 'incall';
    DELETE FROM destination WHERE type = 'outcall' AND target = CAST(OLD.id AS TEXT);
END;
CREATE TRIGGER func_key_template_goes AFTER DELETE ON func_key_template
BEGIN
    UPDATE user SET func_key_template_id = NULL WHERE func_key_template_id = OLD.id;
END;
