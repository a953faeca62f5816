//! `cordboard serve`.

use crate::app::App;
use crate::settings::Settings;
use tracing_subscriber::EnvFilter;

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// The application can't be built, or the server failed.
pub fn serve(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log.level)
        .map_err(|error| anyhow::anyhow!("log.level = {:?} is no filter: {error}", settings.log.level))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    let app = App::build(settings)?;
    if let Some(token) = app.made_token.as_ref().filter(|token| token.is_new) {
        println!("The administrator's token, kept in {}: {}", token.file.display(), token.value);
    }
    println!("cordboard listens on http://{}", app.address());
    actix_web::rt::System::new().block_on(async move { Ok(app.run_until_stopped().await?) })
}
