//! Kafka `UpgradeInstanceVersion` (apis.md section 5): free, and a major upgrade has no way back.

mod choices;
mod following;

use super::{
    Change, Current, Draft, Flow, Inquiry, Look, Pace, Reversible, Review, Sight, review::generic_review,
};
use crate::{
    answer::Answer,
    asking::AskError,
    choices::{Choices, Choosing, number_at, rows, same, text_at},
    error::text,
    run::State,
};
use catalog::{Role, Text};
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::{Value, json};

/// For a minute after the call the status still says running (companions.md section 4).
const BEGINS: Pace = Pace::new(60, 15, 30, 60);
/// Once it shows, an end can come at any time.
const GOES: Pace = Pace::new(15, 15, 30, 60);

pub(super) struct Kafka;

impl Flow for Kafka {
    fn current<'a>(&'a self, inquiry: &'a Inquiry<'a>) -> BoxFuture<'a, Result<Current, AskError>> {
        async move {
            let target = inquiry.text("TargetVersion").unwrap_or_default();
            Ok(row(inquiry).await?.map_or_else(Current::unseen, |row| known(&row, target)))
        }
        .boxed()
    }

    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        let target = draft.text("TargetVersion").unwrap_or_default();
        let now = draft.current.text("version").filter(|version| !version.is_empty());
        let step = Step::between(now, target);
        // The same version as before is a change here, of what the cloud does not show.
        review.changes.retain(|change| change.pointer != "/TargetVersion");
        let label = draft.operation.field_with(Role::Target).map(|field| field.title.clone());
        let to = match step {
            Step::Minor => text(format!("{target}, latest minor version"), format!("{target}，最新小版本")),
            _ => same(target),
        };
        review.target = Some(to.clone());
        review.changes.push(Change {
            label: label.unwrap_or_default(),
            pointer: "/TargetVersion".to_owned(),
            from: now.map(same),
            to,
        });
        review.reversible = (Reversible::No, step.reversible());
        review.effective = step.effective();
        review.failure = text(
            "The instance shows “upgrade failed” (102). Which nodes then run which version is not documented; the vendor has to be asked, with the request id of the run.",
            "实例会显示“升级失败”（102）。文档未说明此时各节点运行的版本，需要凭本次执行的请求 ID 联系厂商。",
        );
        review.warnings.extend(step.warning());
        review
    }

    fn choice_fields(&self) -> &'static [&'static str] {
        &["/InstanceId", "/TargetVersion"]
    }

    fn choices<'a>(&'a self, choosing: Choosing<'a>) -> BoxFuture<'a, Result<Choices, AskError>> {
        choices::choices(choosing).boxed()
    }

    fn accepted(&self, _draft: &Draft<'_>, _answer: &Answer) -> Sight {
        Sight::going(
            State::Accepted,
            text(
                "The cloud accepted the upgrade. For about a minute the instance still shows as running.",
                "云端已接受升级请求。约一分钟内实例仍显示为运行中。",
            ),
        )
    }

    fn pace(&self, state: State) -> Option<Pace> {
        match state {
            State::Accepted => Some(BEGINS),
            state => state.is_going().then_some(GOES),
        }
    }

    fn look<'a>(&'a self, look: &'a Look<'a>) -> BoxFuture<'a, Result<Sight, AskError>> {
        following::look(look).boxed()
    }
}

/// What kind of step an upgrade is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// To the latest minor version of what it has.
    Minor,
    /// Over the change of the storage format.
    Format,
    /// To another version.
    Major,
    /// What it has now is not known.
    NotKnown,
}

impl Step {
    fn between(now: Option<&str>, target: &str) -> Self {
        match now {
            None => Self::NotKnown,
            Some(now) if now == target => Self::Minor,
            Some(now) if ordinal(now).first() == Some(&0) && ordinal(target).first() != Some(&0) => {
                Self::Format
            }
            Some(_) => Self::Major,
        }
    }

    fn reversible(self) -> Text {
        match self {
            Self::Minor => text(
                "No. No call returns to the minor version before.",
                "不可以。没有接口可以退回之前的小版本。",
            ),
            Self::Format => text(
                "No. From 0.10.x to 2.x the storage format changes, and there is no way back.",
                "不可以。从 0.10.x 升级到 2.x 会改变存储格式，无法退回。",
            ),
            Self::Major => {
                text("No. No call returns to the version before.", "不可以。没有接口可以退回之前的版本。")
            }
            Self::NotKnown => text(
                "No. From 0.10.x to 2.x the storage format changes and there is no way back; no call undoes any upgrade.",
                "不可以。从 0.10.x 升级到 2.x 会改变存储格式，无法退回；任何升级都没有撤销接口。",
            ),
        }
    }

    fn effective(self) -> Text {
        match self {
            Self::Minor => text(
                "At once, node by node, about 15 minutes; longer for large instances. Clients are disconnected and must reconnect.",
                "立即开始，逐个节点滚动升级，约 15 分钟，大规格更久。客户端会断开并需要重连。",
            ),
            Self::Format | Self::Major => text(
                "At once, node by node, about 25 minutes; longer for large instances. Clients are disconnected and must reconnect.",
                "立即开始，逐个节点滚动升级，约 25 分钟，大规格更久。客户端会断开并需要重连。",
            ),
            Self::NotKnown => text(
                "At once, node by node: about 25 minutes for a major version, 15 for a minor one. Clients are disconnected and must reconnect.",
                "立即开始，逐个节点滚动升级：大版本约 25 分钟，小版本约 15 分钟。客户端会断开并需要重连。",
            ),
        }
    }

    fn warning(self) -> Option<Text> {
        match self {
            Self::Minor => Some(text(
                "The cloud does not show minor versions. Whether a newer one exists is known only from its answer; that the update has ended, only if this console saw it upgrading.",
                "云端不显示小版本：是否有更新的小版本，只能从其响应得知；是否已完成，只有控制台看到过升级过程才能判断。",
            )),
            Self::NotKnown => Some(text(
                "If the instance already has this version, the call is not without effect: it updates the minor version.",
                "如果实例已是该版本，此调用并非无操作：会更新小版本。",
            )),
            Self::Format | Self::Major => None,
        }
    }
}

/// The row of the instance; nothing when the region's list does not have it.
async fn row(inquiry: &Inquiry<'_>) -> Result<Option<Value>, AskError> {
    let id = inquiry.text("InstanceId").unwrap_or_default();
    let parameters = json!({"RegionId": inquiry.region(), "InstanceId": [id]});
    let body = inquiry.ask("alikafka.GetInstanceList", parameters).await?;
    Ok(rows(&body, "/InstanceList/InstanceVO").iter().find(|row| text_at(row, "/InstanceId") == id).cloned())
}

fn known(row: &Value, target: &str) -> Current {
    let now = version(row);
    let mut current = Current::default()
        .fact("name", text_at(row, "/Name"))
        .fact("version", now.clone())
        .value("/TargetVersion", same(&now));
    current.impossible = not_running(row)
        .map(|why| ("/InstanceId", why))
        .or_else(|| Some(("/TargetVersion", below(&now, target)?)))
        .map(|(pointer, why)| (pointer.to_owned(), why));
    current
}

/// Why an instance cannot be upgraded as it is.
fn not_running(row: &Value) -> Option<Text> {
    let status = number_at(row, "/ViewInstanceStatusCode");
    (status != Some(2)).then(|| {
        let words = status_words(status);
        text(
            format!("Its status is “{}”; only a running instance can be upgraded.", words.en),
            format!("状态为“{}”，只有运行中的实例可以升级。", words.zh),
        )
    })
}

/// Why a version cannot be a target.
fn below(now: &str, target: &str) -> Option<Text> {
    let known = !now.is_empty() && !target.is_empty();
    (known && ordinal(target) < ordinal(now))
        .then(|| text(format!("It is below the present version, {now}."), format!("低于当前版本 {now}。")))
}

fn version(row: &Value) -> String {
    text_at(row, "/UpgradeServiceDetailInfo/Current2OpenSourceVersion")
}

fn ordinal(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or_default()).collect()
}

/// `ViewInstanceStatusCode`; never `ServiceStatus`, whose numbers mean other things.
fn status_words(status: Option<i64>) -> Text {
    let (en, zh) = match status {
        Some(0) => ("pending", "待部署"),
        Some(1) => ("deploying", "部署中"),
        Some(2) => ("running", "运行中"),
        Some(3) => ("stopped", "已停止"),
        Some(4) => ("expiring", "即将到期"),
        Some(5) => ("expired", "已到期"),
        Some(6) => ("released", "已释放"),
        Some(7) => ("upgrading", "升级中"),
        Some(8) => ("migrating", "迁移中"),
        Some(21) => ("stopping", "停止中"),
        Some(22) => ("starting", "启动中"),
        Some(23) => ("releasing", "释放中"),
        Some(30) => ("scaling", "弹性伸缩中"),
        Some(101) => ("deployment failed", "部署失败"),
        Some(102) => ("upgrade failed", "升级失败"),
        Some(103) => ("migration failed", "迁移失败"),
        _ => ("not known", "未知"),
    };
    text(en, zh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::{CostKind, testing::with_draft};
    use jiff::Timestamp;

    fn row(status: i64, version: &str) -> Value {
        json!({"InstanceId": "alikafka_1", "Name": "orders", "ViewInstanceStatusCode": status, "ServiceStatus": 5,
            "UpgradeServiceDetailInfo": {"Current2OpenSourceVersion": version}})
    }

    fn review(now: Option<&str>, target: &str) -> Review {
        let current = now.map(|now| known(&row(2, now), target)).unwrap_or_default();
        let parameters =
            json!({"RegionId": "cn-hangzhou", "InstanceId": "alikafka_1", "TargetVersion": target});
        with_draft("alikafka.UpgradeInstanceVersion", parameters, Timestamp::UNIX_EPOCH, |draft| {
            Kafka.review(&Draft { current: &current, ..draft })
        })
    }

    #[test]
    fn each_step_has_words_of_its_own() {
        for (now, target, said) in [
            (Some("0.10.2"), "2.2.0", "storage format"),
            (Some("0.10.2"), "0.10.2", "minor version before"),
            (Some("2.2.0"), "2.6.2", "returns to the version before"),
            (None, "2.2.0", "no call undoes any upgrade"),
        ] {
            let review = review(now, target);
            assert_eq!((review.cost.kind, review.reversible.0), (CostKind::Free, Reversible::No));
            assert!(review.reversible.1.en.contains(said), "{now:?} {target}: {}", review.reversible.1.en);
            let change = &review.changes[0];
            assert_eq!(change.from.as_ref().map(|from| from.en.as_str()), now);
            assert_eq!(change.to.en.contains("latest minor"), now == Some(target));
            assert_eq!(review.changes.len(), 1);
        }
    }

    #[test]
    fn what_does_not_run_or_is_below_is_impossible() {
        let why = |status, now, target| known(&row(status, now), target).impossible;
        assert_eq!(why(2, "2.2.0", "2.2.0"), None);
        assert_eq!(why(2, "2.2.0", "3.0"), None);
        assert_eq!(why(2, "2.2.0", "0.10.2").unwrap().0, "/TargetVersion");
        let (pointer, reason) = why(7, "2.2.0", "2.6.2").unwrap();
        assert_eq!((pointer.as_str(), reason.en.contains("upgrading")), ("/InstanceId", true));
        // A version that the row does not tell forbids nothing.
        assert_eq!(known(&json!({"ViewInstanceStatusCode": 2}), "0.10.2").impossible, None);
    }
}
