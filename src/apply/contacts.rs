//! Registrations of removed AORs: they stay in AstDB, and would be valid again for the next phone of that name.

use std::collections::BTreeSet;

use super::ami::{AmiError, Client};

const FAMILY: &str = "registrar/contact";

/// Deletes the contacts of these AORs. Calls in progress don't need them.
pub async fn purge(client: &mut Client, aors: &BTreeSet<String>) -> Result<usize, AmiError> {
    if aors.is_empty() {
        return Ok(0);
    }
    let mut keys = Vec::new();
    // A key is `/registrar/contact/<aor>;@<hash>`, so that no tree of AstDB holds just one AOR's.
    let each = |message: &super::ami::Message| {
        let key = message.get("Key").and_then(|key| key.strip_prefix("/registrar/contact/"));
        if let Some((aor, _)) = key.and_then(|key| key.split_once(";@"))
            && aors.contains(aor)
        {
            keys.extend(key.map(str::to_owned));
        }
    };
    client.list("DBGetTree", &[("Family", FAMILY)], each).await?;
    for key in &keys {
        match client.action("DBDel", &[("Family", FAMILY), ("Key", key)]).await {
            // The registration may have run out in between.
            Ok(_) | Err(AmiError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(keys.len())
}
