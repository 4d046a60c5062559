//! The known-answer vectors of the official SDKs and pages, stage by stage.

use crate::data::{Vector, lend, own, vectors};
use serde_json::Value;
use upgrade_signing::{Request, acs3, digest, encode, rpc_v1, sdk_hmac};

fn of_kind(kind: &str) -> Vec<Vector> {
    vectors().into_iter().filter(|vector| vector.kind == kind).collect()
}

/// Every kind in the file, how many there are, and how many of them are oddities of one SDK. A vector that is added,
/// or whose kind no test here knows, fails; so none is passed over in silence.
#[test]
fn every_vector_has_a_test() {
    let kinds = [
        ("acs3-request", 2, 0),
        ("acs3-canonical", 9, 8),
        ("acs3-prefix", 3, 2),
        ("rpc1-request", 9, 3),
        ("rpc1-string-to-sign", 5, 0),
        ("hmac-sha1-base64", 14, 0),
        ("sha256-hex", 1, 0),
        ("percent-encode", 6, 0),
        ("percent-encode-path", 4, 0),
        ("canonical-query", 2, 0),
        ("huawei-request", 12, 0),
        ("compact-json", 4, 0),
        // How lists become parameters is a matter of the catalogue, before anything is signed.
        ("flatten", 5, 0),
    ];
    for (kind, count, quirks) in kinds {
        let found = of_kind(kind);
        assert_eq!(found.len(), count, "number of vectors of the kind {kind}");
        assert_eq!(found.iter().filter(|vector| vector.quirk).count(), quirks, "oddities of the kind {kind}");
    }
    assert_eq!(vectors().len(), 76);
    assert_eq!(kinds.iter().map(|(_, count, _)| count).sum::<usize>(), 76);
}

/// Schemes that neither cloud's five calls use are kept in the file and not implemented.
#[test]
fn no_adjacent_vector_belongs_to_these_schemes() {
    let data: Value = serde_json::from_str(include_str!("../data/signing-vectors.json")).unwrap();
    let adjacent = data["adjacent"].as_array().unwrap();
    assert_eq!(adjacent.len(), 24);
    for vector in adjacent {
        let scheme = vector["scheme"].as_str().unwrap();
        assert!(!["ACS3-HMAC-SHA256", "SDK-HMAC-SHA256", "RPC-V1-HMAC-SHA1"].contains(&scheme), "{scheme}");
    }
}

#[test]
fn acs3_requests() {
    for vector in of_kind("acs3-request") {
        let (query, headers) = (vector.pairs("query"), vector.pairs("headers"));
        let (query, headers) = (lend(&query), lend(&headers));
        let (access_key, secret) = (vector.text("access_key_id"), vector.text("access_key_secret"));
        assert_eq!(acs3::content_sha256(b""), vector.text("hashed_payload"), "{}: hashed_payload", vector.id);
        let request = Request {
            method: vector.text("method"),
            path: vector.text("canonical_uri"),
            query: &query,
            headers: &headers,
            body: b"",
        };
        let signed = acs3::sign(&request, access_key, secret);
        vector.compare(&[
            ("canonical_request", &signed.stages.canonical_request),
            ("canonical_request_sha256", &digest::sha256_hex(signed.stages.canonical_request.as_bytes())),
            ("string_to_sign", &signed.stages.string_to_sign),
            ("signature", &signed.stages.signature),
            ("authorization", &signed.authorization),
        ]);
        let received =
            [&headers[..], &[("Authorization", vector.expect["authorization"].as_str().unwrap())]].concat();
        let received = Request { headers: &received, ..request };
        assert_eq!(acs3::verify(&received, secret), Ok(signed.stages), "{}: verify", vector.id);
    }
}

/// The same unit test of many SDKs; whatever an SDK's canonical request is, it hashes and signs to the value.
#[test]
fn acs3_canonical_requests() {
    for vector in of_kind("acs3-canonical") {
        let given = vector.text("canonical_request");
        let stages = acs3::from_canonical_request(given.to_owned(), vector.text("access_key_secret"));
        assert_eq!(stages.canonical_request, given, "{}: canonical_request", vector.id);
        vector.compare(&[("signature", &stages.signature)]);
    }
}

/// The one without an oddity, built from its parts; its payload hash is of a body that is not known.
#[test]
fn acs3_canonical_request_of_the_python_sdk_from_its_parts() {
    let vector = vectors().into_iter().find(|vector| vector.id == "acs3-unit-python").unwrap();
    let request = Request {
        method: "GET",
        path: "",
        query: &[("test", "ok"), ("empty", "")],
        headers: &[("x-acs-TEST", "https"), ("x-acs-test", "http")],
        body: b"",
    };
    let ours = acs3::sign(&request, "acesskey", "secret").stages.canonical_request;
    let given = vector.text("canonical_request");
    let but_the_hash = |text: &str| text.rsplit_once('\n').unwrap().0.to_owned();
    assert_eq!(but_the_hash(&ours), but_the_hash(given));
}

#[test]
fn acs3_prefixes() {
    for vector in of_kind("acs3-prefix") {
        let (query, headers) = (vector.pairs("query"), vector.pairs("headers"));
        let request = Request {
            method: vector.text("method"),
            path: vector.text("canonical_uri"),
            query: &lend(&query),
            headers: &lend(&headers),
            body: b"",
        };
        let canonical_request = acs3::sign(&request, "key", "secret").stages.canonical_request;
        let (prefix, _) = canonical_request.rsplit_once('\n').unwrap();
        vector.compare(&[("prefix", prefix)]);
    }
}

#[test]
fn rpc_v1_requests() {
    for vector in of_kind("rpc1-request") {
        let mut parameters = vector.pairs("params");
        let (method, secret) = (vector.text("method"), vector.text("access_key_secret"));
        let stages = rpc_v1::sign(method, &lend(&parameters), secret);
        vector.compare(&[
            ("canonicalized_query_string", &stages.canonical_request),
            ("string_to_sign", &stages.string_to_sign),
            ("signature", &stages.signature),
        ]);
        parameters.extend(own(&[("Signature", vector.expect["signature"].as_str().unwrap())]));
        assert_eq!(rpc_v1::verify(method, &lend(&parameters), secret), Ok(stages), "{}: verify", vector.id);
    }
}

#[test]
fn rpc_v1_strings_to_sign() {
    for vector in of_kind("rpc1-string-to-sign") {
        let stages = rpc_v1::sign(vector.text("method"), &lend(&vector.pairs("params")), "secret");
        vector.compare(&[("string_to_sign", &stages.string_to_sign)]);
    }
}

#[test]
fn keyed_hashes() {
    for vector in of_kind("hmac-sha1-base64") {
        let (key, message) = (vector.text("key"), vector.text("message"));
        vector.compare(&[("result", &digest::hmac_sha1_base64([key, ""], message))]);
        if let Some(secret) = key.strip_suffix('&') {
            vector.compare(&[("result", &digest::hmac_sha1_base64([secret, "&"], message))]);
        }
    }
}

/// Keyed hashes of [`LONG_MESSAGE`] with "k" 65 and 64 times, computed with Python's `hmac` module.
const LONG_KEY_SHA256: &str = "f7d852b4d7ad4202d2e38684c88860d85e9a1f83c4c5fb3e47607db2d2eee05a";
const LONG_KEY_SHA1: &str = "oUOeNAD4o86Qfi/5egXWsnmHayg=";
const BLOCK_KEY_SHA256: &str = "4993c021ab9451e8d0d6cb295ac63574364697012678189d6d8d542ee5c7bab3";
const LONG_MESSAGE: &str = "Test Using Larger Than Block-Size Key - Hash Key First";

/// RFC 2104: a key longer than one block of the hash is hashed first. No vector of the SDKs has such a key.
#[test]
fn keyed_hashes_with_a_long_key() {
    let (long, block) = ("k".repeat(65), "k".repeat(64));
    assert_eq!(digest::hmac_sha256_hex(&long, LONG_MESSAGE), LONG_KEY_SHA256);
    assert_eq!(digest::hmac_sha256_hex(&block, LONG_MESSAGE), BLOCK_KEY_SHA256);
    for at in [0, 30, 64, 65] {
        let (left, right) = long.split_at(at);
        assert_eq!(digest::hmac_sha1_base64([left, right], LONG_MESSAGE), LONG_KEY_SHA1, "split at {at}");
    }
}

#[test]
fn hashes() {
    for vector in of_kind("sha256-hex") {
        vector.compare(&[("result", &digest::sha256_hex(vector.text("message").as_bytes()))]);
    }
}

#[test]
fn encoded_text() {
    for vector in of_kind("percent-encode") {
        vector.compare(&[("result", &encode::rfc3986(vector.text("text")).to_string())]);
    }
}

/// Paths are encoded where Huawei's canonical path is made, which ends in `/`.
#[test]
fn encoded_paths() {
    for vector in of_kind("percent-encode-path") {
        let request =
            Request { method: "GET", path: vector.text("text"), query: &[], headers: &[], body: b"" };
        let canonical_request = sdk_hmac::stages(&request, &["x-sdk-date"], "secret").canonical_request;
        let path = canonical_request.lines().nth(1).unwrap();
        vector.compare(&[("result", path.strip_suffix('/').unwrap())]);
    }
}

#[test]
fn canonical_queries() {
    for vector in of_kind("canonical-query") {
        vector.compare(&[("result", &encode::canonical_query(&lend(&vector.pairs("query"))))]);
    }
}

#[test]
fn huawei_requests() {
    for vector in of_kind("huawei-request") {
        let (query, headers) = (vector.pairs("query"), vector.pairs("signed_headers"));
        let (query, headers) = (lend(&query), lend(&headers));
        let (access_key, secret) = (vector.text("access_key"), vector.text("secret_key"));
        let request = Request {
            method: vector.text("method"),
            path: vector.text("path"),
            query: &query,
            headers: &headers,
            body: vector.text("body").as_bytes(),
        };
        let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
        let stages = sdk_hmac::stages(&request, &names, secret);
        let mut authorization = vector.expect["authorization"].as_str().unwrap().to_owned();
        if !names.iter().any(|name| name.contains('_')) {
            // Names with `_` are signed by golangsdk only, and by no client of ours.
            authorization = sdk_hmac::sign(&request, access_key, secret).authorization;
        }
        vector.compare(&[
            ("canonical_request", &stages.canonical_request),
            ("canonical_request_sha256", &digest::sha256_hex(stages.canonical_request.as_bytes())),
            ("string_to_sign", &stages.string_to_sign),
            ("signature", &stages.signature),
            ("authorization", &authorization),
        ]);
        let read = sdk_hmac::Authorization::parse(&authorization).unwrap();
        assert_eq!(read.access_key, access_key, "{}: access key", vector.id);
        assert_eq!(read.signed_headers, names, "{}: signed headers", vector.id);
        let received = [&headers[..], &[("Authorization", &authorization)]].concat();
        let received = Request { headers: &received, ..request };
        assert_eq!(sdk_hmac::verify(&received, secret), Ok(stages), "{}: verify", vector.id);
    }
}

/// A header with `_` in its name that is sent but not signed changes nothing (Java's tests send one).
#[test]
fn huawei_requests_with_an_underscore_header() {
    for vector in of_kind("huawei-request").iter().filter(|vector| vector.id.starts_with("huawei-java")) {
        let (query, headers) = (vector.pairs("query"), vector.pairs("signed_headers"));
        let mut headers = lend(&headers);
        headers.insert(0, ("TEST_UNDERSCORE", "TEST_VALUE"));
        headers.push(("X-Other_Header", "TEST_VALUE"));
        let request = Request {
            method: vector.text("method"),
            path: vector.text("path"),
            query: &lend(&query),
            headers: &headers,
            body: vector.text("body").as_bytes(),
        };
        let secret = vector.text("secret_key");
        let signed = sdk_hmac::sign(&request, vector.text("access_key"), secret);
        vector.compare(&[("signature", &signed.stages.signature), ("authorization", &signed.authorization)]);
        let received = [&headers[..], &[("Authorization", &signed.authorization)]].concat();
        assert!(
            sdk_hmac::verify(&Request { headers: &received, ..request }, secret).is_ok(),
            "{}",
            vector.id
        );
    }
}

/// The JSON of object parameters is signed as text, so its spelling counts: compact, members in order.
#[test]
fn compact_json() {
    for vector in of_kind("compact-json") {
        vector.compare(&[("result", &vector.input["value"].to_string())]);
    }
}
