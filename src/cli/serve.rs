//! `cordboard serve`.

use super::welcome::Welcome;
use crate::app::App;
use crate::apply::Handle;
use crate::settings::Settings;
use tracing_subscriber::EnvFilter;

/// The applier does one thing at a time; each further thread would keep memory of a whole render.
const APPLIER_THREADS: usize = 2;

/// Serves until SIGTERM or SIGINT. `greets`: says what to do next, for somebody at a terminal.
///
/// # Errors
/// The application can't be built, or the server failed.
pub fn serve(settings: &Settings, greets: bool) -> anyhow::Result<()> {
    // What strangers send wrong is no fault of ours: nobody shall fill the log with it. How the server starts is
    // of no use to anybody.
    let filter = EnvFilter::try_new(format!("actix_http=off,actix_server=warn,{}", settings.log.level))
        .map_err(|error| anyhow::anyhow!("log.level = {:?} is no filter: {error}", settings.log.level))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    // What Asterisk records is for its own user and group, whatever the shell said.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o027));
    let app = App::build(settings)?;
    if let Some(token) = app.made_token.as_ref().filter(|token| token.is_new) {
        let (file, value) = (token.file.display(), &token.value);
        // What goes to systemd's journal is read by others, and stays.
        match std::env::var_os("JOURNAL_STREAM") {
            Some(_) => println!("The administrator's token is kept in {file}"),
            None => println!("The administrator's token, kept in {file}: {value}"),
        }
    }
    if let Some(fingerprint) = app.fingerprint() {
        println!("The certificate's SHA-256: {fingerprint}");
    }
    println!("cordboard listens on {}", app.address());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(APPLIER_THREADS)
        .build()?;
    let welcome = greets.then(|| Welcome::new(settings, &app)).transpose()?;
    let greet = move |applier: Handle| {
        if let Some(welcome) = welcome {
            actix_web::rt::spawn(welcome.say(applier));
        }
    };
    let system = actix_web::rt::System::with_tokio_rt(|| runtime);
    system.block_on(async move { Ok(app.run_until_stopped(greet).await?) })
}
