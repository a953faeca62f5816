-- Parking lots, switchboards, applications.

CREATE TABLE parking_lot (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT,
    -- Digits; the numbers that are dialled to retrieve a call.
    slots_start TEXT NOT NULL,
    slots_end TEXT NOT NULL,
    -- Seconds; none and 0 are for ever.
    timeout INTEGER,
    music_on_hold TEXT
) STRICT;
CREATE INDEX parking_lot_tenant ON parking_lot (tenant_uuid);

CREATE TRIGGER parking_lot_goes AFTER DELETE ON parking_lot
BEGIN
    DELETE FROM extension_use WHERE kind = 'parking' AND owner_id = OLD.id;
    DELETE FROM func_key WHERE type IN ('parking', 'park_position') AND target = CAST(OLD.id AS TEXT);
END;

-- id is the number that stands in the codes of phones.
CREATE TABLE switchboard (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL,
    timeout INTEGER,
    queue_music_on_hold TEXT,
    waiting_room_music_on_hold TEXT
) STRICT;
CREATE INDEX switchboard_tenant ON switchboard (tenant_uuid, name);

CREATE TABLE switchboard_user (
    switchboard_id INTEGER NOT NULL REFERENCES switchboard (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    PRIMARY KEY (switchboard_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX switchboard_user_user ON switchboard_user (user_id);

CREATE TRIGGER switchboard_goes AFTER DELETE ON switchboard
BEGIN
    DELETE FROM destination WHERE owner = 'switchboard' AND owner_id = OLD.id;
    UPDATE destination SET type = 'none', target = NULL, arguments = '{}'
        WHERE type = 'switchboard' AND target = OLD.uuid AND owner = 'incall';
    DELETE FROM destination WHERE type = 'switchboard' AND target = OLD.uuid;
END;

CREATE TABLE application (
    uuid TEXT PRIMARY KEY,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT,
    destination TEXT CHECK (destination IN ('node')),
    destination_options TEXT NOT NULL CHECK (json_valid(destination_options))
) STRICT;
CREATE INDEX application_tenant ON application (tenant_uuid);

ALTER TABLE line ADD COLUMN application_uuid TEXT REFERENCES application (uuid) ON DELETE SET NULL;
CREATE INDEX line_application ON line (application_uuid);

CREATE TRIGGER application_goes AFTER DELETE ON application
BEGIN
    UPDATE destination SET type = 'none', target = NULL, arguments = '{}'
        WHERE type = 'application' AND target = OLD.uuid AND owner = 'incall';
    DELETE FROM destination WHERE type = 'application' AND target = OLD.uuid;
END;
