-- Endpoints that a stock Asterisk can't ring, and what else is kept for clients.

-- An empty text is an option that is not given.
CREATE TABLE endpoint_sccp (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    cid_name TEXT NOT NULL,
    cid_num TEXT NOT NULL,
    disallow TEXT NOT NULL,
    allow TEXT NOT NULL
) STRICT;
CREATE INDEX endpoint_sccp_tenant ON endpoint_sccp (tenant_uuid);

ALTER TABLE line ADD COLUMN endpoint_sccp_id INTEGER REFERENCES endpoint_sccp (id) ON DELETE SET NULL;
CREATE UNIQUE INDEX line_endpoint_sccp ON line (endpoint_sccp_id);

-- What is kept for clients as it was sent: one document a path (`/emails`, `/asterisk/rtp/general`) and tenant; what is
-- not a tenant's belongs to the master tenant.
CREATE TABLE single_document (
    path TEXT NOT NULL,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid) ON DELETE CASCADE,
    body TEXT NOT NULL CHECK (json_valid(body)),
    PRIMARY KEY (path, tenant_uuid)
) STRICT, WITHOUT ROWID;

-- Lists of such documents: kind is a word of cordboard's, key what the path names it by; user_uuid is whose it is,
-- where it is a user's.
CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid) ON DELETE CASCADE,
    user_uuid TEXT REFERENCES user (uuid) ON DELETE CASCADE,
    body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE UNIQUE INDEX document_key ON document (kind, key, tenant_uuid, coalesce(user_uuid, ''));
CREATE INDEX document_tenant ON document (tenant_uuid);
CREATE INDEX document_user ON document (user_uuid);

-- A telephone as a thing. options is a JSON object.
CREATE TABLE device (
    id TEXT PRIMARY KEY,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    is_new INTEGER NOT NULL CHECK (is_new IN (0, 1)),
    ip TEXT,
    mac TEXT UNIQUE,
    sn TEXT,
    plugin TEXT,
    vendor TEXT,
    model TEXT,
    version TEXT,
    description TEXT,
    template_id TEXT,
    options TEXT NOT NULL CHECK (json_valid(options))
) STRICT;
CREATE INDEX device_tenant ON device (tenant_uuid);

ALTER TABLE line ADD COLUMN device_id TEXT REFERENCES device (id) ON DELETE SET NULL;
CREATE INDEX line_device ON line (device_id);
