//! The list of calls that the simulated clouds have received, for the admin door and for tests.

use crate::accounts::Cloud;
use std::collections::VecDeque;

/// How many calls are remembered; older ones are dropped.
const REMEMBERED: usize = 20_000;

/// Query parameters whose values are masked in [`Call::target`]: signatures, tokens, and the free-form
/// template parameters, which may hold passwords (apis.md section 2). The values of `Parameters.N` are masked too.
const MASKED: [&str; 3] = ["Signature", "SecurityToken", "Parameters"];

/// One call that reached the simulated clouds.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Call {
    /// Counts from 1 since the last reset.
    pub number: u64,
    /// Real time at which the request had been read.
    pub at: jiff::Timestamp,
    /// Simulated time at that moment.
    pub simulated_at: jiff::Timestamp,
    /// The cloud that was taken to be meant.
    pub cloud: Cloud,
    /// Operation id as in the catalogue, e.g. `cbh.UpgradeInstance`; absent when no operation was recognised.
    pub operation: Option<String>,
    /// HTTP method.
    pub method: String,
    /// `Host` header as sent.
    pub host: String,
    /// Path and query as sent, with secret values replaced by `***`.
    pub target: String,
    /// The JSON of a changing call of the Huawei products, as sent; none of their fields is a secret.
    pub body: Option<String>,
    /// Name of the key or token holder, when the caller was recognised: `ali`, `hw-sts`, `demo-user`.
    pub caller: Option<String>,
    /// `accepted`, or the error code with which the call was refused.
    pub verdict: String,
    /// HTTP status of the answer; absent when none was sent.
    pub status: Option<u16>,
    /// Whether the operation changes something. A dry run does not.
    pub changing: bool,
    /// Whether the call took effect. An answer repeated for the same ClientToken did not take effect again.
    pub applied: bool,
    /// Request id in the answer; absent when none was sent.
    pub request_id: Option<String>,
    /// Name of the scenario that decided the fate of the call, when it was not `normal`.
    pub scenario: Option<&'static str>,
}

/// Keeps the newest calls.
#[derive(Default)]
pub(crate) struct CallLog {
    calls: VecDeque<Call>,
    received: u64,
}

impl CallLog {
    pub(crate) fn push(&mut self, mut call: Call) {
        self.received += 1;
        call.number = self.received;
        if self.calls.len() == REMEMBERED {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    pub(crate) fn all(&self) -> Vec<Call> {
        self.calls.iter().cloned().collect()
    }
}

/// The target with secret values masked.
pub(crate) fn masked_target(path: &str, query: &str) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    let masked: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_masked(name) => format!("{name}=***"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{path}?{}", masked.join("&"))
}

fn is_masked(name: &str) -> bool {
    MASKED.contains(&name) || (name.starts_with("Parameters.") && name.ends_with(".ParameterValue"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_secret_values_only() {
        let target = masked_target("/", "Action=A&Signature=abc%3D&Parameters=%7B%7D&SecurityToken=t&X=1");
        assert_eq!(target, "/?Action=A&Signature=***&Parameters=***&SecurityToken=***&X=1");
        assert_eq!(masked_target("/v3/projects", ""), "/v3/projects");
        let target = masked_target("/", "Parameters.1.ParameterKey=a&Parameters.1.ParameterValue=b");
        assert_eq!(target, "/?Parameters.1.ParameterKey=a&Parameters.1.ParameterValue=***");
    }
}
