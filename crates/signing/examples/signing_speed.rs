//! How fast signing is, beside the bare hashes of the same bytes: `cargo run --release -p upgrade-signing --example signing_speed`.
//!
//! For each scheme the peer hashes exactly the bytes that signing hashes (the body, the canonical request, the string to
//! sign) with the same SHA-256, SHA-1 and HMAC, and does nothing else. Both are measured in turn within one run, and the
//! medians of the rounds are compared, so that a busy machine slows both alike. A ratio of 1.00 would mean that making
//! the canonical request, and writing the result, cost nothing.

#![allow(clippy::print_stdout, reason = "printing the measurement is what this program is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use upgrade_signing::{Request, Stages, acs3, digest, rpc_v1, sdk_hmac};

const SECRET: &str = "exampleSecretThatOpensNothing01";
const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(60);

fn main() {
    let parameters = r#"{"InstanceType":"ecs.g5.large","Size":"100","Zone":"cn-hangzhou-h"}"#;
    let query = [
        ("RegionId", "cn-hangzhou"),
        ("ServiceInstanceId", "si-5cbae874da0e47000001"),
        ("ServiceVersion", "2"),
        ("Parameters", parameters),
        ("ClientToken", "10CM943JP0EN9D51H"),
        ("DryRun", "false"),
    ];
    let empty_hash = acs3::content_sha256(b"");
    let alibaba_headers = [
        ("host", "computenestsupplier.cn-hangzhou.aliyuncs.com"),
        ("accept", "application/json"),
        ("x-acs-action", "UpgradeServiceInstance"),
        ("x-acs-version", "2021-05-21"),
        ("x-acs-date", "2024-01-02T03:04:05Z"),
        ("x-acs-signature-nonce", "7721df2b25bcbd112a3c6f1b0e0a1c1e"),
        ("x-acs-content-sha256", &empty_hash),
    ];
    let alibaba = Request { method: "POST", path: "/", query: &query, headers: &alibaba_headers, body: b"" };
    let mut rpc_parameters = query.to_vec();
    rpc_parameters.extend([
        ("Action", "UpgradeServiceInstance"),
        ("Version", "2021-05-21"),
        ("Format", "json"),
        ("AccessKeyId", "exampleAccessKey01"),
        ("Timestamp", "2024-01-02T03:04:05Z"),
        ("SignatureNonce", "7721df2b25bcbd112a3c6f1b0e0a1c1e"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
    ]);
    let huawei_headers = [
        ("Host", "cbh.cn-north-4.myhuaweicloud.com"),
        ("Content-Type", "application/json"),
        ("X-Project-Id", "0123456789abcdef0123456789abcdef"),
        ("X-Sdk-Date", "20240102T030405Z"),
    ];
    let huawei = Request {
        method: "POST",
        path: "/v2/0123456789abcdef0123456789abcdef/cbs/instance/upgrade",
        query: &[],
        headers: &huawei_headers,
        body: br#"{"server_id":"c7277d87-5a0d-4cfc-a418-97acb567cf29","upgrade_time":1702974655000}"#,
    };

    println!("signatures per second, medians of {ROUNDS} rounds of {} ms", ROUND.as_millis());
    println!("{:<22}{:>8}{:>12}{:>12}{:>8}", "scheme", "bytes", "signing", "bare hash", "ratio");
    let stages = acs3::sign(&alibaba, "exampleAccessKey01", SECRET).stages;
    let bytes = alibaba.body.len() + stages.canonical_request.len() + stages.string_to_sign.len();
    compare(
        "ACS3-HMAC-SHA256",
        bytes,
        || acs3::sign(black_box(&alibaba), "exampleAccessKey01", SECRET).authorization,
        || bare_sha256(black_box(alibaba.body), black_box(&stages)),
    );
    let stages = rpc_v1::sign("POST", &rpc_parameters, SECRET);
    assert_eq!(stages.signature, digest::hmac_sha1_base64([SECRET, "&"], &stages.string_to_sign));
    let key = format!("{SECRET}&");
    compare(
        "RPC V1 (HMAC-SHA1)",
        stages.string_to_sign.len(),
        || rpc_v1::sign("POST", black_box(&rpc_parameters), SECRET).signature,
        || keyed::<Hmac<Sha1>>(&key, black_box(&stages)),
    );
    let stages = sdk_hmac::sign(&huawei, "exampleAccessKey01", SECRET).stages;
    let bytes = huawei.body.len() + stages.canonical_request.len() + stages.string_to_sign.len();
    compare(
        "SDK-HMAC-SHA256",
        bytes,
        || sdk_hmac::sign(black_box(&huawei), "exampleAccessKey01", SECRET).authorization,
        || bare_sha256(black_box(huawei.body), black_box(&stages)),
    );
}

/// The three hashes of both header schemes.
fn bare_sha256(body: &[u8], stages: &Stages) -> impl Sized {
    (
        Sha256::digest(body),
        Sha256::digest(stages.canonical_request.as_bytes()),
        keyed::<Hmac<Sha256>>(SECRET, stages),
    )
}

fn keyed<M: Mac + KeyInit>(key: &str, stages: &Stages) -> Option<impl Sized> {
    let mut mac = <M as KeyInit>::new_from_slice(key.as_bytes()).ok()?;
    Mac::update(&mut mac, stages.string_to_sign.as_bytes());
    Some(mac.finalize().into_bytes())
}

fn compare<A, B>(scheme: &str, bytes: usize, mut signing: impl FnMut() -> A, mut bare: impl FnMut() -> B) {
    let (mut signing_rates, mut bare_rates) = (Vec::new(), Vec::new());
    rate(&mut signing);
    rate(&mut bare);
    for _ in 0..ROUNDS {
        signing_rates.push(rate(&mut signing));
        bare_rates.push(rate(&mut bare));
    }
    let (signing, bare) = (median(signing_rates), median(bare_rates));
    println!("{scheme:<22}{bytes:>8}{signing:>12.0}{bare:>12.0}{:>8.2}", signing / bare);
}

/// Calls per second over one round.
fn rate<T>(work: &mut impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    let mut calls = 0_u32;
    while start.elapsed() < ROUND {
        for _ in 0..64 {
            black_box(work());
        }
        calls += 64;
    }
    f64::from(calls) / start.elapsed().as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
