//! How a table of words is written: a line for each word, with its text in English and in Chinese.

use catalog::phrase::fill;

/// Makes a table of words. A line is one of these:
///
/// - `name: "English", "Chinese";` is a word: `table.name()`.
/// - `name(who: &str, count: usize): "…{}…{}…", "…{1}…{0}…";` is a sentence with places: `table.name(who, count)`. That
///   both texts have these places is checked when the page is compiled.
/// - `name[count]: "1 row|{} rows", "{} 行";` is a sentence with one number, and before the bar with a text of its own
///   for one of it: `table.name(count)`.
///
/// They are this crate's own, so that the compiler tells of a word that is no longer said.
macro_rules! table {
    (
        $(#[$about:meta])*
        $table:ident

        $($name:ident $(($($place:ident: $kind:ty),+))? $([$count:ident])?: $english:literal, $chinese:literal;)+
    ) => {
        $(#[$about])*
        #[derive(Debug)]
        pub struct $table([&'static str; LINES]);

        const LINES: usize = [$(stringify!($name)),+].len();

        /// The lines by their numbers.
        #[expect(non_camel_case_types, reason = "called as the words")]
        enum Line {
            $($name),+
        }

        impl $table {
            pub(super) fn of(language: catalog::model::Language) -> Self {
                // One text for all words of a language: a text of its own would cost each word its address.
                let text = match language {
                    catalog::model::Language::En => concat!($($english, "\n"),+),
                    catalog::model::Language::Zh => concat!($($chinese, "\n"),+),
                };
                let mut rest = text;
                Self(std::array::from_fn(|_| super::table::next_line(&mut rest)))
            }

            /// The words by their names.
            #[cfg(test)]
            pub(super) fn lines(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
                [$(stringify!($name)),+].into_iter().zip(self.0)
            }

            $(super::table::word! { $name ($($($place: $kind),+)?) [$($count)?] $english $chinese })+
        }
    };
}

/// The function for one line.
macro_rules! word {
    ($name:ident () [] $english:literal $chinese:literal) => {
        #[must_use]
        pub(crate) fn $name(&self) -> &'static str {
            self.0[Line::$name as usize]
        }
    };
    ($name:ident () [$count:ident] $english:literal $chinese:literal) => {
        #[must_use]
        pub(crate) fn $name(&self, $count: usize) -> String {
            super::table::counted(self.0[Line::$name as usize], $count)
        }
    };
    ($name:ident ($($place:ident: $kind:ty),+) [] $english:literal $chinese:literal) => {
        #[must_use]
        pub(crate) fn $name(&self, $($place: $kind),+) -> String {
            const {
                let count = [$(stringify!($place)),+].len();
                assert!(catalog::phrase::has_places($english, count), "other places in English");
                assert!(catalog::phrase::has_places($chinese, count), "other places in Chinese");
            }
            super::table::filled!(self.0[Line::$name as usize], $($place)+)
        }
    };
}

/// A sentence with its places filled: one call with texts, which is what stands at every use.
macro_rules! filled {
    ($text:expr, $one:ident) => {
        super::table::fill_one($text, super::table::Place::text($one).as_ref())
    };
    ($text:expr, $one:ident $two:ident) => {
        super::table::fill_two(
            $text,
            super::table::Place::text($one).as_ref(),
            super::table::Place::text($two).as_ref(),
        )
    };
    ($text:expr, $($place:ident)+) => {
        catalog::phrase::fill($text, &[$(super::table::Place::text($place).as_ref()),+])
    };
}

pub(super) use {filled, table, word};

#[inline(never)]
pub(super) fn fill_one(text: &str, one: &str) -> String {
    fill(text, &[one])
}

#[inline(never)]
pub(super) fn fill_two(text: &str, one: &str, two: &str) -> String {
    fill(text, &[one, two])
}

/// What can fill a place.
pub(super) trait Place {
    /// As a text.
    fn text(self) -> impl AsRef<str>;
}

impl Place for &str {
    fn text(self) -> impl AsRef<str> {
        self
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Place for $number {
            fn text(self) -> impl AsRef<str> {
                self.to_string()
            }
        }
    )*};
}

numbers!(u16 u32 u64 usize i32 i64);

/// Takes the next line off a text.
#[inline(never)]
pub(super) fn next_line(rest: &mut &'static str) -> &'static str {
    let (line, after) = rest.split_once('\n').unwrap_or_default();
    *rest = after;
    line
}

/// A sentence with one number.
pub(super) fn counted(text: &str, count: usize) -> String {
    let text = match text.split_once('|') {
        Some((one, _)) if count == 1 => one,
        Some((_, many)) => many,
        None => text,
    };
    fill(text, &[&count.to_string()])
}

#[cfg(test)]
mod tests {
    use crate::words::{EN, Words, ZH};

    #[test]
    fn every_word_stands_in_its_own_place() {
        assert_eq!((EN.run.title(), ZH.run.title()), ("Run", "运行"));
        assert_eq!((EN.run.source_person(), ZH.run.source_person()), ("A person", "人工"));
        assert_eq!(EN.form.answer_title("Region"), "Region: ");
        assert_eq!(ZH.review.do_on("变更", "生产"), "在 生产 上变更");
        assert_eq!(EN.runs.again_named("a", "b", "c"), "Fill the form again: a, b, c");
    }

    #[test]
    fn one_has_a_text_of_its_own_where_the_language_has_one() {
        assert_eq!(EN.runs.count(1), "1 run");
        assert_eq!(EN.runs.count(0), "0 runs");
        assert_eq!(ZH.runs.count(1), "1 条");
        assert_eq!(EN.review.approvals_needed(1), "One approval is needed.");
    }

    fn lines(words: &Words) -> Vec<(&'static str, &'static str)> {
        let Words { language: _, shell, presenter, states, errors, home, form, review, run, runs } = words;
        let lines = shell.lines().chain(presenter.lines()).chain(states.lines()).chain(errors.lines());
        let lines = lines.chain(home.lines()).chain(form.lines()).chain(review.lines());
        lines.chain(run.lines()).chain(runs.lines()).collect()
    }

    #[test]
    fn every_word_is_said_in_both_languages() {
        let is_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        let english = lines(&EN);
        assert!(english.len() > 400, "only {} words were found", english.len());
        for (name, said) in english {
            // What the reader of JSON refuses it says in English itself.
            let is_said = !said.trim().is_empty() || name.starts_with("json_refused_");
            assert!(is_said, "{name} says nothing in English");
            let is_english = name == "other_language" || !is_chinese(said);
            assert!(is_english, "{name} is Chinese in the English table: {said}");
        }
        for (name, said) in lines(&ZH) {
            assert!(!said.trim().is_empty(), "{name} says nothing in Chinese");
            // A word without a Chinese letter is a name, a code, or a mark.
            let is_short = said.chars().filter(|letter| letter.is_alphabetic()).count() <= 4;
            let is_name = name.starts_with("other_language");
            assert!(is_chinese(said) || is_short || is_name, "{name} is not Chinese: {said}");
        }
    }
}
