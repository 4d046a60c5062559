//! Reads the model from the JSON that the derives of [`super`] write.

use super::{
    AnswerField, Call, Choice, Cloud, ErrorCode, Example, Field, Kind, Method, Operation, OperationSummary,
    Permission, Place, Product, Protocol, Region, Role, Scope, Server, Site, Text, Trait,
};
use crate::read_json::{ReadJson, member, member_or_default};
use crate::{read_members, read_names};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::Value;

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Operation::read_json(&value).ok_or_else(|| D::Error::custom("this is no operation"))
    }
}

read_members!(Text { en, zh });
read_members!(Product { code, title });
read_members!(OperationSummary { id, cloud, product, title, summary, traits });
read_members!(Operation {
    id, cloud, product, title, summary, description, traits, call, fields, answer, errors, permissions, examples
} or_default { internal, calls_per_second });
read_members!(Call { method, protocol, changes, scope, servers });
read_members!(Server { host } or_default { site, regions });
read_members!(Region { id, title });
read_members!(Field { name, place, title, description, kind, required }
    or_default { needs, json, secret, role, example, unit, ask });
read_members!(Choice { value, title });
read_members!(AnswerField { path, kind, description } or_default { choices });
read_members!(ErrorCode { status, code, message, meaning });
read_members!(Permission { action } or_default { resource, note });
read_members!(Example { title, parameters } or_default { answer });

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
    fn read_json(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        match members.get("style")?.as_str()? {
            "rpc" => Some(Protocol::Rpc {
                product: member(members, "product")?,
                version: member(members, "version")?,
                action: member(members, "action")?,
            }),
            "rest" => Some(Protocol::Rest { path: member(members, "path")? }),
            _ => None,
        }
    }
}

impl ReadJson for Kind {
    fn read_json(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        match members.get("type")?.as_str()? {
            "text" => Some(Kind::Text {
                min_length: member_or_default(members, "min_length")?,
                max_length: member_or_default(members, "max_length")?,
                pattern: member_or_default(members, "pattern")?,
                pattern_words: member_or_default(members, "pattern_words")?,
                choices: member_or_default(members, "choices")?,
                open: member(members, "open")?,
            }),
            "integer" => Some(Kind::Integer {
                minimum: member_or_default(members, "minimum")?,
                maximum: member_or_default(members, "maximum")?,
                bits: member(members, "bits")?,
                choices: member_or_default(members, "choices")?,
                epoch_ms: member_or_default(members, "epoch_ms")?,
            }),
            "number" => Some(Kind::Number {
                minimum: member_or_default(members, "minimum")?,
                maximum: member_or_default(members, "maximum")?,
            }),
            "boolean" => Some(Kind::Boolean),
            "object" => Some(Kind::Object {
                fields: member(members, "fields")?,
                min_members: member_or_default(members, "min_members")?,
            }),
            "free-object" => Some(Kind::FreeObject),
            "list" => Some(Kind::List {
                item: member(members, "item")?,
                min_items: member_or_default(members, "min_items")?,
                max_items: member_or_default(members, "max_items")?,
            }),
            _ => None,
        }
    }
}
