//! What the band at the top of every page speaks of: each page says which account it is about.

use crate::client::Mode;
use catalog::model::Cloud;
use leptos::prelude::*;

/// What the page is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BandScope {
    /// The chosen profile; another one can be chosen.
    #[default]
    Any,
    /// The chosen profile of one cloud; another one of it can be chosen.
    Cloud(Cloud),
    /// One profile, which a plan or a run belongs to; it cannot be changed.
    Fixed {
        /// Its name.
        profile: String,
        /// Its mode, as the plan or run says.
        mode: Mode,
    },
    /// A list of several: every row says its own.
    Mixed,
}

/// The scope that the page of the moment has set. Owned by the app.
#[derive(Clone, Copy, Debug)]
pub struct Band(pub RwSignal<BandScope>);

/// Says what this page is about, and follows the signal for as long as the page is shown.
pub fn set_band(scope: Signal<BandScope>) {
    let Some(band) = use_context::<Band>() else { return };
    Effect::new(move || {
        let wanted = scope.get();
        if band.0.get_untracked() != wanted {
            band.0.set(wanted);
        }
    });
}
