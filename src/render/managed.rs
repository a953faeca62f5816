//! The settings files of an Asterisk that cordboard starts itself: nearly all of their text is the template's.

use askama::Template;

use super::builder::{self, Builder};
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::Failed;
use crate::model::{Ami, Directories};

/// A file that is the same everywhere.
macro_rules! fixed_file {
    ($($function:ident, $template:ident, $path:literal;)*) => { $(
        #[derive(Template)]
        #[template(path = $path)]
        struct $template;

        pub fn $function(name: &'static str, _index: &Index<'_>) -> Result<File, Failed> {
            settings(name, &$template)
        }
    )* };
}

fixed_file! {
    acl, AclConf, "asterisk/acl.conf";
    ccss, CcssConf, "asterisk/ccss.conf";
    cdr, CdrConf, "asterisk/cdr.conf";
    cel, CelConf, "asterisk/cel.conf";
    indications, IndicationsConf, "asterisk/indications.conf";
    logger, LoggerConf, "asterisk/logger.conf";
    modules, ModulesConf, "asterisk/modules.conf";
    pjproject, PjprojectConf, "asterisk/pjproject.conf";
    sorcery, SorceryConf, "asterisk/sorcery.conf";
    stasis, StasisConf, "asterisk/stasis.conf";
    udptl, UdptlConf, "asterisk/udptl.conf";
}

#[derive(Template)]
#[template(path = "asterisk/asterisk.conf")]
struct AsteriskConf<'a> {
    dirs: &'a Directories,
}

/// Folders and options of the process.
pub fn asterisk(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    settings(name, &AsteriskConf { dirs: &index.model.site.directories })
}

/// The same as `sorcery.conf`, for the administrator's to include.
pub fn sorcery_to_include(name: &'static str, _index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    builder.object(Kind::Plain, name.to_owned(), &SorceryConf)?;
    builder.finish()
}

#[derive(Template)]
#[template(path = "asterisk/manager.conf")]
struct ManagerConf<'a> {
    ami: &'a Ami,
}

/// cordboard's own account.
pub fn manager(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    settings(name, &ManagerConf { ami: &index.model.site.ami })
}

#[derive(Template)]
#[template(path = "asterisk/confbridge.conf")]
struct ConfbridgeConf;

/// Conferences without one that is configured here. The canary is a profile of rooms that no room has.
pub fn confbridge(name: &'static str, _index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    builder.object(Kind::Plain, name.to_owned(), &ConfbridgeConf)?;
    builder.finish_with_canary(1, builder::CANARY, builder::CANARY, |digest| {
        vec![("type", "bridge".to_owned()), ("regcontext", digest)]
    })
}

#[derive(Template)]
#[template(path = "asterisk/rtp.conf")]
struct RtpConf {
    first: u16,
    last: u16,
}

/// The ports of the sound.
pub fn rtp(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let (first, last) = index.model.site.rtp_ports;
    settings(name, &RtpConf { first, last })
}

/// Asterisk's web server: websockets for browsers with TLS, and nothing without.
pub fn http(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut options = vec![("enabled", "no")];
    if let Some(wss) = &index.model.site.sip_wss {
        options.extend([
            ("servername", "cordboard"),
            // Each browser holds one as long as it is there.
            ("sessionlimit", "1000"),
            ("tlsenable", "yes"),
            ("tlsbindaddr", wss.bind.as_str()),
            ("tlscertfile", wss.certificate.as_str()),
            ("tlsprivatekey", wss.key.as_str()),
            ("tlsdisablev11", "yes"),
        ]);
    }
    let mut builder = Builder::new(name)?;
    if index.model.site.sip_wss.is_some() {
        builder.certificates(&index.model.site.sip_certificates)?;
    }
    builder.section(Kind::Plain, "general", &[], &options)?;
    builder.finish()
}

fn settings(name: &'static str, template: &impl Template) -> Result<File, Failed> {
    let mut builder = Builder::new(name)?;
    builder.object(Kind::Plain, name.to_owned(), template)?;
    builder.finish()
}
