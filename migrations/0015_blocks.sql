-- Addresses that attacked SIP. A row stays for some days after its block has ended: the next one lasts longer.
CREATE TABLE block (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The first address of a network, and how many bits of it count.
    address TEXT NOT NULL UNIQUE,
    bits INTEGER NOT NULL CHECK (bits BETWEEN 0 AND 128),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    -- UTC.
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- Failures that led to it.
    count INTEGER NOT NULL,
    -- The names of accounts that were tried: a JSON list.
    accounts TEXT NOT NULL CHECK (json_valid(accounts)),
    -- How many blocks made the next one longer.
    times INTEGER NOT NULL
) STRICT;
CREATE INDEX block_active ON block (active, until);
