//! How far this server's clock is from the cloud's, read from the `Date` of a refusal: a signature carries a time, and
//! both clouds refuse one that is more than 15 minutes off (signing.md sections 7 and 8), Huawei without saying so.

use crate::error::text;
use catalog::Text;
use http::HeaderMap;
use jiff::{Timestamp, fmt::rfc2822};

/// `Date` counts whole seconds and the answer was under way; less than this is not worth a word.
const WORTH_SAYING_MINUTES: i64 = 5;

/// The difference in words, when it may be why the cloud refused.
pub(super) fn words(headers: &HeaderMap, now: Timestamp) -> Option<Text> {
    let date = headers.get(http::header::DATE)?.to_str().ok()?;
    let cloud = rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    let minutes = (now.as_second() - cloud.as_second()) / 60;
    if minutes.abs() < WORTH_SAYING_MINUTES {
        return None;
    }
    let (en, zh) = if minutes < 0 { ("behind", "慢") } else { ("ahead of", "快") };
    let minutes = minutes.abs();
    Some(text(
        format!("This server's clock is {minutes} minutes {en} the cloud's. Set the clock, then try again."),
        format!("本服务器的时钟比云端{zh} {minutes} 分钟，请校准时钟后重试。"),
    ))
}

#[cfg(test)]
mod tests {
    use super::words;
    use http::{HeaderMap, HeaderValue, header::DATE};

    fn said(date: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, HeaderValue::from_str(date).unwrap());
        words(&headers, "2026-11-20T12:00:00Z".parse().unwrap()).map(|text| text.en)
    }

    #[test]
    fn a_clock_that_is_off_is_measured() {
        let behind = said("Fri, 20 Nov 2026 12:20:30 GMT").unwrap();
        assert!(behind.contains("20 minutes behind the cloud's"), "{behind}");
        let ahead = said("Fri, 20 Nov 2026 11:40:00 GMT").unwrap();
        assert!(ahead.contains("20 minutes ahead of the cloud's"), "{ahead}");
    }

    #[test]
    fn a_clock_that_is_right_and_a_date_that_is_none_say_nothing() {
        assert_eq!(said("Fri, 20 Nov 2026 12:04:00 GMT"), None);
        assert_eq!(said("yesterday"), None);
        assert_eq!(words(&HeaderMap::new(), "2026-11-20T12:00:00Z".parse().unwrap()), None);
    }
}
