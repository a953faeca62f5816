//! Handlers of `/extensions/features`.

use super::{Feature, SCHEMA, View, store, update};
use crate::db::WriteTx;
use crate::domain::schema::Mode;
use crate::error::{Error, Result};
use crate::http::{Answer, Call, Route};
use rusqlite::Connection;

pub fn routes() -> Vec<Route> {
    let one = "/extensions/features/{feature:uuid}";
    vec![
        Route::read("/extensions/features", "List feature codes", list_features)
            .lists::<View>()
            .master()
            .bare_405(),
        Route::read(one, "Get a feature code", get_feature).shows::<View>().master().bare_405(),
        Route::put(one, "Change a feature code", update_feature).body(&SCHEMA).master().bare_405(),
    ]
}

fn list_features(call: &Call, connection: &Connection) -> Result<Answer> {
    let page = store::LISTING.page::<String>(call, connection)?;
    let listed = |row| View::listed(call, row);
    Answer::json(&page.map(|uuids| Ok(store::many(connection, &uuids)?.into_iter().map(listed).collect()))?)
}

fn get_feature(call: &Call, connection: &Connection) -> Result<Answer> {
    Answer::json(&View::whole(call, found(call, connection)?))
}

fn update_feature(call: &Call, tx: &WriteTx) -> Result<Answer> {
    let feature = found(call, tx)?;
    update(tx, feature, &call.parse(&SCHEMA, Mode::Update)?)?;
    Ok(Answer::Empty)
}

fn found(call: &Call, connection: &Connection) -> Result<Feature> {
    let uuid = call.uuid("feature");
    let missing = || Error::not_found("FeatureExtension", &[("uuid", uuid.into())]);
    store::get(connection, uuid)?.ok_or_else(missing)
}
