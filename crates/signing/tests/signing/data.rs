//! The recorded data and a request whose parts tests may change.

use serde::Deserialize;
use serde_json::Value;
use upgrade_signing::{Request, Stages, VerifyError, acs3, encode, rpc_v1, sdk_hmac};

pub(crate) type Pairs = Vec<(String, String)>;

/// Lends pairs of owned text.
pub(crate) fn lend(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

pub(crate) fn own(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[derive(Deserialize)]
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) quirk: bool,
    pub(crate) input: Value,
    pub(crate) expect: Value,
}

impl Vector {
    pub(crate) fn text(&self, name: &str) -> &str {
        self.input[name].as_str().unwrap_or_else(|| panic!("{}: no input {name}", self.id))
    }

    pub(crate) fn pairs(&self, name: &str) -> Pairs {
        serde_json::from_value(self.input[name].clone())
            .unwrap_or_else(|_| panic!("{}: no input {name}", self.id))
    }

    /// Compares every expectation that the vector has with what was computed; one that nobody computed fails.
    pub(crate) fn compare(&self, computed: &[(&str, &str)]) {
        let expected = self.expect.as_object().unwrap();
        assert!(!expected.is_empty(), "{}: nothing is expected", self.id);
        for (stage, value) in expected {
            let (_, actual) = computed
                .iter()
                .find(|(name, _)| name == stage)
                .unwrap_or_else(|| panic!("{}: stage {stage} was not computed", self.id));
            assert_eq!(*actual, value.as_str().unwrap(), "{}: {stage}", self.id);
        }
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let data: Value = serde_json::from_str(include_str!("../data/signing-vectors.json")).unwrap();
    serde_json::from_value(data["vectors"].clone()).unwrap()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Acs3,
    RpcV1,
    SdkHmac,
}

/// A request as a server holds it: the query decoded from the raw target.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) scheme: Scheme,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Pairs,
    pub(crate) headers: Pairs,
    pub(crate) body: Vec<u8>,
    pub(crate) secret: String,
}

impl Wire {
    pub(crate) fn lend<T>(&self, look: impl FnOnce(&Request<'_>) -> T) -> T {
        let (query, headers) = (lend(&self.query), lend(&self.headers));
        look(&Request {
            method: &self.method,
            path: &self.path,
            query: &query,
            headers: &headers,
            body: &self.body,
        })
    }

    pub(crate) fn verify(&self) -> Result<Stages, VerifyError> {
        self.lend(|request| match self.scheme {
            Scheme::Acs3 => acs3::verify(request, &self.secret),
            Scheme::RpcV1 => rpc_v1::verify(request.method, request.query, &self.secret),
            Scheme::SdkHmac => sdk_hmac::verify(request, &self.secret),
        })
    }

    /// The copy of this request that `change` makes.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut copy = self.clone();
        change(&mut copy);
        copy
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn set_header(&mut self, name: &str, value: &str) {
        match self.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some(header) => header.1 = value.to_owned(),
            None => self.headers.push((name.to_owned(), value.to_owned())),
        }
    }

    pub(crate) fn remove_header(&mut self, name: &str) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// Signs anew, as a client of ours does.
    pub(crate) fn sign(&mut self, access_key: &str) {
        self.remove_header("authorization");
        let authorization = self.lend(|request| match self.scheme {
            Scheme::Acs3 => acs3::sign(request, access_key, &self.secret).authorization,
            Scheme::SdkHmac => sdk_hmac::sign(request, access_key, &self.secret).authorization,
            Scheme::RpcV1 => panic!("this scheme has no header"),
        });
        self.set_header("Authorization", &authorization);
    }

    /// The signed headers, access key and signature of the `Authorization` header.
    pub(crate) fn authorization(&self) -> (String, Vec<String>, String) {
        let value = self.header("authorization").unwrap();
        let own = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        match self.scheme {
            Scheme::Acs3 => {
                let read = acs3::Authorization::parse(value).unwrap();
                (read.access_key.to_owned(), own(read.signed_headers), read.signature.to_owned())
            }
            Scheme::SdkHmac => {
                let read = sdk_hmac::Authorization::parse(value).unwrap();
                (read.access_key.to_owned(), own(read.signed_headers), read.signature.to_owned())
            }
            Scheme::RpcV1 => panic!("this scheme has no header"),
        }
    }
}

pub(crate) struct Capture {
    pub(crate) id: String,
    pub(crate) access_key: String,
    pub(crate) wire: Wire,
    /// Path and query as the SDK put them, and the hash of the body, from the recording.
    pub(crate) decoded: Value,
    pub(crate) expect: Value,
}

/// The requests that the official SDKs sent, read from the raw bytes: method, target, headers and body.
pub(crate) fn captures() -> Vec<Capture> {
    let data: Value = serde_json::from_str(include_str!("../data/signing-captures.json")).unwrap();
    let read = |capture: &Value| {
        let id = capture["id"].as_str().unwrap().to_owned();
        let scheme = match capture["signature"].as_str().unwrap() {
            "ACS3-HMAC-SHA256" => Scheme::Acs3,
            "RPC-V1-HMAC-SHA1" => Scheme::RpcV1,
            "SDK-HMAC-SHA256" => Scheme::SdkHmac,
            other => panic!("{id}: unknown scheme {other}"),
        };
        let request = &capture["request"];
        let target = request["target"].as_str().unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let credential = &data["credentials"][capture["credential"].as_str().unwrap()];
        let wire = Wire {
            scheme,
            method: request["method"].as_str().unwrap().to_owned(),
            path: path.to_owned(),
            query: encode::decode_query(query).unwrap_or_else(|error| panic!("{id}: {error}")),
            headers: serde_json::from_value(request["headers"].clone()).unwrap(),
            body: request["body"].as_str().unwrap().as_bytes().to_vec(),
            secret: credential["secret"].as_str().unwrap().to_owned(),
        };
        let access_key = credential["access_key"].as_str().unwrap().to_owned();
        Capture {
            id,
            access_key,
            wire,
            decoded: capture["decoded"].clone(),
            expect: capture["expect"].clone(),
        }
    };
    data["captures"].as_array().unwrap().iter().map(read).collect()
}
