//! The band: mode, account and region in words, on every page, before everything else.

use super::presenter;
use crate::client::{Mode, Profile};
use crate::components::ModeTag;
use crate::state::band::{Band, BandScope};
use crate::state::profiles::use_profiles;
use crate::state::simulator::use_stage;
use crate::words::{say, use_words};
use catalog::model::Site;
use leptos::prelude::*;

/// What the band says.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    mode: Option<Mode>,
    /// Simulated and live profiles side by side.
    mixed: bool,
    name: String,
    profile: Option<Profile>,
    /// Whether another profile can be chosen here, and which.
    choices: Vec<Profile>,
}

/// The band.
#[component]
pub fn BandBar() -> impl IntoView {
    let scope = use_context::<Band>().map(|band| band.0).unwrap_or_default();
    let profiles = use_profiles();
    let words = use_words();
    let stage = use_stage();
    let said = Memo::new(move |_| {
        let all = profiles.list.get().unwrap_or_default();
        let chosen = |profile: Option<Profile>, choices: Vec<Profile>| Said {
            mode: profile.as_ref().map(|profile| profile.mode),
            mixed: false,
            name: profile.as_ref().map(|profile| profile.name.clone()).unwrap_or_default(),
            profile,
            choices,
        };
        match scope.get() {
            BandScope::Any => chosen(profiles.current(), all),
            BandScope::Cloud(cloud) => chosen(
                profiles.current_for(cloud),
                all.into_iter().filter(|profile| profile.cloud == cloud).collect(),
            ),
            BandScope::Fixed { profile, mode } => Said {
                mode: Some(mode),
                mixed: false,
                profile: profiles.named(&profile),
                name: profile,
                choices: Vec::new(),
            },
            BandScope::Mixed => Said {
                mode: all.first().map(|profile| profile.mode),
                mixed: profiles.is_mixed(),
                name: all.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>().join(", "),
                profile: None,
                choices: Vec::new(),
            },
        }
    });
    let inside = move || {
        let said = said.get();
        let words = words.get();
        let note = match said.mode {
            _ if said.mixed => words.shell.each_row_says(),
            Some(Mode::Simulated) => words.shell.rehearsal(),
            Some(Mode::Live) => words.shell.real_account(),
            None if profiles.list.with(Option::is_some) => words.shell.no_profile(),
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
            stage.disturbed(words).join(if words.is_chinese() { "；" } else { "; " })
        } else {
            String::new()
        };
        let note = if disturbed.is_empty() {
            view! { <p class="band-note">{note}</p> }.into_any()
        } else {
            view! { <p class="band-on">{disturbed}</p> }.into_any()
        };
        let place = said.profile.map(|profile| {
            let place = match (profile.site, profile.region.as_deref()) {
                (Some(Site::International), region) => [region, Some(words.shell.international_site())]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", "),
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
        .map(|profile| {
            let name = profile.name.clone();
            let selected = name == current;
            let value = name.clone();
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
