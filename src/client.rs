//! The console's own server, typed: the only module that speaks HTTP. Addresses are relative, so that the page works
//! behind a path prefix: the browser resolves them against `<base href>`.

mod choices;
mod error;
mod events;
mod plan;
mod run;
mod simulator;
mod told;
mod types;

pub use choices::{Choice, ChoicesRequest, Detail, Offered};
pub use error::{ClientError, InputError, Problem};
pub use events::{News, RunEvents};
pub use plan::{
    Change, ConfirmRequest, Confirmation, DryRunAnswer, DryRunRecord, Needs, Plan, PlanRequest, Preview,
    PreviewRequest, Price, Quote, Review, SentHeader,
};
pub use run::{Answer, PlanKind, Run, RunAction, RunFilter, RunState, Source, TimelineEntry};
pub use simulator::{Scenario, Simulator};
pub use types::{Features, Mode, Page, Profile, Session};

use crate::form::secret::SecretText;
use crate::state::health::Health;
use crate::times;
use catalog::model::{Language, OperationSummary};
use catalog::read_json::ReadJson;
use catalog::strict_json;
use leptos::prelude::{ReadSignal, RwSignal, use_context};
use leptos::task::{spawn_local, spawn_local_scoped_with_cancellation};
use serde_json::{Map, Value};
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestInit, Response};

/// How long an answer is waited for, in milliseconds. Longer than the server waits for a cloud, so that its own
/// account of a slow cloud arrives.
const PATIENCE_MS: u32 = 60_000;

/// What a call comes to.
pub type Outcome<T> = Result<T, ClientError>;

/// Secret values by JSON pointer into the parameters (`/Parameters/Password`).
pub type SecretValues = Vec<(String, SecretText)>;

/// Calls the server in the language of the page, and learns from each answer whether the server can be reached.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    language: ReadSignal<Language>,
    health: Health,
}

/// The client that the app provides.
///
/// # Panics
/// Never: outside the app a client that speaks English stands in.
#[must_use]
pub fn use_client() -> Client {
    use_context::<Client>()
        .unwrap_or_else(|| Client::new(leptos::prelude::signal(Language::En).0, Health::new()))
}

impl Client {
    /// A client that asks in this language and tells what it learns.
    #[must_use]
    pub fn new(language: ReadSignal<Language>, health: Health) -> Self {
        Client { language, health }
    }

    /// Makes a resource ask again when the language changes: what the server says comes in the language of the call.
    pub fn follow_language(self) {
        self.language.track();
    }

    /// Who I am, and what this server can do.
    pub fn session(self) -> Asked<Session> {
        self.get("api/session")
    }

    /// The operations that can be planned.
    pub fn operations(self) -> Asked<Page<OperationSummary>> {
        self.get("api/operations")
    }

    /// One operation, whole, with the fields that the cloud gives choices for.
    /// 404 when there is none of this id.
    pub fn operation(self, id: &str) -> Asked<Offered> {
        self.get(&format!("api/operations/{}", encode(id)))
    }

    /// A page of choices for a field.
    /// 502 when the cloud does not give its list.
    pub fn choices(self, operation: &str, request: &ChoicesRequest) -> Asked<Page<Choice>> {
        self.post(&format!("api/operations/{}/choices", encode(operation)), request.body())
    }

    /// The accounts to act as.
    pub fn profiles(self) -> Asked<Page<Profile>> {
        self.get("api/profiles")
    }

    /// The exact request that these parameters come to, masked.
    /// 400 with the fields that are wrong.
    pub fn preview(self, operation: &str, request: &PreviewRequest) -> Asked<Rc<Preview>> {
        self.post(&format!("api/operations/{}/preview", encode(operation)), request.body())
    }

    /// The exact request of a plan, with every secret masked.
    pub fn preview_of_plan(self, plan: &str) -> Asked<Rc<Preview>> {
        self.post(&format!("api/plans/{}/preview", encode(plan)), Value::Object(Map::new()))
    }

    /// Validates and freezes a change. Nothing is sent to a cloud to change anything.
    /// 400 with the fields that are wrong.
    pub fn make_plan(self, request: &PlanRequest) -> Asked<Rc<Plan>> {
        self.post("api/plans", request.body())
    }

    /// A plan.
    pub fn plan(self, id: &str) -> Asked<Rc<Plan>> {
        self.get(&format!("api/plans/{}", encode(id)))
    }

    /// Asks the cloud to check a plan without changing anything.
    pub fn dry_run(self, plan: &str, secrets: &SecretValues) -> Asked<DryRunAnswer> {
        let mut body = Map::new();
        plan::put_secrets(&mut body, secrets);
        self.post(&format!("api/plans/{}/dry-run", encode(plan)), Value::Object(body))
    }

    /// Confirms a plan: the one call that starts a change. The same plan again answers with the same run.
    /// 409 when the plan is not what was reviewed or has been overtaken, 410 when it expired.
    pub fn confirm(self, plan: &str, request: &ConfirmRequest) -> Asked<Rc<Run>> {
        self.post(&format!("api/plans/{}/runs", encode(plan)), request.body())
    }

    /// Runs, newest first.
    pub fn runs(self, filter: &RunFilter) -> Asked<Page<Rc<Run>>> {
        self.get(&format!("api/runs{}", filter.query()))
    }

    /// One run.
    pub fn run(self, id: &str) -> Asked<Rc<Run>> {
        self.get(&format!("api/runs/{}", encode(id)))
    }

    /// Asks for the price of a plan again.
    pub fn price(self, plan: &str) -> Asked<Rc<Plan>> {
        self.post(&format!("api/plans/{}/price", encode(plan)), nothing())
    }

    /// Does something with a run that leaves it the same run: `check`, `resend` or `settle`.
    /// 409 with the reason when it cannot be done now.
    pub fn act(self, run: &str, action: &str, body: Value) -> Asked<Rc<Run>> {
        self.post(&format!("api/runs/{}/{action}", encode(run)), body)
    }

    /// Sends a run's call once more, with the token of the first.
    /// 409 with the reason when it cannot be done now.
    pub fn resend(self, run: &Run, secrets: &SecretValues) -> Asked<Rc<Run>> {
        let mut body = Map::new();
        body.insert("payload_hash".to_owned(), Value::from(run.payload_hash.as_str()));
        plan::put_secrets(&mut body, secrets);
        self.act(&run.id, "resend", Value::Object(body))
    }

    /// Plans to take a run back: `cancel` or `rollback`.
    /// 409 with the reason when it cannot be done now.
    pub fn undo(self, run: &str, action: &str) -> Asked<Rc<Plan>> {
        self.post(&format!("api/runs/{}/{action}", encode(run)), nothing())
    }

    /// What the simulated clouds of the server do now.
    /// 404 when there are none.
    pub fn simulator(self) -> Asked<Simulator> {
        self.get("api/simulator")
    }

    /// Directs the simulated clouds: `clock`, `scenario`, `pay` or `reset`.
    /// 400 when it cannot be.
    pub fn direct(self, what: &str, body: Value) -> Asked<Simulator> {
        self.post(&format!("api/simulator/{what}"), body)
    }

    fn get<T>(self, path: &str) -> Asked<T> {
        Asked(self.exchange("GET", path, None), PhantomData)
    }

    fn post<T>(self, path: &str, body: Value) -> Asked<T> {
        Asked(self.hand_in(path, body), PhantomData)
    }

    fn hand_in(self, path: &str, mut body: Value) -> Exchange {
        let text = body.to_string();
        plan::wipe_secrets(&mut body);
        self.exchange("POST", path, Some(text))
    }

    /// One call; everything above is a thin typed cover, so that this body exists once.
    fn exchange(self, method: &'static str, path: &str, body: Option<String>) -> Exchange {
        let language = self.language.try_get_untracked().unwrap_or_default();
        let sent = send(method, path, language, body);
        Box::pin(async move {
            let heard = async {
                let response: Response = JsFuture::from(sent?).await?.dyn_into()?;
                let text = JsFuture::from(response.text()?).await?;
                Ok((response, text.as_string().unwrap_or_default()))
            };
            let outcome = match heard.await {
                Ok((response, text)) => received(&response, &text, language),
                Err(failure) => Err(ClientError::from_fetch(&failure)),
            };
            self.health.learn(&outcome);
            outcome
        })
    }
}

/// A call under way. Boxed, so that what waits for it is not compiled again for each kind of answer.
type Exchange = Pin<Box<dyn Future<Output = Outcome<Received>>>>;

/// What is done with what came.
type Take = Box<dyn FnOnce(Outcome<Received>)>;

/// A call whose answer is one of these. It can be awaited; who only hands the answer on needs no task of its own.
#[must_use = "the answer is for somebody"]
pub struct Asked<T>(Exchange, PhantomData<fn() -> T>);

impl<T: ReadJson> Future for Asked<T> {
    type Output = Outcome<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(typed(ready!(self.0.as_mut().poll(context))))
    }
}

impl<T: ReadJson + 'static> Asked<T> {
    /// Hands the answer on, also when who asked is gone by then.
    pub fn then(self, take: impl FnOnce(Outcome<T>) + 'static) {
        spawn_local(hand_on(self.0, Box::new(move |outcome| take(typed(outcome)))));
    }

    /// Hands the answer on, unless the owner of the moment has ended by then, or its effect runs anew.
    pub fn then_here(self, take: impl FnOnce(Outcome<T>) + 'static) {
        spawn_local_scoped_with_cancellation(hand_on(self.0, Box::new(move |outcome| take(typed(outcome)))));
    }

    /// Puts the answer into a signal, or why there is none into the other, unless the owner has ended by then. What was
    /// there before stays when there is no answer.
    pub fn show(self, shown: RwSignal<Option<T>>, failed: RwSignal<Option<ClientError>>) {
        self.then_here(move |outcome| put(outcome, shown, failed));
    }
}

/// Puts what came into a signal, or why it did not come into the other.
pub fn put<T: 'static>(
    outcome: Outcome<T>,
    shown: RwSignal<Option<T>>,
    failed: RwSignal<Option<ClientError>>,
) {
    match outcome {
        Ok(answer) => {
            failed.set(None);
            shown.set(Some(answer));
        }
        Err(error) => failed.set(Some(error)),
    }
}

async fn hand_on(exchange: Exchange, take: Take) {
    take(exchange.await);
}

/// Hands a call to the browser.
fn send(
    method: &str,
    path: &str,
    language: Language,
    body: Option<String>,
) -> Result<js_sys::Promise, JsValue> {
    let language = match language {
        Language::En => "en",
        Language::Zh => "zh-CN",
    };
    let init = RequestInit::new();
    init.set_method(method);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    if let Some(body) = &body {
        init.set_body(&JsValue::from_str(body));
    }
    let request = Request::new_with_str_and_init(path, &init)?;
    let headers = request.headers();
    headers.set("accept", "application/json")?;
    headers.set("accept-language", language)?;
    if body.is_some() {
        headers.set("content-type", "application/json")?;
        headers.set("x-upgrade-console", "1")?;
    }
    let window = crate::browser::window().ok_or(JsValue::NULL)?;
    Ok(window.fetch_with_request(&request))
}

/// An answer that was not an error: JSON, if it is the console's own.
struct Received {
    status: u16,
    json: Option<Value>,
}

/// What an answer is: the console's own, or its refusal.
fn received(response: &Response, text: &str, language: Language) -> Outcome<Received> {
    let status = response.status();
    let mut json = strict_json::parse_answer(text);
    if let Some(answer) = &mut json {
        told::tell(answer, &|sentence| times::told(sentence, language));
    }
    if response.ok() {
        Ok(Received { status, json })
    } else {
        Err(ClientError::from_answer(status, json.as_ref()))
    }
}

#[inline(never)]
fn typed<T: ReadJson>(outcome: Outcome<Received>) -> Outcome<T> {
    let received = outcome?;
    received.json.as_ref().and_then(T::read_json).ok_or(ClientError::NotJson { status: received.status })
}

/// What a JSON text says, if it is that.
fn read<T: ReadJson>(text: &str) -> Option<T> {
    T::read_json(&strict_json::parse_answer(text)?)
}

/// An empty body.
fn nothing() -> Value {
    Value::Object(Map::new())
}

/// A part of an address.
fn encode(part: &str) -> String {
    js_sys::encode_uri_component(part).into()
}
