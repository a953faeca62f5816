-- Agents: people who log in at any phone to answer the calls of queues.

CREATE TABLE agent (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    -- What is dialled behind the codes; it never changes.
    number TEXT NOT NULL,
    firstname TEXT,
    lastname TEXT,
    password TEXT,
    language TEXT,
    preprocess_subroutine TEXT,
    description TEXT,
    UNIQUE (tenant_uuid, number)
) STRICT;

-- A user has at most one agent; an agent may be of several users.
CREATE TABLE user_agent (
    user_id INTEGER PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
    agent_id INTEGER NOT NULL REFERENCES agent (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX user_agent_agent ON user_agent (agent_id);

CREATE TABLE queue_agent (
    queue_id INTEGER NOT NULL REFERENCES queue (id) ON DELETE CASCADE,
    agent_id INTEGER NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    penalty INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    PRIMARY KEY (queue_id, agent_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_agent_agent ON queue_agent (agent_id);

CREATE TABLE skill (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL,
    description TEXT,
    UNIQUE (tenant_uuid, name)
) STRICT;

CREATE TABLE agent_skill (
    agent_id INTEGER NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    skill_id INTEGER NOT NULL REFERENCES skill (id) ON DELETE CASCADE,
    weight INTEGER NOT NULL,
    PRIMARY KEY (agent_id, skill_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX agent_skill_skill ON agent_skill (skill_id);

CREATE TABLE skill_rule (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_uuid TEXT NOT NULL REFERENCES tenant (uuid),
    name TEXT NOT NULL,
    -- A JSON list of texts.
    rules TEXT NOT NULL CHECK (json_valid(rules))
) STRICT;
CREATE INDEX skill_rule_tenant ON skill_rule (tenant_uuid);

-- Who is logged in, as Asterisk's own database says: a mirror of it, for lamps and for who asks.
CREATE TABLE agent_login (
    agent_id INTEGER PRIMARY KEY REFERENCES agent (id) ON DELETE CASCADE,
    -- The phone's endpoint.
    endpoint TEXT NOT NULL,
    exten TEXT NOT NULL,
    context TEXT NOT NULL
) STRICT;

-- What goes takes along what points at it, as in 0003.
CREATE TRIGGER agent_goes AFTER DELETE ON agent
BEGIN
    DELETE FROM func_key WHERE type = 'agent' AND target = CAST(OLD.id AS TEXT);
END;
