//! One run: where it is, what came of it, what the cloud answered, and what can be done now.

mod acting;
mod actions;
mod answer;
mod by_hand;
mod countdown;
mod follow;
mod next;
mod timeline;

use super::onward;
use super::rows::{filled, ident, row};
use crate::client::{Client, ClientError, Mode, PlanKind, Run, RunState, SecretValues, use_client};
use crate::components::{
    Announcer, Crumb, Crumbs, ErrorNote, Leap, Loading, ModeTag, Note, NoteKind, PageHead, StateBadge,
    use_announcer,
};
use crate::route::Route;
use crate::router::{Router, use_router};
use crate::state::attention::use_attention;
use crate::state::band::{BandScope, set_band};
use crate::times::{self, Style};
use crate::words::{Words, WordsNow, said, use_words};
use leptos::prelude::*;
use serde_json::Value;
use std::rc::Rc;

/// What the parts of the page share. Owned by the page.
#[derive(Clone, Copy)]
struct Following {
    /// The id in the address.
    id: Memo<String>,
    /// The run, once it is read.
    run: RwSignal<Option<Rc<Run>>>,
    /// Counts readings of the run.
    turn: RwSignal<u32>,
    /// Since when the stream of news is lost.
    lost: RwSignal<Option<f64>>,
    /// Now, by the clock of this browser; ticks while the run goes on.
    now: RwSignal<f64>,
    /// Whether the server is doing something with the run for this page.
    busy: RwSignal<bool>,
    /// Why the last thing that was asked for was not done.
    problem: RwSignal<Option<ClientError>>,
    /// Whether sending again was tried with a secret missing.
    unsent: RwSignal<bool>,
    /// Whether settling was tried with something missing.
    unsettled: RwSignal<bool>,
    /// How the person settles the run; empty until it is chosen.
    settled_as: RwSignal<String>,
    /// How the person knows.
    evidence: RwSignal<String>,
    /// Secrets for sending again, by pointer.
    entered: RwSignal<SecretValues>,
    client: Client,
    router: Router,
    announcer: Announcer,
    words: WordsNow,
}

impl Following {
    fn new() -> Self {
        let router = use_router();
        Following {
            id: router.part(|route| match route {
                Route::Run { id } => Some(id),
                _ => None,
            }),
            run: RwSignal::new(None),
            turn: RwSignal::new(0),
            lost: RwSignal::new(None),
            now: RwSignal::new(times::now_ms()),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            unsent: RwSignal::new(false),
            unsettled: RwSignal::new(false),
            settled_as: RwSignal::new(String::new()),
            evidence: RwSignal::new(String::new()),
            entered: RwSignal::new(SecretValues::new()),
            client: use_client(),
            router,
            announcer: use_announcer(),
            words: use_words(),
        }
    }

    /// Another run stands at the same page: nothing of the one before may carry over to it.
    fn clear(self) {
        self.run.set(None);
        self.problem.set(None);
        self.unsent.set(false);
        self.unsettled.set(false);
        self.settled_as.set(String::new());
        self.evidence.set(String::new());
        self.forget_secrets();
    }

    fn read_again(self) {
        let _ = self.turn.try_update(|turn| *turn += 1);
    }
}

/// The page.
#[component]
pub fn RunPage() -> impl IntoView {
    let following = Following::new();
    let Following { client, words, .. } = following;
    on_cleanup(move || following.forget_secrets());
    let failed = RwSignal::new(None::<ClientError>);
    Effect::new(move |before: Option<String>| {
        let id = following.id.get();
        if before.is_some_and(|before| before != id) {
            following.clear();
        }
        id
    });
    Effect::new(move || {
        client.follow_language();
        following.turn.track();
        client.run(&following.id.get()).show(following.run, failed);
    });
    follow::follow(following);
    set_band(Signal::derive(move || {
        following.run.with(|run| match run {
            Some(run) => BandScope::Fixed { profile: run.profile.clone(), mode: run.mode },
            None => BandScope::Any,
        })
    }));
    let heading = Signal::derive(move || {
        following.run.with(|run| match run {
            Some(run) => match run.name.as_deref() {
                Some(name) => words.get().run.title_of(&run.title, name),
                None => run.title.clone(),
            },
            None => words.get().run.title().to_owned(),
        })
    });
    let title = Signal::derive(move || {
        let words = words.get();
        following.run.with(|run| match run {
            Some(run) => {
                let what = if words.is_chinese() {
                    format!("{}，{}", run.title, run.instance)
                } else {
                    format!("{}, {}", run.title, run.instance)
                };
                words.run.title_of(words.states.state(run.state), &what)
            }
            None => words.run.title().to_owned(),
        })
    });
    // Said once for each change of state, not for each reading.
    let state = Memo::new(move |_| following.run.with(|run| run.as_ref().map(|run| run.state)));
    let attention = use_attention();
    Effect::new(move |before: Option<Option<RunState>>| {
        let now = state.get();
        if before.flatten().is_some_and(|before| now.is_some_and(|now| now != before)) {
            attention.refresh(client);
        }
        now
    });
    let news = move || {
        let words = words.get();
        state.get().map(|state| {
            let outcome = following.run.with_untracked(|run| run.as_ref().map(|run| run.outcome.clone()));
            let (state, outcome) = (words.states.state(state), outcome.unwrap_or_default());
            // The outcome may begin with the state; it is not said twice.
            if outcome.starts_with(state) { outcome } else { format!("{state}. {outcome}") }
        })
    };
    let crumbs = Signal::derive(move || {
        vec![
            Crumb { label: said(|w| w.runs.title()), href: Some(Route::Runs.href()) },
            Crumb { label: following.id.into(), href: None },
        ]
    });
    let badge = move || state.get().map(|state| view! { <StateBadge state=state large=true/> });
    let time = move || {
        let words = words.get();
        following.run.with(|run| {
            let run = run.as_ref()?;
            // What goes on unseen may have ended.
            Some(match following.lost.get() {
                Some(since) => {
                    let zone = times::local_zone();
                    words.run.as_of(&times::in_zone(since, &zone, Style::Clock, words.language()))
                }
                None => duration(run, following.now.get(), words),
            })
        })
    };
    let side =
        move || view! { <div class="row">{move || badge()}<span class="mute">{move || time()}</span></div> };
    // Most readings only add to the timeline: what is typed, opened or focused elsewhere stays as it is.
    let rest = Memo::new(move |_| Rest(following.run.get()));
    let inside = move || {
        let words = words.get();
        // A later reading that failed takes nothing away.
        if let Some(run) = rest.get().0 {
            return followed(&run, following, words);
        }
        match failed.get() {
            Some(error) => {
                let retry = Callback::new(move |()| following.read_again());
                view! { <ErrorNote explained=error.explain(words) retry=retry/> }.into_any()
            }
            None => view! { <div class="card card-body"><Loading what=said(|w| w.run.reading())/></div> }
                .into_any(),
        }
    };
    view! {
        <Crumbs crumbs=crumbs/>
        <PageHead heading=heading title=title about=following.id side=side>
            <div class="head-sub">{move || rest.get().0.map(|run| subline(&run, words.get()))}</div>
        </PageHead>
        <p class="vh" role="status" aria-live="polite" id="run-news">{move || news()}</p>
        {move || inside()}
    }
}

/// A run but for what every look at the cloud changes.
#[derive(Clone)]
struct Rest(Option<Rc<Run>>);

impl PartialEq for Rest {
    fn eq(&self, other: &Self) -> bool {
        fn rest(one: &Rest) -> Option<&Value> {
            one.0.as_ref().map(|run| &run.rest)
        }
        rest(self) == rest(other)
    }
}

fn subline(run: &Run, words: &'static Words) -> AnyView {
    let target = run.target.clone().map(|target| view! { <Leap from=run.from.clone() to=target/> });
    let instance =
        (!run.instance.is_empty()).then(|| ident(run.instance.clone(), words.run.the_instance_id()));
    view! { {target}{instance} }.into_any()
}

/// How long it has taken, or took.
fn duration(run: &Run, now: f64, words: &'static Words) -> String {
    let Some(start) = times::parse(&run.created_at) else { return String::new() };
    let language = words.language();
    let last = times::parse(&run.updated_at).unwrap_or(start);
    if run.state.needs_someone() {
        // A check that found nothing new is a line of its own, and no new beginning.
        let began = run.timeline.iter().rev().take_while(|entry| entry.state == run.state).last();
        let since = began.and_then(|entry| times::parse(&entry.at)).unwrap_or(last);
        words.run.state_for(&times::span(now - since, language))
    } else if run.is_final && last - start < 1000.0 {
        words.run.took(words.run.took_no_time())
    } else if run.is_final {
        words.run.took(&times::span(last - start, language))
    } else {
        words.run.state_for(&times::span(now - start, language))
    }
}

fn followed(run: &Rc<Run>, following: Following, words: &'static Words) -> AnyView {
    let rehearsal = (run.mode == Mode::Simulated).then(|| {
        view! {
            <Note kind=NoteKind::Simulated>
                <p><b>{words.run.rehearsal_title()}</b>" "{words.run.rehearsal_text()}</p>
            </Note>
        }
    });
    view! {
        <div class="split">
            <div class="stack">
                {next::next(run, following, words)}
                {actions::actions(run, following, words)}
                {timeline::timeline(following, words)}
                {answer::answer(run, words)}
            </div>
            <div class="stack">{result(run, words)}{rehearsal}</div>
        </div>
    }
    .into_any()
}

/// What came of it, in words first.
fn result(run: &Run, words: &'static Words) -> AnyView {
    let table = &words.run;
    let request = run.answer.as_ref().and_then(|answer| filled(answer.request_id.as_ref()));
    let request = request.map(|id| row(table.request_id(), ident(id, table.the_request_id())));
    let instance = filled(Some(&run.instance));
    let instance = instance.map(|id| row(table.instance(), ident(id, table.the_instance_id())));
    let target = run.target.clone().map(|target| row(table.target(), view! { <Leap to=target/> }));
    let reason = filled(run.reason.as_ref()).map(|reason| row(words.review.reason(), reason));
    let heading = if run.is_final { table.result() } else { table.result_so_far() };
    let is_upgrade = run.kind == PlanKind::Upgrade;
    let form = is_upgrade.then(|| {
        let href = onward::form_href(&run.operation, &run.profile, &run.plan);
        view! { <a href=href>{table.form_again()}</a> }
    });
    let live = is_upgrade.then(|| onward::live(run.mode, &run.operation, &run.profile, &run.plan, words));
    let other = |term: &'static str, id: &Option<String>| {
        let id = id.clone()?;
        let href = Route::run(&*id).href();
        Some(row(term, view! { <a class="id" href=href>{id}</a> }))
    };
    let placed = run.answer.as_ref().and_then(|answer| answer.order_id.as_ref());
    let order = filled(run.order_id.as_ref().or(placed)).map(|order| {
        let link = next::order_link(run, words);
        row(table.order_id(), (ident(order, table.the_order_id()), link))
    });
    let undoes = if run.kind == PlanKind::Cancel { table.cancels() } else { table.rolls_back() };
    let only_checked = run.dry_run.then(|| row(table.only_checked(), table.only_checked_text()));
    view! {
        <section class="card" aria-labelledby="r-h">
            <div class="card-head"><h2 id="r-h">{heading}</h2><ModeTag mode=run.mode/></div>
            <dl class="facts facts-tight">
                {only_checked}
                {other(undoes, &run.undoes)}
                {other(table.undone_by(), &run.undone_by)}
                {order}
                {request}
                {instance}
                {target}
                {row(words.runs.who(), run.user.clone())}
                {row(words.shell.profile(), run.profile.clone())}
                {reason}
            </dl>
            <div class="card-foot">
                <a href=Route::plan(&run.plan).href()>{table.the_plan()}</a>
                {form}
                <a href=Route::Runs.href()>{table.all_runs()}</a>
            </div>
            {live}
        </section>
    }
    .into_any()
}

/// Whether a state is one that goes on by itself.
fn goes_on(state: RunState) -> bool {
    matches!(state, RunState::Confirmed | RunState::Sent | RunState::Accepted | RunState::InProgress)
}
