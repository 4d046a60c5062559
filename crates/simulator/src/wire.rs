//! A request as it arrived and an answer as it will leave, free of any HTTP library.

/// A request, from the wire bytes: the target as sent, the headers in order, the body.
pub(crate) struct WireRequest {
    /// Method, as sent.
    pub(crate) method: String,
    /// Path, percent-encoded as sent, without the query.
    pub(crate) path: String,
    /// Query as sent, without the question mark; empty when there is none.
    pub(crate) query: String,
    /// Headers, names in lower case.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// Body bytes.
    pub(crate) body: Vec<u8>,
}

impl WireRequest {
    /// The first header with this lower-case name, when it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .and_then(|(_, value)| std::str::from_utf8(value).ok())
            .map(str::trim)
    }

    /// The headers as text; `None` when one is not UTF-8 and so cannot have been signed.
    pub(crate) fn text_headers(&self) -> Option<Vec<(&str, &str)>> {
        self.headers
            .iter()
            .map(|(name, value)| std::str::from_utf8(value).ok().map(|value| (name.as_str(), value)))
            .collect()
    }

    /// The region in a host name such as `alikafka.cn-hangzhou.aliyuncs.com`, for the product `alikafka`. Another host,
    /// such as a loopback address, says nothing.
    pub(crate) fn endpoint_region(&self, product: &str) -> Option<String> {
        let host = self.host_name();
        let region = host.strip_prefix(product)?.strip_prefix('.')?.strip_suffix(".aliyuncs.com")?;
        Some(region.to_owned())
    }

    /// The `Host` header without its port, in lower case.
    pub(crate) fn host_name(&self) -> String {
        let host = self.header("host").unwrap_or_default();
        host.rsplit_once(':').map_or(host, |(name, _)| name).to_ascii_lowercase()
    }
}

/// An answer of a cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: u16,
    /// Headers besides `Content-Length` and `Date`, which the server adds.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Body bytes.
    pub(crate) body: Vec<u8>,
}

/// What becomes of a request once it has been read.
pub(crate) enum Fate {
    /// It is answered.
    Answer(Answer),
    /// It is answered, late.
    Late(Answer),
    /// It is never answered; the connection stays open.
    Hang,
    /// It is never answered; the connection is closed.
    Cut,
}
