//! The first step of the applier: opening the generations, however long it takes.

use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;
use tracing::warn;

use super::generation::{Found, Store};
use super::settings::{ApplySettings, Mode};
use super::status::Status;
use super::worker::blocking;

const PAUSE: Duration = Duration::from_secs(1);

/// Opens the generations, as often as it takes.
pub async fn open_store(settings: &ApplySettings, status: &watch::Sender<Status>) -> (Store, Found) {
    loop {
        let (root, reader) = (settings.generations.clone(), reader(settings));
        let durable = !matches!(settings.mode, Mode::Managed { .. });
        let opened = blocking(move || Store::open(&root, reader, durable)).await;
        match opened {
            Ok(opened) => return opened,
            Err(error) => {
                warn!("{error}");
                status.send_modify(|status| status.error = Some(error.to_string()));
                sleep(PAUSE).await;
            }
        }
    }
}

/// In external mode Asterisk is somebody else: the group of its configuration folder may read.
pub fn reader(settings: &ApplySettings) -> Option<u32> {
    match settings.mode {
        Mode::External { .. } => std::fs::metadata(&settings.etc).ok().map(|meta| meta.gid()),
        Mode::Managed { .. } | Mode::None => None,
    }
}
