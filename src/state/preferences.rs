//! The language and the theme that the person chose.

use crate::browser;
use catalog::model::Language;
use leptos::prelude::*;

/// The key of the language in the storage, after the prefix. `boot.js` reads it too, before the page starts.
pub const LANGUAGE_KEY: &str = "language";
/// The key of the theme in the storage, after the prefix.
pub const THEME_KEY: &str = "theme";

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// As it stands in the storage and in `data-theme`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The one after it, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }
}

/// The tag of a language, for `lang` attributes.
#[must_use]
pub fn language_tag(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Zh => "zh-CN",
    }
}

/// What the person chose. Owned by the app, for as long as the page lives.
#[derive(Clone, Copy, Debug)]
pub struct Preferences {
    /// The language of every word.
    pub language: RwSignal<Language>,
    /// The theme.
    pub theme: RwSignal<Theme>,
}

impl Preferences {
    /// What was chosen before, else what the browser prefers.
    #[must_use]
    pub fn restore() -> Self {
        let prefix = super::storage_prefix();
        let language = match browser::stored(&format!("{prefix}{LANGUAGE_KEY}")).as_deref() {
            Some("en") => Language::En,
            Some("zh-CN") => Language::Zh,
            _ => preferred_language(),
        };
        let theme = browser::stored(&format!("{prefix}{THEME_KEY}"))
            .map(|name| Theme::from_name(&name))
            .unwrap_or_default();
        Preferences { language: RwSignal::new(language), theme: RwSignal::new(theme) }
    }

    /// Provides them to everything below the present owner; every word is in their language.
    pub fn provide(self) {
        provide_context(self);
        crate::words::follow(self.language);
    }

    /// Chooses a language and remembers it.
    pub fn choose_language(self, language: Language) {
        browser::store(&format!("{}{LANGUAGE_KEY}", super::storage_prefix()), language_tag(language));
        self.language.set(language);
    }

    /// Chooses a theme and remembers it; the system's is remembered by forgetting.
    pub fn choose_theme(self, theme: Theme) {
        let key = format!("{}{THEME_KEY}", super::storage_prefix());
        if theme == Theme::System {
            browser::forget(&key);
        } else {
            browser::store(&key, theme.name());
        }
        self.theme.set(theme);
    }

    /// Keeps `<html lang data-theme>` as chosen.
    pub fn apply(self) {
        Effect::new(move || {
            let language = language_tag(self.language.get());
            let theme = self.theme.get();
            let Some(root) = browser::document().and_then(|document| document.document_element()) else {
                return;
            };
            let _ = root.set_attribute("lang", language);
            let _ = if theme == Theme::System {
                root.remove_attribute("data-theme")
            } else {
                root.set_attribute("data-theme", theme.name())
            };
        });
    }
}

/// The preferences that the app provides; English and the system's theme outside it.
#[must_use]
pub fn use_preferences() -> Preferences {
    use_context::<Preferences>()
        .unwrap_or_else(|| Preferences { language: RwSignal::new(Language::En), theme: RwSignal::default() })
}

/// The language now, following the choice.
#[must_use]
pub fn use_language() -> Signal<Language> {
    use_preferences().language.into()
}

fn preferred_language() -> Language {
    let wanted = browser::window().and_then(|window| window.navigator().language()).unwrap_or_default();
    if wanted.to_ascii_lowercase().starts_with("zh") { Language::Zh } else { Language::En }
}
