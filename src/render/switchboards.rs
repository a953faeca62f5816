//! Switchboards: `cordboard_switchboards.conf`, what the dialplan looks up when a call comes to one or an operator takes
//! it (a change reloads nothing); and the codes of phones in `extensions.conf`, a context a tenant.

use askama::Template;

use super::builder::Builder;
use super::fileset::{File, Kind};
use super::index::Index;
use super::left_out::{Failed, Part};
use super::parking::{PLACES, device, lot_name};
use super::{RenderError, escape};
use crate::domain::switchboard_codes as codes;
use crate::model::Switchboard;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "asterisk/switchboard_context.conf")]
struct Head<'a> {
    name: &'a str,
}

#[derive(Template)]
#[template(path = "asterisk/switchboard.conf")]
struct Line<'a> {
    comment: &'a str,
    exten: &'a str,
    application: &'a str,
}

/// The context with a tenant's codes.
pub fn context_name(tenant: &str) -> String {
    format!("cordboard-switchboards-{tenant}")
}

/// The row with a tenant's lamps.
pub fn lamps_row(tenant: &str) -> String {
    format!("lamps-{tenant}")
}

fn by_tenant<'a>(index: &Index<'a>) -> BTreeMap<&'a str, Vec<&'a Switchboard>> {
    let mut boards: BTreeMap<&str, Vec<&Switchboard>> = BTreeMap::new();
    for board in &index.model.switchboards {
        boards.entry(&board.tenant_uuid).or_default().push(board);
    }
    boards
}

/// True when the tenant has one.
pub fn reached(index: &Index<'_>, tenant: &str) -> bool {
    index.model.switchboards.iter().any(|board| board.tenant_uuid == tenant)
}

/// Adds a context for each tenant that has switchboards.
pub fn contexts(builder: &mut Builder, index: &Index<'_>) -> Result<(), RenderError> {
    for (tenant, boards) in by_tenant(index) {
        let name = context_name(escape::name("tenant", tenant)?);
        builder.object(Kind::Plain, name.clone(), &Head { name: &name })?;
        for board in boards {
            let id = board.id;
            let comment = format!("switchboard {id}");
            let lines = [
                (codes::next(id), format!("Gosub(cordboard-take,s,1(queue,{id},))")),
                (
                    codes::each(id),
                    format!("Gosub(cordboard-take,s,1(queue,{id},${{EXTEN:{}}}))", codes::prefix(id)),
                ),
                // Park has to come first: so a transfer knows that the call is to be parked.
                (codes::hold(id), format!("Park({},s)", lot_name(id, "hold"))),
                (codes::held(id), format!("Gosub(cordboard-take,s,1(hold,{id},))")),
                (
                    codes::each_held(id),
                    format!("Gosub(cordboard-take,s,1(hold,{id},${{EXTEN:{}}}))", codes::prefix(id)),
                ),
            ];
            for (exten, application) in lines {
                let line = Line { comment: &comment, exten: &exten, application: &application };
                builder.object(Kind::Exten, format!("{exten}@{name}"), &line)?;
            }
        }
    }
    Ok(())
}

/// A row a switchboard, `[switchboard-id]`, and one a tenant with what its lamps watch.
pub fn render(name: &'static str, index: &Index<'_>) -> Result<File, Failed> {
    let mut builder = Builder::data(name)?;
    for board in &index.model.switchboards {
        let done =
            builder.section(Kind::CallData, &format!("switchboard-{}", board.id), &[], &row(index, board));
        builder.note(done, || Part::Switchboard(board.id));
    }
    for (tenant, boards) in by_tenant(index) {
        let lamps: Vec<_> = boards.into_iter().flat_map(lamps).collect();
        builder.section(Kind::CallData, &lamps_row(tenant), &[], &lamps)?;
    }
    builder.finish_data()
}

fn row(index: &Index<'_>, board: &Switchboard) -> Vec<(String, String)> {
    let mut row = Vec::new();
    let falls_back = |event: &str| {
        let mut all = index.model.destinations.iter();
        all.any(|one| one.owner == "switchboard" && one.owner_id == board.id && one.event == event)
    };
    if falls_back("noanswer") {
        row.push(("fallback".to_owned(), "yes".to_owned()));
        row.extend(board.timeout.map(|seconds| ("timeout".to_owned(), seconds.to_string())));
    }
    let members = board.members.iter().filter(|id| index.user(Some(**id)).is_some());
    row.extend(members.map(|id| (format!("member-{id}"), "yes".to_owned())));
    row
}

/// The code of a place is lit while a call is there, the code without a place while any call is.
fn lamps(board: &Switchboard) -> Vec<(String, String)> {
    let id = board.id;
    let kinds = [("queue", codes::next(id)), ("hold", codes::held(id))];
    let lamps = kinds.into_iter().flat_map(|(what, code)| {
        let lot = lot_name(id, what);
        let devices: Vec<_> = (1..=PLACES).map(|place| device(&lot, place)).collect();
        let all = (code.clone(), devices.join("&"));
        let each = (1..=PLACES).zip(devices).map(|(place, device)| (codes::place(&code, place), device));
        std::iter::once(all).chain(each.collect::<Vec<_>>())
    });
    lamps.collect()
}
