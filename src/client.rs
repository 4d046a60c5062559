//! The console's own server, typed: the only module that speaks HTTP. Addresses are relative, so that the page works
//! behind a path prefix: the browser resolves them against `<base href>`.

mod choices;
mod error;
mod events;
mod plan;
mod run;
mod simulator;
mod types;

pub use choices::{Choice, ChoicesRequest, Detail, Offered};
pub use error::{ClientError, InputError, Problem};
pub use events::{News, RunEvents};
pub use plan::{
    Change, ConfirmRequest, Confirmation, DryRunAnswer, DryRunRecord, Needs, Plan, PlanRequest, Preview,
    PreviewRequest, Price, Quote, Review, SentHeader,
};
pub use run::{Answer, Failure, PlanKind, Run, RunAction, RunFilter, RunState, Source, TimelineEntry};
pub use simulator::{Scenario, Simulator};
pub use types::{Features, Mode, Page, Profile, Session};

use catalog::model::{Language, OperationSummary};
use catalog::read_json::ReadJson;
use leptos::prelude::{ReadSignal, use_context};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::pin::Pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestInit, Response};

/// How long an answer is waited for, in milliseconds. Longer than the server waits for a cloud, so that its own
/// account of a slow cloud arrives.
const PATIENCE_MS: u32 = 60_000;

/// What a call comes to.
pub type Outcome<T> = Result<T, ClientError>;

/// Secret values by JSON pointer into the parameters (`/Parameters/Password`).
pub type SecretValues = BTreeMap<String, String>;

/// Calls the server in the language of the page.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    language: ReadSignal<Language>,
}

/// The client that the app provides.
///
/// # Panics
/// Never: outside the app a client that speaks English stands in.
#[must_use]
pub fn use_client() -> Client {
    use_context::<Client>().unwrap_or_else(|| Client::new(leptos::prelude::signal(Language::En).0))
}

impl Client {
    /// A client that asks in this language.
    #[must_use]
    pub fn new(language: ReadSignal<Language>) -> Self {
        Client { language }
    }

    /// Makes a resource ask again when the language changes: what the server says comes in the language of the call.
    pub fn follow_language(self) {
        self.language.track();
    }

    /// Who I am, and what this server can do.
    ///
    /// # Errors
    /// Any [`ClientError`], as for every call below.
    pub async fn session(self) -> Outcome<Session> {
        self.get("api/session").await
    }

    /// The operations that can be planned.
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn operations(self) -> Outcome<Page<OperationSummary>> {
        self.get("api/operations").await
    }

    /// One operation, whole, with the fields that the cloud gives choices for.
    ///
    /// # Errors
    /// Any [`ClientError`]; 404 when there is none of this id.
    pub async fn operation(self, id: &str) -> Outcome<Offered> {
        self.get(&format!("api/operations/{}", encode(id))).await
    }

    /// A page of choices for a field.
    ///
    /// # Errors
    /// Any [`ClientError`]; 502 when the cloud does not give its list.
    pub async fn choices(self, operation: &str, request: &ChoicesRequest) -> Outcome<Page<Choice>> {
        self.post(&format!("api/operations/{}/choices", encode(operation)), request.body()).await
    }

    /// The accounts to act as.
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn profiles(self) -> Outcome<Page<Profile>> {
        self.get("api/profiles").await
    }

    /// The exact request that these parameters come to, masked.
    ///
    /// # Errors
    /// Any [`ClientError`]; 400 with the fields that are wrong.
    pub async fn preview(self, operation: &str, request: &PreviewRequest) -> Outcome<Preview> {
        self.post(&format!("api/operations/{}/preview", encode(operation)), request.body()).await
    }

    /// The exact request of a plan, with every secret masked.
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn preview_of_plan(self, plan: &str) -> Outcome<Preview> {
        self.post(&format!("api/plans/{}/preview", encode(plan)), Value::Object(Map::new())).await
    }

    /// Validates and freezes a change. Nothing is sent to a cloud to change anything.
    ///
    /// # Errors
    /// Any [`ClientError`]; 400 with the fields that are wrong.
    pub async fn make_plan(self, request: &PlanRequest) -> Outcome<Plan> {
        self.post("api/plans", request.body()).await
    }

    /// A plan.
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn plan(self, id: &str) -> Outcome<Plan> {
        self.get(&format!("api/plans/{}", encode(id))).await
    }

    /// Asks the cloud to check a plan without changing anything.
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn dry_run(self, plan: &str, secrets: &SecretValues) -> Outcome<DryRunAnswer> {
        let mut body = Map::new();
        plan::put_secrets(&mut body, secrets);
        self.post(&format!("api/plans/{}/dry-run", encode(plan)), Value::Object(body)).await
    }

    /// Confirms a plan: the one call that starts a change. The same plan again answers with the same run.
    ///
    /// # Errors
    /// Any [`ClientError`]; 409 when the plan is not what was reviewed or has been overtaken, 410 when it expired.
    pub async fn confirm(self, plan: &str, request: &ConfirmRequest) -> Outcome<Run> {
        self.post(&format!("api/plans/{}/runs", encode(plan)), request.body()).await
    }

    /// Runs, newest first.
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn runs(self, filter: &RunFilter) -> Outcome<Page<Run>> {
        self.get(&format!("api/runs{}", filter.query())).await
    }

    /// One run.
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn run(self, id: &str) -> Outcome<Run> {
        self.get(&format!("api/runs/{}", encode(id))).await
    }

    /// Asks for the price of a plan again.
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn price(self, plan: &str) -> Outcome<Plan> {
        self.post(&format!("api/plans/{}/price", encode(plan)), nothing()).await
    }

    /// Does something with a run that leaves it the same run: `check`, `resend` or `settle`.
    ///
    /// # Errors
    /// Any [`ClientError`]; 409 with the reason when it cannot be done now.
    pub async fn act(self, run: &str, action: &str, body: Value) -> Outcome<Run> {
        self.post(&format!("api/runs/{}/{action}", encode(run)), body).await
    }

    /// Sends a run's call once more, with the token of the first.
    ///
    /// # Errors
    /// Any [`ClientError`]; 409 with the reason when it cannot be done now.
    pub async fn resend(self, run: &Run, secrets: &SecretValues) -> Outcome<Run> {
        let mut body = Map::new();
        body.insert("payload_hash".to_owned(), Value::from(run.payload_hash.as_str()));
        plan::put_secrets(&mut body, secrets);
        self.act(&run.id, "resend", Value::Object(body)).await
    }

    /// Plans to take a run back: `cancel` or `rollback`.
    ///
    /// # Errors
    /// Any [`ClientError`]; 409 with the reason when it cannot be done now.
    pub async fn undo(self, run: &str, action: &str) -> Outcome<Plan> {
        self.post(&format!("api/runs/{}/{action}", encode(run)), nothing()).await
    }

    /// What the simulated clouds of the server do now.
    ///
    /// # Errors
    /// Any [`ClientError`]; 404 when there are none.
    pub async fn simulator(self) -> Outcome<Simulator> {
        self.get("api/simulator").await
    }

    /// Directs the simulated clouds: `clock`, `scenario`, `pay` or `reset`.
    ///
    /// # Errors
    /// Any [`ClientError`]; 400 when it cannot be.
    pub async fn direct(self, what: &str, body: Value) -> Outcome<Simulator> {
        self.post(&format!("api/simulator/{what}"), body).await
    }

    async fn get<T: ReadJson>(self, path: &str) -> Outcome<T> {
        typed(&self.exchange("GET", path, None).await?)
    }

    async fn post<T: ReadJson>(self, path: &str, mut body: Value) -> Outcome<T> {
        let text = serde_json::to_string(&body);
        plan::wipe_secrets(&mut body);
        let text = text.map_err(|_| ClientError::NotJson { status: 0 })?;
        typed(&self.exchange("POST", path, Some(text)).await?)
    }

    /// One call; everything above is a thin typed cover, so that this body exists once.
    fn exchange(self, method: &'static str, path: &str, body: Option<String>) -> Exchange {
        let language = match self.language.try_get_untracked().unwrap_or_default() {
            Language::En => "en",
            Language::Zh => "zh-CN",
        };
        let sent = send(method, path, language, body);
        Box::pin(async move {
            let heard = async {
                let response: Response = JsFuture::from(sent?).await?.dyn_into()?;
                let text = JsFuture::from(response.text()?).await?;
                Ok((response, text.as_string().unwrap_or_default()))
            };
            let (response, text) = heard.await.map_err(|failure| ClientError::from_fetch(&failure))?;
            let status = response.status();
            if response.ok() {
                Ok(Received { status, json: serde_json::from_str(&text).ok() })
            } else {
                Err(ClientError::from_answer(status, &text))
            }
        })
    }
}

/// A call under way. Boxed, so that what waits for it is not compiled again for each kind of answer.
type Exchange = Pin<Box<dyn Future<Output = Outcome<Received>>>>;

/// Hands a call to the browser.
fn send(method: &str, path: &str, language: &str, body: Option<String>) -> Result<js_sys::Promise, JsValue> {
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

fn typed<T: ReadJson>(received: &Received) -> Outcome<T> {
    received.json.as_ref().and_then(T::read_json).ok_or(ClientError::NotJson { status: received.status })
}

/// What a JSON text says, if it is that.
fn read<T: ReadJson>(text: &str) -> Option<T> {
    T::read_json(&serde_json::from_str(text).ok()?)
}

/// An empty body.
fn nothing() -> Value {
    Value::Object(Map::new())
}

/// A part of an address.
fn encode(part: &str) -> String {
    js_sys::encode_uri_component(part).into()
}
