//! This machine's floor: one bare durable SQLite commit of the rows that a full `POST /users` stores.

use super::report::Samples;
use rusqlite::{Connection, params};
use std::path::Path;
use std::time::Instant;

/// Commits `count` users, each in a transaction of its own, into tables of cordboard's own making.
pub fn commits(storage: &Path, count: usize) -> Samples {
    let connection = Connection::open(storage.join("cordboard.db")).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.pragma_update(None, "foreign_keys", "ON").unwrap();
    let tenant: String = connection.query_row("SELECT uuid FROM tenant", [], |row| row.get(0)).unwrap();
    let samples = (0..count).map(|number| {
        let began = Instant::now();
        commit(&connection, &tenant, number);
        began.elapsed()
    });
    Samples::new(samples.collect())
}

fn commit(connection: &Connection, tenant: &str, number: usize) {
    let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
        connection.prepare_cached(sql).unwrap().execute(values).unwrap();
        connection.last_insert_rowid()
    };
    let (uuid, endpoint) = (format!("floor-user-{number}"), format!("floor-endpoint-{number}"));
    let exten = format!("9{number}");
    run("BEGIN IMMEDIATE", params![]);
    let voicemail = run(
        "INSERT INTO voicemail (tenant_uuid, name, number, context, delete_messages, ask_password, enabled,
         options, accesstype) VALUES (?1, 'Floor', ?2, 'default', 0, 1, 1, '[]', 'personal')",
        params![tenant, exten],
    );
    let user = run(
        "INSERT INTO user (uuid, tenant_uuid, firstname, caller_id, mobile_fallback_enabled,
         call_transfer_enabled, dtmf_hangup_enabled, call_record_outgoing_external_enabled,
         call_record_outgoing_internal_enabled, call_record_incoming_internal_enabled,
         call_record_incoming_external_enabled, online_call_record_enabled, supervision_enabled, ring_seconds,
         simultaneous_calls, subscription_type, created_at, enabled, voicemail_id)
         VALUES (?1, ?2, 'Floor', '\"Floor\"', 0, 0, 0, 0, 0, 0, 0, 0, 1, 30, 5, 0, '', 1, ?3)",
        params![uuid, tenant, voicemail],
    );
    run(
        "INSERT INTO endpoint_sip (uuid, tenant_uuid, name, template, aor_section_options,
         auth_section_options, endpoint_section_options, identify_section_options,
         registration_section_options, registration_outbound_auth_section_options,
         outbound_auth_section_options) VALUES (?1, ?2, ?1, 0, '[]',
         '[[\"username\", \"a\"], [\"password\", \"b\"]]', '[]', '[]', '[]', '[]', '[]')",
        params![endpoint, tenant],
    );
    let line = run(
        "INSERT INTO line (tenant_uuid, context, provisioning_code, position, registrar, endpoint_sip_uuid)
         VALUES (?1, 'default', ?2, 1, 'default', ?3)",
        params![tenant, format!("f{number}"), endpoint],
    );
    let extension = run(
        "INSERT INTO extension (tenant_uuid, exten, context, enabled) VALUES (?1, ?2, 'default', 1)",
        params![tenant, exten],
    );
    run("INSERT INTO line_extension VALUES (?1, ?2, 0)", params![line, extension]);
    run("INSERT INTO user_line VALUES (?1, ?2, 0, 0)", params![user, line]);
    run("INSERT INTO revision (at, cause) VALUES ('', 'floor')", params![]);
    run("COMMIT", params![]);
}
