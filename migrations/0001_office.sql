-- An office: tenants, contexts, users, lines, SIP endpoints, extensions, voicemails.
-- Times are UTC, naive ISO 8601 with microseconds. Booleans are 0 or 1. Lists of pairs are JSON.

CREATE TABLE revision (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    cause TEXT NOT NULL
) STRICT;

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant (
    uuid TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    parent_uuid TEXT REFERENCES tenant (uuid),
    country TEXT
) STRICT;

-- Only the SHA-256 of a token is stored.
CREATE TABLE token (
    hash TEXT PRIMARY KEY,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid) ON DELETE CASCADE,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE context (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('internal', 'incall', 'outcall', 'services', 'others')),
    description TEXT,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) STRICT;
CREATE INDEX context_tenant ON context (tenant_uuid);

CREATE TABLE context_range (
    context_id INTEGER NOT NULL REFERENCES context (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'group', 'queue', 'conference_room', 'incall')),
    position INTEGER NOT NULL,
    start TEXT NOT NULL,
    end TEXT NOT NULL,
    did_length INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (context_id, kind, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE context_include (
    context_id INTEGER NOT NULL REFERENCES context (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    included_id INTEGER NOT NULL REFERENCES context (id) ON DELETE CASCADE,
    PRIMARY KEY (context_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX context_include_included ON context_include (included_id);

CREATE TABLE sip_transport (
    uuid TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    options TEXT NOT NULL CHECK (json_valid(options))
) STRICT;

-- Endpoints and their templates; the seven option lists are JSON lists of pairs.
CREATE TABLE endpoint_sip (
    uuid TEXT PRIMARY KEY,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL UNIQUE,
    label TEXT,
    template INTEGER NOT NULL CHECK (template IN (0, 1)),
    transport_uuid TEXT REFERENCES sip_transport (uuid),
    asterisk_id TEXT,
    aor_section_options TEXT NOT NULL CHECK (json_valid(aor_section_options)),
    auth_section_options TEXT NOT NULL CHECK (json_valid(auth_section_options)),
    endpoint_section_options TEXT NOT NULL CHECK (json_valid(endpoint_section_options)),
    identify_section_options TEXT NOT NULL CHECK (json_valid(identify_section_options)),
    registration_section_options TEXT NOT NULL CHECK (json_valid(registration_section_options)),
    registration_outbound_auth_section_options TEXT NOT NULL
        CHECK (json_valid(registration_outbound_auth_section_options)),
    outbound_auth_section_options TEXT NOT NULL CHECK (json_valid(outbound_auth_section_options))
) STRICT;
CREATE INDEX endpoint_sip_tenant ON endpoint_sip (tenant_uuid, template, label);
CREATE INDEX endpoint_sip_transport ON endpoint_sip (transport_uuid);

CREATE TABLE endpoint_sip_template (
    endpoint_uuid TEXT NOT NULL REFERENCES endpoint_sip (uuid) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    template_uuid TEXT NOT NULL REFERENCES endpoint_sip (uuid) ON DELETE CASCADE,
    PRIMARY KEY (endpoint_uuid, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX endpoint_sip_template_template ON endpoint_sip_template (template_uuid);

-- The templates that every tenant gets when it appears.
CREATE TABLE tenant_sip_template (
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('global', 'webrtc', 'meeting_guest', 'registration_trunk', 'twilio_trunk')),
    endpoint_uuid TEXT REFERENCES endpoint_sip (uuid) ON DELETE SET NULL,
    PRIMARY KEY (tenant_uuid, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX tenant_sip_template_endpoint ON tenant_sip_template (endpoint_uuid);

CREATE TABLE zonemessage (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    timezone TEXT NOT NULL,
    message TEXT
) STRICT;

CREATE TABLE voicemail (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL,
    number TEXT NOT NULL,
    context TEXT NOT NULL REFERENCES context (name),
    password TEXT,
    email TEXT,
    language TEXT,
    timezone TEXT,
    pager TEXT,
    max_messages INTEGER,
    attach_audio INTEGER CHECK (attach_audio IN (0, 1)),
    delete_messages INTEGER NOT NULL CHECK (delete_messages IN (0, 1)),
    ask_password INTEGER NOT NULL CHECK (ask_password IN (0, 1)),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    options TEXT NOT NULL CHECK (json_valid(options)),
    accesstype TEXT NOT NULL CHECK (accesstype IN ('personal', 'global')),
    UNIQUE (number, context)
) STRICT;
CREATE INDEX voicemail_context ON voicemail (context);
CREATE INDEX voicemail_tenant ON voicemail (tenant_uuid, number);

CREATE TABLE user (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    firstname TEXT NOT NULL,
    lastname TEXT,
    email TEXT,
    timezone TEXT,
    language TEXT,
    description TEXT,
    caller_id TEXT NOT NULL,
    outgoing_caller_id TEXT,
    mobile_phone_number TEXT,
    mobile_fallback_enabled INTEGER NOT NULL CHECK (mobile_fallback_enabled IN (0, 1)),
    username TEXT UNIQUE,
    password TEXT,
    music_on_hold TEXT,
    preprocess_subroutine TEXT,
    userfield TEXT,
    call_transfer_enabled INTEGER NOT NULL CHECK (call_transfer_enabled IN (0, 1)),
    dtmf_hangup_enabled INTEGER NOT NULL CHECK (dtmf_hangup_enabled IN (0, 1)),
    call_record_outgoing_external_enabled INTEGER NOT NULL
        CHECK (call_record_outgoing_external_enabled IN (0, 1)),
    call_record_outgoing_internal_enabled INTEGER NOT NULL
        CHECK (call_record_outgoing_internal_enabled IN (0, 1)),
    call_record_incoming_internal_enabled INTEGER NOT NULL
        CHECK (call_record_incoming_internal_enabled IN (0, 1)),
    call_record_incoming_external_enabled INTEGER NOT NULL
        CHECK (call_record_incoming_external_enabled IN (0, 1)),
    online_call_record_enabled INTEGER NOT NULL CHECK (online_call_record_enabled IN (0, 1)),
    supervision_enabled INTEGER NOT NULL CHECK (supervision_enabled IN (0, 1)),
    ring_seconds INTEGER NOT NULL,
    simultaneous_calls INTEGER NOT NULL,
    call_permission_password TEXT,
    subscription_type INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    func_key_template_id INTEGER,
    voicemail_id INTEGER REFERENCES voicemail (id),
    -- The folded last name: what the list is ordered by.
    sort_name TEXT
) STRICT;
CREATE INDEX user_order ON user (tenant_uuid, (sort_name IS NULL), sort_name, id);
CREATE INDEX user_voicemail ON user (voicemail_id);
CREATE UNIQUE INDEX user_email ON user (lower(email));

-- The `auth` block of a user: an account that the auth API will serve. The password is an argon2id hash.
CREATE TABLE user_auth (
    user_uuid TEXT PRIMARY KEY REFERENCES user (uuid) ON DELETE CASCADE,
    username TEXT NOT NULL UNIQUE COLLATE NOCASE,
    password_hash TEXT,
    firstname TEXT,
    lastname TEXT,
    purpose TEXT NOT NULL CHECK (purpose IN ('user', 'internal', 'external_api')),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    email_uuid TEXT,
    email TEXT UNIQUE COLLATE NOCASE
) STRICT;

CREATE TABLE line (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    context TEXT NOT NULL REFERENCES context (name) ON DELETE CASCADE,
    provisioning_code TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL,
    registrar TEXT NOT NULL,
    endpoint_sip_uuid TEXT UNIQUE REFERENCES endpoint_sip (uuid) ON DELETE SET NULL
) STRICT;
CREATE INDEX line_context ON line (context);
CREATE INDEX line_tenant ON line (tenant_uuid);

-- position orders the lines of a user (0 = the main line) and rank the users of a line (0 = the main user).
CREATE TABLE user_line (
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    line_id INTEGER NOT NULL REFERENCES line (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    PRIMARY KEY (user_id, line_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_line_line ON user_line (line_id, rank);

-- Whatever removes an association, somebody stays first: of the lines left the one with the lowest id becomes the
-- user's main line, of the users left the one who came first becomes the line's main user.
CREATE TRIGGER user_line_promote_line AFTER DELETE ON user_line WHEN OLD.position = 0
BEGIN
    UPDATE user_line SET position = 0 WHERE user_id = OLD.user_id
        AND line_id = (SELECT min(line_id) FROM user_line WHERE user_id = OLD.user_id);
END;
CREATE TRIGGER user_line_promote_user AFTER DELETE ON user_line WHEN OLD.rank = 0
BEGIN
    UPDATE user_line SET rank = 0 WHERE line_id = OLD.line_id
        AND user_id = (SELECT user_id FROM user_line WHERE line_id = OLD.line_id ORDER BY rank, user_id LIMIT 1);
END;

CREATE TABLE extension (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    exten TEXT NOT NULL,
    context TEXT NOT NULL REFERENCES context (name),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    UNIQUE (context, exten)
) STRICT;
CREATE INDEX extension_tenant ON extension (tenant_uuid, exten);

-- position orders the extensions of a line (0 = the main extension).
CREATE TABLE line_extension (
    line_id INTEGER NOT NULL REFERENCES line (id) ON DELETE CASCADE,
    extension_id INTEGER NOT NULL REFERENCES extension (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (line_id, extension_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_extension_extension ON line_extension (extension_id);
