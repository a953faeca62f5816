-- Rooms and sounds: conferences, music on hold, categories of sounds, announcements of recordings, Asterisk's settings.

CREATE TABLE conference (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT,
    preprocess_subroutine TEXT,
    -- 0: no limit.
    max_users INTEGER NOT NULL,
    record INTEGER NOT NULL CHECK (record IN (0, 1)),
    pin TEXT,
    quiet_join_leave INTEGER NOT NULL CHECK (quiet_join_leave IN (0, 1)),
    announce_join_leave INTEGER NOT NULL CHECK (announce_join_leave IN (0, 1)),
    announce_user_count INTEGER NOT NULL CHECK (announce_user_count IN (0, 1)),
    announce_only_user INTEGER NOT NULL CHECK (announce_only_user IN (0, 1)),
    music_on_hold TEXT,
    admin_pin TEXT
) STRICT;
CREATE INDEX conference_tenant ON conference (tenant_uuid, name);

CREATE TRIGGER conference_goes AFTER DELETE ON conference
BEGIN
    DELETE FROM extension_use WHERE kind = 'conference' AND owner_id = OLD.id;
    UPDATE destination SET type = 'none', target = NULL, arguments = '{}'
        WHERE type = 'conference' AND target = CAST(OLD.id AS TEXT) AND owner = 'incall';
    DELETE FROM destination WHERE type = 'conference' AND target = CAST(OLD.id AS TEXT);
    DELETE FROM func_key WHERE type = 'conference' AND target = CAST(OLD.id AS TEXT);
END;
