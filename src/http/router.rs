//! From a request's path to its routes: one table for all prefixes and threads.

use super::path::{Kind, placeholders, to_shape};
use super::route::Route;
use std::collections::BTreeMap;

/// A path's placeholders with their values, percent-decoded but for `%2F` and `%25`.
pub type Values = Vec<(String, String)>;

/// The table.
#[derive(Default)]
pub struct Router {
    /// By shape (`/1.1/users/{1}`): the paths that have it, which differ in the types of their placeholders.
    shapes: matchit::Router<Vec<Place>>,
}

/// The routes of one path.
pub struct Place {
    /// `/1.1`, `/api/confd/1.1`.
    pub prefix: &'static str,
    /// One a method; there is at least one.
    pub methods: Vec<Route>,
    placeholders: Vec<(&'static str, Kind)>,
}

impl Place {
    fn new(prefix: &'static str, path: &'static str) -> Place {
        let placeholders =
            placeholders(path).into_iter().map(|(name, kind)| (name, Kind::of(kind))).collect();
        Place { prefix, methods: Vec::new(), placeholders }
    }
}

impl Router {
    /// Of the routes of every prefix.
    ///
    /// # Errors
    /// A path that is none.
    pub fn new(
        mounts: impl IntoIterator<Item = (&'static str, Vec<Route>)>,
    ) -> Result<Router, matchit::InsertError> {
        let mut shapes: BTreeMap<String, BTreeMap<&'static str, Place>> = BTreeMap::new();
        for (prefix, routes) in mounts {
            for route in routes {
                let places = shapes.entry(to_shape(&format!("{prefix}{}", route.path))).or_default();
                let place = places.entry(route.path).or_insert_with(|| Place::new(prefix, route.path));
                place.methods.push(route);
            }
        }
        let mut router = Router::default();
        for (shape, places) in shapes {
            router.shapes.insert(shape, places.into_values().collect())?;
        }
        Ok(router)
    }

    /// The routes of `path`, and the values of its placeholders.
    pub fn find(&self, path: &str) -> Option<(&Place, Values)> {
        let found = self.shapes.at(path).ok()?;
        let values = || found.params.iter().map(|(_, value)| value);
        let place = found.value.iter().find(|place| {
            place.placeholders.iter().zip(values()).all(|((_, kind), value)| kind.takes(value))
        })?;
        let names = place.placeholders.iter().map(|(name, _)| (*name).to_owned());
        Some((place, names.zip(values().map(str::to_owned)).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Answer;
    use actix_web::http::Method;

    fn router() -> Router {
        let read = |path| Route::read(path, "", |_, _| Ok(Answer::Empty));
        let routes = vec![
            read("/users/{user:key}"),
            read("/users/export"),
            read("/users/{user:uuid}/lines/{line:line}"),
            read("/users/{user:key}/lines").on(Method::PUT),
            read("/users/{user:uuid}/lines"),
            read("/tokens/{token}"),
        ];
        Router::new([("/1.1", routes.clone()), ("/api/1.1", routes)]).unwrap()
    }

    const ANN: &str = "0000AAAA-0000-4000-8000-00000000000a";

    fn found(path: &str) -> Option<(&'static str, &'static str, Vec<String>)> {
        let router = router();
        let (place, values) = router.find(path)?;
        Some((place.prefix, place.methods[0].path, values.into_iter().map(|(_, value)| value).collect()))
    }

    #[test]
    fn a_path_is_found_by_its_words_and_by_the_types_of_its_placeholders() {
        let of = |values: &[&str]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(found("/1.1/users/7"), Some(("/1.1", "/users/{user:key}", of(&["7"]))));
        assert_eq!(found("/1.1/users/export"), Some(("/1.1", "/users/export", of(&[]))));
        let line = "/users/{user:uuid}/lines/{line:line}";
        assert_eq!(
            found(&format!("/api/1.1/users/{ANN}/lines/main")),
            Some(("/api/1.1", line, of(&[ANN, "main"])))
        );
        assert_eq!(found("/1.1/users/7/lines"), Some(("/1.1", "/users/{user:key}/lines", of(&["7"]))));
        assert_eq!(found("/1.1/tokens/a.b"), Some(("/1.1", "/tokens/{token}", of(&["a.b"]))));
    }

    #[test]
    fn a_path_that_no_route_has_is_not_found() {
        for path in
            ["/", "", "/1.1", "/1.1/users", "/1.1/users/", "/1.1/users/x", "/1.1/users/7/", "/1.1/tokens/a/b"]
        {
            assert_eq!(found(path), None, "{path}");
        }
        assert_eq!(found(&format!("/1.1/users/{ANN}x")), None);
        assert_eq!(found("/1.1/users/7/lines/main"), None, "a number is no uuid");
        assert_eq!(found("/1.1/users/٣"), None, "digits are ASCII");
    }
}
