//! Every visible word of the page, in two languages. A table has a line for each word with its text in both, so a
//! word that is missing in one does not compile. What the catalogue and the server say comes in their own answers.

#![expect(missing_docs, reason = "the English text of every word says what it is")]

pub mod errors;
pub mod form;
pub mod home;
pub mod presenter;
pub mod review;
pub mod run;
pub mod runs;
pub mod shell;
pub mod states;
mod table;

use catalog::model::Language;
use leptos::prelude::*;
use std::sync::LazyLock;

/// All words of one language.
#[derive(Debug)]
pub struct Words {
    language: Language,
    pub shell: shell::ShellWords,
    pub presenter: presenter::PresenterWords,
    pub states: states::StateWords,
    pub errors: errors::ErrorWords,
    pub home: home::HomeWords,
    pub form: form::FormWords,
    pub review: review::ReviewWords,
    pub run: run::RunWords,
    pub runs: runs::RunsWords,
}

impl Words {
    fn of(language: Language) -> Words {
        Words {
            language,
            shell: shell::ShellWords::of(language),
            presenter: presenter::PresenterWords::of(language),
            states: states::StateWords::of(language),
            errors: errors::ErrorWords::of(language),
            home: home::HomeWords::of(language),
            form: form::FormWords::of(language),
            review: review::ReviewWords::of(language),
            run: run::RunWords::of(language),
            runs: runs::RunsWords::of(language),
        }
    }

    /// The language that these words are of.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether these are the Chinese ones.
    #[must_use]
    pub fn is_chinese(&self) -> bool {
        self.language == Language::Zh
    }
}

/// English.
pub static EN: LazyLock<Words> = LazyLock::new(|| Words::of(Language::En));

/// Simplified Chinese.
pub static ZH: LazyLock<Words> = LazyLock::new(|| Words::of(Language::Zh));

/// The words of a language.
#[must_use]
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &EN,
        Language::Zh => &ZH,
    }
}

/// The words in the language that is chosen now; follows the choice. English where no preferences are provided.
#[must_use]
pub fn use_words() -> Signal<&'static Words> {
    match use_context::<crate::state::preferences::Preferences>() {
        Some(preferences) => Signal::derive(move || words(preferences.language.get())),
        None => Signal::stored(&*EN),
    }
}

/// One word as a child or an attribute: `{say(|w| w.home.title)}`. It is one type for all words, which keeps the
/// page small: a closure for each would compile to a renderer for each.
pub fn say(
    pick: fn(&'static Words) -> &'static str,
) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let words = use_words();
    move || pick(words.get())
}

/// One word as a property of a component.
#[must_use]
pub fn said(pick: fn(&'static Words) -> &'static str) -> Signal<String> {
    let words = use_words();
    Signal::derive(move || pick(words.get()).to_owned())
}
