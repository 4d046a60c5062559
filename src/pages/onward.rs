//! Ways from a plan or a run to a form with the same values: of the same account, or from a rehearsal to a live one.

use crate::client::Mode;
use crate::route::Route;
use crate::state::profiles::use_profiles;
use crate::words::Words;
use leptos::prelude::*;

/// The form of an operation, filled from a plan, as a profile.
pub(crate) fn form_href(operation: &str, profile: &str, plan: &str) -> String {
    let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
    format!("{}?profile={}&from={}", Route::flow(operation).href(), encode(profile), encode(plan))
}

/// From a rehearsal to the same values on a live account, one link for each of the same cloud. What opens is a form:
/// the plan that it makes is a new one, with a review of its own.
pub(crate) fn live(mode: Mode, operation: &str, profile: &str, plan: &str, words: &'static Words) -> AnyView {
    if mode == Mode::Live {
        return ().into_any();
    }
    let profiles = use_profiles();
    let (operation, profile, plan) = (operation.to_owned(), profile.to_owned(), plan.to_owned());
    let links = move || {
        let cloud = profiles.named(&profile)?.cloud;
        let links = profiles
            .list
            .get()?
            .into_iter()
            .filter(|other| other.mode == Mode::Live && other.cloud == cloud)
            .map(|other| {
                let href = form_href(&operation, &other.name, &plan);
                view! { <a class="btn btn-s" href=href>{words.run.open_live(&other.name)}</a> }
            })
            .collect::<Vec<_>>();
        (!links.is_empty()).then(|| {
            view! { <div class="live-links"><p>{words.run.open_live_text()}</p><p class="row">{links}</p></div> }
        })
    };
    (move || links()).into_any()
}
