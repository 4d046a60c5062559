//! The requests that the official SDKs really sent: computed stage by stage and verified from the wire.

use crate::data::{Scheme, captures};
use upgrade_signing::{Signed, acs3, digest, rpc_v1, sdk_hmac};

#[test]
fn every_capture_is_tested() {
    let captures = captures();
    let count = |scheme| captures.iter().filter(|capture| capture.wire.scheme == scheme).count();
    assert_eq!(count(Scheme::Acs3), 12);
    assert_eq!(count(Scheme::RpcV1), 10);
    assert_eq!(count(Scheme::SdkHmac), 8);
    assert_eq!(captures.len(), 30);
    assert!(captures.iter().all(|capture| capture.expect["valid"] == true));
}

/// What arrived is what the SDK was given: form-style queries are read right.
#[test]
fn targets_are_decoded() {
    for capture in captures() {
        let (id, wire) = (&capture.id, &capture.wire);
        assert_eq!(wire.path, capture.decoded["path"].as_str().unwrap(), "{id}: path");
        let query: crate::data::Pairs = serde_json::from_value(capture.decoded["query"].clone()).unwrap();
        assert_eq!(wire.query, query, "{id}: query");
        let hash = capture.decoded["body_sha256"].as_str().unwrap();
        assert_eq!(digest::sha256_hex(&wire.body), hash, "{id}: body_sha256");
    }
}

#[test]
fn stages_are_those_of_the_sdk() {
    for capture in captures() {
        let (id, wire) = (&capture.id, &capture.wire);
        let stages = wire.lend(|request| match wire.scheme {
            Scheme::Acs3 => acs3::stages(request, &wire.authorization().1, &wire.secret),
            Scheme::RpcV1 => rpc_v1::sign(request.method, request.query, &wire.secret),
            Scheme::SdkHmac => sdk_hmac::stages(request, &wire.authorization().1, &wire.secret),
        });
        let stage = |name: &str| capture.expect[name].as_str().unwrap();
        assert_eq!(stages.canonical_request, stage("canonical_request"), "{id}: canonical_request");
        assert_eq!(stages.string_to_sign, stage("string_to_sign"), "{id}: string_to_sign");
        assert_eq!(stages.signature, stage("signature"), "{id}: signature");
        let sent = match wire.scheme {
            Scheme::RpcV1 => wire.query.iter().find(|(name, _)| name == "Signature").unwrap().1.clone(),
            Scheme::Acs3 | Scheme::SdkHmac => {
                let (access_key, _, signature) = wire.authorization();
                assert_eq!(access_key, capture.access_key, "{id}: access key");
                signature
            }
        };
        assert_eq!(stages.signature, sent, "{id}: signature on the wire");
        assert_eq!(wire.verify().as_ref(), Ok(&stages), "{id}: verify");
    }
}

/// Where we choose the signed headers, the result is another set than Python's, and as good.
#[test]
fn our_own_choice_of_headers_verifies() {
    for capture in captures().iter().filter(|capture| capture.wire.scheme != Scheme::RpcV1) {
        let mut wire = capture.wire.clone();
        wire.sign(&capture.access_key);
        let (access_key, names, signature) = wire.authorization();
        assert_eq!(access_key, capture.access_key, "{}", capture.id);
        assert!(!names.iter().any(|name| name == "user-agent"), "{}: {names:?}", capture.id);
        assert!(names.iter().any(|name| name == "host"), "{}: {names:?}", capture.id);
        assert_eq!(wire.verify().unwrap().signature, signature, "{}", capture.id);
    }
}

/// The header that `sign` writes is spelled like the SDK's, given the same set of headers.
#[test]
fn authorization_is_spelled_like_the_sdk() {
    let mut compared = 0;
    for capture in captures().iter().filter(|capture| capture.wire.scheme != Scheme::RpcV1) {
        let wire = capture.wire.clone();
        let (access_key, names, signature) = wire.authorization();
        let (ours, scheme): (Signed, _) = wire.lend(|request| match wire.scheme {
            Scheme::Acs3 => (acs3::sign(request, &access_key, &wire.secret), ("Credential", ",")),
            _ => (sdk_hmac::sign(request, &access_key, &wire.secret), ("Access", ", ")),
        });
        let sent = wire.header("authorization").unwrap();
        // Replace the two parts that follow from the set of headers; everything else has to be the same text.
        let ours_signed =
            ours.authorization.split("SignedHeaders=").nth(1).unwrap().split(',').next().unwrap();
        let expected =
            sent.replace(&names.join(";"), ours_signed).replace(&signature, &ours.stages.signature);
        assert_eq!(ours.authorization, expected, "{}", capture.id);
        assert!(sent.contains(&format!("{}={access_key}{}", scheme.0, scheme.1)), "{}", capture.id);
        compared += 1;
    }
    assert_eq!(compared, 20);
}
