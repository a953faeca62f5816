//! Every folder of `cases/` holds the files that a model becomes. `UPDATE=1` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cordboard::model::Model;
use cordboard::render::render;

use super::{office, whole_office};

fn check(case: &str, model: &Model) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/render/cases").join(case);
    let rendered: BTreeMap<String, String> =
        render(model).unwrap().files.iter().map(|(name, file)| ((*name).to_owned(), file.text())).collect();
    if std::env::var_os("UPDATE").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in &rendered {
            fs::write(folder.join(name), text).unwrap();
        }
    }
    let expected: BTreeMap<String, String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect();
    assert_eq!(expected.keys().collect::<Vec<_>>(), rendered.keys().collect::<Vec<_>>());
    for (name, text) in &rendered {
        assert_eq!(expected.get(name), Some(text), "{case}/{name}");
    }
}

#[test]
fn an_office_of_a_few_users() {
    check("office", &office::office());
}

#[test]
fn an_office_of_50_users_with_6_groups_3_queues_2_trunks_a_switchboard_and_a_menu() {
    let office = whole_office::whole_office();
    assert_eq!(render(&office).unwrap().left_out, []);
    check("whole_office", &office);
}

#[test]
fn an_external_asterisk_without_users() {
    let mut model = office::empty();
    model.site.managed = false;
    check("external", &model);
}
