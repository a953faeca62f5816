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
