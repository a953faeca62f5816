//! Lists of the auth API (auth.md 1.3): how many there are, how many match, and a page of them.

use crate::domain::refusal::Refusal;
use crate::domain::schema::truth;
use crate::domain::text::fold;
use crate::error::{Error, Result};
use crate::http::Call;
use rusqlite::Connection;
use rusqlite::types::{FromSql, Value};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// Longest search, in bytes.
const LONGEST_TERM: usize = 1_000;

/// What a list may be asked by. Conditions have one `?`.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    /// What it is ordered by.
    pub sort: Option<&'static str>,
    /// `… LIKE ?`, on folded text.
    pub search: Option<&'static str>,
    /// `… = ?`
    pub filter: Option<&'static str>,
}

impl Column {
    pub const fn new(name: &'static str) -> Column {
        Column { name, sort: None, search: None, filter: None }
    }

    pub const fn sort(mut self, sql: &'static str) -> Column {
        self.sort = Some(sql);
        self
    }

    pub const fn search(mut self, sql: &'static str) -> Column {
        self.search = Some(sql);
        self
    }

    pub const fn filter(mut self, sql: &'static str) -> Column {
        self.filter = Some(sql);
        self
    }
}

/// How a resource is listed.
#[derive(Debug)]
pub struct Listing {
    pub id: &'static str,
    pub from: &'static str,
    pub columns: &'static [Column],
    /// The column that orders when nothing is asked.
    pub order: &'static str,
}

/// Which rows a list is about, before it is searched.
#[derive(Debug)]
pub struct Within {
    sql: String,
    bound: Vec<Value>,
}

impl Within {
    /// Rows for which this holds; the condition has one `?`.
    pub fn only(condition: &str, value: impl Into<Value>) -> Within {
        Within { sql: condition.to_owned(), bound: vec![value.into()] }
    }

    /// Rows of the request's tenant, with `recurse` of those below too; `column` is the tenant's.
    ///
    /// # Errors
    /// 400 for a bad query.
    pub fn tenants(call: &Call, column: &str) -> Result<Within> {
        Ok(Within::only(&format!("{column} IN (SELECT value FROM json_each(?))"), tenants_json(call)?))
    }

    /// Rows of all tenants that the request sees.
    pub fn visible(call: &Call, column: &str) -> Within {
        let condition = format!("{column} IN (SELECT value FROM json_each(?))");
        Within::only(&condition, call.scope().visible_json())
    }

    pub fn or(mut self, condition: &str, value: impl Into<Value>) -> Within {
        self.sql = format!("({} OR {condition})", self.sql);
        self.bound.push(value.into());
        self
    }

    pub fn and(mut self, condition: &str, value: impl Into<Value>) -> Within {
        self.sql = format!("{} AND {condition}", self.sql);
        self.bound.push(value.into());
        self
    }
}

/// The tenants that a list is about, as JSON.
///
/// # Errors
/// 400 for a bad `recurse`.
pub fn tenants_json(call: &Call) -> Result<String> {
    let recurse = call.query("recurse").map_or(Some(false), truth);
    let recurse = recurse
        .ok_or_else(|| bad(&[("recurse", fault("type", json!("boolean"), "Not a valid boolean."))]))?;
    Ok(if recurse { call.scope().visible_json() } else { json!([call.scope().tenant]).to_string() })
}

/// A page of a list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Found<T> {
    /// Matches of search and filters.
    pub filtered: i64,
    pub total: i64,
    pub items: Vec<T>,
}

impl<T> Found<T> {
    pub fn map<U>(self, f: impl FnOnce(Vec<T>) -> Result<Vec<U>>) -> Result<Found<U>> {
        Ok(Found { filtered: self.filtered, total: self.total, items: f(self.items)? })
    }
}

impl<T: Serialize> Found<T> {
    /// As lists of policies are: without `filtered`.
    pub fn brief(self) -> serde_json::Value {
        json!({"total": self.total, "items": self.items})
    }
}

/// Order and part of a list.
struct Query {
    limit: i64,
    offset: i64,
    order: &'static str,
    direction: &'static str,
}

impl Listing {
    /// The ids of a page.
    ///
    /// # Errors
    /// 400 for a bad query.
    pub fn page<I: FromSql>(&self, call: &Call, connection: &Connection, within: Within) -> Result<Found<I>> {
        let query = self.query(call)?;
        let count = |within: &Within| -> Result<i64> {
            let sql = format!("SELECT count(*) FROM {} WHERE {}", self.from, within.sql);
            let bound = rusqlite::params_from_iter(&within.bound);
            Ok(connection.prepare_cached(&sql)?.query_row(bound, |row| row.get(0))?)
        };
        let total = count(&within)?;
        let mut within = self.narrow(call, within);
        let filtered = count(&within)?;
        let sql = format!(
            "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT ? OFFSET ?",
            self.id,
            self.from,
            within.sql,
            self.sorting(&query),
        );
        within.bound.extend([query.limit.into(), query.offset.into()]);
        let mut page = connection.prepare_cached(&sql)?;
        let rows = page.query_map(rusqlite::params_from_iter(&within.bound), |row| row.get(0))?;
        Ok(Found { filtered, total, items: rows.collect::<rusqlite::Result<_>>()? })
    }

    /// What is equal is in the usual order.
    fn sorting(&self, query: &Query) -> String {
        let (sort, direction, id) = (query.order, query.direction, self.id);
        let usual = self.columns.iter().find(|column| column.name == self.order);
        let usual = usual.and_then(|column| column.sort).unwrap_or(id);
        format!("{sort} IS NULL {direction}, {sort} {direction}, {usual}, {id}")
    }

    fn narrow(&self, call: &Call, mut within: Within) -> Within {
        for (name, value) in call.queries() {
            let column = self.columns.iter().find(|column| column.name == name);
            if let Some(filter) = column.and_then(|column| column.filter) {
                within = within.and(filter, value.clone());
            }
        }
        let Some(term) = call.query("search").filter(|term| !term.trim().is_empty()) else { return within };
        let term: String = term.chars().take(LONGEST_TERM).collect();
        let words: Vec<_> = fold(&term).split_whitespace().map(str::to_owned).collect();
        let pattern = format!("%{}%", words.join("%"));
        let searches: Vec<_> = self.columns.iter().filter_map(|column| column.search).collect();
        if !searches.is_empty() {
            within.sql = format!("{} AND ({})", within.sql, searches.join(" OR "));
            within.bound.extend(searches.iter().map(|_| Value::from(pattern.clone())));
        }
        within
    }

    fn query(&self, call: &Call) -> Result<Query> {
        let mut wrong = Vec::new();
        let mut number =
            |name: &'static str, absent: i64| match call.query(name).map(|text| text.trim().parse::<i64>()) {
                None => absent,
                Some(Ok(number)) if number >= 0 => number,
                Some(Ok(_)) => {
                    let text = "Must be greater than or equal to 0.";
                    wrong.push((name, fault("range", json!({"min": 0}), text)));
                    absent
                }
                Some(Err(_)) => {
                    wrong.push((name, fault("type", json!("integer"), "Not a valid integer.")));
                    absent
                }
            };
        let (limit, offset) = (number("limit", -1), number("offset", 0));
        let sortable = || self.columns.iter().filter(|column| column.sort.is_some());
        let name = call.query("order").unwrap_or(self.order);
        let order = sortable().find(|column| column.name == name).and_then(|column| column.sort);
        if order.is_none() {
            let choices: Vec<_> = sortable().map(|column| column.name).collect();
            wrong.push(("order", choice(&choices)));
        }
        let direction = match call.query("direction") {
            None | Some("asc") => "ASC",
            Some("desc") => "DESC",
            Some(_) => {
                wrong.push(("direction", choice(&["asc", "desc"])));
                "ASC"
            }
        };
        match order {
            Some(order) if wrong.is_empty() => Ok(Query { limit, offset, order, direction }),
            _ => Err(bad(&wrong)),
        }
    }
}

fn fault(id: &str, constraint: serde_json::Value, message: &str) -> serde_json::Value {
    json!({"message": message, "constraint_id": id, "constraint": constraint})
}

fn choice(choices: &[&str]) -> serde_json::Value {
    let message = format!("Must be one of: {}.", choices.join(", "));
    fault("enum", json!({"choices": choices}), &message)
}

fn bad(wrong: &[(&str, serde_json::Value)]) -> Error {
    let mut message = serde_json::Map::new();
    for (name, fault) in wrong {
        message.insert((*name).to_owned(), fault.clone());
    }
    let (message, details) = (serde_json::Value::Object(message), json!({}));
    Refusal::Detailed {
        status: 400,
        message,
        error_id: "invalid-list-param",
        details,
        resource: Some("users"),
    }
    .into()
}

/// Uuids that are stored as text.
pub fn uuids(texts: &[String]) -> Vec<Uuid> {
    texts.iter().filter_map(|text| Uuid::try_parse(text).ok()).collect()
}
