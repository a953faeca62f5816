//! A phone for measurements, over UDP with digest authentication (RFC 3261, RFC 2617): it registers, calls, is
//! called, and sends no sound. What it does not expect makes it panic.

use md5::{Digest, Md5};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// A registered phone.
pub struct Phone {
    socket: UdpSocket,
    server: SocketAddr,
    user: String,
    password: String,
    /// Number of the next request that begins a dialog.
    next: u32,
}

/// A call that rings somewhere.
pub struct Call {
    /// The INVITE without what differs in its CANCEL and ACK.
    target: String,
    id: String,
    branch: String,
    cseq: u32,
    /// When the INVITE with the right password went out.
    pub sent: Instant,
}

impl Phone {
    /// Registers and panics when that is refused.
    pub fn register(server: SocketAddr, user: &str, password: &str) -> Phone {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        socket.connect(server).unwrap();
        let mut phone =
            Phone { socket, server, user: user.to_owned(), password: password.to_owned(), next: 1 };
        let (id, uri) = (phone.id(), format!("sip:{server}"));
        let contact = format!("{}Expires: 120\r\n", phone.contact());
        phone.request("REGISTER", &uri, &id, 1, "one", &format!("<sip:{user}@{server}>"), &contact);
        let challenge = phone.answer(&id, 1);
        assert!(challenge.starts_with("SIP/2.0 401"), "{challenge}");
        let headers = format!("{contact}{}", phone.authorization("REGISTER", &uri, &challenge));
        phone.request("REGISTER", &uri, &id, 2, "two", &format!("<sip:{user}@{server}>"), &headers);
        let answer = phone.answer(&id, 2);
        assert!(answer.starts_with("SIP/2.0 200"), "{answer}");
        phone
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.socket.local_addr().unwrap()
    }

    /// Calls a number; the other side is asked for when it rings.
    pub fn call(&mut self, number: &str) -> Call {
        let id = self.id();
        let target = format!("sip:{number}@{}", self.server);
        let to = format!("<{target}>");
        let own = self.socket.local_addr().unwrap();
        let sound = format!(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {} RTP/AVP 0\r\n",
            own.port()
        );
        let contact = format!("{}Content-Type: application/sdp\r\n", self.contact());
        self.send("INVITE", &target, &id, (1, "one"), &to, &contact, &sound);
        let challenge = self.answer(&id, 1);
        assert!(challenge.starts_with("SIP/2.0 401"), "{challenge}");
        self.request("ACK", &target, &id, 1, "one", header(&challenge, "To"), "");
        let headers = format!("{contact}{}", self.authorization("INVITE", &target, &challenge));
        let sent = Instant::now();
        self.send("INVITE", &target, &id, (2, "two"), &to, &headers, &sound);
        Call { target, id, branch: "two".to_owned(), cseq: 2, sent }
    }

    /// Ends a call that nobody has answered.
    pub fn cancel(&self, call: &Call) {
        let to = format!("<{}>", call.target);
        self.request("CANCEL", &call.target, &call.id, call.cseq, &call.branch, &to, "");
        loop {
            let answer = self.read();
            if answer.contains(&call.id) && answer.contains("INVITE") && !answer.starts_with("SIP/2.0 1") {
                let to = header(&answer, "To");
                self.request("ACK", &call.target, &call.id, call.cseq, &call.branch, to, "");
                return;
            }
        }
    }

    /// Waits for a call, at most so long; gives when it came. It rings until [`Phone::let_go`].
    pub fn incoming(&self, bound: Duration) -> Option<(Instant, String)> {
        self.socket.set_read_timeout(Some(bound)).unwrap();
        let mut buffer = [0; 8192];
        let found = loop {
            let Ok(length) = self.socket.recv(&mut buffer) else { break None };
            let came = Instant::now();
            let text = String::from_utf8_lossy(buffer.get(..length).unwrap()).into_owned();
            if text.starts_with("INVITE ") {
                self.reply(&text, "180 Ringing");
                break Some((came, text));
            }
            if text.starts_with("OPTIONS ") {
                self.reply(&text, "200 OK");
            }
        };
        self.socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        found
    }

    /// Waits for the end of a call that came in.
    pub fn let_go(&self, invite: &str) {
        loop {
            let text = self.read();
            if text.starts_with("CANCEL ") {
                self.reply(&text, "200 OK");
                self.reply(invite, "487 Request Terminated");
            } else if text.starts_with("ACK ") {
                return;
            }
        }
    }

    fn reply(&self, request: &str, status: &str) {
        let mut answer = format!("SIP/2.0 {status}\r\n");
        for line in request.lines().skip(1).take_while(|line| !line.is_empty()) {
            if ["Via:", "From:", "Call-ID:", "CSeq:"].iter().any(|name| line.starts_with(name)) {
                answer.push_str(&format!("{line}\r\n"));
            } else if line.starts_with("To:") {
                answer.push_str(&format!("{line};tag={}\r\n", self.user));
            }
        }
        answer.push_str(&format!("{}Content-Length: 0\r\n\r\n", self.contact()));
        self.socket.send(answer.as_bytes()).unwrap();
    }

    fn id(&mut self) -> String {
        self.next += 1;
        format!("{}-{}-{}", self.user, self.next, self.socket.local_addr().unwrap().port())
    }

    fn contact(&self) -> String {
        format!("Contact: <sip:{}@{}>\r\n", self.user, self.socket.local_addr().unwrap())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a SIP request")]
    fn request(&self, method: &str, uri: &str, id: &str, cseq: u32, branch: &str, to: &str, headers: &str) {
        self.send(method, uri, id, (cseq, branch), to, headers, "");
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a SIP request")]
    fn send(
        &self,
        method: &str,
        uri: &str,
        id: &str,
        (cseq, branch): (u32, &str),
        to: &str,
        headers: &str,
        body: &str,
    ) {
        let own = self.socket.local_addr().unwrap();
        let (user, server) = (&self.user, self.server);
        let request = format!(
            "{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bK{id}{branch};rport\r\n\
             Max-Forwards: 70\r\nFrom: <sip:{user}@{server}>;tag={id}\r\nTo: {to}\r\nCall-ID: {id}\r\n\
             CSeq: {cseq} {method}\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.socket.send(request.as_bytes()).unwrap();
    }

    /// The header that answers a challenge.
    fn authorization(&self, method: &str, uri: &str, challenge: &str) -> String {
        let line = header(challenge, "WWW-Authenticate");
        let part =
            |name: &str| line.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        let (realm, nonce) = (part("realm").unwrap(), part("nonce").unwrap());
        let first = md5(&format!("{}:{realm}:{}", self.user, self.password));
        let second = md5(&format!("{method}:{uri}"));
        let response = md5(&format!("{first}:{nonce}:00000001:c0ffee:auth:{second}"));
        let opaque = part("opaque").map_or(String::new(), |opaque| format!(", opaque=\"{opaque}\""));
        format!(
            "Authorization: Digest username=\"{}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
             response=\"{response}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c0ffee\"{opaque}\r\n",
            self.user
        )
    }

    /// The final answer to a request, or the first that is not 100.
    fn answer(&self, id: &str, cseq: u32) -> String {
        loop {
            let text = self.read();
            let ours = text.starts_with("SIP/2.0") && header(&text, "Call-ID") == id;
            if ours
                && header(&text, "CSeq").starts_with(&format!("{cseq} "))
                && !text.starts_with("SIP/2.0 100")
            {
                return text;
            }
        }
    }

    fn read(&self) -> String {
        let mut buffer = [0; 8192];
        let length = self.socket.recv(&mut buffer).unwrap();
        String::from_utf8_lossy(buffer.get(..length).unwrap()).into_owned()
    }
}

fn header<'a>(message: &'a str, name: &str) -> &'a str {
    let line = message.lines().find(|line| line.starts_with(name) && line[name.len()..].starts_with(':'));
    line.map_or("", |line| line[name.len() + 1..].trim())
}

fn md5(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
