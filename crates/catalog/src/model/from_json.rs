//! Reads the model from the JSON that the derives of [`super`] write.

use super::{
    Call, Choice, Cloud, Field, Kind, Method, Operation, OperationSummary, Place, Product, Protocol, Region,
    Role, Scope, Server, Site, Text, Trait,
};
use crate::read_json::{Members, ReadJson};
use crate::{read_members, read_names};
use serde_json::Value;

read_members!(Text { en, zh });
read_members!(Product { code, title });
read_members!(OperationSummary { id, cloud, product, title, summary, traits });
read_members!(Operation { id, cloud, product, title, summary, description, traits, call, fields }
    or_default { internal, calls_per_second }
    and { answer = unread, errors = unread, permissions = unread, examples = unread });
read_members!(Call { method, protocol, changes, scope, servers });
read_members!(Server { host } or_default { site, regions });
read_members!(Region { id, title });
read_members!(Field { name, place, title, description, kind, required }
    or_default { needs, json, secret, role, example, unit, ask });
read_members!(Choice { value, title });

/// What an operation answers and what surrounds it is for the server and for other tools: the page shows none of it, so
/// it stays empty here.
fn unread<T>(_: &Value) -> Vec<T> {
    Vec::new()
}

read_names!(Cloud { "alibaba" => Alibaba, "huawei" => Huawei });
read_names!(Site { "china" => China, "international" => International });
read_names!(Method { "GET" => Get, "POST" => Post, "PUT" => Put, "DELETE" => Delete });
read_names!(Scope { "none" => None, "project" => Project, "domain" => Domain });
read_names!(Place { "path" => Path, "query" => Query, "header" => Header, "body" => Body });
read_names!(Trait {
    "pays" => Pays, "may-pay" => MayPay, "irreversible" => Irreversible, "may-delete" => MayDelete,
    "may-stay-unpaid" => MayStayUnpaid, "dry-run" => DryRun, "schedules" => Schedules,
    "cancellable" => Cancellable, "rollback" => Rollback
});
read_names!(Role {
    "instance" => Instance, "target" => Target, "region" => Region, "client-token" => ClientToken,
    "dry-run" => DryRun, "cancel" => Cancel, "start-time" => StartTime
});

impl ReadJson for Protocol {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        let mut members = Members::of(value, fits);
        match members.get("style").and_then(Value::as_str) {
            Some("rpc") => Protocol::Rpc {
                product: members.needed("product"),
                version: members.needed("version"),
                action: members.needed("action"),
            },
            style => {
                if style != Some("rest") {
                    members.refuse();
                }
                Protocol::Rest { path: members.needed("path") }
            }
        }
    }
}

impl ReadJson for Kind {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        let mut members = Members::of(value, fits);
        match members.get("type").and_then(Value::as_str) {
            Some("text") => Kind::Text {
                min_length: members.or_default("min_length"),
                max_length: members.or_default("max_length"),
                pattern: members.or_default("pattern"),
                pattern_words: members.or_default("pattern_words"),
                choices: members.or_default("choices"),
                open: members.needed("open"),
            },
            Some("integer") => Kind::Integer {
                minimum: members.or_default("minimum"),
                maximum: members.or_default("maximum"),
                bits: members.needed("bits"),
                choices: members.or_default("choices"),
                epoch_ms: members.or_default("epoch_ms"),
            },
            Some("number") => Kind::Number {
                minimum: members.or_default("minimum"),
                maximum: members.or_default("maximum"),
            },
            Some("object") => Kind::Object {
                fields: members.needed("fields"),
                min_members: members.or_default("min_members"),
            },
            Some("free-object") => Kind::FreeObject,
            Some("list") => Kind::List {
                item: members.needed("item"),
                min_items: members.or_default("min_items"),
                max_items: members.or_default("max_items"),
            },
            kind => {
                if kind != Some("boolean") {
                    members.refuse();
                }
                Kind::Boolean
            }
        }
    }
}
