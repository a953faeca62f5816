//! Lists: paging, order, search and filters, all in SQL (confd.md 1.11). A resource describes its columns once.

use super::Call;
use crate::domain::problems::{Problems, field};
use crate::domain::py::Py;
use crate::domain::text::fold;
use crate::error::Result;
use rusqlite::Connection;
use rusqlite::types::{FromSql, Value};
use serde::Serialize;

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
#[derive(Debug, Serialize)]
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
        let paging = Paging::read(call)?;
        let direction = direction(call)?;
        let order = self.order(call, direction)?;
        let limit = paging.limit()?;
        let mut conditions = self.conditions(call, paging.recurse);
        let sql = format!("SELECT count(*) FROM {}{}", self.from, conditions.sql);
        let bound = rusqlite::params_from_iter(&conditions.bound);
        let total = connection.prepare_cached(&sql)?.query_row(bound, |row| row.get(0))?;
        conditions.bind(limit);
        conditions.bind(paging.offset);
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

/// `limit`, `offset` and `recurse`, which every list takes.
struct Paging {
    limit: Option<i64>,
    offset: i64,
    recurse: bool,
}

impl Paging {
    fn read(call: &Call) -> Result<Paging> {
        let mut problems = Problems::default();
        let mut number = |name: &str| match call.query(name).map(|text| whole(name, text)) {
            Some(Err(problem)) => {
                problems.0.push(problem);
                None
            }
            Some(Ok(number)) => Some(number),
            None => None,
        };
        let (limit, offset) = (number("limit"), number("offset"));
        let recurse = call.flag("recurse");
        if let Err(crate::Error::Invalid(more)) = &recurse {
            problems.0.extend(more.0.iter().cloned());
        }
        if problems.is_empty() {
            return Ok(Paging { limit, offset: offset.unwrap_or(0), recurse: recurse? });
        }
        Err(problems.into())
    }

    /// SQLite's limit: -1 is none.
    fn limit(&self) -> Result<i64> {
        match self.limit {
            Some(0) => {
                Err(Problems::one("Input Error - field 'limit': wrong type. Should be a positive number")
                    .into())
            }
            limit => Ok(limit.unwrap_or(-1)),
        }
    }
}

fn whole(name: &str, text: &str) -> std::result::Result<i64, String> {
    let problem = |message: &str| field(name, &Py::Raw(message.to_owned()));
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
