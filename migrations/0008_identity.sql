-- Who may do what: accounts, their policies and groups, sessions and refresh tokens. Names and addresses are looked up
-- in lower case (`…_key`). Times of sessions are whole seconds since 1970.

ALTER TABLE tenant ADD COLUMN name TEXT;
ALTER TABLE tenant ADD COLUMN contact_uuid TEXT;
ALTER TABLE tenant ADD COLUMN phone TEXT;
ALTER TABLE tenant ADD COLUMN default_authentication_method TEXT NOT NULL DEFAULT 'native';
ALTER TABLE tenant ADD COLUMN address TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(address));
UPDATE tenant SET name = slug;
CREATE INDEX tenant_parent ON tenant (parent_uuid);

CREATE TABLE tenant_domain (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    uuid TEXT NOT NULL UNIQUE,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX tenant_domain_tenant ON tenant_domain (tenant_uuid);

-- Who can log in. The password is an argon2id hash. An account may have the uuid of a user: it is theirs then.
CREATE TABLE account (
    uuid TEXT PRIMARY KEY,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid) ON DELETE CASCADE,
    username TEXT,
    username_key TEXT UNIQUE,
    password_hash TEXT,
    firstname TEXT,
    lastname TEXT,
    purpose TEXT NOT NULL CHECK (purpose IN ('user', 'internal', 'external_api')),
    authentication_method TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) STRICT;
CREATE INDEX account_tenant ON account (tenant_uuid, username_key);

CREATE TABLE account_email (
    uuid TEXT PRIMARY KEY,
    account_uuid TEXT NOT NULL REFERENCES account (uuid) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    address TEXT NOT NULL,
    address_key TEXT NOT NULL UNIQUE,
    main INTEGER NOT NULL CHECK (main IN (0, 1)),
    confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1))
) STRICT;
CREATE INDEX account_email_account ON account_email (account_uuid, position);

INSERT INTO account (uuid, tenant_uuid, username, username_key, password_hash, firstname, lastname, purpose,
        authentication_method, enabled)
    SELECT a.user_uuid, u.tenant_uuid, a.username, lower(a.username), a.password_hash, a.firstname, a.lastname,
        a.purpose, iif(a.purpose = 'user', 'default', 'native'), a.enabled
    FROM user_auth a JOIN user u ON u.uuid = a.user_uuid;
INSERT INTO account_email (uuid, account_uuid, position, address, address_key, main, confirmed)
    SELECT email_uuid, user_uuid, 0, email, lower(email), 1, 1 FROM user_auth WHERE email IS NOT NULL;
DROP TABLE user_auth;

-- A user who goes takes the account along; a new name is the account's too, unless that has a name of its own.
CREATE TRIGGER user_account_deleted AFTER DELETE ON user
BEGIN
    DELETE FROM account WHERE uuid = OLD.uuid;
END;
CREATE TRIGGER user_account_renamed AFTER UPDATE OF firstname, lastname ON user
BEGIN
    UPDATE account SET firstname = NEW.firstname, lastname = NEW.lastname
        WHERE uuid = NEW.uuid AND firstname IS OLD.firstname AND lastname IS OLD.lastname;
END;

CREATE TABLE policy (
    uuid TEXT PRIMARY KEY,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    slug TEXT NOT NULL COLLATE NOCASE,
    description TEXT,
    -- Made by cordboard at every start, seen by every tenant, changed by nobody.
    managed INTEGER NOT NULL CHECK (managed IN (0, 1)),
    shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
    acl TEXT NOT NULL CHECK (json_valid(acl)),
    UNIQUE (tenant_uuid, slug),
    UNIQUE (tenant_uuid, name)
) STRICT;

CREATE TABLE account_policy (
    account_uuid TEXT NOT NULL REFERENCES account (uuid) ON DELETE CASCADE,
    policy_uuid TEXT NOT NULL REFERENCES policy (uuid) ON DELETE CASCADE,
    PRIMARY KEY (account_uuid, policy_uuid)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_policy_policy ON account_policy (policy_uuid);

CREATE TABLE account_group (
    uuid TEXT PRIMARY KEY,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    slug TEXT NOT NULL COLLATE NOCASE,
    -- Every account of the tenant is in it.
    everybody INTEGER NOT NULL CHECK (everybody IN (0, 1)),
    UNIQUE (tenant_uuid, name),
    UNIQUE (tenant_uuid, slug)
) STRICT;

CREATE TABLE account_group_member (
    group_uuid TEXT NOT NULL REFERENCES account_group (uuid) ON DELETE CASCADE,
    account_uuid TEXT NOT NULL REFERENCES account (uuid) ON DELETE CASCADE,
    PRIMARY KEY (group_uuid, account_uuid)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_group_member_account ON account_group_member (account_uuid);

CREATE TABLE account_group_policy (
    group_uuid TEXT NOT NULL REFERENCES account_group (uuid) ON DELETE CASCADE,
    policy_uuid TEXT NOT NULL REFERENCES policy (uuid) ON DELETE CASCADE,
    PRIMARY KEY (group_uuid, policy_uuid)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_group_policy_policy ON account_group_policy (policy_uuid);

CREATE TRIGGER account_joins_everybody AFTER INSERT ON account
BEGIN
    INSERT INTO account_group_member (group_uuid, account_uuid)
        SELECT uuid, NEW.uuid FROM account_group WHERE tenant_uuid = NEW.tenant_uuid AND everybody = 1;
END;

-- What gets a client a new token for years. The value is made from `nonce` and a key outside of the database.
CREATE TABLE refresh_token (
    hash TEXT PRIMARY KEY,
    account_uuid TEXT NOT NULL REFERENCES account (uuid) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    mobile INTEGER NOT NULL CHECK (mobile IN (0, 1)),
    created_at TEXT NOT NULL,
    UNIQUE (account_uuid, client_id)
) STRICT;

-- One session a token, of which only the SHA-256 is stored. The access list is that of the login.
CREATE TABLE session (
    uuid TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    account_uuid TEXT NOT NULL REFERENCES account (uuid) ON DELETE CASCADE,
    refresh_hash TEXT REFERENCES refresh_token (hash) ON DELETE SET NULL,
    mobile INTEGER NOT NULL CHECK (mobile IN (0, 1)),
    admin INTEGER NOT NULL CHECK (admin IN (0, 1)),
    acl TEXT NOT NULL CHECK (json_valid(acl)),
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    remote_addr TEXT NOT NULL,
    user_agent TEXT NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account_uuid);
CREATE INDEX session_expiry ON session (expires_at);
CREATE INDEX session_refresh ON session (refresh_hash);

-- Grows with everything that makes a token worth less or another thing: what is remembered of tokens is forgotten then,
-- whoever wrote. A new token needs no forgetting.
CREATE TABLE token_epoch (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO token_epoch (id, number) VALUES (1, 1);

CREATE TRIGGER epoch_session_deleted AFTER DELETE ON session
BEGIN UPDATE token_epoch SET number = number + 1; END;
CREATE TRIGGER epoch_session_changed AFTER UPDATE OF hash, account_uuid, acl, expires_at ON session
BEGIN UPDATE token_epoch SET number = number + 1; END;
CREATE TRIGGER epoch_token_deleted AFTER DELETE ON token
BEGIN UPDATE token_epoch SET number = number + 1; END;
CREATE TRIGGER epoch_token_changed AFTER UPDATE ON token
BEGIN UPDATE token_epoch SET number = number + 1; END;
CREATE TRIGGER epoch_account_changed AFTER UPDATE OF tenant_uuid, enabled ON account
BEGIN UPDATE token_epoch SET number = number + 1; END;
CREATE TRIGGER epoch_tenant_added AFTER INSERT ON tenant
BEGIN UPDATE token_epoch SET number = number + 1; END;
CREATE TRIGGER epoch_tenant_deleted AFTER DELETE ON tenant
BEGIN UPDATE token_epoch SET number = number + 1; END;
CREATE TRIGGER epoch_tenant_moved AFTER UPDATE OF parent_uuid ON tenant
BEGIN UPDATE token_epoch SET number = number + 1; END;
