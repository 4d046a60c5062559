//! A simulator on ephemeral ports with an injected clock and injected ids, and a client that writes bytes.

use serde_json::Value;
use simulator::{Account, Simulator, Sources};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// 2024-01-02T03:04:05Z, the moment at which the captures were signed.
const START: i64 = 1_704_164_645_000;

/// How late the scenario `slow` answers here.
pub(crate) const SLOW_DELAY: Duration = Duration::from_millis(200);

pub(crate) const COMPUTE_NEST: &str = "2021-05-21";
pub(crate) const BSS: &str = "2017-12-14";
pub(crate) const KAFKA: &str = "2019-09-16";

pub(crate) struct Clouds {
    pub(crate) simulator: Simulator,
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
    real: Arc<AtomicI64>,
    nonce: AtomicU64,
}

fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

impl Clouds {
    pub(crate) async fn start() -> Self {
        Self::start_with_crowd(0).await
    }

    /// With so many ordinary instances of every product.
    pub(crate) async fn start_with_crowd(instances: u32) -> Self {
        let real = Arc::new(AtomicI64::new(START));
        let clock = real.clone();
        let ids = AtomicU64::new(0);
        let sources = Sources::new(
            move || jiff::Timestamp::from_millisecond(clock.load(Ordering::SeqCst)).unwrap(),
            move || {
                let next = ids.fetch_add(2, Ordering::SeqCst);
                let mut bytes = [0; 16];
                bytes[..8].copy_from_slice(&mix(next).to_be_bytes());
                bytes[8..].copy_from_slice(&mix(next + 1).to_be_bytes());
                bytes
            },
        )
        .with_slow_delay(SLOW_DELAY)
        .with_crowd(instances);
        let simulator = Simulator::new(sources);
        let clouds = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let admin = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, admin_address) = (clouds.local_addr().unwrap(), admin.local_addr().unwrap());
        tokio::spawn(simulator.clone().serve(clouds));
        tokio::spawn(simulator.clone().serve_admin(admin));
        Self { simulator, address, admin: admin_address, real, nonce: AtomicU64::new(0) }
    }

    pub(crate) fn real(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.real.load(Ordering::SeqCst)).unwrap()
    }

    /// Lets real time pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.real.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub(crate) fn nonce(&self) -> String {
        format!("nonce-{}", self.nonce.fetch_add(1, Ordering::SeqCst))
    }

    fn date(&self) -> String {
        self.real().to_string()
    }

    pub(crate) fn sdk_date(&self) -> String {
        self.date().replace(['-', ':'], "")
    }

    pub(crate) async fn send(&self, request: &Http) -> Response {
        self.send_bytes(&request.bytes()).await.expect("an answer")
    }

    /// `None` when the connection is closed without an answer.
    pub(crate) async fn send_bytes(&self, bytes: &[u8]) -> Option<Response> {
        exchange(self.address, bytes).await
    }

    /// An ACS3 request, not signed yet. Asks for JSON.
    pub(crate) fn acs3(
        &self,
        account: &Account,
        version: &str,
        action: &str,
        query: &[(&str, &str)],
    ) -> Http {
        let mut request = Http::new("POST", &format!("/?{}", signing::encode::canonical_query(query)));
        request.set("host", &self.address.to_string());
        request.set("accept", "application/json");
        request.set("x-acs-action", action);
        request.set("x-acs-version", version);
        request.set("x-acs-date", &self.date());
        request.set("x-acs-signature-nonce", &self.nonce());
        request.set("x-acs-content-sha256", &signing::acs3::content_sha256(b""));
        if let Some(token) = account.security_token {
            request.set("x-acs-security-token", token);
        }
        request
    }

    /// An ACS3 request, signed and sent.
    pub(crate) async fn rpc(&self, version: &str, action: &str, query: &[(&str, &str)]) -> Response {
        let request = self.acs3(&simulator::ALIBABA, version, action, query).sign_acs3(&simulator::ALIBABA);
        self.send(&request).await
    }

    /// The parameters of an RPC V1 call without the signature.
    pub(crate) fn v1(
        &self,
        account: &Account,
        version: &str,
        action: &str,
        own: &[(&str, &str)],
    ) -> Vec<(String, String)> {
        let mut all = vec![
            ("Action", action.to_owned()),
            ("Version", version.to_owned()),
            ("AccessKeyId", account.access_key.to_owned()),
            ("Timestamp", self.date()),
            ("SignatureNonce", self.nonce()),
            ("SignatureMethod", "HMAC-SHA1".to_owned()),
            ("SignatureVersion", "1.0".to_owned()),
        ];
        all.extend(account.security_token.map(|token| ("SecurityToken", token.to_owned())));
        all.extend(own.iter().map(|(name, value)| (*name, (*value).to_owned())));
        all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// A Huawei request, not signed yet.
    pub(crate) fn sdk(&self, account: &Account, method: &str, target: &str, body: &str) -> Http {
        let mut request = Http::new(method, target);
        request.set("Host", &self.address.to_string());
        request.set("Content-Type", "application/json");
        request.set("X-Sdk-Date", &self.sdk_date());
        if let Some(token) = account.security_token {
            request.set("X-Security-Token", token);
        }
        request.body = body.as_bytes().to_vec();
        request
    }

    /// A Huawei request, signed and sent.
    pub(crate) async fn rest(&self, method: &str, target: &str, body: &Value) -> Response {
        let request =
            self.sdk(&simulator::HUAWEI, method, target, &body.to_string()).sign_sdk(&simulator::HUAWEI);
        self.send(&request).await
    }

    /// A Huawei request that only reads, signed and sent.
    pub(crate) async fn get(&self, target: &str) -> Response {
        self.send(&self.sdk(&simulator::HUAWEI, "GET", target, "").sign_sdk(&simulator::HUAWEI)).await
    }

    pub(crate) async fn admin(&self, method: &str, path: &str, body: &str) -> Response {
        let mut request = Http::new(method, path);
        request.set("host", &self.admin.to_string());
        request.body = body.as_bytes().to_vec();
        exchange(self.admin, &request.bytes()).await.expect("an answer")
    }

    /// The member of the state that describes an instance, found by any of its values.
    pub(crate) fn instance(&self, product: &str, list: &str, id: &str) -> Value {
        self.simulator.state()[product][list]
            .as_array()
            .unwrap()
            .iter()
            .find(|known| known.as_object().unwrap().values().any(|value| value == id))
            .cloned()
            .unwrap_or(Value::Null)
    }
}

/// A request as bytes on the wire.
#[derive(Clone)]
pub(crate) struct Http {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Http {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self { method: method.to_owned(), target: target.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.remove(name);
        self
    }

    fn signed(&self, sign: impl Fn(&signing::Request<'_>) -> signing::Signed) -> String {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let query = signing::encode::decode_query(query).unwrap();
        let query: Vec<(&str, &str)> =
            query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        sign(&signing::Request {
            method: &self.method,
            path,
            query: &query,
            headers: &headers,
            body: &self.body,
        })
        .authorization
    }

    pub(crate) fn sign_acs3(self, account: &Account) -> Self {
        let value =
            self.signed(|request| signing::acs3::sign(request, account.access_key, account.secret_key));
        self.with("Authorization", &value)
    }

    pub(crate) fn sign_sdk(self, account: &Account) -> Self {
        let value =
            self.signed(|request| signing::sdk_hmac::sign(request, account.access_key, account.secret_key));
        self.with("Authorization", &value)
    }

    /// An RPC V1 request, signed, with its parameters in the query.
    pub(crate) fn v1_query(address: SocketAddr, account: &Account, mut all: Vec<(String, String)>) -> Self {
        let query = v1_signed("POST", account, &mut all);
        Self::new("POST", &format!("/?{query}")).with("host", &address.to_string())
    }

    /// An RPC V1 request, signed, with its parameters in the body.
    pub(crate) fn v1_form(address: SocketAddr, account: &Account, mut all: Vec<(String, String)>) -> Self {
        let form = v1_signed("POST", account, &mut all);
        let mut request = Self::new("POST", "/")
            .with("host", &address.to_string())
            .with("content-type", "application/x-www-form-urlencoded");
        request.body = form.into_bytes();
        request
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend(format!("{name}: {value}\r\n").bytes());
        }
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            bytes.extend(format!("Content-Length: {}\r\n", self.body.len()).bytes());
        }
        bytes.extend(b"Connection: close\r\n\r\n");
        bytes.extend(&self.body);
        bytes
    }
}

fn v1_signed(method: &str, account: &Account, all: &mut Vec<(String, String)>) -> String {
    let pairs: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let signature = signing::rpc_v1::sign(method, &pairs, account.secret_key).signature;
    all.push(("Signature".to_owned(), signature));
    // Form style, as the SDKs send it: a space is a plus sign.
    all.iter()
        .map(|(name, value)| format!("{name}={}", signing::encode::rfc3986(value)).replace("%20", "+"))
        .collect::<Vec<_>>()
        .join("&")
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Status and error code, whichever member holds it.
    pub(crate) fn refusal(&self) -> (u16, String) {
        let body = self.json();
        let code = ["Code", "error_code"].iter().find_map(|name| body[*name].as_str()).unwrap_or_default();
        (self.status, code.to_owned())
    }
}

pub(crate) async fn exchange(address: SocketAddr, bytes: &[u8]) -> Option<Response> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that refuses early may close before everything is written; what it answered still counts.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Response { status, headers, body: body.to_owned() })
}
