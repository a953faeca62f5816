//! The office's ways out: two trunks, two outcalls, three permissions.

use cordboard::model::{
    Endpoint, Extension, Model, Options, Outcall, Permission, Reached, Tenant, Treatment, Trunk, Way,
};

use super::office::TENANT;

/// Adds them to an office.
pub fn add(model: &mut Model) {
    model.tenants = vec![Tenant { uuid: TENANT.to_owned(), country: Some("FR".to_owned()) }];
    model.endpoints.extend([by_address(), by_registration()]);
    model.trunks = vec![trunk(1, "fr-address", "national"), trunk(2, "fr-registered", "+E164"), door()];
    model.outcalls = vec![
        Outcall { trunks: vec![1, 2], permissions: vec![5], ring_time: Some(60), ..outcall(1) },
        Outcall {
            internal_caller_id: true,
            subroutine: Some("mine".to_owned()),
            trunks: vec![3],
            ..outcall(2)
        },
    ];
    model.permissions = vec![
        Permission { id: 5, patterns: patterns(&["_00.", "_089[1-9]X!"]), ..Permission::default() },
        Permission { id: 6, allows: true, patterns: patterns(&["0033."]), ..Permission::default() },
        Permission {
            id: 7,
            password: Some("4711".to_owned()),
            patterns: patterns(&["_0X."]),
            ..Permission::default()
        },
    ];
    model.extensions.extend([
        out("_+X.", 1, Treatment::default()),
        out("_0[1-9]XXXXXXXX", 1, treatment(1, "+33", "\"Office; main\" <+33123456789>")),
        out("_8X.", 2, treatment(1, "00", "")),
    ]);
    if let [alice, bob, carol, ..] = &mut model.users[..] {
        alice.outgoing_caller_id = Some("\"Alice\" <+33123456701>".to_owned());
        alice.permissions = vec![6];
        alice.group_permissions = vec![5];
        bob.outgoing_caller_id = Some("anonymous".to_owned());
        bob.permissions = vec![7];
        bob.permission_password = Some("99".to_owned());
        carol.outgoing_caller_id = Some("default".to_owned());
    }
    for extension in &mut model.extensions {
        if extension.exten == "1003"
            && let Reached::Lines { interfaces, .. } = &mut extension.reached
        {
            interfaces.push("Local/1001@default/n".to_owned());
        }
    }
}

fn by_address() -> Endpoint {
    Endpoint {
        aor: options(&[("contact", "sip:198.51.100.7:5060"), ("qualify_frequency", "30")]),
        identify: options(&[
            ("match", "198.51.100.7"),
            ("match", "203.0.113.0/24"),
            ("match", "sip.fr.example"),
        ]),
        endpoint: options(&[("callerid", "wazo"), ("from_domain", "pbx.example"), ("allow", "!all,alaw")]),
        ..provider(1, "fr-address")
    }
}

fn by_registration() -> Endpoint {
    Endpoint {
        registration: options(&[
            ("server_uri", "sip:sip.provider.example"),
            ("client_uri", "sip:account@sip.provider.example"),
            ("retry_interval", "20"),
            ("max_retries", "many"),
        ]),
        registration_outbound_auth: options(&[("username", "account"), ("password", "reg;secret")]),
        outbound_auth: options(&[("username", "account"), ("password", "call;secret")]),
        ..provider(2, "fr-registered")
    }
}

fn provider(id: i64, name: &str) -> Endpoint {
    Endpoint {
        name: name.to_owned(),
        comment: format!("trunk {id}"),
        trunk: Some(id),
        tenant_uuid: TENANT.to_owned(),
        context: "from-extern".to_owned(),
        ..Endpoint::default()
    }
}

fn trunk(id: i64, endpoint: &str, format: &str) -> Trunk {
    let way = Way::Sip(endpoint.to_owned());
    Trunk { id, tenant_uuid: TENANT.to_owned(), caller_id_format: format.to_owned(), way }
}

fn door() -> Trunk {
    let way = Way::Custom { interface: "DAHDI/g1".to_owned(), suffix: Some("/r".to_owned()) };
    Trunk { way, ..trunk(3, "", "E164") }
}

fn outcall(id: i64) -> Outcall {
    Outcall { id, tenant_uuid: TENANT.to_owned(), enabled: true, ..Outcall::default() }
}

fn out(exten: &str, id: i64, treatment: Treatment) -> Extension {
    Extension {
        exten: exten.to_owned(),
        context: "to-extern".to_owned(),
        reached: Reached::Outcall { id, treatment },
    }
}

fn treatment(strip_digits: i64, prefix: &str, caller_id: &str) -> Treatment {
    Treatment {
        strip_digits,
        external_prefix: Some(prefix.to_owned()),
        caller_id: Some(caller_id.to_owned()),
    }
}

fn patterns(patterns: &[&str]) -> Vec<String> {
    patterns.iter().map(|pattern| (*pattern).to_owned()).collect()
}

fn options(pairs: &[(&str, &str)]) -> Options {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
