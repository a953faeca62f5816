//! The feature codes of a fresh system (confd.md, Appendix B; behaviour.md 10).

use super::{Feature, store};
use crate::db::WriteTx;
use crate::error::Result;
use uuid::Uuid;

const ON: bool = true;
const OFF: bool = false;

const FEATURES: [(&str, &str, bool); 31] = [
    ("phonestatus", "*10", ON),
    ("fwdundoall", "*20", ON),
    ("enablednd", "*25", ON),
    ("callrecord", "*26", OFF),
    ("incallfilter", "*27", ON),
    ("directoryaccess", "*36", ON),
    ("autoprov", "*48378", ON),
    ("recsnd", "*9", ON),
    ("enablevm", "*90", ON),
    ("vmuserpurge", "*92", OFF),
    ("vmusermsg", "*98", ON),
    ("paging", "_*11.", ON),
    ("fwdunc", "_*21.", ON),
    ("fwdrna", "_*22.", ON),
    ("fwdbusy", "_*23.", ON),
    ("agentstaticlogtoggle", "_*30.", ON),
    ("agentstaticlogin", "_*31.", ON),
    ("agentstaticlogoff", "_*32.", ON),
    ("bsfilter", "_*37.", ON),
    ("meetingjoin", "_*41.", ON),
    ("groupmembertoggle", "_*50.", ON),
    ("groupmemberjoin", "_*51.", ON),
    ("groupmemberleave", "_*52.", ON),
    ("phoneprogfunckey", "_*735.", ON),
    ("pickup", "_*8.", OFF),
    ("enablevmslt", "_*90.", ON),
    ("vmuserpurgeslt", "_*92.", OFF),
    ("vmboxpurgeslt", "_*93.", OFF),
    ("vmuserslt", "_*96.", ON),
    ("vmboxslt", "_*97.", ON),
    ("vmboxmsgslt", "_*99.", ON),
];

/// Makes the feature codes that are not there yet: at the first start, and after an update that brings new ones.
///
/// # Errors
/// The database can't be written.
pub fn seed(tx: &WriteTx) -> Result<()> {
    for (feature, exten, enabled) in FEATURES {
        if !store::exists(tx, feature)? {
            let (feature, exten) = (feature.to_owned(), exten.to_owned());
            store::insert(tx, &Feature { uuid: Uuid::new_v4(), feature, exten, enabled })?;
        }
    }
    Ok(())
}
