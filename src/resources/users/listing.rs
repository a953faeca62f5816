//! How users are listed (confd.md 2.5). What belongs to lines and mailboxes is looked up by subqueries, so that a
//! list which does not ask for it reads the index alone.

use crate::http::{Column, Listing};

/// Null and empty last, then the text.
const TEXT: &str = "(coalesce({sql}, '') = '') {dir}, nfkd({sql}) {dir}";
/// As [`TEXT`], whatever the case.
const FOLDED: &str = "(coalesce({sql}, '') = '') {dir}, fold({sql}) {dir}";

const FULL_NAME: &str = "(user.firstname || coalesce(' ' || user.lastname, ''))";
const VOICEMAIL_NUMBER: &str =
    "(SELECT v.number FROM voicemail v WHERE v.id = user.voicemail_id AND v.enabled)";
const PROVISIONING_CODE: &str = "(SELECT l.provisioning_code FROM user_line ul JOIN line l ON l.id = ul.line_id \
     WHERE ul.user_id = user.id AND ul.position = 0)";
const CONTEXT: &str = "(SELECT l.context FROM user_line ul JOIN line l ON l.id = ul.line_id \
     WHERE ul.user_id = user.id AND ul.position = 0)";
/// The main extension of the main line.
const EXTEN: &str = "(SELECT e.exten FROM user_line ul JOIN line_extension le ON le.line_id = ul.line_id \
     JOIN extension e ON e.id = le.extension_id \
     WHERE ul.user_id = user.id AND ul.position = 0 AND e.enabled ORDER BY le.position LIMIT 1)";

const fn by_text(name: &'static str, sql: &'static str) -> Column {
    Column::text(name, sql).ordered_by(TEXT)
}

const fn by_name(name: &'static str, sql: &'static str) -> Column {
    Column::text(name, sql).ordered_by(FOLDED)
}

/// A number that is ordered as the original orders it: by its digits.
const fn by_digits(name: &'static str, sql: &'static str) -> Column {
    Column::int(name, sql).ordered_by("CAST({sql} AS TEXT) {dir}")
}

/// The list of a tenant without an order is read from the index `user_order`.
pub static LISTING: Listing = Listing {
    id: "user.id",
    from: "user",
    tenant: Some("user.tenant_uuid"),
    only: None,
    columns: &[
        by_digits("id", "user.id").unsearched(),
        by_text("uuid", "user.uuid").any_of().unsearched(),
        by_name("firstname", "user.firstname").unsearched(),
        by_name("lastname", "user.lastname").unsearched(),
        by_name("fullname", FULL_NAME),
        by_text("caller_id", "user.caller_id"),
        by_name("description", "user.description"),
        by_text("userfield", "user.userfield"),
        by_text("email", "user.email").no_case(),
        by_text("mobile_phone_number", "user.mobile_phone_number").any_of(),
        by_text("music_on_hold", "user.music_on_hold").unsearched(),
        by_text("outgoing_caller_id", "user.outgoing_caller_id"),
        by_text("preprocess_subroutine", "user.preprocess_subroutine"),
        by_text("voicemail_number", VOICEMAIL_NUMBER).unsearched(),
        by_text("provisioning_code", PROVISIONING_CODE),
        by_text("exten", EXTEN).any_of(),
        by_text("extension", EXTEN).unsearched(),
        by_text("context", CONTEXT).unsearched(),
        by_text("username", "user.username"),
        Column::bool("enabled", "user.enabled").unsearched(),
        by_digits("subscription_type", "user.subscription_type"),
    ],
    default_order: "(user.sort_name IS NULL) {dir}, user.sort_name {dir}, user.id {dir}",
};
