//! Where a Kafka upgrade stands: the version where it changes, else whether the instance was seen upgrading.

use super::{row, status_words, version};
use crate::{
    asking::AskError,
    choices::number_at,
    error::text,
    flows::{Look, Sight},
    run::State,
};
use serde_json::Value;

/// `ViewInstanceStatusCode` (companions.md section 4).
const RUNNING: i64 = 2;
const UPGRADING: i64 = 7;
const UPGRADE_FAILED: i64 = 102;
/// The fact that the instance was seen upgrading after the call.
const SEEN: &str = "seen_upgrading";

/// Looks at the instance's row.
pub(super) async fn look(look: &Look<'_>) -> Result<Sight, AskError> {
    let Some(row) = row(&look.inquiry).await? else {
        return Ok(Sight::unclear(text(
            "The instance is not in the list of its region any more.",
            "该地域的列表中已没有此实例。",
        )));
    };
    let asked = Asked {
        target: look.inquiry.text("TargetVersion").unwrap_or_default(),
        before: look.before().text("version").filter(|version| !version.is_empty()),
        seen_upgrading: look.run.facts.get(SEEN) == Some(&Value::Bool(true)),
        unknown: look.run.state == State::Unknown,
    };
    Ok(asked.sight(&row))
}

struct Asked<'a> {
    target: &'a str,
    before: Option<&'a str>,
    seen_upgrading: bool,
    unknown: bool,
}

impl Asked<'_> {
    fn sight(&self, row: &Value) -> Sight {
        let now = version(row);
        let status = number_at(row, "/ViewInstanceStatusCode");
        match status {
            Some(UPGRADING) => Sight::going(
                State::InProgress,
                text("The instance is upgrading, node by node.", "实例正在逐个节点升级。"),
            )
            .fact(SEEN, true),
            // Without a look before, an unknown call cannot be told from an upgrade that had failed already.
            Some(UPGRADE_FAILED) if !self.unknown || self.before.is_some() => Sight::ended(
                State::Failed,
                text(
                    format!("The instance shows “upgrade failed” (102), version {now}."),
                    format!("实例显示“升级失败”（102），版本 {now}。"),
                ),
            ),
            Some(RUNNING) => self.running(&now),
            _ => {
                let words = status_words(status);
                Sight::unclear(text(
                    format!(
                        "The instance is “{}”, version {now}; that tells nothing of the upgrade.",
                        words.en
                    ),
                    format!("实例状态为“{}”，版本 {now}，无法据此判断升级结果。", words.zh),
                ))
            }
        }
    }

    fn running(&self, now: &str) -> Sight {
        let there = now == self.target;
        if there && self.before.is_some_and(|before| before != now) {
            return Sight::ended(
                State::Succeeded,
                text(format!("The instance runs version {now}."), format!("实例已运行版本 {now}。")),
            );
        }
        if there && self.seen_upgrading {
            return Sight::ended(
                State::Succeeded,
                text(
                    format!(
                        "The instance was seen upgrading and runs again, version {now}. Which minor version that is, the cloud does not show."
                    ),
                    format!("实例经历了升级并已恢复运行，版本 {now}。云端不显示小版本。"),
                ),
            );
        }
        if there {
            let seen = text(
                format!(
                    "The instance runs version {now}, as before the call or after it: a minor update cannot be seen, and it was not seen upgrading."
                ),
                format!("实例运行版本 {now}，调用前后均可能如此：小版本升级无法看到，也没有看到升级过程。"),
            );
            return Sight::unclear(if self.unknown {
                text(
                    format!(
                        "{} Ask the vendor, or look at the instance in its console, and settle the run.",
                        seen.en
                    ),
                    format!("{}请询问厂商或在其控制台核对实例，然后人工认定。", seen.zh),
                )
            } else {
                seen
            });
        }
        Sight::unclear(if self.seen_upgrading {
            text(
                format!(
                    "The instance was seen upgrading and runs again, but with version {now}, not {}.",
                    self.target
                ),
                format!("实例经历了升级并已恢复运行，但版本为 {now}，而不是 {}。", self.target),
            )
        } else if self.unknown {
            text(
                format!(
                    "No trace of the call: the instance runs version {now} and is not upgrading. An upgrade shows a minute after the call."
                ),
                format!(
                    "没有发现本次调用的痕迹：实例运行版本 {now}，且没有在升级。升级在调用一分钟后才会显示。"
                ),
            )
        } else {
            text(
                format!("The instance still runs version {now}; the upgrade does not show yet."),
                format!("实例仍运行版本 {now}，尚未显示升级。"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::Standing;
    use serde_json::json;

    fn row(status: i64, version: &str) -> Value {
        // 5 is running in the older enumeration and expired in this one; it must not be looked at.
        json!({"ViewInstanceStatusCode": status, "ServiceStatus": 5,
            "UpgradeServiceDetailInfo": {"Current2OpenSourceVersion": version}})
    }

    fn asked(before: Option<&'static str>, target: &'static str) -> Asked<'static> {
        Asked { target, before, seen_upgrading: false, unknown: false }
    }

    const DONE: Standing = Standing::Ended(State::Succeeded);

    #[test]
    fn a_major_upgrade_shows_in_the_version() {
        let major = asked(Some("0.10.2"), "2.2.0");
        assert_eq!(major.sight(&row(2, "0.10.2")).standing, Standing::Unclear);
        let upgrading = major.sight(&row(7, "0.10.2"));
        assert_eq!(upgrading.standing, Standing::Going(State::InProgress));
        assert_eq!(upgrading.facts[SEEN], true);
        assert_eq!(major.sight(&row(2, "2.2.0")).standing, DONE);
        // The version alone is no proof while the instance does not run.
        assert_eq!(major.sight(&row(8, "2.2.0")).standing, Standing::Unclear);
        assert_eq!(major.sight(&row(102, "0.10.2")).standing, Standing::Ended(State::Failed));
    }

    #[test]
    fn a_minor_update_is_believed_only_when_it_was_seen() {
        let minor = asked(Some("2.2.0"), "2.2.0");
        let sight = minor.sight(&row(2, "2.2.0"));
        assert_eq!(sight.standing, Standing::Unclear);
        assert!(sight.detail.en.contains("a minor update cannot be seen"), "{}", sight.detail.en);
        let seen = Asked { seen_upgrading: true, ..minor };
        assert_eq!(seen.sight(&row(2, "2.2.0")).standing, DONE);
        let other = Asked { seen_upgrading: true, ..asked(Some("2.2.0"), "2.6.2") };
        assert_eq!(other.sight(&row(2, "2.2.0")).standing, Standing::Unclear);
    }

    #[test]
    fn a_check_of_an_unknown_run_goes_by_what_was_known_before() {
        let unknown = |before| Asked { unknown: true, ..asked(before, "2.2.0") };
        assert_eq!(unknown(Some("0.10.2")).sight(&row(2, "2.2.0")).standing, DONE);
        assert_eq!(unknown(None).sight(&row(2, "2.2.0")).standing, Standing::Unclear);
        assert_eq!(unknown(Some("2.2.0")).sight(&row(2, "2.2.0")).standing, Standing::Unclear);
        assert_eq!(unknown(None).sight(&row(102, "0.10.2")).standing, Standing::Unclear);
        let sight = unknown(Some("0.10.2")).sight(&row(2, "0.10.2"));
        assert!(sight.detail.en.starts_with("No trace of the call"), "{}", sight.detail.en);
    }
}
