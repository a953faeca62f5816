//! Lists: paging, order, search and filters, all in SQL (confd.md 1.11). A resource describes its columns once.

use super::Call;
use crate::domain::problems::{Problems, field};
use crate::domain::py::Py;
use crate::domain::text::fold;
use crate::error::{Error, Result};
use rusqlite::Connection;
use rusqlite::types::{FromSql, Value};
use serde::Serialize;

/// Longest search, in bytes; SQLite refuses patterns of more than 50,000.
const LONGEST_TERM: usize = 10_000;

/// The order of a column that may be null: what is null comes last, as in the original's database.
pub const NULLS_LAST: &str = "{sql} IS NULL {dir}, {sql} {dir}";

/// How a column is compared by a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    Text,
    /// Several values separated by commas.
    AnyOf,
    NoCase,
    Int,
    Bool,
}

/// A column that a list can be filtered, ordered and searched by.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    /// An expression over the listing's tables.
    pub sql: &'static str,
    pub compare: Compare,
    pub searched: bool,
    /// How it is ordered, where that is not by `sql` itself; `{sql}` stands for it, `{dir}` for the direction.
    pub order: Option<&'static str>,
}

impl Column {
    pub const fn text(name: &'static str, sql: &'static str) -> Column {
        Column { name, sql, compare: Compare::Text, searched: true, order: None }
    }

    pub const fn int(name: &'static str, sql: &'static str) -> Column {
        Column { compare: Compare::Int, ..Column::text(name, sql) }
    }

    pub const fn bool(name: &'static str, sql: &'static str) -> Column {
        Column { compare: Compare::Bool, ..Column::text(name, sql) }
    }

    pub const fn any_of(mut self) -> Column {
        self.compare = Compare::AnyOf;
        self
    }

    pub const fn no_case(mut self) -> Column {
        self.compare = Compare::NoCase;
        self
    }

    pub const fn unsearched(mut self) -> Column {
        self.searched = false;
        self
    }

    pub const fn ordered_by(mut self, order: &'static str) -> Column {
        self.order = Some(order);
        self
    }
}

/// How a resource is listed.
#[derive(Debug)]
pub struct Listing {
    /// What identifies a row: `user.id`.
    pub id: &'static str,
    /// The tables: `user LEFT JOIN …`.
    pub from: &'static str,
    /// The tenant column, where the resource has tenants.
    pub tenant: Option<&'static str>,
    /// A condition that always holds: `template = 0`.
    pub only: Option<&'static str>,
    pub columns: &'static [Column],
    /// What the list is ordered by when nothing is asked, ending in something unique; each part may be given
    /// a direction by `{dir}`.
    pub default_order: &'static str,
}

/// A page of a list: `total` counts all rows that match.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Page<T> {
    pub total: i64,
    pub items: Vec<T>,
}

impl<T> Page<T> {
    pub fn map<U>(self, f: impl FnOnce(Vec<T>) -> Result<Vec<U>>) -> Result<Page<U>> {
        Ok(Page { total: self.total, items: f(self.items)? })
    }
}

/// The conditions of a query and what is bound in them.
#[derive(Default)]
struct Where {
    sql: String,
    bound: Vec<Value>,
}

impl Where {
    fn and(&mut self, condition: &str) {
        self.sql.push_str(if self.sql.is_empty() { " WHERE " } else { " AND " });
        self.sql.push_str(condition);
    }

    fn bind(&mut self, value: impl Into<Value>) {
        self.bound.push(value.into());
    }
}

impl Listing {
    /// The ids of one page, in order, as the request asks.
    ///
    /// # Errors
    /// 400 for a bad `limit`, `offset`, `recurse`, `order` or `direction`.
    pub fn page<I: FromSql>(&self, call: &Call, connection: &Connection) -> Result<Page<I>> {
        let (window, recurse) = both(Window::read(call), call.flag("recurse"))?;
        self.reach(call, connection, &window, recurse)
    }

    /// As [`Listing::page`], but always of every visible tenant.
    ///
    /// # Errors
    /// As [`Listing::page`].
    pub fn page_of_all<I: FromSql>(&self, call: &Call, connection: &Connection) -> Result<Page<I>> {
        let (window, _) = both(Window::read(call), call.flag("recurse"))?;
        self.reach(call, connection, &window, true)
    }

    fn reach<I: FromSql>(
        &self,
        call: &Call,
        connection: &Connection,
        window: &Window,
        recurse: bool,
    ) -> Result<Page<I>> {
        let direction = direction(call)?;
        let order = self.order(call, direction)?;
        let limit = window.checked_limit()?;
        let mut conditions = self.conditions(call, recurse);
        let sql = format!("SELECT count(*) FROM {}{}", self.from, conditions.sql);
        let bound = rusqlite::params_from_iter(&conditions.bound);
        let total = connection.prepare_cached(&sql)?.query_row(bound, |row| row.get(0))?;
        conditions.bind(limit);
        conditions.bind(window.offset);
        let sql = format!(
            "SELECT {} FROM {}{} ORDER BY {order} LIMIT ? OFFSET ?",
            self.id, self.from, conditions.sql
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let bound = rusqlite::params_from_iter(&conditions.bound);
        let items = statement.query_map(bound, |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(Page { total, items })
    }

    fn conditions(&self, call: &Call, recurse: bool) -> Where {
        let mut conditions = Where::default();
        if let Some(only) = self.only {
            conditions.and(only);
        }
        if let Some(tenant) = self.tenant {
            if recurse {
                conditions.and(&format!("{tenant} IN (SELECT value FROM json_each(?))"));
                conditions.bind(call.scope().visible_json());
            } else {
                conditions.and(&format!("{tenant} = ?"));
                conditions.bind(call.scope().tenant.to_string());
            }
        }
        for (name, value) in call.queries() {
            if let Some(column) = self.columns.iter().find(|column| column.name == name) {
                column.filter(value, &mut conditions);
            }
        }
        if let Some(term) = call.query("search").filter(|term| !term.is_empty()) {
            self.search(term, &mut conditions);
        }
        conditions
    }

    fn search(&self, term: &str, conditions: &mut Where) {
        if term.len() > LONGEST_TERM {
            return conditions.and("false");
        }
        let pattern = format!("%{}%", fold(term));
        let searched: Vec<_> = self.columns.iter().filter(|column| column.searched).collect();
        let parts: Vec<_> = searched.iter().map(|column| format!("fold({}) LIKE ?", column.sql)).collect();
        if parts.is_empty() {
            return;
        }
        conditions.and(&format!("({})", parts.join(" OR ")));
        for _ in &searched {
            conditions.bind(pattern.clone());
        }
    }

    fn order(&self, call: &Call, direction: &str) -> Result<String> {
        let Some(name) = call.query("order").filter(|name| !name.is_empty()) else {
            return Ok(self.default_order.replace("{dir}", direction));
        };
        let Some(column) = self.columns.iter().find(|column| column.name == name) else {
            return Err(Problems::one(format!("Input Error - order: column '{name}' was not found")).into());
        };
        let by = column.order.unwrap_or(column.sql);
        Ok(match column.order {
            Some(order) if order.contains("{dir}") => {
                let order = order.replace("{sql}", column.sql).replace("{dir}", direction);
                format!("{order}, {} {direction}", self.id)
            }
            _ => format!("{by} {direction}, {} {direction}", self.id),
        })
    }
}

impl Column {
    fn filter(&self, value: &str, conditions: &mut Where) {
        let sql = self.sql;
        match self.compare {
            Compare::Text => {
                conditions.and(&format!("{sql} = ?"));
                conditions.bind(value.to_owned());
            }
            Compare::NoCase => {
                conditions.and(&format!("lower({sql}) = lower(?)"));
                conditions.bind(value.to_owned());
            }
            Compare::AnyOf => {
                let values: Vec<_> = value.split(',').map(str::trim).collect();
                conditions.and(&format!("{sql} IN (SELECT value FROM json_each(?))"));
                conditions.bind(serde_json::json!(values).to_string());
            }
            Compare::Int => match value.parse::<i64>() {
                Ok(number) => {
                    conditions.and(&format!("{sql} = ?"));
                    conditions.bind(number);
                }
                Err(_) => conditions.and("false"),
            },
            Compare::Bool => match crate::domain::schema::truth(value) {
                Some(yes) => {
                    conditions.and(&format!("{sql} = ?"));
                    conditions.bind(i64::from(yes));
                }
                None => conditions.and("false"),
            },
        }
    }
}

/// `limit` and `offset`: which part of a list is asked for.
pub struct Window {
    limit: Option<i64>,
    offset: i64,
}

impl Window {
    /// # Errors
    /// 400 for what is no number, or negative.
    pub fn read(call: &Call) -> Result<Window> {
        let number = |name: &str| call.query(name).map(|text| whole(name, text)).transpose();
        let (limit, offset) = both(number("limit"), number("offset"))?;
        Ok(Window { limit, offset: offset.unwrap_or(0) })
    }

    /// SQLite's limit: -1 is none. Zero is refused only after `order` and `direction`.
    fn checked_limit(&self) -> Result<i64, Problems> {
        match self.limit {
            Some(0) => {
                Err(Problems::one("Input Error - field 'limit': wrong type. Should be a positive number"))
            }
            limit => Ok(limit.unwrap_or(-1)),
        }
    }

    /// The part of a list that is no table.
    ///
    /// # Errors
    /// 400 for a limit of zero.
    pub fn page<T>(&self, items: Vec<T>) -> Result<Page<T>, Problems> {
        let limit = usize::try_from(self.checked_limit()?).unwrap_or(usize::MAX);
        let offset = usize::try_from(self.offset).unwrap_or(usize::MAX);
        let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
        Ok(Page { total, items: items.into_iter().skip(offset).take(limit).collect() })
    }
}

/// Two parameters, or the mistakes of both.
///
/// # Errors
/// What either gives.
pub fn both<A, B>(a: Result<A, impl Into<Error>>, b: Result<B, impl Into<Error>>) -> Result<(A, B)> {
    match (a.map_err(Into::into), b.map_err(Into::into)) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(Error::Invalid(mut a)), Err(Error::Invalid(b))) => {
            a.0.extend(b.0);
            Err(a.into())
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

fn whole(name: &str, text: &str) -> Result<i64, Problems> {
    let problem = |message: &str| Problems::one(field(name, &Py::Raw(message.to_owned())));
    match text.trim().parse::<i64>() {
        Ok(number) if number >= 0 => Ok(number),
        Ok(_) => Err(problem(
            "[{'constraint_id': 'range', 'constraint': {'min': 0}, 'message': 'Must be greater than or equal to 0.'}]",
        )),
        Err(_) => Err(problem(
            "{'message': 'Not a valid integer.', 'constraint_id': 'type', 'constraint': 'integer'}",
        )),
    }
}

fn direction(call: &Call) -> Result<&'static str> {
    match call.query("direction") {
        None | Some("" | "asc") => Ok("ASC"),
        Some("desc") => Ok("DESC"),
        Some(_) => Err(Problems::one("Input Error - direction: must be 'asc' or 'desc'").into()),
    }
}
