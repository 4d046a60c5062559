//! The review of a plan: what changes, what it means, the exact request, and the one place where a change is confirmed.

mod changes;
mod confirm;
mod dry_run;
mod facts;
mod price;
mod request;

use crate::client::{ClientError, Plan, SecretValues, use_client};
use crate::components::{Crumb, Crumbs, ErrorNote, Loading, Note, NoteKind, PageHead, Step, Steps};
use crate::pages::rows::{filled, ident};
use crate::pages::secret_fields::are_typed;
use crate::route::Route;
use crate::router::use_router;
use crate::state::band::{BandScope, set_band};
use crate::state::secrets::{PlanSecrets, use_plan_secrets};
use crate::times::{self, Style};
use crate::words::{Words, errors::Explained, said, use_words};
use leptos::prelude::*;
use std::rc::Rc;

/// What the parts of the page share. Owned by the page: what is typed survives a new reading of the plan.
#[derive(Clone, Copy)]
struct Reviewing {
    /// The plan, once it is read.
    plan: RwSignal<Option<Rc<Plan>>>,
    /// What was typed as the id of the instance.
    typed: RwSignal<String>,
    /// Whether the unknown cost was accepted.
    accepted: RwSignal<bool>,
    /// The reason that was written.
    reason: RwSignal<String>,
    /// Secrets that were entered again, by pointer.
    entered: RwSignal<SecretValues>,
    /// Secrets that the form of this page still knows.
    kept: PlanSecrets,
    /// Whether a confirmation is on its way.
    sending: RwSignal<bool>,
    /// Why the last confirmation did not work.
    problem: RwSignal<Option<ClientError>>,
    /// Why this plan can no longer be confirmed.
    void: RwSignal<Option<Explained>>,
    /// Counts readings of the plan.
    turn: RwSignal<u32>,
}

impl Reviewing {
    fn new() -> Self {
        Reviewing {
            plan: RwSignal::new(None),
            typed: RwSignal::new(String::new()),
            accepted: RwSignal::new(false),
            reason: RwSignal::new(String::new()),
            entered: RwSignal::new(SecretValues::new()),
            kept: use_plan_secrets(),
            sending: RwSignal::new(false),
            problem: RwSignal::new(None),
            void: RwSignal::new(None),
            turn: RwSignal::new(0),
        }
    }

    /// Another plan stands at the same page: nothing of the one before may carry over to it.
    fn clear(self) {
        self.plan.set(None);
        self.typed.set(String::new());
        self.accepted.set(false);
        self.reason.set(String::new());
        self.entered.set(SecretValues::new());
        self.problem.set(None);
        self.void.set(None);
    }

    /// The secrets to send with a call; `None` while some are missing.
    fn secrets(self, plan: &Plan) -> Option<SecretValues> {
        if plan.secret_pointers.is_empty() {
            return Some(SecretValues::new());
        }
        self.kept.of(&plan.id).or_else(|| {
            self.entered.with(|entered| are_typed(&plan.secret_pointers, entered).then(|| entered.clone()))
        })
    }
}

/// Where the form of a plan is: filled from the plan, as the account that it was made for.
fn form_href(plan: &Plan) -> String {
    let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
    format!(
        "{}?profile={}&from={}",
        Route::flow(&plan.operation).href(),
        encode(&plan.profile),
        encode(&plan.id)
    )
}

/// Where a plan began: at its form, or at the run that it takes back.
fn origin(plan: &Plan) -> String {
    plan.undoes.as_deref().map_or_else(|| form_href(plan), |run| Route::run(run).href())
}

/// The page.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let words = use_words();
    let client = use_client();
    let id = use_router().part(|route| match route {
        Route::Plan { id } => Some(id),
        _ => None,
    });
    let reviewing = Reviewing::new();
    let failed = RwSignal::new(None::<ClientError>);
    Effect::new(move |before: Option<String>| {
        let id = id.get();
        if before.is_some_and(|before| before != id) {
            reviewing.clear();
        }
        id
    });
    Effect::new(move || {
        client.follow_language();
        reviewing.turn.track();
        client.plan(&id.get()).show(reviewing.plan, failed);
    });
    set_band(Signal::derive(move || {
        reviewing.plan.with(|plan| match plan {
            Some(plan) => BandScope::Fixed { profile: plan.profile.clone(), mode: plan.mode },
            None => BandScope::Any,
        })
    }));
    let heading = Signal::derive(move || {
        let review = &words.get().review;
        reviewing.plan.with(|plan| match plan {
            Some(plan) => review.title_of(&plan.title),
            None => review.title().to_owned(),
        })
    });
    let crumbs = Signal::derive(move || {
        let mut crumbs =
            vec![Crumb { label: said(|w| w.shell.operations()), href: Some(Route::Home.href()) }];
        reviewing.plan.with(|plan| {
            if let Some(plan) = plan {
                crumbs.push(Crumb { label: Signal::stored(plan.title.clone()), href: Some(origin(plan)) });
            }
        });
        crumbs.push(Crumb { label: said(|w| w.review.plan()), href: None });
        crumbs
    });
    // Nobody filled in what takes a run back.
    let steps = move || {
        let undoes = reviewing.plan.with(|plan| plan.as_ref().is_some_and(|plan| plan.undoes.is_some()));
        (!undoes).then(|| view! { <Steps current=Step::Review/> })
    };
    let inside = move || {
        let words = words.get();
        match (reviewing.plan.get(), failed.get()) {
            // A later reading that failed takes nothing away: what was typed stays on the screen.
            (Some(plan), _) => reviewed(&plan, reviewing, words),
            (None, Some(error)) => {
                let retry = Callback::new(move |()| reviewing.turn.update(|turn| *turn += 1));
                view! { <ErrorNote explained=error.explain(words) retry=retry/> }.into_any()
            }
            (None, None) => {
                view! { <div class="card card-body"><Loading what=said(|w| w.review.reading())/></div> }
                    .into_any()
            }
        }
    };
    view! {
        <Crumbs crumbs=crumbs/>
        <PageHead heading=heading about=id side=ViewFn::from(steps)>
            <div class="head-sub">{move || reviewing.plan.get().map(|plan| subline(&plan, words.get()))}</div>
        </PageHead>
        {move || inside()}
    }
}

fn subline(plan: &Plan, words: &'static Words) -> AnyView {
    let instance = filled(Some(&plan.review.instance)).map(|id| ident(id, words.review.instance_id()));
    let when = times::here(&plan.created_at, Style::Minute, words.language());
    let planned = words.review.planned_by(&plan.created_by);
    let created_at = plan.created_at.clone();
    view! {
        {instance}
        <span>{planned}{if words.is_chinese() { "，" } else { ", " }}<time datetime=created_at>{when}</time></span>
    }
    .into_any()
}

fn reviewed(plan: &Rc<Plan>, reviewing: Reviewing, words: &'static Words) -> AnyView {
    let notice = plan.run.clone().map(|run| {
        view! {
            <Note kind=NoteKind::Info>
                <p><b>{words.review.already_run()}</b></p>
                <p>{words.review.already_run_text()}</p>
                <p class="row"><a class="btn btn-s" href=Route::run(run).href()>{words.review.open_run()}</a></p>
            </Note>
        }
    });
    let open = plan.run.is_none();
    view! {
        <div class="split">
            <div class="stack">
                {notice}
                {changes::changes(plan, words)}
                {(open || plan.dry_run.is_some()).then(|| dry_run::dry_run(plan, reviewing))}
                {facts::facts(plan, reviewing, words)}
                {request::request(plan, words)}
            </div>
            {open.then(|| confirm::confirm(plan, reviewing, words))}
        </div>
    }
    .into_any()
}
