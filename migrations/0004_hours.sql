-- When calls are taken, and menus.

CREATE TABLE schedule (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT,
    -- A name of the IANA time zones; none is that of the machine.
    timezone TEXT,
    -- JSON lists of periods. Where calls go is in destination: owner schedule, event closed, or exceptional-0 and on for
    -- the exceptional periods by their place in the list.
    open_periods TEXT NOT NULL CHECK (json_valid(open_periods)),
    exceptional_periods TEXT NOT NULL CHECK (json_valid(exceptional_periods)),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) STRICT;
CREATE INDEX schedule_tenant ON schedule (tenant_uuid, name);

-- Who follows a schedule, one each: kind is the owner's word (user, group, queue, incall, outcall).
CREATE TABLE schedule_use (
    kind TEXT NOT NULL CHECK (kind IN ('user', 'group', 'queue', 'incall', 'outcall')),
    owner_id INTEGER NOT NULL,
    schedule_id INTEGER NOT NULL REFERENCES schedule (id) ON DELETE CASCADE,
    PRIMARY KEY (kind, owner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_use_schedule ON schedule_use (schedule_id, kind, owner_id);

CREATE TABLE ivr (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL,
    description TEXT,
    greeting_sound TEXT,
    menu_sound TEXT NOT NULL,
    invalid_sound TEXT,
    abort_sound TEXT,
    -- Seconds.
    timeout INTEGER NOT NULL,
    max_tries INTEGER NOT NULL,
    -- A JSON list of numbers and patterns. Where they lead is in destination: owner ivr, event choice-0 and on by their
    -- place in the list; and invalid, timeout, abort.
    choices TEXT NOT NULL CHECK (json_valid(choices))
) STRICT;
CREATE INDEX ivr_tenant ON ivr (tenant_uuid, name);

CREATE TRIGGER schedule_goes AFTER DELETE ON schedule
BEGIN
    DELETE FROM destination WHERE owner = 'schedule' AND owner_id = OLD.id;
END;
CREATE TRIGGER ivr_goes AFTER DELETE ON ivr
BEGIN
    DELETE FROM destination WHERE owner = 'ivr' AND owner_id = OLD.id;
    UPDATE destination SET type = 'none', target = NULL, arguments = '{}'
        WHERE type = 'ivr' AND target = CAST(OLD.id AS TEXT) AND owner = 'incall';
    DELETE FROM destination WHERE type = 'ivr' AND target = CAST(OLD.id AS TEXT);
END;
CREATE TRIGGER user_leaves_schedule AFTER DELETE ON user
BEGIN
    DELETE FROM schedule_use WHERE kind = 'user' AND owner_id = OLD.id;
END;
CREATE TRIGGER group_leaves_schedule AFTER DELETE ON call_group
BEGIN
    DELETE FROM schedule_use WHERE kind = 'group' AND owner_id = OLD.id;
END;
CREATE TRIGGER incall_leaves_schedule AFTER DELETE ON incall
BEGIN
    DELETE FROM schedule_use WHERE kind = 'incall' AND owner_id = OLD.id;
END;
CREATE TRIGGER outcall_leaves_schedule AFTER DELETE ON outcall
BEGIN
    DELETE FROM schedule_use WHERE kind = 'outcall' AND owner_id = OLD.id;
END;
