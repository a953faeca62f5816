//! A phone that can do one thing: register over UDP with digest authentication (RFC 3261, RFC 2617).

use md5::{Digest, Md5};
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

/// Registers and panics when that is refused.
pub fn register(server: SocketAddr, user: &str, password: &str) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    socket.connect(server).unwrap();
    let challenge = exchange(&socket, server, user, 1, "");
    assert!(challenge.starts_with("SIP/2.0 401"), "{challenge}");
    let line = challenge.lines().find(|line| line.starts_with("WWW-Authenticate")).unwrap();
    let part = |name: &str| line.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
    let (realm, nonce, uri) = (part("realm"), part("nonce"), format!("sip:{server}"));
    let first = md5(&format!("{user}:{realm}:{password}"));
    let second = md5(&format!("REGISTER:{uri}"));
    let response = md5(&format!("{first}:{nonce}:00000001:c0ffee:auth:{second}"));
    let header = format!(
        "Authorization: Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
         response=\"{response}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c0ffee\"{}\r\n",
        line.split("opaque=\"").nth(1).map_or(String::new(), |opaque| {
            format!(", opaque=\"{}\"", opaque.split('"').next().unwrap())
        })
    );
    let answer = exchange(&socket, server, user, 2, &header);
    assert!(answer.starts_with("SIP/2.0 200"), "{answer}");
}

fn exchange(socket: &UdpSocket, server: SocketAddr, user: &str, cseq: u32, header: &str) -> String {
    let own = socket.local_addr().unwrap();
    let request = format!(
        "REGISTER sip:{server} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bK{user}{cseq};rport\r\n\
         Max-Forwards: 70\r\nFrom: <sip:{user}@{server}>;tag={user}\r\nTo: <sip:{user}@{server}>\r\n\
         Call-ID: {user}@bench\r\nCSeq: {cseq} REGISTER\r\nContact: <sip:{user}@{own}>\r\nExpires: 120\r\n\
         {header}Content-Length: 0\r\n\r\n"
    );
    socket.send(request.as_bytes()).unwrap();
    let mut buffer = [0; 4096];
    loop {
        let length = socket.recv(&mut buffer).unwrap();
        let text = String::from_utf8_lossy(buffer.get(..length).unwrap()).into_owned();
        if text.starts_with("SIP/2.0") && text.contains(&format!("CSeq: {cseq} REGISTER")) {
            return text;
        }
    }
}

fn md5(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
