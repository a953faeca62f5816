//! General settings in a real Asterisk: what it does not take over is noticed, although it says that it did.

use cordboard::apply::{Handle, Outcome, Status};
use cordboard::domain::general::{APPLICATION_MAP, AREAS, FEATURE_MAP};
use cordboard::model::ParkingLot;

use crate::lab::{BOUND, Lab};
use crate::rendered::{Office, start};

async fn apply(handle: &Handle, revision: i64) -> Status {
    handle.wake();
    handle.wait_for(revision, BOUND).await
}

/// Makes `keys` transfer a call, and others record it.
fn transfer_by(office: &Office, keys: &str) -> i64 {
    let one = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    let set = |area| match area {
        FEATURE_MAP => one("blindxfer", keys),
        APPLICATION_MAP => one("togglerecord", "*5,self,anything"),
        _ => Vec::new(),
    };
    office.change(|model| model.general = (0..AREAS.len()).map(set).collect())
}

/// The keys that transfer a call.
fn transfer(lab: &Lab) -> String {
    let shown = lab.command("features show");
    let row = shown.lines().find(|line| line.starts_with("Blind Transfer")).unwrap_or_default();
    row.split_whitespace().last().unwrap_or_default().to_owned()
}

/// That Asterisk refuses the file, and that it takes it without what was promised.
async fn goes_back(
    handle: &Handle,
    office: &Office,
    file: &'static str,
    texts: [&'static str; 2],
    said: &str,
) {
    for text in texts {
        let good = handle.status().applied_revision;
        *office.below.lock().unwrap() = (file, text);
        let status = apply(handle, transfer_by(office, "*44")).await;
        assert_eq!(
            (status.outcome, status.applied_revision),
            (Outcome::Restored, good),
            "{text}: {status:?}"
        );
        let error = status.error.unwrap();
        assert!(error.contains(file) || error.contains(said), "{error}");
        *office.below.lock().unwrap() = Default::default();
        assert_eq!(apply(handle, transfer_by(office, "*3")).await.error, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_asterisk_does_not_take_over_are_noticed_and_the_old_ones_come_back() {
    let lab = Lab::new([]);
    let office = Office::new(&lab);
    let handle = start(&lab, &office);
    let status = apply(&handle, transfer_by(&office, "*3")).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
    assert_eq!(transfer(&lab), "*3");
    assert!(lab.command("features show").contains("togglerecord              no def  *5"));
    let ineffective = "[cordboard-canary](+)\ncordboard-canary-keys = 1\n";
    let said = "the file of the features was not accepted";
    goes_back(&handle, &office, "features.conf", ["[broken\n", ineffective], said).await;
    assert_eq!(transfer(&lab), "*3");
    let ineffective = "[cordboard-canary](+)\nregcontext = other\n";
    let said = "the file of the conferences was not accepted";
    goes_back(&handle, &office, "confbridge.conf", ["[broken\n", ineffective], said).await;
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parking_lot_that_asterisk_does_not_take_over_is_noticed_and_the_old_one_comes_back() {
    let lab = Lab::new([]);
    let office = Office::new(&lab);
    let handle = start(&lab, &office);
    let lot = |last: &str| {
        let slots = ("701".to_owned(), last.to_owned());
        let lot = ParkingLot { id: 5, slots, timeout: Some(45), music: None };
        office.change(|model| model.parking_lots = vec![lot])
    };
    let good = lot("710");
    let status = apply(&handle, good).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
    let slots = || lab.command("parking show parking-5");
    assert!(slots().contains("701-710"), "{}", slots());
    for text in ["[broken\n", "[parking-5](+)\nparkpos = 701-730\n"] {
        *office.below.lock().unwrap() = ("res_parking.conf", text);
        let status = apply(&handle, lot("720")).await;
        assert_eq!(
            (status.outcome, status.applied_revision),
            (Outcome::Restored, good),
            "{text}: {status:?}"
        );
        assert!(status.error.unwrap().contains("parking"), "{text}");
        assert!(slots().contains("701-710"), "{}", slots());
    }
    *office.below.lock().unwrap() = Default::default();
    assert_eq!(apply(&handle, lot("720")).await.error, None);
    assert!(slots().contains("701-720"), "{}", slots());
    handle.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn music_that_asterisk_does_not_take_over_is_noticed_and_the_old_one_comes_back() {
    let lab = Lab::new([]);
    let office = Office::new(&lab);
    let handle = start(&lab, &office);
    let played_from = |folder: &str| {
        let folder = lab.path(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("silence.sln"), [0; 320]).unwrap();
        office.change(|model| model.site.music_on_hold = Some(folder.display().to_string()))
    };
    let good = played_from("one");
    let status = apply(&handle, good).await;
    assert_eq!((status.outcome, status.error), (Outcome::Applied, None), "{}", lab.log());
    let played = |folder: &str| lab.command("moh show files").contains(&format!("{folder}/silence"));
    assert!(played("one"));
    for text in ["[broken\n", "[cordboard-canary](+)\nmode = files\ndirectory = /nowhere\n"] {
        *office.below.lock().unwrap() = ("musiconhold.conf", text);
        let status = apply(&handle, played_from("two")).await;
        assert_eq!(
            (status.outcome, status.applied_revision),
            (Outcome::Restored, good),
            "{text}: {status:?}"
        );
        let error = status.error.unwrap();
        assert!(error.contains("music"), "{error}");
        assert!(played("one") && !played("two"));
    }
    *office.below.lock().unwrap() = Default::default();
    assert_eq!(apply(&handle, played_from("two")).await.error, None);
    assert!(played("two") && !played("one"));
    handle.stop().await;
}
