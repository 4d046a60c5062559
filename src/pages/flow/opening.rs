//! How a form begins: from a link, from an earlier plan, from a draft, or fresh.

use crate::client::Profile;
use crate::form::browser_zone::{BrowserZone, fresh_token};
use crate::form::draft::{Draft, Entry};
use crate::form::link;
use crate::form::path::Path;
use crate::form::stored;
use crate::router::use_router;
use crate::state::drafts;
use crate::state::profiles::Profiles;
use crate::state::secrets::{PlanSecrets, use_plan_secrets};
use catalog::model::{Operation, Role};
use catalog::text::Joined;
use leptos::prelude::*;

/// What the address asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Opening {
    /// The profile that the address names.
    profile: Option<String>,
    /// The plan to start from.
    from: Option<String>,
    /// Values for fields, by the vendor's names.
    values: Vec<(String, String)>,
}

impl Opening {
    /// Reads the address.
    #[must_use]
    pub(super) fn read() -> Opening {
        let mut opening = Opening::default();
        for (name, value) in untrack(|| use_router().query()) {
            match name.as_str() {
                "profile" => opening.profile = Some(value),
                "from" => opening.from = Some(value),
                _ => opening.values.push((name, value)),
            }
        }
        opening
    }

    /// Chooses the profile that the address names.
    pub(super) fn choose_profile(&self, profiles: Profiles) {
        if let Some(name) = &self.profile {
            profiles.choose(name);
        }
    }
}

/// How a form began.
pub(super) struct Opened {
    /// What stands in it.
    pub(super) draft: Draft,
    /// What would stand in it if nothing had been typed before.
    pub(super) fresh: Draft,
    /// When the draft that was found was saved, in milliseconds since 1970.
    pub(super) restored: Option<f64>,
    /// The draft that the link took the place of.
    pub(super) replaced: Option<Draft>,
    /// What the link said.
    pub(super) link: Option<Linked>,
    /// The plan to start from.
    pub(super) from: Option<String>,
    /// A profile that the address names and that there is not.
    pub(super) missing_profile: Option<String>,
}

/// What came of the values in a link.
pub(super) struct Linked {
    /// How many were taken.
    pub(super) taken: usize,
    /// The names that no field has.
    pub(super) unknown: String,
    /// The names of secrets, which are not taken from an address.
    pub(super) secret: String,
    /// The names that stand there more than once.
    pub(super) repeated: String,
}

/// Decides what a form begins with.
#[must_use]
pub(super) fn open(operation: &Operation, profile: Option<&Profile>, opening: Opening) -> Opened {
    let Opening { profile: wanted, from, values } = opening;
    let name = profile.map(|profile| profile.name.as_str()).unwrap_or_default();
    let fresh = fresh_draft(operation, profile);
    let mut opened = Opened {
        draft: fresh.clone(),
        fresh,
        restored: None,
        replaced: None,
        link: None,
        from,
        missing_profile: wanted.filter(|wanted| profile.is_none() || wanted != name),
    };
    if let Some((draft, saved_at)) = kept_draft(operation, name) {
        if values.is_empty() && opened.from.is_none() {
            opened.draft = draft;
            opened.restored = Some(saved_at);
        } else {
            opened.replaced = Some(draft);
        }
    }
    if !values.is_empty() {
        let filled = link::fill(operation, &opened.fresh, &values, &BrowserZone);
        opened.draft = filled.draft;
        opened.link = Some(Linked {
            taken: filled.taken,
            unknown: filled.unknown.joined(", "),
            secret: filled.secret.joined(", "),
            repeated: filled.repeated.joined(", "),
        });
    }
    opened
}

/// The draft that was typed before, and when it was saved.
fn kept_draft(operation: &Operation, profile: &str) -> Option<(Draft, f64)> {
    // What was typed before the profiles were known belongs to the first that is.
    let kept = drafts::load(&operation.id, profile).or_else(|| drafts::load(&operation.id, ""))?;
    let mut draft = stored::restore(operation, &kept.form, &BrowserZone)?;
    put_secrets_back(operation, &mut draft, &secrets_key(operation, profile), use_plan_secrets());
    Some((draft, kept.saved_at as f64))
}

/// A form in which nothing was typed: the region of the profile, and a token of its own.
fn fresh_draft(operation: &Operation, profile: Option<&Profile>) -> Draft {
    let mut draft = Draft::blank(operation);
    let region = profile.and_then(|profile| profile.region.as_ref());
    if let (Some(path), Some(region)) = (Draft::role(operation, Role::Region), region) {
        let mut known = operation.call.servers.iter().flat_map(|server| &server.regions).peekable();
        if known.peek().is_none() || known.any(|known| known.id == *region) {
            draft.set(operation, &path, Entry::Text(region.clone()));
        }
    }
    draft.renew_token(operation, fresh_token());
    draft
}

/// Secrets stay in memory while the page is open, so that going back from the plan finds the form whole.
pub(super) fn secrets_key(operation: &Operation, profile: &str) -> String {
    ["form", &*operation.id, profile].joined(" ")
}

/// Types the secrets that the memory of this page has under a key; false when it has none.
pub(super) fn put_secrets_back(
    operation: &Operation,
    draft: &mut Draft,
    key: &str,
    memory: PlanSecrets,
) -> bool {
    let Some(secrets) = memory.of(key) else { return false };
    for (pointer, value) in &secrets {
        let Some(path) = Path::find(operation, draft, pointer) else { continue };
        let text = value.clone();
        if let Some(row) = draft.free_row_mut(operation, &path) {
            row.secret = text;
        } else if let Some(Entry::Secret { text: place }) = draft.entry_mut(operation, &path) {
            *place = text;
        }
    }
    true
}
