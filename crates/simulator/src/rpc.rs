//! What the three Alibaba products share: the operations, their parameters and their refusals.

use crate::scenario::Product;
use serde_json::Value;

/// Parameters that belong to the protocol, not to an operation (signing.md section 3).
const COMMON: [&str; 12] = [
    "AccessKeyId",
    "Action",
    "Format",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
    "ClientToken",
];

/// One RPC operation that the simulated cloud serves.
pub(crate) struct RpcOperation {
    pub(crate) product: Product,
    /// Product code, as in `Recommend` and in the catalogue.
    pub(crate) product_code: &'static str,
    /// Id in the catalogue.
    pub(crate) id: &'static str,
    pub(crate) version: &'static str,
    pub(crate) action: &'static str,
    /// Allowed methods (signing.md section 5).
    pub(crate) methods: &'static [&'static str],
    /// Parameters without which the gateway refuses the call, in the order in which it looks.
    pub(crate) required: &'static [&'static str],
    /// RAM action that the caller needs.
    pub(crate) ram_action: &'static str,
}

static OPERATIONS: [RpcOperation; 3] = [
    RpcOperation {
        product: Product::ComputeNest,
        product_code: "ComputeNestSupplier",
        id: "computenestsupplier.UpgradeServiceInstance",
        version: "2021-05-21",
        action: "UpgradeServiceInstance",
        methods: &["GET", "POST"],
        // Formally optional, but nothing can be upgraded without them (apis.md section 2).
        required: &["ServiceInstanceId", "ServiceVersion"],
        ram_action: "computenestsupplier:UpgradeServiceInstance",
    },
    RpcOperation {
        product: Product::Bss,
        product_code: "BssOpenApi",
        id: "bssopenapi.RenewChangeInstance",
        version: "2017-12-14",
        action: "RenewChangeInstance",
        methods: &["POST"],
        required: &["ProductCode", "InstanceId", "RenewPeriod"],
        ram_action: "bss:RenewChangeInstance",
    },
    RpcOperation {
        product: Product::Kafka,
        product_code: "alikafka",
        id: "alikafka.UpgradeInstanceVersion",
        version: "2019-09-16",
        action: "UpgradeInstanceVersion",
        methods: &["POST"],
        required: &["InstanceId", "RegionId", "TargetVersion"],
        ram_action: "alikafka:UpdateInstance",
    },
];

/// Versions and actions are case-sensitive (apis.md section 1).
pub(crate) fn find(version: &str, action: &str) -> Option<&'static RpcOperation> {
    OPERATIONS.iter().find(|known| known.version == version && known.action == action)
}

/// The decoded parameters of a call.
pub(crate) struct Parameters<'a> {
    pairs: &'a [(String, String)],
}

impl<'a> Parameters<'a> {
    pub(crate) fn new(pairs: &'a [(String, String)]) -> Self {
        Self { pairs }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// As [`get`](Self::get), with empty counting as absent.
    pub(crate) fn filled(&self, name: &str) -> Option<&'a str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The name of the first parameter that is there twice, so that which one counts would be a guess.
    pub(crate) fn repeated(&self) -> Option<&'a str> {
        let mut names: Vec<&str> = self.pairs.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first().copied())
    }

    /// What two calls with one ClientToken must have in common: every parameter of the operation.
    pub(crate) fn fingerprint(&self) -> Vec<(String, String)> {
        let mut own: Vec<_> =
            self.pairs.iter().filter(|(name, _)| !COMMON.contains(&name.as_str())).cloned().collect();
        own.sort_unstable();
        own
    }
}

/// A refusal of an Alibaba product or of its gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
    /// `x-acs-retry-after`, in milliseconds.
    pub(crate) retry_after_ms: Option<i64>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), retry_after_ms: None }
    }

    /// `Missing<Param>`: signing.md section 7.
    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new(400, format!("Missing{parameter}"), format!("{parameter} is mandatory for this action."))
    }

    /// `Invalid<Param>`: signing.md section 7.
    pub(crate) fn invalid(parameter: &str) -> Self {
        Self::new(
            400,
            format!("Invalid{parameter}"),
            format!("The specified parameter \"{parameter}\" is not valid."),
        )
    }
}

/// What a product answers with HTTP 200.
pub(crate) struct Reply {
    /// Body without `RequestId`, which the gateway adds.
    pub(crate) body: Value,
    /// Whether the call changed something.
    pub(crate) applied: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn finds_repeated_names_wherever_they_stand() {
        assert_eq!(Parameters::new(&pairs(&[("A", "1"), ("B", "1"), ("A", "1")])).repeated(), Some("A"));
        assert_eq!(Parameters::new(&pairs(&[("A", "1"), ("B", "1")])).repeated(), None);
        assert_eq!(Parameters::new(&[]).repeated(), None);
    }

    #[test]
    fn a_fingerprint_knows_neither_protocol_nor_order() {
        let one = pairs(&[("X", "1"), ("Timestamp", "a"), ("ClientToken", "t"), ("Y", "2")]);
        let two = pairs(&[("Y", "2"), ("X", "1"), ("SignatureNonce", "n")]);
        assert_eq!(Parameters::new(&one).fingerprint(), Parameters::new(&two).fingerprint());
    }
}
