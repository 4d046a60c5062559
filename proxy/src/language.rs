//! Which language the reader asked for.

use axum::extract::FromRequestParts;
use catalog::model::Language;
use http::{HeaderMap, header, request::Parts};
use std::convert::Infallible;

/// The first of English and Chinese that `Accept-Language` names; English otherwise.
#[must_use]
pub fn of(headers: &HeaderMap) -> Language {
    let wanted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    wanted
        .split(',')
        .filter_map(|entry| {
            let mut parts = entry.split(';');
            let tag = parts.next()?.trim().to_ascii_lowercase();
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()))
                .unwrap_or(1.0);
            let language = match tag.split('-').next()? {
                "zh" => Language::Zh,
                "en" => Language::En,
                _ => return None,
            };
            (quality > 0.0).then_some((language, quality))
        })
        // The first wins among equals, as a person orders them.
        .fold(None, |best: Option<(Language, f32)>, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        })
        .map_or(Language::En, |(language, _)| language)
}

/// The reader's language as an argument of a handler.
pub struct Reader(pub Language);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(of(&parts.headers)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(value: &str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, value.parse().unwrap());
        of(&headers)
    }

    #[test]
    fn the_best_known_language_wins() {
        assert_eq!(asked("zh-CN,zh;q=0.9,en;q=0.8"), Language::Zh);
        assert_eq!(asked("de,en;q=0.5,zh;q=0.7"), Language::Zh);
        assert_eq!(asked("fr"), Language::En);
        assert_eq!(asked("en-GB"), Language::En);
        assert_eq!(of(&HeaderMap::new()), Language::En);
    }
}
