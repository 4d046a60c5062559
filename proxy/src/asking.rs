//! Reads that flows make around an upgrade: lists, states, targets. Made from internal operations of the catalogue,
//! signed and sent like everything else; a read may be tried again, a changing call never comes here.

use crate::{
    answer::{self, Answer, EmptyBody, Refusal, Verdict},
    error::{Problem, text},
    plan::Secrets,
    profile::{Profile, ProfileError},
    upstream::{Trouble, Unreachable},
};
use catalog::{Operation, Text, validate};
use serde_json::{Map, Value};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
};

/// How often a read is tried when the network fails or the cloud asks to slow down, and how long is waited after the
/// former before the next time.
const TRIES: [Option<Duration>; 3] =
    [Some(Duration::from_millis(200)), Some(Duration::from_millis(800)), None];

/// A little more than that: clocks differ.
const A_SECOND: Duration = Duration::from_millis(1_020);

/// Why a read gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The catalogue has no such read, or its parameters do not fit: a fault of this program.
    #[error("the read `{0}` cannot be made")]
    Impossible(String),
    /// It cannot be made from what the profile knows.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// No answer.
    #[error("no answer")]
    Trouble(Trouble),
    /// The cloud said no, or something unreadable.
    #[error("the cloud refused the read")]
    Refused(Box<Answer>),
}

impl Profile {
    /// Asks and gives the answer's JSON.
    ///
    /// # Errors
    /// As [`AskError`] says.
    pub async fn ask(&self, id: &str, parameters: &Map<String, Value>) -> Result<Value, AskError> {
        self.ask_for_answer(id, parameters).await.map(|(body, _)| body)
    }

    /// Asks and gives the answer's JSON with the answer itself.
    ///
    /// # Errors
    /// As [`AskError`] says.
    pub async fn ask_for_answer(
        &self,
        id: &str,
        parameters: &Map<String, Value>,
    ) -> Result<(Value, Answer), AskError> {
        let operation = self
            .catalogue()
            .get(id)
            .filter(|operation| {
                !operation.call.changes && validate::validate(operation, parameters).is_empty()
            })
            .ok_or_else(|| AskError::Impossible(id.to_owned()))?;
        for pause in TRIES {
            let asked = self.exchange(operation, parameters, &Secrets::new(), EmptyBody::Unreadable).await;
            match (asked, pause) {
                // Names and reasons in it are shown and kept, so that it is read without what must not be repeated.
                (Ok((answer, verdict)), pause) => match (verdict, serde_json::from_str(&answer.body)) {
                    (Verdict::Accepted, Ok(body)) => return Ok((body, answer)),
                    // Others use the same account, and so did this server before it was started again.
                    (Verdict::Refused(Refusal::Throttled), _) if pause.is_some() => {
                        tokio::time::sleep(A_SECOND).await;
                    }
                    _ => return Err(AskError::Refused(Box::new(answer))),
                },
                (Err(AskError::Trouble(trouble)), Some(pause)) if !took_its_time(trouble) => {
                    tokio::time::sleep(pause).await;
                }
                (Err(error), _) => return Err(error),
            }
        }
        Err(AskError::Impossible(id.to_owned()))
    }

    /// Sends one read and reads its answer. Where the cloud does not take the token any more it is sent once more with
    /// the token of a new login; so only what changes nothing comes here.
    pub(crate) async fn exchange(
        &self,
        operation: &Operation,
        parameters: &Map<String, Value>,
        secrets: &Secrets,
        empty: EmptyBody,
    ) -> Result<(Answer, Verdict), AskError> {
        let mut renewed = false;
        loop {
            // The API's own rate is for all people together; who comes too early waits.
            let turn = match operation.calls_per_second {
                Some(limit) => {
                    Some(self.pacer.turn(&format!("{} {}", self.account(), operation.id), limit).await)
                }
                None => None,
            };
            // Signed anew each time: a nonce is good once.
            let request = self.request(operation, parameters).await?;
            let place =
                self.places.acquire().await.map_err(|_| AskError::Impossible(operation.id.clone()))?;
            let outcome = self.upstream.read(&request).await;
            drop((place, turn));
            let raw = outcome.map_err(AskError::Trouble)?;
            let mut redactor = self.redactor(&request);
            redactor.hide_all(secrets.values());
            let (answer, verdict) = answer::read(&raw, operation, empty, &redactor, self.now());
            if renewed || !self.hears(&request, &answer, verdict).await {
                return Ok((answer, verdict));
            }
            renewed = true;
        }
    }
}

/// Whether it was waited for as long as anybody waits: then it is not tried again.
fn took_its_time(trouble: Trouble) -> bool {
    matches!(trouble, Trouble::TimedOut | Trouble::Unreachable(Unreachable::Timeout))
}

/// Keeps the reads of an API that allows few in a second within its rate, however unevenly they arrive there: a place
/// is free again a second after its answer came, which is never before a second after the call arrived. One for all
/// profiles: the clouds count by account, and several profiles may be one.
#[derive(Default)]
pub struct Pacer {
    places: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// A place among the calls of a second.
struct Turn(Option<OwnedSemaphorePermit>);

impl Pacer {
    /// Waits for the turn of a call of which `limit` may be made in a second.
    async fn turn(&self, id: &str, limit: u32) -> Turn {
        let places = {
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(Semaphore::new(usize::try_from(limit.max(1)).unwrap_or(1)));
            Arc::clone(places.entry(id.to_owned()).or_insert_with(new))
        };
        // It is never closed.
        Turn(places.acquire_owned().await.ok())
    }
}

impl Drop for Turn {
    // Also of a call that nobody waits for any more: it may have arrived.
    fn drop(&mut self) {
        if let (Some(place), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(async move {
                tokio::time::sleep(A_SECOND).await;
                drop(place);
            });
        }
    }
}

impl AskError {
    /// Why, in words for a timeline or a review.
    #[must_use]
    pub fn words(&self) -> Text {
        match self {
            AskError::Refused(answer) => {
                let code = answer.code.as_deref().unwrap_or_default();
                // The sentence goes on behind it.
                let message = answer.message.as_deref().unwrap_or_default().trim_end_matches('.');
                text(
                    format!("the cloud refused to tell: HTTP {} {code} {message}", answer.status),
                    format!("云端拒绝查询：HTTP {} {code} {message}", answer.status),
                )
            }
            AskError::Trouble(trouble) if trouble.nothing_sent() => {
                text("the cloud cannot be reached", "无法连接云端")
            }
            AskError::Trouble(_) => text("the cloud did not answer", "云端没有响应"),
            AskError::Profile(error) => error.words(),
            AskError::Impossible(_) => text("this console cannot ask", "控制台无法查询"),
        }
    }
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Refused(answer) => {
                let code = answer.code.as_deref().unwrap_or_default();
                // The sentence goes on behind it.
                let message = answer.message.as_deref().unwrap_or_default().trim_end_matches('.');
                Problem::upstream(text(
                    format!(
                        "The cloud refused the list: HTTP {} {code} {message}. Type the value instead.",
                        answer.status
                    ),
                    format!("云端拒绝了列表查询：HTTP {} {code} {message}。可以直接输入。", answer.status),
                ))
            }
            AskError::Trouble(trouble) if trouble.nothing_sent() => Problem::upstream(text(
                "The cloud cannot be reached. Type the value instead, or try again.",
                "无法连接云端，可以直接输入，或稍后重试。",
            )),
            AskError::Trouble(_) => Problem::upstream(text(
                "The cloud did not answer. Type the value instead, or try again.",
                "云端没有响应，可以直接输入，或稍后重试。",
            )),
            AskError::Profile(error) => Problem::from(&error),
            AskError::Impossible(id) => {
                tracing::error!(read = id, "a read of a flow cannot be made");
                Problem::internal()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::time::Instant;

    #[tokio::test]
    async fn a_place_is_free_again_a_second_after_its_answer() {
        let pacer = Pacer::default();
        let first = pacer.turn("a", 2).now_or_never();
        let second = pacer.turn("a", 2).now_or_never();
        assert!(first.is_some() && second.is_some(), "nobody was there before");
        drop(second);
        let answered = Instant::now();
        drop(first);
        assert!(pacer.turn("a", 2).now_or_never().is_none(), "two were there just now");
        // Another API has places of its own.
        assert!(pacer.turn("b", 1).now_or_never().is_some());
        let _third = pacer.turn("a", 2).await;
        let _fourth = pacer.turn("a", 2).await;
        assert!(answered.elapsed() >= Duration::from_secs(1));
    }
}
