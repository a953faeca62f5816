-- Who changed what, when and from where.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    -- As it was then: what is audited may be gone.
    tenant_uuid TEXT NOT NULL,
    -- The account whose token it was; nobody's for the administrator's token, and for a phone.
    account TEXT,
    source TEXT NOT NULL CHECK (source IN ('api', 'phone')),
    address TEXT,
    method TEXT,
    path TEXT NOT NULL,
    -- JSON, secrets masked.
    before TEXT,
    after TEXT
) STRICT;

CREATE INDEX audit_at ON audit (at);
