//! What was switched on a phone by a feature code, taken over into the database: later of phone and API wins.

use crate::audit::{Entry, store};
use crate::clock;
use crate::db::WriteTx;
use crate::domain::exten::dialable;
use crate::error::Result;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

const FORWARDS: [&str; 3] = ["busy", "noanswer", "unconditional"];
const SERVICES: [&str; 3] = ["dnd", "incallfilter", "mailbox"];
const RECORDING: &str = "callrecord";

/// A switch as a phone has left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switched {
    /// Id of the user.
    pub user: i64,
    /// A row's name of the table `user_switch`, `group-<id>` for a membership, or `filter-<id>` for whether a secretary
    /// takes calls.
    pub name: String,
    pub enabled: bool,
    /// A forward's number.
    pub number: Option<String>,
    /// UTC, as [`crate::clock`] writes it.
    pub changed: String,
}

/// What a switch is about.
enum What {
    Row,
    Recording,
    Membership(i64),
    /// A member of a call filter.
    Secretary(i64),
}

impl Switched {
    fn what(&self) -> Option<What> {
        match self.name.as_str() {
            RECORDING => Some(What::Recording),
            name if FORWARDS.contains(&name) || SERVICES.contains(&name) => Some(What::Row),
            name => match name.split_once('-')? {
                ("group", id) => id.parse().ok().map(What::Membership),
                ("filter", id) => id.parse().ok().map(What::Secretary),
                _ => None,
            },
        }
    }
}

/// Is any of it to be stored?
///
/// # Errors
/// The database can't be read.
pub fn any_news(connection: &Connection, all: &[Switched]) -> Result<bool> {
    for one in all {
        if is_news(connection, one)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Stores what is news: the user exists, and the API has not switched it later.
///
/// # Errors
/// The database can't be written.
pub fn adopt(tx: &WriteTx, all: &[Switched]) -> Result<()> {
    for one in all {
        if is_news(tx, one)? {
            match one.what() {
                Some(What::Row) => store_row(tx, one)?,
                Some(What::Recording) => {
                    set_recording(tx, one)?;
                    store_row(tx, one)?;
                }
                Some(What::Membership(group)) => set_membership(tx, one, group)?,
                Some(What::Secretary(member)) => set_secretary(tx, one, member)?,
                None => {}
            }
            audit(tx, one)?;
        }
    }
    Ok(())
}

/// Remembers that the phone switched it.
fn audit(tx: &WriteTx, one: &Switched) -> Result<()> {
    let (tenant, uuid) = tx
        .prepare_cached("SELECT tenant_uuid, uuid FROM user WHERE id = ?1")?
        .query_row([one.user], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let after = json!({"enabled": one.enabled, "destination": one.number});
    let entry = Entry {
        at: clock::now(),
        tenant,
        source: "phone",
        path: format!("/users/{uuid}/{}", one.name),
        after: Some(after.to_string()),
        ..Entry::default()
    };
    store::insert(tx, &entry)?;
    Ok(())
}

/// What was switched after `mark`, with the numbers that can be dialled, and the mark of the next look. Without a mark
/// nothing but that.
///
/// # Errors
/// The database can't be read.
pub fn since(connection: &Connection, mark: Option<&str>) -> Result<(Vec<Switched>, String)> {
    let newest: Option<String> = connection
        .prepare_cached("SELECT max(changed_at) FROM user_switch")?
        .query_row([], |row| row.get(0))?;
    let newest = newest.unwrap_or_default();
    let Some(mark) = mark.filter(|mark| *mark != newest) else { return Ok((Vec::new(), newest)) };
    let mut rows = connection.prepare_cached(
        "SELECT user_id, name, enabled, destination, changed_at FROM user_switch WHERE changed_at > ?1",
    )?;
    let rows = rows.query_map([mark], |row| {
        let number: Option<String> = row.get(3)?;
        Ok(Switched {
            user: row.get(0)?,
            name: row.get(1)?,
            enabled: row.get(2)?,
            number: number.map(|text| dialable(&text)),
            changed: row.get(4)?,
        })
    })?;
    Ok((rows.collect::<rusqlite::Result<_>>()?, newest))
}

fn is_news(connection: &Connection, one: &Switched) -> Result<bool> {
    if !connection.prepare_cached("SELECT 1 FROM user WHERE id = ?1")?.exists([one.user])? {
        return Ok(false);
    }
    let changed: Option<String> = match one.what() {
        None => return Ok(false),
        Some(What::Membership(group)) => {
            // Groups of other tenants are none that one could join.
            let mut known = connection.prepare_cached(
                "SELECT 1 FROM call_group g JOIN user u ON u.tenant_uuid = g.tenant_uuid
                 WHERE g.id = ?1 AND u.id = ?2",
            )?;
            if !known.exists([group, one.user])? {
                return Ok(false);
            }
            connection
                .prepare_cached(
                    "SELECT changed_at FROM group_user_change WHERE group_id = ?1 AND user_id = ?2",
                )?
                .query_row([group, one.user], |row| row.get(0))
                .optional()?
        }
        Some(What::Secretary(member)) => {
            let mut known = connection.prepare_cached(
                "SELECT active_at FROM call_filter_member WHERE id = ?1 AND user_id = ?2 AND side = 'surrogate'",
            )?;
            match known.query_row([member, one.user], |row| row.get(0)).optional()? {
                Some(changed) => changed,
                None => return Ok(false),
            }
        }
        Some(What::Row | What::Recording) => connection
            .prepare_cached("SELECT changed_at FROM user_switch WHERE user_id = ?1 AND name = ?2")?
            .query_row(params![one.user, one.name], |row| row.get(0))
            .optional()?,
    };
    // A time that is still to come is from before the clock was set back: it says nothing.
    Ok(changed.is_none_or(|changed| changed < one.changed || changed > clock::now()))
}

/// A forward that is to what the API has written in its own way (`01 23`) keeps that.
fn store_row(tx: &WriteTx, one: &Switched) -> Result<()> {
    let mut known =
        tx.prepare_cached("SELECT destination FROM user_switch WHERE user_id = ?1 AND name = ?2")?;
    let known: Option<String> =
        known.query_row(params![one.user, one.name], |row| row.get(0)).optional()?.flatten();
    let kept = known.filter(|text| one.number.is_none() || one.number.as_ref() == Some(&dialable(text)));
    let destination = kept.or_else(|| one.number.clone());
    // A forward to nowhere is none.
    let enabled = one.enabled && (destination.is_some() || !FORWARDS.contains(&one.name.as_str()));
    tx.prepare_cached(
        "INSERT OR REPLACE INTO user_switch (user_id, name, enabled, destination, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![one.user, one.name, enabled, destination, one.changed])?;
    Ok(())
}

fn set_recording(tx: &WriteTx, one: &Switched) -> Result<()> {
    tx.prepare_cached(
        "UPDATE user SET call_record_outgoing_external_enabled = ?2, call_record_outgoing_internal_enabled = ?2,
             call_record_incoming_internal_enabled = ?2, call_record_incoming_external_enabled = ?2
         WHERE id = ?1",
    )?
    .execute(params![one.user, one.enabled])?;
    Ok(())
}

fn set_secretary(tx: &WriteTx, one: &Switched, member: i64) -> Result<()> {
    tx.prepare_cached("UPDATE call_filter_member SET active = ?2, active_at = ?3 WHERE id = ?1")?
        .execute(params![member, one.enabled, one.changed])?;
    Ok(())
}

fn set_membership(tx: &WriteTx, one: &Switched, group: i64) -> Result<()> {
    if one.enabled {
        tx.prepare_cached(
            "INSERT INTO group_user (group_id, user_id, priority)
             VALUES (?1, ?2, (SELECT coalesce(max(priority) + 1, 0) FROM group_user WHERE group_id = ?1))
             ON CONFLICT (group_id, user_id) DO NOTHING",
        )?
        .execute([group, one.user])?;
    } else {
        tx.prepare_cached("DELETE FROM group_user WHERE group_id = ?1 AND user_id = ?2")?
            .execute([group, one.user])?;
    }
    tx.prepare_cached(
        "INSERT OR REPLACE INTO group_user_change (group_id, user_id, changed_at) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![group, one.user, one.changed])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Db;

    const EARLY: &str = "2000-01-01T00:00:00.000000";
    const LATE: &str = "2999-01-01T00:00:00.000000";

    /// A database with user 1 of tenant `a`, whose forward when busy the API has set now, and groups 1 of `a`, 2 of `b`.
    fn office() -> (tempfile::TempDir, Db) {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("db")).unwrap();
        let made = db.write_blocking("test", |tx| {
            tx.execute_batch(
                "INSERT INTO tenant (uuid, slug) VALUES ('a', 'a'), ('b', 'b');
                 INSERT INTO user (id, uuid, tenant_uuid, firstname, caller_id, mobile_fallback_enabled,
                     call_transfer_enabled, dtmf_hangup_enabled, call_record_outgoing_external_enabled,
                     call_record_outgoing_internal_enabled, call_record_incoming_internal_enabled,
                     call_record_incoming_external_enabled, online_call_record_enabled, supervision_enabled,
                     ring_seconds, simultaneous_calls, subscription_type, created_at, enabled)
                     VALUES (1, 'u', 'a', 'Ann', '', 0, 0, 0, 0, 0, 0, 0, 0, 1, 30, 5, 0, '', 1);
                 INSERT INTO call_group (id, uuid, tenant_uuid, label, ring_strategy, dtmf_record_toggle, ring_in_use,
                     mark_answered_elsewhere, enabled, ignore_forward)
                     VALUES (1, 'g', 'a', 'A', 'all', 0, 1, 0, 1, 0), (2, 'h', 'b', 'B', 'all', 0, 1, 0, 1, 0);
                 INSERT INTO user_switch VALUES (1, 'busy', 1, '01 23', strftime('%Y-%m-%dT%H:%M:%f', 'now'));",
            )?;
            Ok(())
        });
        made.unwrap();
        (folder, db)
    }

    fn switched(name: &str, enabled: bool, number: Option<&str>, changed: &str) -> Switched {
        let (name, changed) = (name.to_owned(), changed.to_owned());
        Switched { user: 1, name, enabled, number: number.map(str::to_owned), changed }
    }

    /// Takes it over; was it news, and what does this query say then?
    fn after(one: Switched, query: &'static str) -> (bool, Option<String>) {
        let (_folder, db) = office();
        let news = db.read(|connection| any_news(connection, std::slice::from_ref(&one))).unwrap();
        db.write_blocking("test", move |tx| adopt(tx, &[one])).unwrap();
        (
            news,
            db.read(|connection| Ok(connection.query_row(query, [], |row| row.get(0)).optional()?)).unwrap(),
        )
    }

    const BUSY: &str = "SELECT enabled || ' ' || destination FROM user_switch WHERE name = 'busy'";
    const MEMBERS: &str = "SELECT group_id || ':' || user_id FROM group_user";

    #[test]
    fn the_later_word_wins() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(after(switched("busy", true, Some("7"), LATE), BUSY), (true, text("1 7")));
        assert_eq!(after(switched("busy", true, Some("7"), EARLY), BUSY), (false, text("1 01 23")));
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_no_phone_from_switching() {
        let (_folder, db) = office();
        let future = format!("UPDATE user_switch SET changed_at = '{LATE}'");
        db.write_blocking("test", move |tx| Ok(tx.execute_batch(&future)?)).unwrap();
        let now = [switched("busy", false, None, &clock::now())];
        assert!(db.read(|connection| any_news(connection, &now)).unwrap());
    }

    #[test]
    fn a_number_that_the_api_wrote_in_its_own_way_is_kept() {
        let kept = Some("0 01 23".to_owned());
        assert_eq!(after(switched("busy", false, Some("0123"), LATE), BUSY).1, kept);
        assert_eq!(after(switched("busy", false, None, LATE), BUSY).1, kept);
    }

    #[test]
    fn a_forward_to_nowhere_is_off() {
        let query = "SELECT CAST(enabled AS TEXT) FROM user_switch WHERE name = 'noanswer'";
        assert_eq!(after(switched("noanswer", true, None, LATE), query).1, Some("0".to_owned()));
    }

    #[test]
    fn recording_stands_in_the_users_row_too() {
        let query =
            "SELECT call_record_incoming_external_enabled || (SELECT enabled || changed_at FROM user_switch
                         WHERE name = 'callrecord') FROM user";
        let one = switched("callrecord", true, None, LATE);
        assert_eq!(after(one, query), (true, Some(format!("11{LATE}"))));
    }

    #[test]
    fn groups_are_joined_in_ones_own_tenant() {
        assert_eq!(after(switched("group-1", true, None, EARLY), MEMBERS), (true, Some("1:1".to_owned())));
        assert_eq!(after(switched("group-2", true, None, LATE), MEMBERS), (false, None));
    }

    #[test]
    fn who_was_taken_out_of_a_group_later_stays_out() {
        let (_folder, db) = office();
        let taken_out = "INSERT INTO group_user VALUES (1, 1, 0); DELETE FROM group_user;";
        db.write_blocking("test", move |tx| Ok(tx.execute_batch(taken_out)?)).unwrap();
        let news = |changed| {
            let joined = [switched("group-1", true, None, changed)];
            db.read(|connection| any_news(connection, &joined)).unwrap()
        };
        assert_eq!((news(EARLY), news(LATE)), (false, true));
        // What goes takes its history along.
        db.write_blocking("test", |tx| Ok(tx.execute_batch("DELETE FROM call_group; DELETE FROM user;")?))
            .unwrap();
        assert!(!news(LATE));
    }

    #[test]
    fn what_nobody_knows_is_passed_over() {
        let count = "SELECT CAST(count(*) AS TEXT) FROM user_switch";
        for name in ["zz", "group-x", "group-9", ""] {
            assert_eq!(
                after(switched(name, true, None, LATE), count),
                (false, Some("1".to_owned())),
                "{name}"
            );
        }
        let nobody = Switched { user: 9, ..switched("dnd", true, None, LATE) };
        assert_eq!(after(nobody, count), (false, Some("1".to_owned())));
    }
}
