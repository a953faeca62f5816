//! The real renderer's files in a real Asterisk. Times are printed with `--nocapture`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use cordboard::apply::{
    self, ApplySettings, Dialled, FolderWork, Handle, Mode, Outcome, PhonePin, Reload, Source, SwitchedSince,
    Verdict,
};
use cordboard::asterisk::AMI_USER;
use cordboard::model::{
    Ami, Context, ContextKind, Directories, Endpoint, Extension, Mailbox, Model, Reached, Site, Transport,
    User,
};
use cordboard::render::{self, FileSet, OUTPUTS, render};

use crate::lab::{BOUND, Lab, installation, no_phones};

/// Revision and model, and what stands below the rendered text of a file.
pub struct Office {
    pub model: Mutex<(i64, Model)>,
    pub below: Mutex<(&'static str, &'static str)>,
}

impl Source for Office {
    fn revision(&self) -> Result<i64, String> {
        Ok(self.model.lock().unwrap().0)
    }

    fn render(&self) -> Result<(i64, FileSet), String> {
        let office = self.model.lock().unwrap().clone();
        let mut set = render(&office.1).map_err(|error| error.to_string())?;
        let (name, text) = *self.below.lock().unwrap();
        if let Some(file) = set.files.get_mut(name) {
            file.tail.push_str(text);
        }
        Ok((office.0, set))
    }

    no_phones!();
}

impl Office {
    /// An office without people.
    pub fn new(lab: &Lab) -> Arc<Office> {
        Arc::new(Office { model: Mutex::new((0, model(lab))), below: Mutex::default() })
    }

    /// Changes the model; gives its revision.
    pub fn change(&self, change: impl FnOnce(&mut Model)) -> i64 {
        let mut office = self.model.lock().unwrap();
        change(&mut office.1);
        office.0 += 1;
        office.0
    }

    pub fn add(&self, id: i64) -> i64 {
        let mut office = self.model.lock().unwrap();
        let name = format!("line{id}");
        let number = (100_000 + id).to_string();
        let context = "default".to_owned();
        let mailbox = format!("{number}@default");
        let auth = vec![("username".into(), name.clone()), ("password".into(), format!("secret{id}"))];
        let main_extension = Some((number.clone(), context.clone()));
        let model = &mut office.1;
        model.users.push(User {
            id,
            uuid: format!("00000000-0000-4000-8000-{id:012}"),
            name: format!("User {id}"),
            enabled: true,
            ring_seconds: 30,
            simultaneous_calls: 5,
            supervision_enabled: true,
            mailbox: Some(mailbox.clone()),
            main_extension,
            ..User::default()
        });
        model.endpoints.push(Endpoint {
            name: name.clone(),
            user: Some(id),
            line_id: id,
            context: context.clone(),
            auth,
            mailboxes: vec![mailbox],
            ..Endpoint::default()
        });
        model.extensions.push(Extension {
            exten: number.clone(),
            context: context.clone(),
            reached: Reached::Lines { user: Some(id), endpoints: vec![name], interfaces: Vec::new() },
        });
        model.mailboxes.push(Mailbox {
            number,
            context,
            name: format!("User {id}"),
            password: Some("1234".into()),
            ask_password: true,
            ..Mailbox::default()
        });
        office.0 += 1;
        office.0
    }
}

fn model(lab: &Lab) -> Model {
    let path = |name: &str| lab.path(name).display().to_string();
    let installation = installation();
    let site = Site {
        managed: true,
        directories: Directories {
            etc: path("etc"),
            modules: installation.modules.display().to_string(),
            data: installation.data.display().to_string(),
            varlib: path("lib"),
            spool: path("spool"),
            run: path("run"),
            log: path("log"),
        },
        ami: Ami { port: lab.ami.ami_port, user: AMI_USER.to_owned(), secret: lab.ami.ami_secret.clone() },
        sip_udp: format!("127.0.0.1:{}", lab.sip),
        sip_tcp: format!("127.0.0.1:{}", lab.sip),
        sip_tls: None,
        sip_wss: None,
        sip_certificates: Vec::new(),
        rtp_ports: (20000, 20100),
        music_on_hold: None,
        sounds: None,
        announce_forwards: true,
        abroad_is_open: false,
        ceilings: cordboard::domain::ceiling::USUAL,
        secret: "0123456789abcdef".to_owned(),
    };
    let transport =
        Transport { name: "transport-udp".into(), options: vec![("protocol".into(), "udp".into())] };
    let context = Context {
        tenant_uuid: String::new(),
        name: "default".into(),
        label: "Default".into(),
        kind: ContextKind::Internal,
        enabled: true,
        includes: Vec::new(),
    };
    Model { site, transports: vec![transport], contexts: vec![context], ..Model::default() }
}

fn reload_for(file: &str) -> Reload {
    match OUTPUTS.iter().find(|output| output.file == file).map(|output| output.reload) {
        Some(render::Reload::Module(module)) => Reload::Module(module),
        Some(render::Reload::CallTime) => Reload::Data,
        Some(render::Reload::Restart) | None => Reload::Restart,
    }
}

/// Starts an Asterisk that gets the office's files.
pub fn start(lab: &Lab, office: &Arc<Office>) -> Handle {
    let Mode::Managed { launch, ami } = lab.settings().mode else { unreachable!() };
    let mut settings =
        ApplySettings::new(Mode::Managed { launch, ami }, lab.path("etc"), lab.path("generations"));
    settings.asterisk_log = Some(lab.path("log/messages"));
    settings.reload_for = reload_for;
    apply::spawn(settings, Arc::clone(office) as Arc<dyn Source>)
}

/// Median and worst milliseconds of one more phone in an office of `phones`.
async fn one_more_phone(phones: i64) -> (f64, f64) {
    let lab = Lab::new([]);
    let office = Office::new(&lab);
    let first = (1..=phones).map(|id| office.add(id)).max().unwrap();
    let handle = start(&lab, &office);
    let status = handle.wait_for(first, BOUND).await;
    assert_eq!((status.applied_revision, status.error), (first, None), "{}", lab.log());
    let mut times = Vec::new();
    for id in phones + 1..=phones + 9 {
        let revision = office.add(id);
        handle.wake();
        let status = handle.wait_for(revision, BOUND).await;
        assert_eq!(status.outcome, Outcome::Applied, "{status:?}\n{}", lab.log());
        times.push(status.duration_ms);
    }
    assert_eq!(i64::try_from(lab.endpoints().await.len()).unwrap(), phones + 10);
    assert!(!handle.status().restart_needed);
    handle.stop().await;
    times.sort_by(f64::total_cmp);
    (*times.get(times.len() / 2).unwrap(), *times.last().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_more_phone_in_an_office_of_a_hundred() {
    let (median, worst) = one_more_phone(100).await;
    println!("one more phone at 100: median {median:.1} ms, worst {worst:.1} ms");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_more_phone_in_an_office_of_a_thousand() {
    let (median, worst) = one_more_phone(1000).await;
    println!("one more phone at 1,000: median {median:.1} ms, worst {worst:.1} ms");
}
