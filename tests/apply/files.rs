//! Files: foreign ones, generations, modes without a managed Asterisk.

use std::os::unix::fs::MetadataExt;
use std::sync::Arc;

use cordboard::apply::{self, AmiAccount, ApplySettings, Mode, Outcome, Source};

use crate::lab::{BOUND, Database, free_port, mtime};

fn none(folder: &std::path::Path) -> ApplySettings {
    ApplySettings::new(Mode::None, folder.join("etc"), folder.join("generations"))
}

fn database(phones: usize) -> Arc<Database> {
    let database = Database::default();
    {
        let mut office = database.office();
        office.revision = 1;
        office.phones = (0..phones).map(|n| ((1000 + n).to_string(), format!("p{n}"))).collect();
    }
    Arc::new(database)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_asterisk_the_files_are_swapped_and_old_generations_go() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("generations/gen-000000000099.tmp/x")).unwrap();
    let database = database(1);
    let handle = apply::spawn(none(folder.path()), Arc::clone(&database) as Arc<dyn Source>);
    assert_eq!(handle.wait_for(1, BOUND).await.outcome, Outcome::Applied);
    assert!(!folder.path().join("generations/gen-000000000099.tmp").exists());
    let calls = folder.path().join("etc/calls.conf");
    let mut last = mtime(&calls);
    for revision in 2..30 {
        {
            let mut office = database.office();
            office.revision = revision;
            office.ring_seconds = u32::try_from(revision % 10).unwrap();
        }
        handle.wake();
        assert_eq!(handle.wait_for(revision, BOUND).await.applied_revision, revision);
        let text = std::fs::read_to_string(&calls).unwrap();
        assert!(text.contains(&format!("ring={:03}", revision % 10)), "{text}");
        assert!(mtime(&calls) > last, "two generations of the same time");
        last = mtime(&calls);
    }
    let generations = || {
        let entries = std::fs::read_dir(folder.path().join("generations")).unwrap().flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("gen-")).count()
    };
    crate::lab::until("five generations", async || generations() == 5).await;
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let handle = apply::spawn(none(folder.path()), database(1));
    handle.wait_for(1, BOUND).await;
    let mode = |name: &str| folder.path().join(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("etc/pjsip_auth.conf"), 0o600);
    assert_eq!(mode("generations/current"), 0o700);
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_somebody_else_stops_everything_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let theirs = folder.path().join("etc/voicemail.conf");
    std::fs::create_dir_all(theirs.parent().unwrap()).unwrap();
    std::fs::write(&theirs, "theirs\n").unwrap();
    let ami = AmiAccount {
        address: format!("127.0.0.1:{}", free_port()),
        user: "u".to_owned(),
        secret: "s".to_owned(),
    };
    let settings = ApplySettings { mode: Mode::External { ami }, ..none(folder.path()) };
    let handle = apply::spawn(settings, database(1));
    let status = handle.wait_for(1, BOUND).await;
    assert_eq!((status.outcome, status.applied_revision), (Outcome::Pending, 0));
    let error = status.error.unwrap();
    assert!(error.contains("etc/voicemail.conf") && error.contains("nothing was applied"), "{error}");
    assert_eq!(std::fs::read_to_string(&theirs).unwrap(), "theirs\n");
    assert!(!folder.path().join("etc/extensions.conf").exists());
    assert!(!folder.path().join("generations/current").exists());
    // Moved away: it goes on by itself.
    std::fs::rename(&theirs, folder.path().join("voicemail.conf.old")).unwrap();
    handle.wake();
    crate::lab::until("the link", async || folder.path().join("etc/extensions.conf").exists()).await;
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_that_cannot_be_written_is_said_and_heals() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("generations"), "in the way").unwrap();
    let handle = apply::spawn(none(folder.path()), database(1));
    crate::lab::until("the error", async || handle.status().error.is_some()).await;
    std::fs::remove_file(folder.path().join("generations")).unwrap();
    let status = handle.wait_for(1, BOUND).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None));
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_somebody_elses_asterisk_are_for_the_group_of_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let etc = folder.path().join("etc");
    std::fs::create_dir(&etc).unwrap();
    let ami = AmiAccount {
        address: format!("127.0.0.1:{}", free_port()),
        user: "x".to_owned(),
        secret: "x".to_owned(),
    };
    let settings = ApplySettings::new(Mode::External { ami }, etc.clone(), etc.join("cordboard"));
    let handle = apply::spawn(settings, database(1));
    crate::lab::until("the link", async || etc.join("extensions.conf").exists()).await;
    let group = std::fs::metadata(&etc).unwrap().gid();
    for (name, mode) in
        [("cordboard", 0o750), ("cordboard/current/", 0o750), ("custom", 0o750), ("pjsip_auth.conf", 0o640)]
    {
        let meta = std::fs::metadata(etc.join(name)).unwrap();
        assert_eq!((meta.mode() & 0o777, meta.gid()), (mode, group), "{name}");
    }
    handle.stop().await;
}
