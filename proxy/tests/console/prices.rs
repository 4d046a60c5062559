//! A quoted price is asked for again when it is five minutes old, and at the confirmation whatever its age.

use crate::{
    cases::{self, BSS},
    fake_cloud::{Does, FakeCloud, answer_with},
    support::{Console, confirmation, runs_of},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use upgrade_proxy::clock::Sources;

/// What billing answers to everything: the subscription, and a quote at this price.
fn quotes(price: f64) -> Does {
    quoting(&json!(price))
}

/// The same, with anything in the place of the price.
fn quoting(price: &Value) -> Does {
    let body = json!({
        "RequestId": "R-1", "Code": "Success", "Success": true,
        "Data": {
            "InstanceList": [{"InstanceID": "vipcloudfw-cn-7mz2k0t9001", "ProductCode": "vipcloudfw",
                "ProductType": "vipcloudfw", "Status": "Normal", "EndTime": "2027-01-01T00:00:00Z"}],
            "TotalCount": 1, "OriginalPrice": 500, "DiscountPrice": 0, "TradePrice": price, "Currency": "CNY",
            "OrderId": "2024", "ModuleList": {"Module": [{"ModuleCode": "edition"}]},
            "AttributeList": {"Attribute": [{"Code": "edition", "Values": {"AttributeValue": [{"Value": "one"}]}}]},
        },
    });
    closing(200, &body)
}

/// Answers on connections that are not used again, so that the next one does what the cloud turned to.
fn closing(status: u16, body: &Value) -> Does {
    let headers = [("content-type", "application/json"), ("connection", "close")];
    Does::AnswersAndCloses(answer_with(status, &headers, &body.to_string()))
}

fn calls(cloud: &FakeCloud, action: &str) -> usize {
    cloud.requests().iter().filter(|request| request.contains(action)).count()
}

fn amount(plan: &Value) -> &str {
    plan["review"]["price"]["quotes"][0]["amount"].as_str().unwrap()
}

async fn cloud_and_console(price: f64) -> (FakeCloud, Console) {
    let cloud = FakeCloud::start(quotes(price)).await;
    cloud.takes_reads();
    let console = Console::with(&cloud.config(""), |_| None).await;
    (cloud, console)
}

#[tokio::test]
async fn a_price_that_changed_since_the_review_stops_the_confirmation_and_is_shown() {
    let (cloud, console) = cloud_and_console(100.0).await;
    let plan = console.plan(BSS, &cases::bss(1)).await;
    assert_eq!((amount(&plan), &plan["needs"]["accept_unknown_cost"]), ("100.00", &json!(false)));
    cloud.turns_to(quotes(130.5));
    let reply = console.confirm(&plan, &json!({})).await.expect(409);
    assert_eq!(reply.code(), "plan_outdated");
    assert!(reply.json()["detail"].as_str().unwrap().contains("price"), "{}", reply.text);
    assert_eq!(calls(&cloud, "RenewChangeInstance"), 0);
    let path = format!("/api/plans/{}", plan["id"].as_str().unwrap());
    let shown = console.get(&path).await.expect(200).json();
    assert_eq!(amount(&shown), "130.50");
    // Now it is what the person has seen.
    let run = console.confirm(&shown, &json!({})).await.expect(201).json();
    console.answered(&run).await;
    assert_eq!(calls(&cloud, "RenewChangeInstance"), 1);
}

#[tokio::test]
async fn a_price_that_cannot_be_had_any_more_asks_for_a_tick_of_its_own() {
    let (cloud, console) = cloud_and_console(100.0).await;
    let plan = console.plan(BSS, &cases::bss(1)).await;
    let refusal = json!({"RequestId": "R-2", "Code": "InternalError", "Message": "no", "Success": false});
    cloud.turns_to(closing(500, &refusal));
    assert_eq!(console.confirm(&plan, &json!({})).await.expect(409).code(), "plan_outdated");
    let path = format!("/api/plans/{}", plan["id"].as_str().unwrap());
    let shown = console.get(&path).await.expect(200).json();
    assert_eq!(
        (&shown["review"]["price"], &shown["needs"]["accept_unknown_cost"]),
        (&Value::Null, &json!(true))
    );
    let mut without = confirmation(&shown, &json!({}));
    without["confirmation"]["accept_unknown_cost"] = json!(false);
    let reply = console.post(&runs_of(&shown), &without).await.expect(400);
    assert_eq!(reply.errors()[0].0, "/confirmation/accept_unknown_cost");
    assert_eq!(calls(&cloud, "RenewChangeInstance"), 0);
}

#[tokio::test]
async fn a_price_that_can_be_had_only_at_the_confirmation_is_reviewed_before_it_is_paid() {
    let cloud = FakeCloud::start(quoting(&Value::Null)).await;
    cloud.takes_reads();
    let console = Console::with(&cloud.config(""), |_| None).await;
    let plan = console.plan(BSS, &cases::bss(1)).await;
    assert_eq!(
        (&plan["review"]["price"], &plan["needs"]["accept_unknown_cost"]),
        (&Value::Null, &json!(true))
    );
    cloud.turns_to(quotes(99_999.0));
    let reply = console.confirm(&plan, &json!({})).await.expect(409);
    assert_eq!(reply.code(), "plan_outdated");
    assert!(reply.json()["detail"].as_str().unwrap().contains("price"), "{}", reply.text);
    assert_eq!(calls(&cloud, "RenewChangeInstance"), 0);
    let path = format!("/api/plans/{}", plan["id"].as_str().unwrap());
    let shown = console.get(&path).await.expect(200).json();
    assert_eq!((amount(&shown), shown["payload_hash"] == plan["payload_hash"]), ("99999.00", false));
    // The run and the record name what was confirmed, and so does a second confirmation.
    let run = console.confirm(&shown, &json!({})).await.expect(201).json();
    assert_eq!(run["payload_hash"], shown["payload_hash"]);
    let again = console.confirm(&shown, &json!({})).await.expect(200).json();
    assert_eq!(again["id"], run["id"]);
    console.answered(&run).await;
    assert_eq!(calls(&cloud, "RenewChangeInstance"), 1);
}

/// Seconds since 1970 on the clock of the test below.
static NOW: AtomicI64 = AtomicI64::new(1_800_000_000);

#[tokio::test]
async fn a_price_is_asked_again_when_it_is_five_minutes_old() {
    let cloud = FakeCloud::start(quotes(100.0)).await;
    cloud.takes_reads();
    let now = || Timestamp::UNIX_EPOCH + SignedDuration::from_secs(NOW.load(Ordering::SeqCst));
    let sources = Sources { now, ..Sources::system() };
    let console = Console::on(&cloud.config(""), sources).await;
    let plan = console.plan(BSS, &cases::bss(1)).await;
    let path = format!("/api/plans/{}/price", plan["id"].as_str().unwrap());
    let asked = calls(&cloud, "GetSubscriptionPrice");
    NOW.fetch_add(299, Ordering::SeqCst);
    console.post(&path, &json!({})).await.expect(200);
    assert_eq!(calls(&cloud, "GetSubscriptionPrice"), asked);
    NOW.fetch_add(2, Ordering::SeqCst);
    cloud.turns_to(quotes(101.0));
    let again = console.post(&path, &json!({})).await.expect(200).json();
    assert_eq!((calls(&cloud, "GetSubscriptionPrice"), amount(&again)), (1, "101.00"));
}
