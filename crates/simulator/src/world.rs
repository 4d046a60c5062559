//! All state of the simulated clouds, and the way of a request through them.

use crate::aad::Aad;
use crate::alikafka::Kafka;
use crate::bss::Bss;
use crate::calls::{Call, CallLog, masked_target};
use crate::cbh::Cbh;
use crate::computenest::ComputeNest;
use crate::iam::Iam;
use crate::moment::{Moment, later};
use crate::scenario::{self, Scenario};
use crate::wire::{Answer, Fate, WireRequest};
use crate::{Cloud, alibaba, huawei};
use jiff::Timestamp;

/// State of both clouds.
pub(crate) struct World {
    pub(crate) offset_seconds: i64,
    pub(crate) scenario: &'static Scenario,
    pub(crate) products: Products,
    pub(crate) iam: Iam,
    pub(crate) gate: alibaba::Gate,
    pub(crate) calls: CallLog,
}

/// What a reset brings back to its seeded condition.
pub(crate) struct Products {
    pub(crate) computenest: ComputeNest,
    pub(crate) bss: Bss,
    pub(crate) kafka: Kafka,
    pub(crate) cbh: Cbh,
    pub(crate) aad: Aad,
    pub(crate) remembered: alibaba::Remembered,
}

impl Products {
    /// Every product gets this many ordinary instances more.
    fn new(now: Timestamp, crowd: u32) -> Self {
        Self {
            computenest: ComputeNest::new(now, crowd),
            bss: Bss::new(now, crowd),
            kafka: Kafka::new(now, crowd),
            cbh: Cbh::new(now, crowd),
            aad: Aad::new(now, crowd),
            remembered: alibaba::Remembered::default(),
        }
    }

    /// Every instance and order.
    pub(crate) fn describe(&self) -> serde_json::Value {
        serde_json::json!({
            "computenest": self.computenest,
            "bss": self.bss,
            "alikafka": self.kafka,
            "cbh": self.cbh,
            "aad": self.aad,
        })
    }

    fn settle(&mut self, now: Timestamp) {
        self.computenest.settle(now);
        self.bss.settle(now);
        self.kafka.settle(now);
        self.cbh.settle(now);
        self.aad.settle(now);
    }
}

/// What a gateway made of a request.
pub(crate) struct Handled {
    pub(crate) cloud: Cloud,
    /// The answer as it would be sent; the fate decides whether it is.
    pub(crate) answer: Answer,
    pub(crate) effect: scenario::Effect,
    pub(crate) operation: Option<&'static str>,
    pub(crate) caller: Option<String>,
    pub(crate) verdict: String,
    pub(crate) changing: bool,
    pub(crate) applied: bool,
    pub(crate) request_id: String,
}

impl World {
    pub(crate) fn new(real: Timestamp, crowd: u32) -> Self {
        Self {
            offset_seconds: 0,
            scenario: normal(),
            products: Products::new(real, crowd),
            iam: Iam::default(),
            gate: alibaba::Gate::default(),
            calls: CallLog::default(),
        }
    }

    pub(crate) fn reset(&mut self, real: Timestamp, crowd: u32) {
        self.offset_seconds = 0;
        self.scenario = normal();
        self.products = Products::new(real, crowd);
        self.calls = CallLog::default();
    }

    pub(crate) fn simulated(&self, real: Timestamp) -> Timestamp {
        later(real, self.offset_seconds)
    }

    /// Pays an order of either cloud as a person would. Returns whether there was one to pay.
    pub(crate) fn pay_order(&mut self, order_id: &str, now: Timestamp) -> bool {
        self.settle(now);
        self.products.bss.pay_order(order_id, now) || self.products.aad.pay_order(order_id, now)
    }

    /// Brings every instance and order up to this moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.products.settle(now);
    }

    /// Decides the fate of one request and writes it down.
    pub(crate) fn receive(&mut self, request: &WireRequest, moment: &Moment<'_>) -> Fate {
        self.settle(moment.now);
        let handled = if alibaba::is_meant(request) {
            alibaba::handle(self, request, moment)
        } else {
            huawei::handle(self, request, moment)
        };
        let sent = match handled.effect {
            scenario::Effect::Unreadable => Some(unreadable()),
            scenario::Effect::Hang | scenario::Effect::Cut => None,
            _ => Some(handled.answer),
        };
        self.calls.push(Call {
            number: 0,
            at: moment.real,
            simulated_at: moment.now,
            cloud: handled.cloud,
            operation: handled.operation.map(str::to_owned),
            method: request.method.clone(),
            host: request.header("host").unwrap_or_default().to_owned(),
            target: masked_target(&request.path, &request.query),
            body: (handled.changing && handled.cloud == Cloud::Huawei)
                .then(|| String::from_utf8_lossy(&request.body).into_owned()),
            caller: handled.caller,
            verdict: handled.verdict,
            status: sent.as_ref().map(|answer| answer.status),
            changing: handled.changing,
            applied: handled.applied,
            request_id: sent.as_ref().map(|_| handled.request_id),
            scenario: (handled.effect != scenario::Effect::Normal).then_some(moment.scenario.name),
        });
        match (handled.effect, sent) {
            (scenario::Effect::Cut, _) => Fate::Cut,
            (scenario::Effect::Late, Some(answer)) => Fate::Late(answer),
            (_, Some(answer)) => Fate::Answer(answer),
            (_, None) => Fate::Hang,
        }
    }
}

fn normal() -> &'static Scenario {
    static NORMAL: Scenario = Scenario {
        name: scenario::NORMAL,
        title: scenario::Title { en: "Everything answers normally", zh: "一切正常响应" },
        group: scenario::USUAL,
    };
    scenario::find(scenario::NORMAL).unwrap_or(&NORMAL)
}

/// What a box between the caller and the cloud might say.
fn unreadable() -> Answer {
    Answer {
        status: 200,
        headers: vec![("content-type", "text/html".to_owned())],
        body: b"<html><body><h1>200 OK</h1></body></html>".to_vec(),
    }
}
