//! The band: mode, account and region in words, on every page, before everything else.

use super::presenter;
use crate::client::{Mode, Profile};
use crate::components::ModeTag;
use crate::state::band::{Band, BandScope};
use crate::state::profiles::{Profiles, use_profiles};
use crate::state::simulator::use_stage;
use crate::words::{say, use_words};
use catalog::model::{Cloud, Site};
use catalog::text::Joined;
use leptos::prelude::*;

/// What the band says.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said {
    mode: Option<Mode>,
    /// Simulated and live profiles side by side.
    mixed: bool,
    /// The profile, or all of them.
    name: String,
    /// The names among which another profile can be chosen here.
    choices: Vec<String>,
}

fn said(scope: BandScope, profiles: Profiles, all: &[Profile]) -> Said {
    let names = |cloud: Option<Cloud>| {
        let all = all.iter().filter(|profile| cloud.is_none_or(|cloud| profile.cloud == cloud));
        all.map(|profile| profile.name.clone()).collect::<Vec<_>>()
    };
    let cloud = match scope {
        BandScope::Fixed { profile, mode } => {
            return Said { mode: Some(mode), name: profile, ..Said::default() };
        }
        BandScope::Mixed => {
            let mode = all.first().map(|profile| profile.mode);
            let (mixed, name) = (profiles.is_mixed(), names(None).joined(", "));
            return Said { mode, mixed, name, ..Said::default() };
        }
        BandScope::Any => None,
        BandScope::Cloud(cloud) => Some(cloud),
    };
    let chosen = profiles.chosen_of(cloud);
    Said {
        mode: chosen.as_ref().map(|profile| profile.mode),
        mixed: false,
        name: chosen.map(|profile| profile.name).unwrap_or_default(),
        choices: names(cloud),
    }
}

/// The band.
#[component]
pub fn BandBar() -> impl IntoView {
    let scope = use_context::<Band>().map(|band| band.0).unwrap_or_default();
    let profiles = use_profiles();
    let words = use_words();
    let stage = use_stage();
    let said = Memo::new(move |_| {
        let scope = scope.get();
        profiles.list.with(|list| said(scope, profiles, list.as_deref().unwrap_or_default()))
    });
    let inside = move || {
        let said = said.get();
        let words = words.get();
        let note = match said.mode {
            _ if said.mixed => words.shell.each_row_says(),
            Some(Mode::Simulated) => words.shell.rehearsal(),
            Some(Mode::Live) => words.shell.real_account(),
            None if profiles.list.with(Option::is_some) => words.shell.no_profile(),
            None if profiles.failed.with(Option::is_some) => words.shell.mode_unknown(),
            None => words.shell.loading(),
        };
        let tags = match (said.mixed, said.mode) {
            (true, _) => view! { <ModeTag mode=Mode::Simulated/><ModeTag mode=Mode::Live/> }.into_any(),
            (false, Some(mode)) => view! { <ModeTag mode=mode/> }.into_any(),
            (false, None) => ().into_any(),
        };
        let name = if said.choices.len() > 1 {
            switcher(&said, move |name| profiles.choose(&name))
        } else {
            said.name.clone().into_any()
        };
        // What a presenter has changed must be seen wherever it matters.
        let disturbed = if said.mixed || said.mode == Some(Mode::Simulated) {
            stage.disturbed(words).joined(if words.is_chinese() { "；" } else { "; " })
        } else {
            String::new()
        };
        let note = if disturbed.is_empty() {
            view! { <p class="band-note">{note}</p> }.into_any()
        } else {
            view! { <p class="band-on">{disturbed}</p> }.into_any()
        };
        // A list of several has no place.
        let one = scope.with(|scope| *scope != BandScope::Mixed);
        let place = one.then(|| profiles.named(&said.name)).flatten().map(|profile| {
            let place = match (profile.site, profile.region.as_deref()) {
                (Some(Site::International), region) => [region, Some(words.shell.international_site())]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .joined(", "),
                (_, region) => region.unwrap_or_default().to_owned(),
            };
            view! { <div><dt>{words.shell.cloud(profile.cloud)}</dt><dd>{place}</dd></div> }
        });
        view! {
            <div class="band-in">
                {tags}
                <dl><div><dt>{words.shell.profile()}</dt><dd>{name}</dd></div>{place}</dl>
                {note}
            </div>
        }
    };
    let class = move || {
        said.with(|said| match said.mode {
            Some(Mode::Simulated) if !said.mixed => "band band-sim",
            Some(Mode::Live) if !said.mixed => "band band-live",
            _ => "band band-mixed",
        })
    };
    let simulated =
        Signal::derive(move || said.with(|said| said.mixed || said.mode == Some(Mode::Simulated)));
    view! {
        <section class=class aria-label=say(|w| w.shell.mode_and_account())>{move || inside()}</section>
        {presenter::presenter(simulated)}
    }
}

fn switcher(said: &Said, choose: impl Fn(String) + 'static) -> AnyView {
    let current = said.name.clone();
    let options = said
        .choices
        .iter()
        .map(|name| {
            let selected = *name == current;
            let (value, name) = (name.clone(), name.clone());
            view! { <option value=value selected=selected>{name}</option> }
        })
        .collect_view();
    view! {
        <select
            class="band-switch"
            id="profile-switch"
            aria-label=say(|w| w.shell.switch_profile())
            on:change=move |event| choose(event_target_value(&event))
        >
            {options}
        </select>
    }
    .into_any()
}
