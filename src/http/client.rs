//! What a request says of the program that sent it.

use crate::domain::secret::Secret;
use actix_web::HttpRequest;
use actix_web::http::header::{AUTHORIZATION, USER_AGENT};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::net::{IpAddr, Ipv4Addr};

/// Who sent a request, as far as the request tells.
#[derive(Debug, Clone)]
pub struct Client {
    pub address: IpAddr,
    pub user_agent: String,
    /// `Wazo-Session-Type: mobile`
    pub mobile: bool,
    /// Name and password of `Authorization: Basic`, neither of them empty.
    pub login: Option<(String, Secret)>,
    /// The token that was sent, perhaps empty.
    pub token: Secret,
}

impl Client {
    pub fn of(request: &HttpRequest) -> Client {
        let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        Client {
            address: address(request),
            user_agent: text(USER_AGENT.as_str()).unwrap_or_default().to_owned(),
            mobile: text("Wazo-Session-Type").is_some_and(|kind| kind.eq_ignore_ascii_case("mobile")),
            login: text(AUTHORIZATION.as_str()).and_then(basic),
            token: Secret::new(text("X-Auth-Token").unwrap_or_default()),
        }
    }
}

/// The peer; where that is a proxy on this machine, whom the proxy speaks for. Others could claim any address.
fn address(request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
    if !peer.is_loopback() {
        return peer;
    }
    let forwarded = request.headers().get_all("X-Forwarded-For").last();
    let last = forwarded.and_then(|value| value.to_str().ok()).and_then(|list| list.rsplit(',').next());
    last.and_then(|address| address.trim().parse().ok()).unwrap_or(peer)
}

/// Name and password; bytes that are no UTF-8 are Latin-1.
fn basic(header: &str) -> Option<(String, Secret)> {
    let bytes = STANDARD.decode(header.strip_prefix("Basic ")?.trim()).ok()?;
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
    let (name, password) = text.split_once(':')?;
    let complete = !name.is_empty() && !password.is_empty();
    complete.then(|| (name.to_owned(), Secret::new(password)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(bytes: &[u8]) -> Option<(String, String)> {
        let (name, password) = basic(&format!("Basic {}", STANDARD.encode(bytes)))?;
        Some((name, password.expose().to_owned()))
    }

    #[test]
    fn a_login_is_read_as_the_contract_reads_it() {
        let pair = |name: &str, password: &str| Some((name.to_owned(), password.to_owned()));
        assert_eq!(login(b"anna:a:b"), pair("anna", "a:b"));
        assert_eq!(login("anna:ä".as_bytes()), pair("anna", "ä"));
        assert_eq!(login(b"anna:\xe4"), pair("anna", "ä"));
        for none in [&b"anna"[..], b":x", b"anna:", b""] {
            assert_eq!(login(none), None);
        }
        assert!(
            basic("Basic ====").is_none() && basic("basic YTpi").is_none() && basic("Basic YTp").is_none()
        );
    }
}
