//! Complaints in words. English and Chinese stand side by side, so that one is not changed without the other.

use super::complaint::{Complaint, JsonType, Shape};
use crate::model::Language;
use crate::phrase::fill;
use crate::text::Joined;

/// The sentence; see [`Complaint::words`].
pub(super) fn words(complaint: &Complaint, title: &str, language: Language) -> String {
    let speaker = Speaker(language);
    match complaint {
        // These two are sentences of their own: the title of the field would stand twice in them.
        Complaint::Missing { ask: Some(ask), .. } if !ask.get(language).is_empty() => {
            ask.get(language).to_owned()
        }
        Complaint::UnknownField { name, nearest, known } => {
            let name = cut(name);
            match nearest {
                Some(nearest) => speaker.say(
                    &[
                        "“{}” is not a known name here, did you mean “{}”?",
                        "没有名为“{}”的参数，是否想写“{}”？",
                    ],
                    &[&name, nearest],
                ),
                None => speaker.say(
                    &["“{}” is not a known name here, known are {}", "没有名为“{}”的参数，可用的有 {}"],
                    &[&name, &speaker.list(known)],
                ),
            }
        }
        Complaint::FromProfile { name } => {
            speaker.say(&["Leave “{}” out: it comes from the profile", "请去掉“{}”：它取自账号配置"], &[name])
        }
        Complaint::Missing { choose, .. } => {
            let verb = match choose {
                true => speaker.pick(&["choose", "请选择"]),
                false => speaker.pick(&["enter", "请填写"]),
            };
            match language {
                Language::En => speaker.titled(title, fill("{} a value", &[verb])),
                Language::Zh if title.is_empty() => fill("{}此项", &[verb]),
                Language::Zh => fill("{}“{}”", &[verb, title]),
            }
        }
        _ => speaker.titled(title, speaker.sentence(complaint)),
    }
}

/// A name given by the caller can be of any length.
fn cut(name: &str) -> String {
    match name.char_indices().nth(64) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}

/// A text in English and in Chinese.
type Both = [&'static str; 2];

/// Who speaks one of the two languages.
#[derive(Clone, Copy)]
struct Speaker(Language);

impl Speaker {
    fn pick(self, both: &'static Both) -> &'static str {
        match self.0 {
            Language::En => both[0],
            Language::Zh => both[1],
        }
    }

    /// A sentence with its places filled.
    #[inline(never)]
    fn say(self, both: &'static Both, places: &[&str]) -> String {
        fill(self.pick(both), places)
    }

    fn list(self, items: &[String]) -> String {
        items.joined(self.pick(&[", ", "、"]))
    }

    /// The title in front, or the sentence alone with a capital.
    fn titled(self, title: &str, mut sentence: String) -> String {
        if !title.is_empty() {
            return self.say(&["{}: {}", "{}：{}"], &[title, &sentence]);
        }
        if let Some(first) = sentence.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        sentence
    }

    fn sentence(self, complaint: &Complaint) -> String {
        match complaint {
            Complaint::Missing { .. } | Complaint::UnknownField { .. } | Complaint::FromProfile { .. } => {
                String::new()
            }
            Complaint::WrongType { expected: JsonType::Text, given, write: Some(write), .. } => self.say(
                &["write it as a text, in quotation marks: {}, not {}", "请写成带引号的文本 {}，而不是 {}"],
                &[write, given],
            ),
            Complaint::WrongType { given, write: Some(write), .. } => self.say(
                &["write it without quotation marks: {}, not {}", "请去掉引号，写成 {}，而不是 {}"],
                &[write, given],
            ),
            Complaint::WrongType { expected, got: JsonType::Null, .. } => self.say(
                &["leave it out, or give {}; null is not a value here", "此处不能为 null，请不填，或填写{}"],
                &[self.type_name(*expected)],
            ),
            Complaint::WrongType { expected, got, given, .. } => {
                let (expected, name) = (self.type_name(*expected), self.type_name(*got));
                if given.is_empty() || matches!(got, JsonType::Object | JsonType::List) {
                    self.say(&["give {}, not {}", "应为{}，不能是{}"], &[expected, name])
                } else {
                    let places = [expected, name, given];
                    self.say(&["give {}, you gave {}: {}", "应为{}，给出的是{} {}"], &places)
                }
            }
            Complaint::TooShort { minimum: 1, length: 0 } => {
                self.say(&["enter at least 1 character, you entered 0", "不能为空，请至少输入 1 个字符"], &[])
            }
            Complaint::TooShort { minimum, length } => self.count(
                &["enter at least {0} character{2}, you entered {1}", "请至少输入 {0} 个字符，现有 {1} 个"],
                *minimum,
                *length,
            ),
            Complaint::TooLong { maximum, length } => self.count(
                &["enter at most {0} character{2}, you entered {1}", "最多 {0} 个字符，现有 {1} 个"],
                *maximum,
                *length,
            ),
            Complaint::TooFewItems { minimum, count } => self.count(
                &["give at least {0} item{2}, there are {1}", "至少需要 {0} 项，现有 {1} 项"],
                *minimum,
                *count,
            ),
            Complaint::TooManyItems { maximum, count } => self.count(
                &["give at most {0} item{2}, there are {1}", "最多 {0} 项，现有 {1} 项"],
                *maximum,
                *count,
            ),
            Complaint::TooFewMembers { minimum, names, .. } => self.say(
                &["fill in at least {} of {}", "请至少填写 {1} 中的 {0} 项"],
                &[&minimum.to_string(), &self.list(names)],
            ),
            Complaint::Pattern { given, pattern, words, known } => {
                let wanted = match words {
                    Some(words) => words.get(self.0).to_owned(),
                    None => self.say(&["enter a value that matches {}", "请输入符合 {} 的值"], &[pattern]),
                };
                let known = match known.as_slice() {
                    [] => String::new(),
                    known => self.say(&[" (known: {})", "（已知：{}）"], &[&self.list(known)]),
                };
                [wanted, known, self.typed(given)].joined("")
            }
            Complaint::NotAChoice { given, choices, nearest } => {
                let meant = match nearest {
                    Some(nearest) => self.say(&["; did you mean “{}”?", "，是否想写“{}”？"], &[nearest]),
                    None => String::new(),
                };
                let places = [&*self.list(choices), &self.typed(given), &meant];
                self.say(&["choose one of {}{}{}", "请从 {} 中选择{}{}"], &places)
            }
            Complaint::TooSmall { minimum, given } => {
                self.say(&["enter {} or more{}", "请输入不小于 {} 的值{}"], &[minimum, &self.typed(given)])
            }
            Complaint::TooLarge { maximum, given } => {
                self.say(&["enter {} or less{}", "请输入不大于 {} 的值{}"], &[maximum, &self.typed(given)])
            }
            Complaint::NotWhole { given, write: Some(write) } => self.say(
                &[
                    "write a whole number without point or exponent: {}, not {}",
                    "请写成不带小数点和指数的整数 {}，而不是 {}",
                ],
                &[write, given],
            ),
            Complaint::NotWhole { given, write: None } => {
                self.say(&["enter a whole number{}", "请输入整数{}"], &[&self.typed(given)])
            }
            Complaint::BadNumber { given, minimum, maximum, shape } => {
                let what = match shape {
                    Shape::Whole => self.pick(&["a whole number", "整数"]),
                    Shape::EpochMs => self
                        .pick(&["a time in milliseconds since 1970 (UTC)", "时间（1970 年起的毫秒数，UTC）"]),
                    Shape::Any => self.pick(&["a number", "数字"]),
                };
                let range = match (minimum, maximum) {
                    _ if *shape == Shape::EpochMs => String::new(),
                    (Some(minimum), Some(maximum)) => {
                        self.say(&[" from {} to {}", " {} 到 {} 之间的"], &[minimum, maximum])
                    }
                    (Some(minimum), None) => self.say(&[", {} or more", "不小于 {} 的"], &[minimum]),
                    (None, Some(maximum)) => self.say(&[", {} or less", "不大于 {} 的"], &[maximum]),
                    (None, None) => String::new(),
                };
                self.say(&["enter {0}{1}{2}", "请输入{1}{0}{2}"], &[what, &range, &self.typed(given)])
            }
        }
    }

    /// A sentence with what is asked for, what there is, and the ending of an English plural.
    fn count(self, both: &'static Both, asked: u64, is: u64) -> String {
        let ending = if asked == 1 { "" } else { "s" };
        self.say(both, &[&asked.to_string(), &is.to_string(), ending])
    }

    fn typed(self, given: &str) -> String {
        match given {
            "" => String::new(),
            given => self.say(&[", you typed “{}”", "，输入的是“{}”"], &[given]),
        }
    }

    fn type_name(self, kind: JsonType) -> &'static str {
        match kind {
            JsonType::Text => self.pick(&["a text", "文本"]),
            JsonType::Integer => self.pick(&["a whole number", "整数"]),
            JsonType::Number => self.pick(&["a number", "数字"]),
            JsonType::Boolean => self.pick(&["true or false", "true 或 false"]),
            JsonType::Object => self.pick(&["an object", "对象"]),
            JsonType::List => self.pick(&["a list", "列表"]),
            JsonType::Null => "null",
        }
    }
}
