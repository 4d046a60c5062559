//! The model of an operation: compact, in both languages, without a trace of OpenAPI. It is what the server hands
//! to the page (`GET /api/operations/{id}`), so a change here is a change of the HTTP API.

mod from_json;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

/// Words for people, in the two languages of the console.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// A language of the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Text {
    /// The words in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// Whose API it is; decides how a call is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cloud {
    /// Alibaba Cloud: ACS3-HMAC-SHA256, or RPC V1.
    Alibaba,
    /// Huawei Cloud: SDK-HMAC-SHA256, or an IAM token.
    Huawei,
}

/// The account site of billing: each cloud has a host for its mainland accounts and one for its international
/// ones, and no regions (apis.md section 4, companions.md section 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Site {
    /// Accounts of aliyun.com, and of Huawei Cloud in the mainland.
    #[default]
    China,
    /// Accounts of alibabacloud.com, and of Huawei Cloud International.
    International,
}

/// What a person must know before choosing an operation, drawn as badges. From `x-risk`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trait {
    /// Places an order that is paid at once.
    Pays,
    /// Can change what is billed, without an order of its own.
    MayPay,
    /// No call takes it back.
    Irreversible,
    /// Can delete resources.
    MayDelete,
    /// The order can stay unpaid.
    MayStayUnpaid,
    /// The API can check without changing.
    DryRun,
    /// Takes effect at a time that is chosen.
    Schedules,
    /// Can be cancelled until it starts.
    Cancellable,
    /// A call exists that returns to the state before.
    Rollback,
}

/// A product of a cloud.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Product {
    /// The vendor's product code, e.g. `alikafka`.
    pub code: String,
    /// The product's name.
    pub title: Text,
}

/// An operation in the list: enough to find and choose it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OperationSummary {
    /// e.g. `alikafka.UpgradeInstanceVersion`.
    pub id: String,
    /// Whose API it is.
    pub cloud: Cloud,
    /// The product it belongs to.
    pub product: Product,
    /// e.g. "Upgrade Kafka version".
    pub title: Text,
    /// Its effect in one line.
    pub summary: Text,
    /// What must be known before choosing it.
    pub traits: Vec<Trait>,
}

/// An operation, whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operation {
    /// e.g. `alikafka.UpgradeInstanceVersion`: the document's product code and the vendor's name of the call.
    pub id: String,
    /// Whose API it is.
    pub cloud: Cloud,
    /// The product it belongs to.
    pub product: Product,
    /// e.g. "Upgrade Kafka version".
    pub title: Text,
    /// Its effect in one line.
    pub summary: Text,
    /// The long description; paragraphs are separated by an empty line.
    pub description: Text,
    /// What must be known before choosing it.
    pub traits: Vec<Trait>,
    /// Used by flows only: not listed, planned or previewed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    /// How it goes over the wire.
    pub call: Call,
    /// Inputs, in the order of the form.
    pub fields: Vec<Field>,
    /// Members of the answer.
    pub answer: Vec<AnswerField>,
    /// Documented errors.
    pub errors: Vec<ErrorCode>,
    /// What the caller must be allowed to do.
    pub permissions: Vec<Permission>,
    /// Documented examples; each is run as a test.
    pub examples: Vec<Example>,
    /// Highest documented rate for one user, calls a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls_per_second: Option<u32>,
}

impl Operation {
    /// The operation as it stands in the list.
    #[must_use]
    pub fn summary(&self) -> OperationSummary {
        OperationSummary {
            id: self.id.clone(),
            cloud: self.cloud,
            product: self.product.clone(),
            title: self.title.clone(),
            summary: self.summary.clone(),
            traits: self.traits.clone(),
        }
    }

    /// Whether it says this of itself.
    #[must_use]
    pub fn has(&self, wanted: Trait) -> bool {
        self.traits.contains(&wanted)
    }

    /// The top-level field that plays a part, if the operation has one.
    #[must_use]
    pub fn field_with(&self, role: Role) -> Option<&Field> {
        self.fields.iter().find(|field| field.role == Some(role))
    }
}

/// How an operation goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// HTTP method.
    pub method: Method,
    /// RPC or REST.
    pub protocol: Protocol,
    /// Whether it changes anything. Reads may be retried and keep their connections.
    pub changes: bool,
    /// The header that names the scope of the caller, Huawei only.
    pub scope: Scope,
    /// Where it can be sent.
    pub servers: Vec<Server>,
}

/// An HTTP method that the catalogue knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// DELETE.
    Delete,
}

impl Method {
    /// As it stands in the request line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

/// The style of an API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "style", rename_all = "lowercase")]
pub enum Protocol {
    /// Alibaba RPC: path `/`, every parameter in the query, action and version in headers.
    Rpc {
        /// Product code, case-sensitive.
        product: String,
        /// API version, e.g. `2019-09-16`.
        version: String,
        /// Action, case-sensitive.
        action: String,
    },
    /// REST: the template with `{name}` for path parameters, e.g. `/v2/{project_id}/cbs/instance/upgrade`.
    Rest {
        /// The path template.
        path: String,
    },
}

/// Which header names the scope of the caller (signing.md section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// None.
    None,
    /// `X-Project-Id`; also bound to the path parameter `project_id`.
    Project,
    /// `X-Domain-Id`.
    Domain,
}

/// A host, or a family of hosts that differ by region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Server {
    /// e.g. `alikafka.{region}.aliyuncs.com`.
    pub host: String,
    /// Which account site it serves; `None`: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<Site>,
    /// What may stand for `{region}`; empty when the host has no such part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<Region>,
}

/// A region of a cloud.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Region {
    /// e.g. `cn-hangzhou`.
    pub id: String,
    /// e.g. "China (Hangzhou)".
    pub title: Text,
}

/// One input of an operation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// The vendor's name.
    pub name: String,
    /// Where it goes. Members of an object have the place of their parent.
    pub place: Place,
    /// A short label.
    pub title: Text,
    /// Help beside the field; may be empty.
    pub description: Text,
    /// Type and limits.
    pub kind: Kind,
    /// Whether it must be given.
    pub required: bool,
    /// Fields beside it that must be given whenever it is. From `x-needs`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Whether the value goes over the wire as one text of compact JSON (vendor style `json`) instead of one
    /// parameter for each part. From `content`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub json: bool,
    /// Whether its value is a secret: a password field, never stored or shown.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// The part that it plays for every product alike.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The documented example, never prefilled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
    /// What one of it is, e.g. "Mbit/s".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    /// What a person is asked to do when it is missing, e.g. "Choose how many months to renew for". From `x-ask`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<Text>,
}

/// Where a field goes on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A part of the path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
    /// A member of the JSON body.
    Body,
}

/// The part that a field plays for every product alike. From `x-role`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The id of what the call is about, an instance or, where one is cancelled, an order. For a call that changes
    /// something it is what a person types to confirm.
    Instance,
    /// What it is changed to.
    Target,
    /// The region: prefilled from the profile, selects the host.
    Region,
    /// The idempotency token: made for the plan when absent.
    ClientToken,
    /// "true" checks and changes nothing.
    DryRun,
    /// Takes a scheduled change back instead of making one.
    Cancel,
    /// When it shall start.
    StartTime,
}

/// Type and limits of a value. Limits are JSON Schema's, with its meaning (lengths in code points).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Kind {
    /// A string.
    Text {
        /// Least length.
        #[serde(skip_serializing_if = "Option::is_none")]
        min_length: Option<u64>,
        /// Greatest length.
        #[serde(skip_serializing_if = "Option::is_none")]
        max_length: Option<u64>,
        /// An unanchored regular expression in the subset that ECMA 262 and `regex-lite` share.
        #[serde(skip_serializing_if = "Option::is_none")]
        pattern: Option<String>,
        /// What the pattern asks for, in words.
        #[serde(skip_serializing_if = "Option::is_none")]
        pattern_words: Option<Text>,
        /// Known values.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        choices: Vec<Choice>,
        /// Whether other values that fit the limits are accepted beside the choices. Without choices: true.
        open: bool,
    },
    /// A whole number, without loss up to 64 bits. `1.0` is refused.
    Integer {
        /// Least value.
        #[serde(skip_serializing_if = "Option::is_none")]
        minimum: Option<i64>,
        /// Greatest value.
        #[serde(skip_serializing_if = "Option::is_none")]
        maximum: Option<i64>,
        /// 32 or 64.
        bits: u8,
        /// Known values; when there are any, no others are accepted.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        choices: Vec<Choice>,
        /// Whether it is an instant, in milliseconds since 1970 in UTC.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        epoch_ms: bool,
    },
    /// A number.
    Number {
        /// Least value.
        #[serde(skip_serializing_if = "Option::is_none")]
        minimum: Option<Number>,
        /// Greatest value.
        #[serde(skip_serializing_if = "Option::is_none")]
        maximum: Option<Number>,
    },
    /// true or false; unset is a third state.
    Boolean,
    /// An object with known members; others are refused.
    Object {
        /// Its members.
        fields: Vec<Field>,
        /// Least count of members that must be given.
        #[serde(skip_serializing_if = "Option::is_none")]
        min_members: Option<u64>,
    },
    /// An object with members of any name and JSON type. In a query it is one value of compact JSON.
    FreeObject,
    /// A list.
    List {
        /// What each item is.
        item: Box<Kind>,
        /// Least count.
        #[serde(skip_serializing_if = "Option::is_none")]
        min_items: Option<u64>,
        /// Greatest count.
        #[serde(skip_serializing_if = "Option::is_none")]
        max_items: Option<u64>,
    },
}

/// A known value of a field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// The value as it is sent.
    pub value: Value,
    /// What it means; may be empty when the value says it all.
    pub title: Text,
}

/// A member of an answer. Never used to refuse an answer: vendors' own examples break their schemas (apis.md 8.10).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerField {
    /// Dotted path, `[]` for items, e.g. `Data.OrderId`.
    pub path: String,
    /// JSON type.
    pub kind: String,
    /// What it says.
    pub description: Text,
    /// Known values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
}

/// A documented error.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ErrorCode {
    /// HTTP status.
    pub status: u16,
    /// The vendor's code; empty when only the status is documented.
    pub code: String,
    /// The vendor's message, verbatim; may be empty.
    pub message: String,
    /// What it means, and what to do.
    pub meaning: Text,
}

/// What the caller must be allowed to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Permission {
    /// e.g. `bss:RenewChangeInstance`.
    pub action: String,
    /// The resource it is asked for; may be empty.
    pub resource: String,
    /// More in words; may be empty.
    pub note: Text,
}

/// A documented example.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Example {
    /// What it shows.
    pub title: Text,
    /// Parameters by the vendor's names, query and body members at top level.
    pub parameters: Map<String, Value>,
    /// The documented answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Value>,
}
