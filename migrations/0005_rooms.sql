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

-- A class of music on hold; its name is moh-<tenant's slug>-<uuid>.
CREATE TABLE moh (
    uuid TEXT PRIMARY KEY,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    label TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('custom', 'files', 'mp3')),
    application TEXT,
    sort TEXT CHECK (sort IN ('alphabetical', 'random', 'random_start'))
) STRICT;
CREATE INDEX moh_tenant ON moh (tenant_uuid, label);

-- A file of a class, as it was sent. digest: SHA-256 of the content, in hexadecimal.
CREATE TABLE moh_file (
    moh_uuid TEXT NOT NULL REFERENCES moh (uuid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    -- Sampling rate in Hz.
    rate INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (moh_uuid, name)
) STRICT;

-- Whoever named the class goes on with the default one; a class's name ends with its uuid.
CREATE TRIGGER moh_goes AFTER DELETE ON moh
BEGIN
    UPDATE user SET music_on_hold = NULL WHERE substr(music_on_hold, -36) = OLD.uuid;
    UPDATE call_group SET music_on_hold = NULL WHERE substr(music_on_hold, -36) = OLD.uuid;
    UPDATE conference SET music_on_hold = NULL WHERE substr(music_on_hold, -36) = OLD.uuid;
    UPDATE destination SET arguments = json_remove(arguments, '$.moh_uuid')
        WHERE arguments ->> 'moh_uuid' = OLD.uuid;
END;
CREATE INDEX moh_file_digest ON moh_file (digest);

-- A tenant's category of sounds, and its files as they were sent. language may be empty: then it is for all.
CREATE TABLE sound (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL,
    UNIQUE (tenant_uuid, name)
) STRICT;
CREATE TABLE sound_file (
    sound_id INTEGER NOT NULL REFERENCES sound (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    -- As the API calls it: slin, ulaw …
    format TEXT NOT NULL,
    -- By which Asterisk knows the format: wav, sln …
    extension TEXT NOT NULL,
    digest TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (sound_id, name, language, format)
) STRICT;
CREATE INDEX sound_file_digest ON sound_file (digest);
