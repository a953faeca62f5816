//! One Asterisk process: started in a process group of its own, or taken over when an earlier cordboard left it running;
//! started again when it ends; stopped on request. Calls never depend on cordboard, so nothing here ends it otherwise.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep};
use tracing::{error, info, warn};

/// How often a process that is not our child is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// How long SIGTERM (Asterisk's `core stop now`) may take before SIGKILL.
const STOP_BOUND: Duration = Duration::from_secs(8);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// What is looked through for the reason of an end.
const MOST_WORDS: u64 = 16 * 1024;
/// A process that has lived this long is not in a crash loop.
const STABLE: Duration = Duration::from_secs(30);

/// How to start it. All paths are absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    pub binary: PathBuf,
    /// Path of `asterisk.conf`; also how a running process is known to be ours.
    pub config: PathBuf,
    /// `astrundir`, where Asterisk leaves `asterisk.pid`.
    pub run: PathBuf,
    /// Folders that have to be there: `astvarlibdir`, `astdbdir`, `astspooldir`, `astlogdir`.
    pub folders: Vec<PathBuf>,
    /// Takes what Asterisk writes to its standard output and error.
    pub output: PathBuf,
}

impl Launch {
    /// The process id of our Asterisk, when it runs: named by its pid file and started with our configuration.
    pub fn running(&self) -> Option<i32> {
        let text = fs::read_to_string(self.run.join("asterisk.pid")).ok()?;
        let pid = text.trim().parse().ok().filter(|pid| *pid > 1)?;
        is_ours(pid, &self.config).then_some(pid)
    }

    /// The last line that was written to the output from this byte on.
    fn last_words(&self, from: u64) -> Option<String> {
        let mut file = fs::File::open(&self.output).ok()?;
        file.seek(SeekFrom::Start(from)).ok()?;
        let mut written = Vec::new();
        file.take(MOST_WORDS).read_to_end(&mut written).ok()?;
        let written = String::from_utf8_lossy(&written).replace("\u{1b}[0m", "");
        written.lines().map(str::trim).rfind(|line| !line.is_empty()).map(str::to_owned)
    }

    fn spawn(&self) -> io::Result<Child> {
        for folder in
            self.folders.iter().map(PathBuf::as_path).chain(self.output.parent()).chain([self.run.as_path()])
        {
            fs::create_dir_all(folder)?;
        }
        let output = fs::File::options().create(true).append(true).open(&self.output)?;
        Command::new(&self.binary)
            .arg("-f")
            .arg("-C")
            .arg(&self.config)
            .current_dir(&self.run)
            .stdin(Stdio::null())
            .stderr(output.try_clone()?)
            .stdout(output)
            // Ctrl-C on the terminal is for cordboard, which then stops Asterisk in order.
            .process_group(0)
            .kill_on_drop(false)
            .spawn()
    }
}

/// True when the process has `-C <config>` among its arguments. A dead process has none.
fn is_ours(pid: i32, config: &Path) -> bool {
    let Ok(line) = fs::read(format!("/proc/{pid}/cmdline")) else { return false };
    let arguments: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
    arguments.windows(2).any(|pair| matches!(pair, [b"-C", path] if *path == config.as_os_str().as_bytes()))
}

/// What is known of the process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProcessState {
    pub pid: Option<i32>,
    /// How many times it has been started by this cordboard; 0 also for one that was taken over.
    pub starts: u32,
    /// How many times it ended without being asked.
    pub crashes: u32,
    pub error: Option<String>,
}

enum Order {
    Restart(oneshot::Sender<()>),
    Stop(oneshot::Sender<()>),
}

/// The watched process. Dropping this leaves Asterisk running.
#[derive(Debug)]
pub struct Process {
    orders: mpsc::Sender<Order>,
    state: watch::Receiver<ProcessState>,
}

impl Process {
    /// Takes over the running Asterisk or starts one, and watches it from now on.
    pub fn start(launch: Launch) -> Self {
        let (orders, inbox) = mpsc::channel(4);
        let (sender, state) = watch::channel(ProcessState::default());
        tokio::spawn(Watcher { launch, inbox, state: sender, pause: SHORTEST_PAUSE, output_from: 0 }.run());
        Self { orders, state }
    }

    /// The newest state; wait for `changed` on it.
    pub fn state(&self) -> watch::Receiver<ProcessState> {
        self.state.clone()
    }

    /// Stops the process and starts it again; returns when the old one has ended. Ends calls.
    pub async fn restart(&self) {
        let (done, ended) = oneshot::channel();
        if self.orders.send(Order::Restart(done)).await.is_ok() {
            let _ = ended.await;
        }
    }

    /// Stops the process and waits until it has ended. Ends calls.
    pub async fn stop(self) {
        let (done, ended) = oneshot::channel();
        if self.orders.send(Order::Stop(done)).await.is_ok() {
            let _ = ended.await;
        }
    }
}

/// A process that is our child, or an earlier cordboard's.
enum Body {
    Child(Child, i32),
    Adopted(i32),
}

impl Body {
    fn pid(&self) -> i32 {
        match self {
            Self::Child(_, pid) | Self::Adopted(pid) => *pid,
        }
    }

    async fn ended(&mut self, config: &Path) -> String {
        match self {
            Self::Child(child, _) => match child.wait().await {
                Ok(status) => status.to_string(),
                Err(error) => error.to_string(),
            },
            Self::Adopted(pid) => {
                while is_ours(*pid, config) {
                    sleep(LOOK).await;
                }
                "it is gone".to_owned()
            }
        }
    }
}

struct Watcher {
    launch: Launch,
    inbox: mpsc::Receiver<Order>,
    state: watch::Sender<ProcessState>,
    pause: Duration,
    /// How long the output was before the last start.
    output_from: u64,
}

impl Watcher {
    async fn run(mut self) {
        loop {
            match self.begin() {
                Ok(body) => {
                    if self.watch(body).await.is_break() {
                        return;
                    }
                }
                Err(error) => {
                    let text = format!("{} cannot be started: {error}", self.launch.binary.display());
                    error!("{text}");
                    self.state.send_modify(|state| state.error = Some(text));
                    if self.rest().await.is_break() {
                        return;
                    }
                }
            }
        }
    }

    fn begin(&mut self) -> io::Result<Body> {
        let body = if let Some(pid) = self.launch.running() {
            info!(pid, "took over the running Asterisk");
            Body::Adopted(pid)
        } else {
            self.output_from = fs::metadata(&self.launch.output).map_or(0, |meta| meta.len());
            let child = self.launch.spawn()?;
            let pid = child.id().and_then(|pid| i32::try_from(pid).ok()).ok_or(io::ErrorKind::NotFound)?;
            info!(pid, "started Asterisk");
            Body::Child(child, pid)
        };
        self.state.send_modify(|state| {
            state.pid = Some(body.pid());
            state.starts += u32::from(matches!(body, Body::Child(..)));
            state.error = None;
        });
        Ok(body)
    }

    /// Until the process has ended; breaks when it is not to be started again.
    async fn watch(&mut self, mut body: Body) -> ControlFlow<()> {
        let since = Instant::now();
        let order = tokio::select! {
            how = body.ended(&self.launch.config) => {
                let is_young = matches!(body, Body::Child(..)) && since.elapsed() < STABLE;
                let words = if is_young { self.launch.last_words(self.output_from) } else { None };
                let how = words.map_or(how.clone(), |words| format!("{how}; it said: {words}"));
                warn!(pid = body.pid(), "Asterisk ended: {how}");
                self.state.send_modify(|state| {
                    state.pid = None;
                    state.crashes += 1;
                    state.error = Some(format!("Asterisk ended: {how}"));
                });
                if since.elapsed() >= STABLE {
                    self.pause = SHORTEST_PAUSE;
                }
                return self.rest().await;
            }
            order = self.inbox.recv() => order,
        };
        match order {
            Some(Order::Restart(done)) => {
                self.end(&mut body).await;
                let _ = done.send(());
                self.pause = SHORTEST_PAUSE;
                ControlFlow::Continue(())
            }
            Some(Order::Stop(done)) => {
                self.end(&mut body).await;
                let _ = done.send(());
                ControlFlow::Break(())
            }
            // cordboard is going without an order to stop: leave Asterisk running.
            None => ControlFlow::Break(()),
        }
    }

    /// Waits before the next start, longer each time.
    async fn rest(&mut self) -> ControlFlow<()> {
        let pause = self.pause;
        self.pause = (pause * 2).min(LONGEST_PAUSE);
        tokio::select! {
            () = sleep(pause) => ControlFlow::Continue(()),
            order = self.inbox.recv() => match order {
                Some(Order::Restart(done)) => {
                    let _ = done.send(());
                    ControlFlow::Continue(())
                }
                Some(Order::Stop(done)) => {
                    let _ = done.send(());
                    ControlFlow::Break(())
                }
                None => ControlFlow::Break(()),
            },
        }
    }

    /// SIGTERM, then after a bound SIGKILL, to exactly this process.
    async fn end(&mut self, body: &mut Body) {
        for signal in [Signal::TERM, Signal::KILL] {
            if let Some(pid) = Pid::from_raw(body.pid()) {
                let _ = kill_process(pid, signal);
            }
            if tokio::time::timeout(STOP_BOUND, body.ended(&self.launch.config)).await.is_ok() {
                break;
            }
            warn!(pid = body.pid(), "Asterisk did not end within {} s", STOP_BOUND.as_secs());
        }
        self.state.send_modify(|state| state.pid = None);
        info!("stopped Asterisk");
    }
}
