//! `ListServiceInstanceUpgradeHistory` and `ListServiceInstanceLogs`.

use super::list::read_filters;
use super::{ComputeNest, HistoryRow, ServiceInstance, Status};
use crate::moment::{later, seconds_utc};
use crate::paging::TokenPage;
use crate::rpc::{Asked, Refusal, Reply};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The resource that every upgrade is about.
const RESOURCE_TYPE: &str = "ALIYUN::ECS::Instance";

impl ComputeNest {
    /// `ListServiceInstanceUpgradeHistory`: upgrades and rollbacks, newest first.
    pub(crate) fn upgrade_history(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let instance = self.find(asked)?;
        let page = TokenPage::read(asked.parameters)?;
        let (rows, total, next) = page.cut(instance.history.iter().rev().map(history_row));
        let mut body = json!({"UpgradeHistory": rows, "MaxResults": page.size, "TotalCount": total});
        if let Some(token) = next {
            body["NextToken"] = json!(token);
        }
        Ok(Reply::read(body))
    }

    /// `ListServiceInstanceLogs`: what was done to an instance, newest first unless asked otherwise.
    pub(crate) fn logs(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let parameters = asked.parameters;
        let instance = self.find(asked)?;
        let source = parameters.one_of("LogSource", &["application", "computeNest", "ros"])?;
        let order = parameters.one_of("SortOrder", &["Ascending", "Descending"])?;
        let known = |name: &str| {
            matches!(name, "StartTime" | "EndTime" | "ApplicationGroupName" | "ResourceName" | "EventName")
        };
        let filters = read_filters(parameters, known)?;
        let page = TokenPage::read(parameters)?;
        let mut entries = Vec::new();
        for entry in entries_of(&instance) {
            let mut passes = source.is_none_or(|source| source == entry.source);
            for (name, values) in &filters {
                passes &= entry.passes(name, values)?;
            }
            if passes {
                entries.push(entry);
            }
        }
        if order != Some("Ascending") {
            entries.reverse();
        }
        let (rows, _, next) = page.cut(entries.iter().map(Entry::row));
        let mut body = json!({"ServiceInstancesLogs": rows, "MaxResults": page.size});
        if let Some(token) = next {
            body["NextToken"] = json!(token);
        }
        Ok(Reply::read(body))
    }
}

fn history_row(row: &HistoryRow) -> Value {
    json!({
        "UpgradeHistoryId": row.id,
        "Type": row.kind,
        "Status": row.status,
        "FromVersion": row.from,
        "ToVersion": row.to,
        "StartTime": seconds_utc(row.started),
        "EndTime": row.ended.map(seconds_utc).unwrap_or_default(),
        "Results": row.results,
    })
}

/// One line of the log.
struct Entry {
    at: Timestamp,
    source: &'static str,
    status: &'static str,
    content: String,
    /// Name and id of the resource, when the line is about one.
    resource: Option<(&'static str, String)>,
}

impl Entry {
    fn passes(&self, filter: &str, values: &[&str]) -> Result<bool, Refusal> {
        let time = || {
            let text = values.first().copied().unwrap_or_default();
            text.parse::<Timestamp>().map_err(|_| Refusal::invalid(filter))
        };
        Ok(match filter {
            "StartTime" => time()? <= self.at,
            "EndTime" => self.at <= time()?,
            "EventName" => values.contains(&self.status),
            "ResourceName" => self.resource.as_ref().is_some_and(|(name, _)| values.contains(name)),
            // No instance has application groups.
            _ => false,
        })
    }

    fn row(&self) -> Value {
        let (kind, id) = match &self.resource {
            Some((_, id)) => ("resource", id.as_str()),
            None => ("serviceInstance", ""),
        };
        json!({
            "Timestamp": seconds_utc(self.at),
            "Status": self.status,
            "Content": self.content,
            "Source": self.source,
            "LogType": kind,
            "ResourceType": if self.resource.is_some() { RESOURCE_TYPE } else { "" },
            "ResourceId": id,
        })
    }
}

/// Oldest first.
fn entries_of(instance: &ServiceInstance) -> Vec<Entry> {
    let entry = |at: Timestamp, status: &'static str, content: String| Entry {
        at,
        source: "computeNest",
        status,
        content,
        resource: None,
    };
    let deployed = if instance.status == Status::DeployedFailed { "DeployedFailed" } else { "Deployed" };
    let mut entries = vec![
        entry(instance.created, "Created", "The service instance is created.".to_owned()),
        entry(instance.created, "Deploying", "The service instance is being deployed.".to_owned()),
        entry(later(instance.created, 300), deployed, "The deployment has ended.".to_owned()),
    ];
    for row in &instance.history {
        let what = format!("{} from version {} to version {}", row.kind, row.from, row.to);
        entries.push(entry(row.started, "Upgrading", format!("{what} has started.")));
        let Some(ended) = row.ended else { continue };
        if row.status == "UpgradeSuccessful" {
            entries.push(entry(ended, "UpgradeSuccess", format!("{what} has succeeded.")));
        } else {
            entries.push(Entry {
                at: ended,
                source: "ros",
                status: "Upgrading",
                content: format!("UPDATE_FAILED: {}", row.results),
                resource: Some(("Server", format!("i-{}", instance.id.trim_start_matches("si-")))),
            });
            // The documented statuses have no word for an upgrade that failed: the instance is deployed, as before.
            entries.push(entry(ended, "Deployed", format!("{what} has failed.")));
        }
    }
    entries
}
