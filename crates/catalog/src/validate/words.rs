//! Complaints in words. English and Chinese stand side by side, so that one is not changed without the other.

use super::complaint::{Complaint, JsonType, Shape};
use crate::model::Language;

/// The sentence; see [`Complaint::words`].
pub(super) fn words(complaint: &Complaint, title: &str, language: Language) -> String {
    match (complaint, language) {
        // These two are sentences of their own: the title of the field would stand twice in them.
        (Complaint::Missing { ask: Some(ask), .. }, _) if !ask.get(language).is_empty() => {
            ask.get(language).to_owned()
        }
        (Complaint::UnknownField { name, nearest, known }, _) => {
            unknown(name, nearest.as_deref(), known, language)
        }
        (Complaint::FromProfile { name }, Language::En) => {
            format!("Leave “{name}” out: it comes from the profile")
        }
        (Complaint::FromProfile { name }, Language::Zh) => format!("请去掉“{name}”：它取自账号配置"),
        (Complaint::Missing { choose, .. }, Language::En) => {
            let verb = if *choose { "choose" } else { "enter" };
            titled(title, language, &format!("{verb} a value"))
        }
        (Complaint::Missing { choose, .. }, Language::Zh) => {
            let verb = if *choose { "请选择" } else { "请填写" };
            if title.is_empty() { format!("{verb}此项") } else { format!("{verb}“{title}”") }
        }
        (_, Language::En) => titled(title, language, &english(complaint)),
        (_, Language::Zh) => titled(title, language, &chinese(complaint)),
    }
}

/// The title in front, or the sentence alone with a capital.
fn titled(title: &str, language: Language, sentence: &str) -> String {
    if !title.is_empty() {
        return match language {
            Language::En => format!("{title}: {sentence}"),
            Language::Zh => format!("{title}：{sentence}"),
        };
    }
    let mut characters = sentence.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn unknown(name: &str, nearest: Option<&str>, known: &[String], language: Language) -> String {
    let name = cut(name);
    match (language, nearest) {
        (Language::En, Some(nearest)) => {
            format!("“{name}” is not a known name here, did you mean “{nearest}”?")
        }
        (Language::Zh, Some(nearest)) => format!("没有名为“{name}”的参数，是否想写“{nearest}”？"),
        (Language::En, None) => {
            format!("“{name}” is not a known name here, known are {}", known.join(", "))
        }
        (Language::Zh, None) => format!("没有名为“{name}”的参数，可用的有 {}", known.join("、")),
    }
}

/// A name given by the caller can be of any length.
fn cut(name: &str) -> String {
    match name.char_indices().nth(64) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}

fn english(complaint: &Complaint) -> String {
    match complaint {
        Complaint::Missing { .. } | Complaint::UnknownField { .. } | Complaint::FromProfile { .. } => {
            String::new()
        }
        Complaint::WrongType { expected, given, write: Some(write), .. } => match expected {
            JsonType::Text => format!("write it as a text, in quotation marks: {write}, not {given}"),
            _ => format!("write it without quotation marks: {write}, not {given}"),
        },
        Complaint::WrongType { expected, got: JsonType::Null, .. } => {
            format!("leave it out, or give {}; null is not a value here", type_en(*expected))
        }
        Complaint::WrongType { expected, got, given, .. } => {
            if given.is_empty() || matches!(got, JsonType::Object | JsonType::List) {
                format!("give {}, not {}", type_en(*expected), type_en(*got))
            } else {
                format!("give {}, you gave {}: {given}", type_en(*expected), type_en(*got))
            }
        }
        Complaint::TooShort { minimum, length } => {
            format!("enter at least {minimum} {}, you entered {length}", plural(*minimum, "character"))
        }
        Complaint::TooLong { maximum, length } => {
            format!("enter at most {maximum} {}, you entered {length}", plural(*maximum, "character"))
        }
        Complaint::Pattern { given, pattern, words, known } => {
            let wanted = match words {
                Some(words) => words.en.clone(),
                None => format!("enter a value that matches {pattern}"),
            };
            let known =
                if known.is_empty() { String::new() } else { format!(" (known: {})", known.join(", ")) };
            format!("{wanted}{known}{}", typed_en(given))
        }
        Complaint::NotAChoice { given, choices, nearest } => {
            let meant =
                nearest.as_ref().map(|nearest| format!("; did you mean “{nearest}”?")).unwrap_or_default();
            format!("choose one of {}{}{meant}", choices.join(", "), typed_en(given))
        }
        Complaint::TooSmall { minimum, given } => format!("enter {minimum} or more{}", typed_en(given)),
        Complaint::TooLarge { maximum, given } => format!("enter {maximum} or less{}", typed_en(given)),
        Complaint::TooFewItems { minimum, count } => {
            format!("give at least {minimum} {}, there are {count}", plural(*minimum, "item"))
        }
        Complaint::TooManyItems { maximum, count } => {
            format!("give at most {maximum} {}, there are {count}", plural(*maximum, "item"))
        }
        Complaint::TooFewMembers { minimum, names, .. } => {
            format!("fill in at least {minimum} of {}", names.join(", "))
        }
        Complaint::NotWhole { given, write: Some(write) } => {
            format!("write a whole number without point or exponent: {write}, not {given}")
        }
        Complaint::NotWhole { given, write: None } => format!("enter a whole number{}", typed_en(given)),
        Complaint::BadNumber { given, minimum, maximum, shape } => {
            let what = match shape {
                Shape::Whole => "a whole number",
                Shape::EpochMs => "a time in milliseconds since 1970 (UTC)",
                Shape::Any => "a number",
            };
            let range = match (minimum, maximum) {
                _ if *shape == Shape::EpochMs => String::new(),
                (Some(minimum), Some(maximum)) => format!(" from {minimum} to {maximum}"),
                (Some(minimum), None) => format!(", {minimum} or more"),
                (None, Some(maximum)) => format!(", {maximum} or less"),
                (None, None) => String::new(),
            };
            format!("enter {what}{range}{}", typed_en(given))
        }
    }
}

fn chinese(complaint: &Complaint) -> String {
    match complaint {
        Complaint::Missing { .. } | Complaint::UnknownField { .. } | Complaint::FromProfile { .. } => {
            String::new()
        }
        Complaint::WrongType { expected, given, write: Some(write), .. } => match expected {
            JsonType::Text => format!("请写成带引号的文本 {write}，而不是 {given}"),
            _ => format!("请去掉引号，写成 {write}，而不是 {given}"),
        },
        Complaint::WrongType { expected, got: JsonType::Null, .. } => {
            format!("此处不能为 null，请不填，或填写{}", type_zh(*expected))
        }
        Complaint::WrongType { expected, got, given, .. } => {
            if given.is_empty() || matches!(got, JsonType::Object | JsonType::List) {
                format!("应为{}，不能是{}", type_zh(*expected), type_zh(*got))
            } else {
                format!("应为{}，给出的是{} {given}", type_zh(*expected), type_zh(*got))
            }
        }
        Complaint::TooShort { minimum: 1, length: 0 } => "不能为空，请至少输入 1 个字符".to_owned(),
        Complaint::TooShort { minimum, length } => {
            format!("请至少输入 {minimum} 个字符，现有 {length} 个")
        }
        Complaint::TooLong { maximum, length } => {
            format!("最多 {maximum} 个字符，现有 {length} 个")
        }
        Complaint::Pattern { given, pattern, words, known } => {
            let wanted = match words {
                Some(words) => words.zh.clone(),
                None => format!("请输入符合 {pattern} 的值"),
            };
            let known = if known.is_empty() {
                String::new()
            } else {
                format!("（已知：{}）", known.join("、"))
            };
            format!("{wanted}{known}{}", typed_zh(given))
        }
        Complaint::NotAChoice { given, choices, nearest } => {
            let meant =
                nearest.as_ref().map(|nearest| format!("，是否想写“{nearest}”？")).unwrap_or_default();
            format!("请从 {} 中选择{}{meant}", choices.join("、"), typed_zh(given))
        }
        Complaint::TooSmall { minimum, given } => format!("请输入不小于 {minimum} 的值{}", typed_zh(given)),
        Complaint::TooLarge { maximum, given } => format!("请输入不大于 {maximum} 的值{}", typed_zh(given)),
        Complaint::TooFewItems { minimum, count } => format!("至少需要 {minimum} 项，现有 {count} 项"),
        Complaint::TooManyItems { maximum, count } => format!("最多 {maximum} 项，现有 {count} 项"),
        Complaint::TooFewMembers { minimum, names, .. } => {
            format!("请至少填写 {} 中的 {minimum} 项", names.join("、"))
        }
        Complaint::NotWhole { given, write: Some(write) } => {
            format!("请写成不带小数点和指数的整数 {write}，而不是 {given}")
        }
        Complaint::NotWhole { given, write: None } => format!("请输入整数{}", typed_zh(given)),
        Complaint::BadNumber { given, minimum, maximum, shape } => {
            let what = match shape {
                Shape::Whole => "整数",
                Shape::EpochMs => "时间（1970 年起的毫秒数，UTC）",
                Shape::Any => "数字",
            };
            let range = match (minimum, maximum) {
                _ if *shape == Shape::EpochMs => String::new(),
                (Some(minimum), Some(maximum)) => format!(" {minimum} 到 {maximum} 之间的"),
                (Some(minimum), None) => format!("不小于 {minimum} 的"),
                (None, Some(maximum)) => format!("不大于 {maximum} 的"),
                (None, None) => String::new(),
            };
            format!("请输入{range}{what}{}", typed_zh(given))
        }
    }
}

fn typed_en(given: &str) -> String {
    if given.is_empty() { String::new() } else { format!(", you typed “{given}”") }
}

fn typed_zh(given: &str) -> String {
    if given.is_empty() { String::new() } else { format!("，输入的是“{given}”") }
}

fn plural(count: u64, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

fn type_en(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Text => "a text",
        JsonType::Integer => "a whole number",
        JsonType::Number => "a number",
        JsonType::Boolean => "true or false",
        JsonType::Object => "an object",
        JsonType::List => "a list",
        JsonType::Null => "null",
    }
}

fn type_zh(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Text => "文本",
        JsonType::Integer => "整数",
        JsonType::Number => "数字",
        JsonType::Boolean => "true 或 false",
        JsonType::Object => "对象",
        JsonType::List => "列表",
        JsonType::Null => "null",
    }
}
