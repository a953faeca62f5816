-- How many calls may go out at once and begin within an hour. Null: what the tenant says, else the settings.
CREATE TABLE tenant_ceiling (
    tenant_uuid TEXT NOT NULL PRIMARY KEY REFERENCES tenant (uuid) ON DELETE CASCADE,
    user_simultaneous INTEGER CHECK (user_simultaneous >= 0),
    user_hourly INTEGER CHECK (user_hourly >= 0),
    trunk_simultaneous INTEGER CHECK (trunk_simultaneous >= 0),
    trunk_hourly INTEGER CHECK (trunk_hourly >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_ceiling (
    user_id INTEGER NOT NULL PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
    simultaneous INTEGER CHECK (simultaneous >= 0),
    hourly INTEGER CHECK (hourly >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE trunk_ceiling (
    trunk_id INTEGER NOT NULL PRIMARY KEY REFERENCES trunk (id) ON DELETE CASCADE,
    simultaneous INTEGER CHECK (simultaneous >= 0),
    hourly INTEGER CHECK (hourly >= 0)
) STRICT, WITHOUT ROWID;

-- What was refused since a ceiling was reached. Calls that are refused for one reason share a row for a while.
CREATE TABLE ceiling_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid) ON DELETE CASCADE,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'trunk')),
    owner_id INTEGER NOT NULL,
    -- As they were called then: they may be gone.
    name TEXT NOT NULL,
    reached TEXT NOT NULL CHECK (reached IN ('simultaneous', 'hourly')),
    ceiling INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    number TEXT NOT NULL
) STRICT;
CREATE INDEX ceiling_event_tenant ON ceiling_event (tenant_uuid, id);
