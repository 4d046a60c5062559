//! Instants for people, through the browser's `Intl`. A zone is always named, never implied.

use catalog::model::Language;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// How an instant is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `20 Nov 2026, 21:14:05 GMT+1`.
    Full,
    /// `20 Nov 2026, 21:14 GMT+1`.
    Minute,
    /// `21:14:05`, where the zone stands beside it.
    Clock,
    /// `20 Nov 2026`, where the zone stands beside it.
    Day,
}

/// Now, in milliseconds since 1970 in UTC, by the clock of this browser.
#[must_use]
pub fn now_ms() -> f64 {
    Date::now()
}

/// The instant that an RFC 3339 text names, in milliseconds since 1970; `None` when it names none.
#[must_use]
pub fn parse(rfc3339: &str) -> Option<f64> {
    let milliseconds = Date::parse(rfc3339);
    (!milliseconds.is_nan()).then_some(milliseconds)
}

/// An instant in UTC as RFC 3339, for `datetime` attributes.
#[must_use]
pub fn to_rfc3339(milliseconds: f64) -> String {
    let date = Date::new(&JsValue::from_f64(milliseconds));
    // An instant outside the calendar has no text, and asking for one throws.
    if date.get_time().is_nan() { String::new() } else { date.to_iso_string().into() }
}

/// The name of this browser's zone, e.g. `Europe/Berlin`.
#[must_use]
pub fn local_zone() -> String {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    get(&format.resolved_options(), "timeZone")
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}

/// An instant in a zone (`UTC`, `Asia/Shanghai`, [`local_zone`]). Empty when the browser knows no such zone.
#[must_use]
pub fn in_zone(milliseconds: f64, zone: &str, style: Style, language: Language) -> String {
    if milliseconds.is_nan() {
        return String::new();
    }
    let options = Object::new();
    let set = |name: &str, value: &str| {
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    };
    set("timeZone", zone);
    set("hourCycle", "h23");
    if style != Style::Clock {
        set("year", "numeric");
        set("month", "short");
        set("day", "numeric");
    }
    if style != Style::Day {
        set("hour", "2-digit");
        set("minute", "2-digit");
    }
    if matches!(style, Style::Full | Style::Clock) {
        set("second", "2-digit");
    }
    let mut text = spaced(&format(milliseconds, &options, language), language);
    if matches!(style, Style::Full | Style::Minute) && !text.is_empty() {
        text.push(' ');
        text.push_str(&offset_name(milliseconds, zone));
    }
    text
}

/// An instant in this browser's zone, which the text names.
#[must_use]
pub fn here(rfc3339: &str, style: Style, language: Language) -> String {
    parse(rfc3339).map(|instant| in_zone(instant, &local_zone(), style, language)).unwrap_or_default()
}

/// A sentence with its instants on this person's clock, and in UTC behind it. They come as the server writes them within
/// a sentence: RFC 3339 in UTC, to the second.
#[must_use]
pub fn told(sentence: &str, language: Language) -> String {
    const LENGTH: usize = "2026-11-22T20:04:00Z".len();
    let mut told = String::new();
    let (mut done, mut end) = (0, LENGTH);
    while end <= sentence.len() {
        let text = sentence.get(end - LENGTH..end).unwrap_or_default();
        let signs = text.as_bytes();
        let is_instant = signs.get(10) == Some(&b'T') && signs.last() == Some(&b'Z');
        if let Some(instant) = is_instant.then(|| parse(text)).flatten() {
            told.push_str(sentence.get(done..end - LENGTH).unwrap_or_default());
            told.push_str(&on_two_clocks(instant, language));
            done = end;
        }
        end += 1;
    }
    told.push_str(sentence.get(done..).unwrap_or_default());
    told
}

/// `22 Nov 2026, 21:04 GMT+1 (20:04 UTC)`; the day of UTC only when it is another.
#[must_use]
pub fn on_two_clocks(instant: f64, language: Language) -> String {
    let zone = local_zone();
    let on = |zone: &str, style| in_zone(instant, zone, style, language);
    let (mine, utc) = (on(&zone, Style::Minute), on("UTC", Style::Minute));
    if mine == utc {
        return mine;
    }
    let is_same_day = on(&zone, Style::Day) == on("UTC", Style::Day);
    let skipped = if is_same_day { utc.len().saturating_sub("20:04 UTC".len()) } else { 0 };
    format!("{mine} ({})", utc.get(skipped..).unwrap_or_default())
}

/// How far a zone is from UTC at an instant, as it stands beside times: `GMT+1`. UTC is called by its name.
#[must_use]
pub fn offset_name(milliseconds: f64, zone: &str) -> String {
    let options = Object::new();
    let _ = Reflect::set(&options, &"timeZone".into(), &zone.into());
    let style = if zone == "UTC" { "short" } else { "shortOffset" };
    let _ = Reflect::set(&options, &"timeZoneName".into(), &style.into());
    // It is the last word: `22/11/2026, 21:04:00 GMT+1`.
    let text = format(milliseconds, &options, Language::En);
    text.split(' ').fold("", |_, word| word).to_owned()
}

/// How long ago, in the biggest fitting unit: "22 minutes ago". Instants ahead of this browser's clock (a simulated
/// clock can be) are said as such: "in 2 hours".
#[must_use]
pub fn ago(then: f64, now: f64, language: Language) -> String {
    let seconds = (then - now) / 1000.0;
    let (amount, unit) = match seconds.abs() {
        near if near < 60.0 => (seconds, "second"),
        near if near < 3600.0 => (seconds / 60.0, "minute"),
        near if near < 86_400.0 => (seconds / 3600.0, "hour"),
        _ => (seconds / 86_400.0, "day"),
    };
    let options = Object::new();
    let _ = Reflect::set(&options, &"numeric".into(), &"auto".into());
    let format = Intl::RelativeTimeFormat::new(&locale(language), &options);
    spaced(&String::from(format.format(amount.trunc(), unit)), language)
}

/// A span of time in words: "2 min 14 s". The two biggest units that are not empty.
#[must_use]
pub fn span(milliseconds: f64, language: Language) -> String {
    units(milliseconds, language, 2)
}

/// What is left until an instant, to the second: "1 d 3 h 4 min 10 s".
#[must_use]
pub fn countdown(milliseconds: f64, language: Language) -> String {
    units(milliseconds, language, 4)
}

fn units(milliseconds: f64, language: Language, most: usize) -> String {
    // Whole from here on: printing a float would bring the page all that it takes to print any float.
    let seconds = (milliseconds / 1000.0) as u64;
    let names = match language {
        Language::En => ["d", "h", "min", "s"],
        Language::Zh => ["天", "小时", "分", "秒"],
    };
    let amounts = [seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60];
    let first = amounts.iter().position(|amount| *amount > 0).unwrap_or(amounts.len() - 1);
    let mut text = String::new();
    for (amount, name) in amounts.into_iter().zip(names).skip(first).take(most) {
        if text.is_empty() {
            text = format!("{amount} {name}");
        } else if amount > 0 {
            text.push_str(&format!(" {amount} {name}"));
        }
    }
    text
}

/// Chinese with a blank between figures and words, as the page writes it everywhere.
fn spaced(text: &str, language: Language) -> String {
    if language == Language::En {
        return text.to_owned();
    }
    let mut spaced = String::new();
    let mut before = ' ';
    for sign in text.chars() {
        let is_seam =
            before.is_ascii_digit() && !sign.is_ascii() || !before.is_ascii() && sign.is_ascii_digit();
        if is_seam {
            spaced.push(' ');
        }
        spaced.push(sign);
        before = sign;
    }
    spaced
}

fn locale(language: Language) -> Array {
    // en-GB: the day before the month, and 24 hours.
    Array::of1(&JsValue::from_str(match language {
        Language::En => "en-GB",
        Language::Zh => "zh-CN",
    }))
}

/// Formats through a call that reports a refused option (an unknown zone) instead of throwing through the page.
fn format(milliseconds: f64, options: &Object, language: Language) -> String {
    let date = Date::new(&JsValue::from_f64(milliseconds));
    let call = || {
        let method =
            Reflect::get(&date, &JsValue::from_str("toLocaleString")).ok()?.dyn_into::<Function>().ok()?;
        method.call2(&date, &locale(language), options).ok()?.as_string()
    };
    call().unwrap_or_default()
}

fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name)).ok()
}
