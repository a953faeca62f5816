-- The transport of SIP over TLS, which a first start makes since then. An empty database has no transport yet.
INSERT INTO sip_transport (uuid, name, options)
SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8'
        || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
    'transport-tls', '[["protocol","tls"],["bind","0.0.0.0:5061"]]'
WHERE EXISTS (SELECT 1 FROM sip_transport)
    AND NOT EXISTS (SELECT 1 FROM sip_transport WHERE name = 'transport-tls')
    AND NOT EXISTS (SELECT 1 FROM endpoint_sip WHERE name = 'transport-tls');
