//! Icons: symbols of the sprite that stands in `index.html`, drawn on 16 units.

use leptos::prelude::*;

macro_rules! glyphs {
    ($($(#[doc = $words:literal])* $name:ident = $id:literal,)*) => {
        /// A symbol of the sprite.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Glyph { $($(#[doc = $words])* $name,)* }

        impl Glyph {
            /// All of them.
            pub const ALL: &'static [Glyph] = &[$(Glyph::$name,)*];

            /// The reference to the symbol.
            #[must_use]
            pub fn href(self) -> &'static str {
                match self { $(Glyph::$name => concat!("#i-", $id),)* }
            }
        }
    };
}

glyphs! {
    /// A circle with a tick.
    Accepted = "accepted",
    /// A triangle with an exclamation mark.
    Alert = "alert",
    /// From here to there.
    Arrow = "arrow",
    /// Live.
    Bolt = "bolt",
    /// Opens to the side.
    Chevron = "chev",
    /// A clock.
    Clock = "clock",
    /// Money.
    Coin = "coin",
    /// A target.
    Confirmed = "confirmed",
    /// Copy.
    Copy = "copy",
    /// Opens downwards.
    Down = "down",
    /// Download.
    Download = "dl",
    /// A flask: dry run.
    DryRun = "dry",
    /// Show.
    Eye = "eye",
    /// Hide.
    EyeOff = "eye-off",
    /// An octagon with a cross.
    Failed = "failed",
    /// More about it.
    Info = "info",
    /// Locked.
    Lock = "lock",
    /// Simulated.
    Mask = "mask",
    /// An open ring that turns.
    Moving = "moving",
    /// A filled disc with a tick.
    Ok = "ok",
    /// No way back.
    OneWay = "oneway",
    /// A card: payment.
    Pay = "pay",
    /// People.
    People = "people",
    /// Add.
    Plus = "plus",
    /// A circle with a slash.
    Refused = "refused",
    /// A plain ring.
    Ring = "ring",
    /// A turning arrow.
    RolledBack = "rolled",
    /// A magnifying glass.
    Search = "search",
    /// An arrow that leaves.
    Sent = "sent",
    /// A square.
    Stop = "stop",
    /// Half light, half dark.
    Theme = "sun",
    /// A bin.
    Trash = "trash",
    /// A diamond with a question mark.
    Unknown = "unknown",
    /// A broken ring.
    Unsent = "unsent",
    /// Move up.
    Up = "up",
    /// Remove.
    X = "x",
}

/// An icon. It is never the only carrier of a meaning, so it is hidden from assistive technology.
#[component]
pub fn Icon(
    /// What it shows.
    glyph: Glyph,
    /// More classes beside `i`: `i-s`, `i-l`, `i-chev`, `spin`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg class=format!("i {class}") viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <use href=glyph.href()></use>
        </svg>
    }
}
