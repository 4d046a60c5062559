//! The accounts to act as, and which one is chosen. The choice lives in memory: storage holds nothing of it.

use crate::client::{Client, ClientError, Mode, Profile, put};
use catalog::model::Cloud;
use leptos::prelude::*;

/// The profiles and the choice among them. Owned by the app.
#[derive(Clone, Copy, Debug)]
pub struct Profiles {
    /// `None` until the server has answered.
    pub list: RwSignal<Option<Vec<Profile>>>,
    /// Why the list could not be read.
    pub failed: RwSignal<Option<ClientError>>,
    /// The names chosen, the newest last: one for each cloud is remembered.
    chosen: RwSignal<Vec<String>>,
}

impl Profiles {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Profiles { list: RwSignal::new(None), failed: RwSignal::new(None), chosen: RwSignal::new(Vec::new()) }
    }

    /// Asks the server.
    pub fn refresh(self, client: Client) {
        client.profiles().then(move |answer| put(answer.map(|page| page.items), self.list, self.failed));
    }

    /// Chooses a profile by name.
    pub fn choose(self, name: &str) {
        self.chosen.update(|chosen| {
            chosen.retain(|other| other != name);
            chosen.push(name.to_owned());
        });
    }

    /// The profile of this name.
    #[must_use]
    pub fn named(self, name: &str) -> Option<Profile> {
        self.list.with(|list| list.as_ref()?.iter().find(|profile| profile.name == name).cloned())
    }

    /// The profile chosen last for a cloud, else its first. `None` when nobody may act there.
    #[must_use]
    pub fn current_for(self, cloud: Cloud) -> Option<Profile> {
        self.chosen_of(Some(cloud))
    }

    /// Whether the list has simulated and live ones.
    #[must_use]
    pub fn is_mixed(self) -> bool {
        self.list.with(|list| {
            let has =
                |mode| list.as_ref().is_some_and(|list| list.iter().any(|profile| profile.mode == mode));
            has(Mode::Simulated) && has(Mode::Live)
        })
    }

    /// The same for a cloud, or for all of them.
    #[must_use]
    pub fn chosen_of(self, cloud: Option<Cloud>) -> Option<Profile> {
        let fits = |profile: &&Profile| cloud.is_none_or(|cloud| profile.cloud == cloud);
        self.list.with(|list| {
            let list = list.as_ref()?;
            self.chosen.with(|chosen| {
                chosen
                    .iter()
                    .rev()
                    .find_map(|name| list.iter().filter(fits).find(|profile| &profile.name == name))
                    .or_else(|| list.iter().find(fits))
                    .cloned()
            })
        })
    }
}

impl Default for Profiles {
    fn default() -> Self {
        Profiles::new()
    }
}

/// The profiles that the app provides.
#[must_use]
pub fn use_profiles() -> Profiles {
    use_context::<Profiles>().unwrap_or_default()
}
