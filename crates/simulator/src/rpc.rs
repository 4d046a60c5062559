//! What the three Alibaba products share: the operations, their parameters, answers and refusals.

mod operations;

pub(crate) use operations::{RpcOperation, find};

use crate::bss::Site;
use crate::moment::Moment;
use jiff::Timestamp;
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

    /// The numbers N for which there is a parameter `<prefix>.N` or `<prefix>.N.…`, ascending. N counts from 1 to `most`.
    pub(crate) fn numbers(&self, prefix: &str, most: usize) -> Result<Vec<usize>, Refusal> {
        let mut numbers = Vec::new();
        for (name, _) in self.iter() {
            let Some(rest) = name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.')) else {
                continue;
            };
            let digits = rest.split_once('.').map_or(rest, |(digits, _)| digits);
            let number = digits.parse().ok().filter(|number| (1..=most).contains(number));
            numbers.push(number.ok_or_else(|| Refusal::invalid(name))?);
        }
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// The values `<prefix>.1`, `<prefix>.2` and so on.
    pub(crate) fn list(&self, prefix: &str, most: usize) -> Result<Vec<&'a str>, Refusal> {
        let numbers = self.numbers(prefix, most)?;
        Ok(numbers.iter().filter_map(|number| self.filled(&format!("{prefix}.{number}"))).collect())
    }

    /// The pairs `<prefix>.N.<first>` and `<prefix>.N.<second>`, both of which are needed.
    pub(crate) fn pairs(
        &self,
        prefix: &str,
        (first, second): (&str, &str),
        most: usize,
    ) -> Result<Vec<(&'a str, &'a str)>, Refusal> {
        let part = |number: usize, part: &str| {
            let name = format!("{prefix}.{number}.{part}");
            self.filled(&name).ok_or_else(|| Refusal::missing(&name))
        };
        let known = |name: &str| {
            let part = name.rsplit_once('.').map(|(_, part)| part);
            part == Some(first) || part == Some(second)
        };
        let own = format!("{prefix}.");
        if let Some((name, _)) = self.iter().find(|(name, _)| name.starts_with(&own) && !known(name)) {
            return Err(Refusal::invalid(name));
        }
        let numbers = self.numbers(prefix, most)?;
        numbers.into_iter().map(|number| Ok((part(number, first)?, part(number, second)?))).collect()
    }

    /// A time such as `2016-05-23T12:00:00Z`.
    pub(crate) fn time(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        self.filled(name).map(|text| text.parse().map_err(|_| Refusal::invalid(name))).transpose()
    }

    /// One of these words, when there is one.
    pub(crate) fn one_of(&self, name: &str, words: &[&str]) -> Result<Option<&'a str>, Refusal> {
        match self.filled(name) {
            Some(word) if !words.contains(&word) => Err(Refusal::invalid(name)),
            word => Ok(word),
        }
    }

    /// `true` or `false`, in any case; absent is false.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.filled(name) {
            None => Ok(false),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(_) => Err(Refusal::invalid(name)),
        }
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

impl Reply {
    /// An answer that changed nothing.
    pub(crate) fn read(body: Value) -> Self {
        Self { body, applied: false }
    }

    /// The answer of a call that took effect.
    pub(crate) fn applied(body: Value) -> Self {
        Self { body, applied: true }
    }
}

/// A call that is believed and complete, as a product sees it.
pub(crate) struct Asked<'a> {
    pub(crate) parameters: &'a Parameters<'a>,
    /// The region of a host such as `alikafka.cn-hangzhou.aliyuncs.com`.
    pub(crate) endpoint_region: Option<&'a str>,
    /// The BSS site of the host, when it names one.
    pub(crate) site: Option<Site>,
    /// Only `UpgradeServiceInstance` has a dry run.
    pub(crate) dry_run: bool,
    pub(crate) moment: &'a Moment<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_pairs_are_read_by_number() {
        let all =
            pairs(&[("Id.2", "b"), ("Id.1", "a"), ("P.1.Code", "c"), ("P.1.Value", "v"), ("P.3.Code", "d")]);
        let parameters = Parameters::new(&all);
        assert_eq!(parameters.list("Id", 10).unwrap(), ["a", "b"]);
        assert_eq!(parameters.numbers("P", 3).unwrap(), [1, 3]);
        assert_eq!(parameters.numbers("P", 2).unwrap_err().code, "InvalidP.3.Code");
        assert_eq!(parameters.pairs("P", ("Code", "Value"), 9).unwrap_err().code, "MissingP.3.Value");
        assert_eq!(parameters.pairs("P", ("Code", "Other"), 9).unwrap_err().code, "InvalidP.1.Value");
    }

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
