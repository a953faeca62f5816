-- Calls that others may take (call pickups), calls that others take first (call filters), calls to many at once (pagings).

CREATE TABLE call_pickup (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL,
    description TEXT,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    -- The user whom it was made with, in one request; it goes with them.
    user_id INTEGER UNIQUE REFERENCES user (id) ON DELETE CASCADE,
    UNIQUE (tenant_uuid, name)
) STRICT;

-- Interceptors may take the calls of targets.
CREATE TABLE call_pickup_user (
    call_pickup_id INTEGER NOT NULL REFERENCES call_pickup (id) ON DELETE CASCADE,
    side TEXT NOT NULL CHECK (side IN ('interceptor', 'target')),
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    PRIMARY KEY (call_pickup_id, side, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_pickup_user_user ON call_pickup_user (user_id);

CREATE TABLE call_pickup_group (
    call_pickup_id INTEGER NOT NULL REFERENCES call_pickup (id) ON DELETE CASCADE,
    side TEXT NOT NULL CHECK (side IN ('interceptor', 'target')),
    group_id INTEGER NOT NULL REFERENCES call_group (id) ON DELETE CASCADE,
    PRIMARY KEY (call_pickup_id, side, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_pickup_group_group ON call_pickup_group (group_id);

CREATE TABLE call_filter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL,
    strategy TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('internal', 'external', 'all')),
    caller_id_mode TEXT CHECK (caller_id_mode IN ('prepend', 'overwrite', 'append')),
    caller_id_name TEXT,
    -- Seconds; none and 0 are for ever.
    surrogates_timeout INTEGER,
    description TEXT,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    UNIQUE (tenant_uuid, name)
) STRICT;

-- The recipient is the boss, surrogates are who takes their calls, in the order of position. A surrogate does so while
-- active, which phones switch (*37 and the id); active_at (UTC) is when one last did.
CREATE TABLE call_filter_member (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    call_filter_id INTEGER NOT NULL REFERENCES call_filter (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    side TEXT NOT NULL CHECK (side IN ('recipient', 'surrogate')),
    position INTEGER NOT NULL,
    -- Seconds that a recipient rings; none and 0 are for ever.
    timeout INTEGER,
    active INTEGER NOT NULL DEFAULT 0 CHECK (active IN (0, 1)),
    active_at TEXT,
    UNIQUE (call_filter_id, user_id)
) STRICT;
CREATE INDEX call_filter_member_user ON call_filter_member (user_id);

-- number follows *11.
CREATE TABLE paging (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    number TEXT NOT NULL,
    name TEXT,
    announce_caller INTEGER NOT NULL CHECK (announce_caller IN (0, 1)),
    announce_sound TEXT,
    caller_notification INTEGER NOT NULL CHECK (caller_notification IN (0, 1)),
    duplex INTEGER NOT NULL CHECK (duplex IN (0, 1)),
    ignore_forward INTEGER NOT NULL CHECK (ignore_forward IN (0, 1)),
    record INTEGER NOT NULL CHECK (record IN (0, 1)),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    UNIQUE (tenant_uuid, number)
) STRICT;

CREATE TABLE paging_user (
    paging_id INTEGER NOT NULL REFERENCES paging (id) ON DELETE CASCADE,
    side TEXT NOT NULL CHECK (side IN ('member', 'caller')),
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    PRIMARY KEY (paging_id, side, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX paging_user_user ON paging_user (user_id);

-- What goes takes along what points at it.
CREATE TRIGGER call_filter_goes AFTER DELETE ON call_filter
BEGIN
    DELETE FROM destination WHERE owner = 'callfilter' AND owner_id = OLD.id;
END;
CREATE TRIGGER call_filter_member_goes AFTER DELETE ON call_filter_member
BEGIN
    DELETE FROM func_key WHERE type = 'bsfilter' AND target = CAST(OLD.id AS TEXT);
END;
CREATE TRIGGER paging_goes AFTER DELETE ON paging
BEGIN
    DELETE FROM func_key WHERE type = 'paging' AND target = CAST(OLD.id AS TEXT);
END;
