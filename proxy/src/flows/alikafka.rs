//! Kafka `UpgradeInstanceVersion` (apis.md section 5): free, and a major upgrade has no way back.

use super::{Draft, Flow, Reversible, Review, Sight, review::generic_review};
use crate::{
    answer::Answer,
    asking::AskError,
    choices::{Choice, Choices, Choosing, day, number_at, rows, same, text_at},
    error::text,
    run::State,
};
use catalog::Text;
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::{Value, json};

/// Open-source versions that the documents know, oldest first (apis.md section 5).
const KNOWN: [&str; 3] = ["0.10.2", "2.2.0", "2.6.2"];

pub(super) struct Kafka;

impl Flow for Kafka {
    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        review.reversible = (
            Reversible::No,
            text(
                "No. From 0.10.x to 2.x the storage format changes and there is no way back; no call undoes any upgrade.",
                "不可以。从 0.10.x 升级到 2.x 会改变存储格式，无法退回；任何升级都没有撤销接口。",
            ),
        );
        review.effective = text(
            "At once, node by node: about 25 minutes for a major version, 15 for a minor one. Clients are disconnected and must reconnect.",
            "立即开始，逐个节点滚动升级：大版本约 25 分钟，小版本约 15 分钟。客户端会断开并需要重连。",
        );
        review.warnings.push(text(
            "If the instance already has this version, the call is not without effect: it updates the minor version.",
            "如果实例已是该版本，此调用并非无操作：会更新小版本。",
        ));
        review
    }

    fn choice_fields(&self) -> &'static [&'static str] {
        &["/InstanceId", "/TargetVersion"]
    }

    fn choices<'a>(&'a self, choosing: Choosing<'a>) -> BoxFuture<'a, Result<Choices, AskError>> {
        async move {
            match choosing.field {
                "/TargetVersion" => targets(choosing).await,
                _ => instances(choosing).await,
            }
        }
        .boxed()
    }

    fn accepted(&self, _draft: &Draft<'_>, _answer: &Answer) -> Sight {
        Sight::going(
            State::Accepted,
            text("The cloud accepted the upgrade and starts it shortly.", "云端已接受升级请求，稍后开始。"),
        )
    }
}

/// The cloud gives the whole list of a region; it is searched and cut here (companions.md section 4).
async fn instances(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let body = choosing.ask("alikafka.GetInstanceList", json!({"RegionId": choosing.region()})).await?;
    let found = rows(&body, "/InstanceList/InstanceVO")
        .iter()
        .filter(|row| choosing.matches(&[&text_at(row, "/Name"), &text_at(row, "/InstanceId")]))
        .map(|row| instance(row, choosing.region()))
        .collect();
    Ok(choosing.page(found))
}

fn instance(row: &Value, region: &str) -> Choice {
    let id = text_at(row, "/InstanceId");
    let name = Some(text_at(row, "/Name")).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone());
    let status = number_at(row, "/ViewInstanceStatusCode");
    let words = status_words(status);
    let mut choice = Choice::new(id, name)
        .detail("Status", "状态", words.clone())
        .detail("Version now", "当前版本", same(&version(row)))
        .detail("Expires", "到期", day(number_at(row, "/ExpiredTime")))
        .fill("/RegionId", region);
    if status != Some(2) {
        choice.unavailable = Some(text(
            format!("Its status is “{}”; only a running instance can be upgraded.", words.en),
            format!("状态为“{}”，只有运行中的实例可以升级。", words.zh),
        ));
    }
    choice
}

fn version(row: &Value) -> String {
    text_at(row, "/UpgradeServiceDetailInfo/Current2OpenSourceVersion")
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

/// Versions at or above the present one; lower ones are shown and cannot be chosen.
async fn targets(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let Some(id) = choosing.text("InstanceId") else { return Ok(Choices::default()) };
    let parameters = json!({"RegionId": choosing.region(), "InstanceId": [id]});
    let body = choosing.ask("alikafka.GetInstanceList", parameters).await?;
    let now = rows(&body, "/InstanceList/InstanceVO").first().map(version).unwrap_or_default();
    let mut items = if now.is_empty() { Vec::new() } else { targets_from(&now) };
    items.retain(|choice| choosing.matches(&[&choice.label]));
    Ok(Choices { items, next: None })
}

fn targets_from(now: &str) -> Vec<Choice> {
    let mut versions: Vec<&str> = KNOWN.to_vec();
    if !versions.contains(&now) {
        versions.push(now);
        versions.sort_by_key(|version| ordinal(version));
    }
    versions
        .into_iter()
        .map(|version| {
            let mut choice = Choice::new(version, version).detail("Version now", "当前版本", same(now));
            if version == now {
                choice = choice.detail("Kind", "类型", text("minor update", "小版本更新"));
            } else if ordinal(version) < ordinal(now) {
                choice.unavailable = Some(text("It is below the present version.", "低于当前版本。"));
            } else {
                choice =
                    choice.detail("Kind", "类型", text("major upgrade, no way back", "大版本升级，无法退回"));
            }
            choice
        })
        .collect()
}

fn ordinal(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_versions_are_shown_and_cannot_be_chosen() {
        let shown: Vec<(String, bool)> = targets_from("2.2.0")
            .into_iter()
            .map(|choice| (choice.label, choice.unavailable.is_none()))
            .collect();
        assert_eq!(shown, [("0.10.2".into(), false), ("2.2.0".into(), true), ("2.6.2".into(), true)]);
        assert_eq!(targets_from("3.3.1").len(), 4);
    }

    #[test]
    fn the_two_status_enums_are_not_mixed() {
        // 5 is running in the one enum and expired in the other.
        let row = json!({"InstanceId": "a", "ViewInstanceStatusCode": 5, "ServiceStatus": 5});
        assert!(instance(&row, "cn-hangzhou").unavailable.unwrap().en.contains("expired"));
        let row = json!({"InstanceId": "a", "ViewInstanceStatusCode": 2, "ServiceStatus": 5});
        assert!(instance(&row, "cn-hangzhou").unavailable.is_none());
    }
}
