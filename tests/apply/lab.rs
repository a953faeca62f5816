//! A folder with everything one Asterisk needs, a small hand-written configuration, and ways to look at both.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use cordboard::apply::ami::{Client, Message};
use cordboard::apply::{
    self, AmiAccount, ApplySettings, AsteriskState, Dialled, FolderWork, Handle, Mode, PhonePin, Source,
    Status, SwitchedSince, Verdict,
};
use cordboard::asterisk::{AMI_USER, Installation, Launch, ManagedState, locate};
use cordboard::render::{File, FileSet, Kind, Object};
use rustix::process::{Pid, Signal, kill_process};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// Longer than anything here takes, on a busy machine too.
pub const BOUND: Duration = Duration::from_secs(60);

/// What a test changes: the "database".
#[derive(Debug, Clone, Default)]
pub struct Office {
    pub revision: i64,
    /// Name of an endpoint, which is also its number's device: number and name.
    pub phones: Vec<(String, String)>,
    /// Text that is put verbatim to the end of a file.
    pub extra: Vec<(&'static str, String)>,
    /// Call data.
    pub ring_seconds: u32,
    pub asterisk_conf_extra: String,
}

#[derive(Debug, Default)]
pub struct Database(Mutex<Office>, Mutex<Option<Paths>>);

#[derive(Debug, Clone)]
struct Paths {
    root: PathBuf,
    modules: PathBuf,
    data: PathBuf,
    ami: ManagedState,
    sip: u16,
}

impl Database {
    pub fn office(&self) -> MutexGuard<'_, Office> {
        self.0.lock().unwrap()
    }
}

/// What a source is asked about phones, where there are none.
macro_rules! no_phones {
    () => {
        fn adopt_pins(&self, pins: &[PhonePin]) -> Result<Vec<Verdict>, String> {
            Ok(vec![Verdict::NotOurs; pins.len()])
        }

        fn adopt_switches(&self, _: &[Dialled]) -> Result<(), String> {
            Ok(())
        }

        fn switched_since(&self, _: Option<&str>) -> Result<SwitchedSince, String> {
            Ok(SwitchedSince::default())
        }

        fn lamps(&self) -> Result<BTreeMap<String, bool>, String> {
            Ok(BTreeMap::new())
        }

        fn adopt_logins(&self, _: &[cordboard::apply::Login]) -> Result<(), String> {
            Ok(())
        }

        fn strangers(&self, _: &[cordboard::apply::Login]) -> Result<Vec<cordboard::apply::Login>, String> {
            Ok(Vec::new())
        }

        fn seats(&self) -> Result<Vec<cordboard::apply::Seat>, String> {
            Ok(Vec::new())
        }

        fn folder_works(&self, _: i64) -> Result<Vec<FolderWork>, String> {
            Ok(Vec::new())
        }

        fn folder_work_done(&self, _: i64) -> Result<(), String> {
            Ok(())
        }
    };
}
pub(crate) use no_phones;

impl Source for Database {
    fn revision(&self) -> Result<i64, String> {
        Ok(self.office().revision)
    }

    fn render(&self) -> Result<(i64, FileSet), String> {
        let office = self.office().clone();
        let paths = self.1.lock().unwrap().clone();
        Ok((office.revision, render(&office, paths.as_ref())))
    }

    no_phones!();
}

fn object(kind: Kind, name: &str, text: String) -> Object {
    Object { kind, name: name.to_owned(), text }
}

fn hash(objects: &[Object], extra: &str) -> String {
    let mut hash = Sha256::new();
    objects.iter().for_each(|object| hash.update(&object.text));
    hash.update(extra);
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn render(office: &Office, paths: Option<&Paths>) -> FileSet {
    let mut set = FileSet::default();
    let mut put = |name: &'static str, head: &str, mut objects: Vec<Object>, canary: Option<(&str, &str)>| {
        let extra: String =
            office.extra.iter().filter(|(file, _)| *file == name).map(|(_, text)| &**text).collect();
        if let Some((canary, text)) = canary {
            let text = text.replace("HASH", &hash(&objects, &extra));
            objects.insert(0, object(Kind::Canary, canary, text));
        }
        set.files.insert(name, File { head: head.to_owned(), objects, tail: extra });
    };
    let canary = "cordboard-canary";
    let phones = || office.phones.iter();
    let endpoints = phones().map(|(_, name)| {
        let text = format!(
            "[{name}]\ntype=endpoint\ncontext=default\ndisallow=all\nallow=ulaw\nauth={name}\naors={name}\n\n"
        );
        object(Kind::Endpoint, name, text)
    });
    put(
        "pjsip_endpoint.conf",
        "#tryinclude custom/pjsip_endpoint.conf\n",
        endpoints.collect(),
        Some((
            canary,
            "[cordboard-canary]\ntype=endpoint\ncontext=nowhere\naccountcode=HASH\ndisallow=all\nallow=ulaw\n\n",
        )),
    );
    let auths = phones().map(|(_, name)| {
        object(
            Kind::Auth,
            name,
            format!("[{name}]\ntype=auth\nauth_type=digest\nusername={name}\npassword=pw-{name}\n\n"),
        )
    });
    put(
        "pjsip_auth.conf",
        "",
        auths.collect(),
        Some((
            canary,
            "[cordboard-canary]\ntype=auth\nauth_type=digest\nusername=c\npassword=c\nrealm=HASH\n\n",
        )),
    );
    let aors =
        phones().map(|(_, name)| object(Kind::Aor, name, format!("[{name}]\ntype=aor\nmax_contacts=5\n\n")));
    put(
        "pjsip_aor.conf",
        "",
        aors.collect(),
        Some((canary, "[cordboard-canary]\ntype=aor\nvoicemail_extension=HASH\n\n")),
    );
    let extens = phones().map(|(number, name)| {
        object(Kind::Exten, &format!("{number}@default"), format!("exten => {number},1,Dial(PJSIP/{name})\n"))
    });
    let mut objects: Vec<Object> = vec![object(Kind::Plain, "default", "[default]\n".to_owned())];
    objects.extend(extens);
    put(
        "extensions.conf",
        "[general]\nclearglobalvars=yes\n\n[globals]\n",
        objects,
        Some(("CORDBOARD_CANARY", "CORDBOARD_CANARY=HASH\n\n")),
    );
    let boxes = phones().map(|(number, name)| {
        object(Kind::Mailbox, &format!("{number}@default"), format!("{number} => 1234,{name},,,\n"))
    });
    let mut objects: Vec<Object> = vec![object(Kind::Plain, "default", "[default]\n".to_owned())];
    objects.extend(boxes);
    put(
        "voicemail.conf",
        "[general]\nformat=wav\n\n",
        objects,
        Some(("0@cordboard-canary", "[cordboard-canary]\n0 => -,HASH,,,\n\n")),
    );
    let rows = phones().map(|(number, _)| {
        object(Kind::CallData, number, format!("[{number}]\nring={:03}\n", office.ring_seconds))
    });
    put("calls.conf", "", rows.collect(), None);
    if let Some(paths) = paths {
        managed(office, paths, &mut put);
    }
    set
}

fn managed(
    office: &Office,
    paths: &Paths,
    put: &mut impl FnMut(&'static str, &str, Vec<Object>, Option<(&str, &str)>),
) {
    let mut text = String::from("[directories]\n");
    let root = paths.root.display();
    for (key, folder) in [
        ("etc", "etc"),
        ("varlib", "lib"),
        ("db", "lib"),
        ("key", "lib"),
        ("spool", "spool"),
        ("run", "run"),
        ("log", "log"),
    ] {
        writeln!(text, "ast{key}dir => {root}/{folder}").unwrap();
    }
    writeln!(text, "astmoddir => {}", paths.modules.display()).unwrap();
    writeln!(text, "astdatadir => {}", paths.data.display()).unwrap();
    writeln!(text, "{}", office.asterisk_conf_extra).unwrap();
    put("asterisk.conf", &text, Vec::new(), None);
    put("modules.conf", MODULES, Vec::new(), None);
    put("logger.conf", "[general]\n[logfiles]\nmessages => notice,warning,error\n", Vec::new(), None);
    put("rtp.conf", "[general]\nrtpstart=30000\nrtpend=30100\n", Vec::new(), None);
    let manager = format!(
        "[general]\nenabled=yes\nbindaddr=127.0.0.1\nport={}\n\n[{AMI_USER}]\nsecret={}\nread=system,user\nwrite=system,config,reporting,user\n",
        paths.ami.ami_port, paths.ami.ami_secret
    );
    put("manager.conf", &manager, Vec::new(), None);
    let sorcery = ["endpoint", "auth", "aor"]
        .map(|kind| format!("{kind}=config,pjsip_{kind}.conf,criteria=type={kind},integrity=file\n"))
        .concat();
    put("sorcery.conf", &format!("[res_pjsip]\n{sorcery}"), Vec::new(), None);
    let transport = format!("[transport-udp]\ntype=transport\nprotocol=udp\nbind=127.0.0.1:{}\n", paths.sip);
    put("pjsip.conf", "", vec![object(Kind::Transport, "transport-udp", transport)], None);
}

const MODULES: &str = "[modules]
autoload=no
preload=res_sorcery_config.so
preload=res_sorcery_memory.so
preload=res_sorcery_astdb.so
preload=res_pjproject.so
load=res_timing_timerfd.so
load=res_pjsip.so
load=res_pjsip_session.so
load=res_pjsip_registrar.so
load=res_pjsip_authenticator_digest.so
load=res_pjsip_endpoint_identifier_user.so
load=res_pjsip_sdp_rtp.so
load=res_pjsip_caller_id.so
load=res_rtp_asterisk.so
load=codec_ulaw.so
load=format_wav.so
load=bridge_simple.so
load=chan_pjsip.so
load=pbx_config.so
load=app_dial.so
load=app_echo.so
load=app_voicemail.so
load=app_stack.so
load=res_clioriginate.so
load=func_config.so
load=func_db.so
";

/// One Asterisk's folders, and the database in front of it.
pub struct Lab {
    pub folder: TempDir,
    pub database: Arc<Database>,
    pub launch: Launch,
    pub ami: ManagedState,
    pub sip: u16,
}

pub fn installation() -> Installation {
    let binary = std::env::var_os("CORDBOARD_TEST_ASTERISK").map(PathBuf::from);
    locate(binary.as_deref()).expect("an Asterisk for the tests: tools/get-asterisk gets one")
}

impl Lab {
    /// Folders, ports and an office with these numbers; nothing runs yet.
    pub fn new(numbers: impl IntoIterator<Item = u32>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let installation = installation();
        let launch = Launch {
            binary: installation.binary,
            config: root.join("etc/asterisk.conf"),
            run: root.join("run"),
            folders: ["lib", "spool", "log"].map(|name| root.join(name)).to_vec(),
            output: root.join("log/output"),
        };
        let ami = ManagedState::prepare(root, &launch).unwrap();
        let sip = free_sip_port();
        let phones = numbers.into_iter().map(|number| (number.to_string(), format!("p{number}"))).collect();
        let office = Office { revision: 1, phones, ..Office::default() };
        let paths = Paths {
            root: root.to_owned(),
            modules: installation.modules,
            data: installation.data,
            ami: ami.clone(),
            sip,
        };
        let database = Arc::new(Database(Mutex::new(office), Mutex::new(Some(paths))));
        Self { folder, database, launch, ami, sip }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn account(&self) -> AmiAccount {
        AmiAccount {
            address: self.ami.ami_address(),
            user: AMI_USER.to_owned(),
            secret: self.ami.ami_secret.clone(),
        }
    }

    pub fn settings(&self) -> ApplySettings {
        let mode = Mode::Managed { launch: self.launch.clone(), ami: self.account() };
        let mut settings = ApplySettings::new(mode, self.path("etc"), self.path("generations"));
        settings.asterisk_log = Some(self.path("log/messages"));
        settings
    }

    /// Starts the applier, waits until revision 1 runs.
    pub async fn start(&self) -> Handle {
        let handle = apply::spawn(self.settings(), Arc::clone(&self.database) as Arc<dyn Source>);
        let status = handle.wait_for(1, BOUND).await;
        assert_eq!(status.applied_revision, 1, "{status:?}\n{}", self.log());
        handle
    }

    /// Changes the office, and waits until the new revision's fate is known.
    pub async fn change(&self, handle: &Handle, change: impl FnOnce(&mut Office)) -> Status {
        let revision = {
            let mut office = self.database.office();
            change(&mut office);
            office.revision += 1;
            office.revision
        };
        handle.wake();
        let status = handle.wait_for(revision, BOUND).await;
        assert!(status.settled_revision >= revision, "{status:?}\n{}", self.log());
        status
    }

    /// A connection of the test's own.
    pub async fn client(&self) -> Client {
        Client::connect(&self.account(), Duration::from_secs(10)).await.unwrap()
    }

    pub async fn endpoints(&self) -> Vec<String> {
        let mut names = Vec::new();
        let each = |message: &Message| names.extend(message.get("ObjectName").map(str::to_owned));
        self.client().await.list("PJSIPShowEndpoints", &[], each).await.unwrap();
        names.sort();
        names
    }

    pub async fn variable(&self, name: &str) -> String {
        let answer = self.client().await.action("Getvar", &[("Variable", name)]).await.unwrap();
        answer.get("Value").unwrap_or_default().to_owned()
    }

    /// Asterisk's own command line.
    pub fn command(&self, command: &str) -> String {
        let output = std::process::Command::new(&self.launch.binary)
            .arg("-C")
            .arg(&self.launch.config)
            .args(["-rx", command])
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn pid(&self) -> i32 {
        self.launch.running().expect("Asterisk runs")
    }

    pub fn log(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.path(name)).unwrap_or_default();
        format!("{}\n{}", read("log/messages"), read("log/output"))
    }
}

impl Drop for Lab {
    /// Nothing that was started stays.
    fn drop(&mut self) {
        if let Some(pid) = self.launch.running().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// Polls until `done`, with a bound.
pub async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + BOUND;
    while !done().await {
        assert!(Instant::now() < end, "never came: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub async fn until_running(handle: &Handle) {
    until("Asterisk running", async || handle.status().asterisk == AsteriskState::Running).await;
}

pub fn kill(pid: i32) {
    signal(pid, Signal::KILL);
}

pub fn signal(pid: i32, signal: Signal) {
    kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
}

pub fn mtime(path: &Path) -> std::time::SystemTime {
    std::fs::metadata(path).unwrap().modified().unwrap()
}

/// A port that is free for UDP and for TCP.
fn free_sip_port() -> u16 {
    let both = |_| {
        let udp = UdpSocket::bind("127.0.0.1:0").ok()?;
        let address = udp.local_addr().ok()?;
        TcpListener::bind(address).ok().map(|_| address.port())
    };
    (0..100).find_map(both).expect("a free port")
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
