//! A server refuses whatever was changed after signing, and whatever should have been signed and was not.

use crate::data::{Capture, Scheme, Wire, captures};
use upgrade_signing::{AuthorizationError, VerifyError, acs3, digest, sdk_hmac};

fn with_header_signature() -> Vec<Capture> {
    captures().into_iter().filter(|capture| capture.wire.scheme != Scheme::RpcV1).collect()
}

/// One character in the middle becomes another one.
fn flip(text: &str) -> String {
    let middle = text.chars().count() / 2;
    let flip = |(index, character): (usize, char)| match (index == middle, character) {
        (true, 'x') => 'y',
        (true, _) => 'x',
        (false, other) => other,
    };
    if text.is_empty() { "x".to_owned() } else { text.chars().enumerate().map(flip).collect() }
}

#[track_caller]
fn mismatch(wire: &Wire, what: &str) {
    match wire.verify() {
        Err(VerifyError::Mismatch(mismatch)) => {
            // What the server made of it is there to be answered, and is not what the client signed.
            assert!(!mismatch.canonical_request.is_empty(), "{what}");
            assert!(!mismatch.string_to_sign.is_empty(), "{what}");
        }
        other => panic!("{what}: {other:?}"),
    }
}

#[track_caller]
fn refused(wire: &Wire, expected: VerifyError, what: &str) {
    assert_eq!(wire.verify(), Err(expected), "{what}");
}

#[test]
fn changed_method_path_or_secret() {
    for Capture { id, wire, .. } in with_header_signature() {
        mismatch(&wire.with(|wire| wire.method = "DELETE".into()), &format!("{id}: method"));
        mismatch(
            &wire.with(|wire| wire.method = wire.method.to_lowercase()),
            &format!("{id}: method's case"),
        );
        mismatch(&wire.with(|wire| wire.path.push('x')), &format!("{id}: longer path"));
        mismatch(&wire.with(|wire| wire.path.insert_str(0, "/x")), &format!("{id}: deeper path"));
        mismatch(&wire.with(|wire| wire.path = format!("{}//", wire.path)), &format!("{id}: empty segment"));
        if wire.path.len() > 1 {
            mismatch(&wire.with(|wire| wire.path = flip(&wire.path)), &format!("{id}: path"));
            mismatch(&wire.with(|wire| wire.path = String::new()), &format!("{id}: no path"));
        }
        mismatch(&wire.with(|wire| wire.secret = flip(&wire.secret)), &format!("{id}: secret"));
        mismatch(&wire.with(|wire| wire.secret.push('&')), &format!("{id}: longer secret"));
    }
}

#[test]
fn changed_query() {
    let mut changed = 0;
    for Capture { id, wire, .. } in captures() {
        let covered = |name: &str| wire.scheme != Scheme::RpcV1 || name != "Signature";
        for (index, (name, value)) in wire.query.iter().enumerate().filter(|(_, (name, _))| covered(name)) {
            mismatch(&wire.with(|wire| wire.query[index].1 = flip(value)), &format!("{id}: value of {name}"));
            mismatch(
                &wire.with(|wire| wire.query[index].1.push('x')),
                &format!("{id}: longer value of {name}"),
            );
            mismatch(&wire.with(|wire| wire.query[index].1.push(' ')), &format!("{id}: space after {name}"));
            mismatch(&wire.with(|wire| wire.query[index].0 = flip(name)), &format!("{id}: name {name}"));
            mismatch(&wire.with(|wire| drop(wire.query.remove(index))), &format!("{id}: without {name}"));
            let twice = wire.with(|wire| wire.query.push((name.clone(), value.clone())));
            mismatch(&twice, &format!("{id}: {name} twice"));
            changed += 1;
        }
        mismatch(
            &wire.with(|wire| wire.query.push(("Extra".into(), String::new()))),
            &format!("{id}: one more"),
        );
        // The order on the wire is not signed, and SDKs send any.
        assert!(wire.with(|wire| wire.query.reverse()).verify().is_ok(), "{id}: another order");
    }
    assert!(changed > 100, "{changed}");
}

#[test]
fn changed_signed_headers() {
    let mut changed = 0;
    for Capture { id, wire, .. } in with_header_signature() {
        for name in wire.authorization().1 {
            let value = wire.header(&name).unwrap().to_owned();
            for other in [flip(&value), format!("{value}x"), String::new()] {
                let wire = wire.with(|wire| wire.set_header(&name, &other));
                if name == "x-acs-content-sha256" {
                    let computed = digest::sha256_hex(&wire.body);
                    refused(&wire, VerifyError::ContentHash { computed }, &format!("{id}: {name} {other}"));
                } else {
                    mismatch(&wire, &format!("{id}: {name} is {other:?}"));
                }
                changed += 1;
            }
            let twice = wire.with(|wire| wire.headers.push((name.to_uppercase(), value.clone())));
            refused(&twice, VerifyError::HeaderRepeated(name.clone()), &format!("{id}: {name} twice"));
            let padded = wire.with(|wire| wire.set_header(&name, &format!(" \t{value} ")));
            assert!(padded.verify().is_ok(), "{id}: white space around {name} is not signed");
            let case = wire.with(|wire| {
                wire.remove_header(&name);
                wire.headers.push((name.to_uppercase(), value.clone()));
            });
            assert!(case.verify().is_ok(), "{id}: the case of {name} is not signed");
        }
    }
    assert!(changed > 300, "{changed}");
}

#[test]
fn removed_signed_headers() {
    let acs3_required = [
        "host",
        "x-acs-action",
        "x-acs-version",
        "x-acs-date",
        "x-acs-signature-nonce",
        "x-acs-content-sha256",
    ];
    for Capture { id, wire, .. } in with_header_signature() {
        for name in wire.authorization().1 {
            let required: &[&'static str] =
                if wire.scheme == Scheme::Acs3 { &acs3_required } else { &["x-sdk-date"] };
            let expected = match required.iter().find(|required| **required == name) {
                Some(required) => VerifyError::RequiredHeaderMissing(required),
                None => VerifyError::SignedHeaderMissing(name.clone()),
            };
            refused(&wire.with(|wire| wire.remove_header(&name)), expected, &format!("{id}: without {name}"));
        }
    }
}

/// Taking a name out of `SignedHeaders`, so that the header could be changed, is seen for every header.
#[test]
fn headers_taken_out_of_the_signature() {
    for Capture { id, wire, .. } in with_header_signature() {
        let (_, names, _) = wire.authorization();
        for name in &names {
            let kept: Vec<_> = names.iter().filter(|known| *known != name).cloned().collect();
            let wire = wire.with(|wire| {
                let value = wire.header("authorization").unwrap().replace(&names.join(";"), &kept.join(";"));
                wire.set_header("authorization", &value);
            });
            let has_to_be_signed = match wire.scheme {
                Scheme::Acs3 => name == "host" || name == "content-type" || name.starts_with("x-acs-"),
                _ => name.starts_with("x-"),
            };
            if has_to_be_signed {
                refused(&wire, VerifyError::HeaderNotSigned(name.clone()), &format!("{id}: {name}"));
            } else {
                mismatch(&wire, &format!("{id}: {name}"));
            }
        }
    }
}

#[test]
fn headers_that_had_to_be_signed() {
    for Capture { id, wire, .. } in with_header_signature() {
        let added = match wire.scheme {
            Scheme::Acs3 => vec!["X-Acs-Extra", "x-acs-security-token-2"],
            _ => vec!["X-Extra", "x-sdk-content-sha256", "X-Forwarded-For"],
        };
        for name in added {
            let expected = VerifyError::HeaderNotSigned(name.to_lowercase());
            refused(&wire.with(|wire| wire.set_header(name, "1")), expected, &format!("{id}: {name}"));
        }
        for name in ["Via", "X-Under_Score", "X_Underscore", "Date"] {
            assert!(
                wire.with(|wire| wire.set_header(name, "1")).verify().is_ok(),
                "{id}: {name} may be unsigned"
            );
        }
        if wire.scheme == Scheme::Acs3 && wire.header("content-type").is_none() {
            let wire = wire.with(|wire| wire.set_header("Content-Type", "text/plain"));
            refused(
                &wire,
                VerifyError::HeaderNotSigned("content-type".into()),
                &format!("{id}: content type"),
            );
        }
    }
}

#[test]
fn changed_body() {
    for Capture { id, wire, .. } in with_header_signature() {
        let mut bodies = vec![[&wire.body[..], b" "].concat(), [b"\n", &wire.body[..]].concat()];
        if !wire.body.is_empty() {
            let mut flipped = wire.body.clone();
            flipped[0] ^= 1;
            bodies.extend([flipped, Vec::new()]);
        }
        for body in bodies {
            let computed = digest::sha256_hex(&body);
            let wire = wire.with(|wire| wire.body = body);
            if wire.scheme == Scheme::Acs3 {
                refused(
                    &wire,
                    VerifyError::ContentHash { computed: computed.clone() },
                    &format!("{id}: body"),
                );
                let wire = wire.with(|wire| wire.set_header("x-acs-content-sha256", &computed));
                mismatch(&wire, &format!("{id}: body and its hash"));
            } else {
                mismatch(&wire, &format!("{id}: body"));
            }
        }
    }
}

#[test]
fn changed_signature() {
    for Capture { id, wire, .. } in with_header_signature() {
        let (_, _, signature) = wire.authorization();
        let with = |other: &str| {
            wire.with(|wire| {
                let value = wire.header("authorization").unwrap().replace(&signature, other);
                wire.set_header("authorization", &value);
            })
        };
        for index in 0..signature.len() {
            let mut other = signature.clone().into_bytes();
            other[index] = if other[index] == b'0' { b'1' } else { b'0' };
            mismatch(&with(&String::from_utf8(other).unwrap()), &format!("{id}: character {index}"));
        }
        mismatch(&with(&signature[1..]), &format!("{id}: shorter signature"));
        mismatch(&with(&format!("{signature}0")), &format!("{id}: longer signature"));
        mismatch(&with(&signature.to_uppercase()), &format!("{id}: upper case"));
        let missing = VerifyError::Authorization(AuthorizationError::Missing("Signature"));
        refused(&with(""), missing, &format!("{id}: no signature"));
        let bare = wire.with(|wire| wire.remove_header("authorization"));
        refused(&bare, VerifyError::AuthorizationMissing, &format!("{id}: no header"));
        let value = wire.header("authorization").unwrap().to_owned();
        let twice = wire.with(|wire| wire.headers.push(("AUTHORIZATION".into(), value)));
        refused(&twice, VerifyError::HeaderRepeated("authorization".into()), &format!("{id}: two headers"));
    }
}

#[test]
fn rpc_v1_signatures() {
    for Capture { id, wire, .. } in
        captures().into_iter().filter(|capture| capture.wire.scheme == Scheme::RpcV1)
    {
        let place = wire.query.iter().position(|(name, _)| name == "Signature").unwrap();
        mismatch(
            &wire.with(|wire| wire.query[place].1 = flip(&wire.query[place].1)),
            &format!("{id}: signature"),
        );
        mismatch(&wire.with(|wire| wire.query[place].1.clear()), &format!("{id}: empty signature"));
        mismatch(&wire.with(|wire| wire.method = "PUT".into()), &format!("{id}: method"));
        mismatch(&wire.with(|wire| wire.secret = flip(&wire.secret)), &format!("{id}: secret"));
        let without = wire.with(|wire| drop(wire.query.remove(place)));
        refused(&without, VerifyError::ParameterMissing("Signature"), &format!("{id}: no signature"));
        let twice = wire.with(|wire| wire.query.push(wire.query[place].clone()));
        refused(&twice, VerifyError::ParameterRepeated("Signature"), &format!("{id}: two signatures"));
        // Nothing but method and parameters is signed.
        assert!(wire.with(|wire| wire.set_header("x-acs-version", "1")).verify().is_ok(), "{id}: headers");
    }
}

#[test]
fn authorization_headers_that_cannot_be_read() {
    use AuthorizationError::{Missing, Repeated, Scheme, SignedHeaders, Unknown};
    let acs3 = [
        ("", Scheme("ACS3-HMAC-SHA256")),
        ("ACS3-HMAC-SHA256", Scheme("ACS3-HMAC-SHA256")),
        ("ACS3-HMAC-SM3 Credential=a,SignedHeaders=host,Signature=0", Scheme("ACS3-HMAC-SHA256")),
        ("acs3-hmac-sha256 Credential=a,SignedHeaders=host,Signature=0", Scheme("ACS3-HMAC-SHA256")),
        ("ACS3-HMAC-SHA256 SignedHeaders=host,Signature=0", Missing("Credential")),
        ("ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=0", Missing("Credential")),
        ("ACS3-HMAC-SHA256 Credential=a,Signature=0", Missing("SignedHeaders")),
        ("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=,Signature=0", Missing("SignedHeaders")),
        ("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host", Missing("Signature")),
        ("ACS3-HMAC-SHA256 Credential=a,Credential=b,SignedHeaders=host,Signature=0", Repeated("Credential")),
        ("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=0,Signature=1", Repeated("Signature")),
        ("ACS3-HMAC-SHA256 Access=a,SignedHeaders=host,Signature=0", Unknown),
        ("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=0,", Unknown),
        ("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;accept,Signature=0", SignedHeaders),
        ("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;host,Signature=0", SignedHeaders),
        ("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=Host,Signature=0", SignedHeaders),
        ("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=;host,Signature=0", SignedHeaders),
        ("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=accept;;host,Signature=0", SignedHeaders),
    ];
    for (value, error) in acs3 {
        assert_eq!(acs3::Authorization::parse(value), Err(error), "{value}");
    }
    let other = "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=0";
    assert_eq!(sdk_hmac::Authorization::parse(other), Err(Scheme("SDK-HMAC-SHA256")));
    let credential = "SDK-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0";
    assert_eq!(sdk_hmac::Authorization::parse(credential), Err(Unknown));
}

#[test]
fn white_space_and_order_in_authorization_are_free() {
    for value in [
        "SDK-HMAC-SHA256 Access=a, SignedHeaders=host;x-sdk-date, Signature=0",
        "SDK-HMAC-SHA256 Access=a,SignedHeaders=host;x-sdk-date,Signature=0",
        " SDK-HMAC-SHA256   Signature=0 ,\tAccess=a ,  SignedHeaders=host;x-sdk-date ",
    ] {
        let read = sdk_hmac::Authorization::parse(value).unwrap_or_else(|error| panic!("{value}: {error}"));
        assert_eq!((read.access_key, read.signature), ("a", "0"), "{value}");
        assert_eq!(read.signed_headers, ["host", "x-sdk-date"], "{value}");
    }
}

fn huawei() -> Wire {
    captures().into_iter().find(|capture| capture.id == "cbh.UpgradeInstance/basic").unwrap().wire
}

/// The sets that other SDKs sign (signing.md section 4, "Which headers").
#[test]
fn other_sets_of_huawei_headers() {
    let wire = huawei();
    let sign_with = |names: &[&str]| {
        let signature = wire.lend(|request| sdk_hmac::stages(request, names, &wire.secret)).signature;
        let value =
            format!("SDK-HMAC-SHA256 Access=a, SignedHeaders={}, Signature={signature}", names.join(";"));
        wire.with(|wire| wire.set_header("Authorization", &value))
    };
    let go = sign_with(&["user-agent", "x-project-id", "x-sdk-date"]);
    assert!(go.verify().is_ok(), "Go signs neither host nor content-type");
    assert!(
        go.with(|wire| wire.set_header("host", "elsewhere")).verify().is_ok(),
        "and so does not protect them"
    );
    assert!(sign_with(&["host", "x-project-id", "x-sdk-date"]).verify().is_ok(), "Java");
    assert_eq!(
        sign_with(&["host", "x-sdk-date"]).verify(),
        Err(VerifyError::HeaderNotSigned("x-project-id".into())),
        "no SDK leaves the scope unsigned"
    );
    assert_eq!(
        sign_with(&["host", "x-project-id"]).verify(),
        Err(VerifyError::HeaderNotSigned("x-sdk-date".into()))
    );
    let signed =
        ["accept", "accept-encoding", "connection", "content-type", "host", "x-project-id", "x-sdk-date"];
    assert!(sign_with(&signed).verify().is_ok(), "Node signs all");
}

#[test]
fn huawei_content_hash_header() {
    let hash = digest::sha256_hex(&huawei().body);
    for (value, protects) in [(hash.as_str(), true), (sdk_hmac::UNSIGNED_PAYLOAD, false)] {
        let mut wire = huawei();
        wire.set_header("X-Sdk-Content-Sha256", value);
        wire.sign("a");
        assert!(wire.header("authorization").unwrap().contains("x-sdk-content-sha256"));
        let stages = wire.verify().unwrap_or_else(|error| panic!("{value}: {error}"));
        assert!(stages.canonical_request.ends_with(&format!("\n{value}")), "{value} is the payload hash");
        let changed = wire.with(|wire| wire.body.push(b' '));
        let computed = digest::sha256_hex(&changed.body);
        let expected = if protects { Err(VerifyError::ContentHash { computed }) } else { Ok(stages) };
        assert_eq!(changed.verify(), expected, "{value}");
    }
    for value in ["", "unsigned-payload", "0", &hash.to_uppercase(), &digest::sha256_hex(b"")] {
        let mut wire = huawei();
        wire.set_header("X-Sdk-Content-Sha256", value);
        wire.sign("a");
        refused(&wire, VerifyError::ContentHash { computed: hash.clone() }, value);
    }
}

/// The path on the wire may end in `/` or not and may be encoded more than needed: what is signed is one text.
#[test]
fn huawei_paths() {
    let path_of = |path: &str| {
        let wire = huawei().with(|wire| wire.path = path.to_owned());
        let stages = wire.lend(|request| sdk_hmac::stages(request, &["x-sdk-date"], "secret"));
        stages.canonical_request.lines().nth(1).unwrap().to_owned()
    };
    for (path, canonical) in [
        ("", "/"),
        ("/", "/"),
        ("/v2/a", "/v2/a/"),
        ("/v2/a/", "/v2/a/"),
        ("/a%20b", "/a%20b/"),
        ("/a b", "/a%20b/"),
        ("/%7Ea/~a", "/~a/~a/"),
        ("/a+b*c", "/a%2Bb%2Ac/"),
        ("/%e5%90%8d", "/%E5%90%8D/"),
        ("/%ff", "/%FF/"),
        ("/100%", "/100%25/"),
        ("/a%2Fb", "/a/b/"),
    ] {
        assert_eq!(path_of(path), canonical, "{path}");
    }
}

/// A canonical request can hold a security token; neither it nor anything of an error is shown by accident.
#[test]
fn nothing_secret_is_printed() {
    let token = "fakeStsToken";
    for Capture { id, wire, .. } in captures().iter().filter(|capture| capture.id.ends_with("/sts")) {
        let stages = wire.verify().unwrap();
        let error = wire.with(|wire| wire.method = "DELETE".into()).verify().unwrap_err();
        for text in [format!("{stages:?}"), format!("{error:?}"), error.to_string()] {
            assert!(!text.contains(token) && !text.contains("fakeSecurityToken"), "{id}: {text}");
            assert!(!text.contains(&wire.secret) && !text.contains(&stages.signature), "{id}: {text}");
        }
    }
}
