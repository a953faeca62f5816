-- Queues: callers wait in order for people who answer.

CREATE TABLE queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    -- It never changes.
    name TEXT NOT NULL UNIQUE,
    -- What app_queue calls it: another name when the members ring in order. app_queue decides when it makes a queue
    -- whether it keeps their order, and a change of the strategy does not change that.
    running_name TEXT NOT NULL UNIQUE,
    label TEXT,
    data_quality INTEGER NOT NULL CHECK (data_quality IN (0, 1)),
    dtmf_hangup_callee_enabled INTEGER NOT NULL CHECK (dtmf_hangup_callee_enabled IN (0, 1)),
    dtmf_hangup_caller_enabled INTEGER NOT NULL CHECK (dtmf_hangup_caller_enabled IN (0, 1)),
    dtmf_transfer_callee_enabled INTEGER NOT NULL CHECK (dtmf_transfer_callee_enabled IN (0, 1)),
    dtmf_transfer_caller_enabled INTEGER NOT NULL CHECK (dtmf_transfer_caller_enabled IN (0, 1)),
    dtmf_record_callee_enabled INTEGER NOT NULL CHECK (dtmf_record_callee_enabled IN (0, 1)),
    dtmf_record_caller_enabled INTEGER NOT NULL CHECK (dtmf_record_caller_enabled IN (0, 1)),
    dtmf_record_toggle INTEGER NOT NULL CHECK (dtmf_record_toggle IN (0, 1)),
    retry_on_timeout INTEGER NOT NULL CHECK (retry_on_timeout IN (0, 1)),
    ring_on_hold INTEGER NOT NULL CHECK (ring_on_hold IN (0, 1)),
    timeout INTEGER,
    announce_hold_time_on_entry INTEGER NOT NULL CHECK (announce_hold_time_on_entry IN (0, 1)),
    ignore_forward INTEGER NOT NULL CHECK (ignore_forward IN (0, 1)),
    preprocess_subroutine TEXT,
    music_on_hold TEXT,
    wait_time_threshold INTEGER,
    wait_ratio_threshold REAL,
    caller_id_mode TEXT CHECK (caller_id_mode IN ('prepend', 'overwrite', 'append')),
    caller_id_name TEXT,
    mark_answered_elsewhere INTEGER NOT NULL CHECK (mark_answered_elsewhere IN (0, 1)),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    -- A JSON list of pairs of texts.
    options TEXT NOT NULL CHECK (json_valid(options))
) STRICT;
CREATE INDEX queue_tenant ON queue (tenant_uuid);

CREATE TABLE queue_user (
    queue_id INTEGER NOT NULL REFERENCES queue (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    priority INTEGER NOT NULL,
    penalty INTEGER NOT NULL,
    PRIMARY KEY (queue_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_user_user ON queue_user (user_id);

-- What goes takes along what points at it, as in 0003.
CREATE TRIGGER queue_goes AFTER DELETE ON queue
BEGIN
    DELETE FROM schedule_use WHERE kind = 'queue' AND owner_id = OLD.id;
    DELETE FROM extension_use WHERE kind = 'queue' AND owner_id = OLD.id;
    DELETE FROM destination WHERE owner = 'queue' AND owner_id = OLD.id;
    UPDATE destination SET type = 'none', target = NULL, arguments = '{}'
        WHERE type = 'queue' AND target = CAST(OLD.id AS TEXT)
            AND (owner IN ('incall', 'schedule') OR event GLOB 'choice-*');
    DELETE FROM destination WHERE type = 'queue' AND target = CAST(OLD.id AS TEXT);
    DELETE FROM func_key WHERE type = 'queue' AND target = CAST(OLD.id AS TEXT);
END;

-- The general section of files of Asterisk's that an administrator sets as a whole (/asterisk/queues/general and the
-- like): `area` is the path below /asterisk.
CREATE TABLE asterisk_option (
    area TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT,
    PRIMARY KEY (area, position)
) STRICT, WITHOUT ROWID;
