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
use std::cell::Cell;
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

thread_local! {
    /// The language that is chosen now. Not in a context: it is one for the whole page, as its `lang` is, and what every
    /// part of the page asks for should cost no part anything to keep.
    static CHOSEN: Cell<Option<RwSignal<Language>>> = const { Cell::new(None) };
}

/// From now on the words are those of this language, whatever it becomes.
pub fn follow(language: RwSignal<Language>) {
    CHOSEN.set(Some(language));
}

/// The words in the language that is chosen now; English where none is.
#[derive(Clone, Copy, Debug)]
pub struct WordsNow;

impl WordsNow {
    /// The words; the choice is followed.
    #[inline(never)]
    #[must_use]
    pub fn get(self) -> &'static Words {
        words(CHOSEN.get().and_then(|language| language.try_get()).unwrap_or_default())
    }

    /// The words.
    #[inline(never)]
    #[must_use]
    pub fn get_untracked(self) -> &'static Words {
        words(CHOSEN.get().and_then(|language| language.try_get_untracked()).unwrap_or_default())
    }
}

/// The words in the language that is chosen now, wherever they are asked for.
#[must_use]
pub fn use_words() -> WordsNow {
    WordsNow
}

/// One word as a child or an attribute: `{say(|w| w.home.title)}`. It is one type for all words, which keeps the
/// page small: a closure for each would compile to a renderer for each.
pub fn say(
    pick: fn(&'static Words) -> &'static str,
) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || pick(WordsNow.get())
}

/// One word as a property of a component.
#[must_use]
pub fn said(pick: fn(&'static Words) -> &'static str) -> Signal<String> {
    Signal::derive(move || pick(WordsNow.get()).to_owned())
}
