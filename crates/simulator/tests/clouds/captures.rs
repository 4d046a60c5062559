//! Requests that the official SDKs really sent, replayed byte for byte at the moment at which they were signed.

use crate::common::{Clouds, Http};
use serde_json::Value;

const CAPTURES: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../signing/tests/data/signing-captures.json"));

/// Codes with which a gateway says that it does not believe a request.
const DISBELIEF: [&str; 8] = [
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "InvalidAccessKeyId.NotFound",
    "InvalidTimeStamp.Expired",
    "SignatureNonceUsed",
    "MissingSecurityToken",
    "InvalidSecurityToken.MismatchWithAccessKey",
    "APIGW.0301",
];

fn captures() -> Vec<(String, Http)> {
    let all: Value = serde_json::from_str(CAPTURES).unwrap();
    all["captures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|capture| {
            let request = &capture["request"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let http = Http {
                method: text(&request["method"]),
                target: text(&request["target"]),
                headers: request["headers"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|pair| (text(&pair[0]), text(&pair[1])))
                    .filter(|(name, _)| !name.eq_ignore_ascii_case("connection"))
                    .collect(),
                body: text(&request["body"]).into_bytes(),
            };
            (text(&capture["id"]), http)
        })
        .collect()
}

#[tokio::test]
async fn every_captured_sdk_request_is_believed_once() {
    let clouds = Clouds::start().await;
    let captures = captures();
    assert_eq!(captures.len(), 30);
    for (id, request) in captures {
        // Kafka allows two calls per second.
        clouds.pass(1);
        let generic = id.starts_with("generic/");
        let first = clouds.send(&request).await;
        let verdict = clouds.simulator.calls().last().unwrap().verdict.clone();
        assert!(!DISBELIEF.contains(&verdict.as_str()), "{id}: {}", first.body);
        assert_eq!(verdict == "InvalidApi.NotFound", generic, "{id}: {}", first.body);
        if !request.headers.iter().any(|(name, _)| name == "X-Sdk-Date") && !generic {
            clouds.pass(1);
            clouds.send(&request).await;
            assert_eq!(clouds.simulator.calls().last().unwrap().verdict, "SignatureNonceUsed", "{id}");
        }
    }
}

/// Every byte that a signature protects, flipped one bit at a time: nothing may get through.
#[tokio::test]
async fn a_flipped_bit_in_anything_signed_is_refused() {
    let clouds = Clouds::start().await;
    for wanted in [
        "UpgradeServiceInstance/acs3/sts",
        "RenewChangeInstance/v1/basic",
        "UpgradeInstanceVersion/acs3/basic",
        "cbh.UpgradeInstance/sts",
        "aad.UpgradeInstanceSpec/one-field",
    ] {
        let (_, request) = captures().into_iter().find(|(id, _)| id == wanted).unwrap();
        let signed_names: Vec<String> = request
            .headers
            .iter()
            .find(|(name, _)| name == "Authorization")
            .and_then(|(_, value)| value.split("SignedHeaders=").nth(1)?.split(',').next().map(str::to_owned))
            .map(|names| names.split(';').map(str::to_owned).collect())
            .unwrap_or_default();
        let mut flipped = Vec::new();
        for (index, byte) in request.target.bytes().enumerate() {
            for bit in [0, 5] {
                let mut bytes = request.target.clone().into_bytes();
                bytes[index] = byte ^ (1 << bit);
                let Ok(target) = String::from_utf8(bytes) else { continue };
                // What decodes to the same text is the same request.
                if target.eq_ignore_ascii_case(&request.target) && request.target[..index].ends_with(['%']) {
                    continue;
                }
                let decoded = |target: &str| {
                    let (path, query) = target.split_once('?').unwrap_or((target, ""));
                    signing::encode::decode_query(query).ok().map(|query| (path.to_owned(), query))
                };
                if decoded(&target) != decoded(&request.target) || decoded(&target).is_none() {
                    flipped.push(Http { target, ..request.clone() });
                }
            }
        }
        for (place, (name, value)) in request.headers.iter().enumerate() {
            if name != "Authorization" && !signed_names.contains(&name.to_ascii_lowercase()) {
                continue;
            }
            for index in 0..value.len() {
                let mut bytes = value.clone().into_bytes();
                bytes[index] ^= 1;
                let Ok(value) = String::from_utf8(bytes) else { continue };
                let mut copy = request.clone();
                copy.headers[place].1 = value;
                flipped.push(copy);
            }
        }
        for index in 0..request.body.len() {
            let mut copy = request.clone();
            copy.body[index] ^= 1;
            flipped.push(copy);
        }
        assert!(flipped.len() > 200, "{wanted}: only {} requests", flipped.len());
        for copy in flipped {
            let before = clouds.simulator.calls().len();
            let answer = clouds.send_bytes(&copy.bytes()).await;
            // Some bytes cannot stand in a request at all; then the server does not even take it for one.
            let calls = clouds.simulator.calls();
            if calls.len() > before {
                let last = calls.last().unwrap();
                assert!(
                    last.verdict != "accepted" && !last.applied,
                    "{wanted}: {} {:?}",
                    copy.target,
                    copy.headers
                );
                assert!(
                    last.caller.is_none(),
                    "{wanted}: believed {} {:?} {}",
                    copy.target,
                    copy.headers,
                    last.verdict
                );
            } else {
                assert!(answer.is_none_or(|answer| answer.status == 400), "{wanted}");
            }
        }
        // The request itself is good, so that it was the flips that were refused.
        clouds.send(&request).await;
        assert!(clouds.simulator.calls().last().unwrap().caller.is_some(), "{wanted}");
    }
}
