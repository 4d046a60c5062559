//! The specification of an instance: what it is now, what is asked for, what of that cannot be (apis.md section 6).

use super::{instance, why_not};
use crate::{
    asking::AskError,
    choices::{Choice, Choices, Choosing, number_at, rows, same, text_at},
    error::text,
    flows::{Current, Inquiry, look::Look, review::shown},
};
use catalog::{Field, Kind, Operation, Text};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What the cloud shows of a specification; `basic_qps` is not among it.
const SHOWN: [&str; 7] = [
    "basic_bandwidth",
    "elastic_bandwidth",
    "service_bandwidth",
    "port_num",
    "bind_domain_num",
    "elastic_service_bandwidth_type",
    "elastic_service_bandwidth",
];

/// Values by name. The cloud reads bandwidths as text and shows them as numbers.
pub(super) type Values = BTreeMap<String, i64>;

/// What the plan asks for.
pub(super) fn wanted(parameters: &Map<String, Value>) -> Values {
    let data = parameters.get("upgrade_data").unwrap_or(&Value::Null);
    let names = data.as_object().into_iter().flat_map(Map::keys);
    names.filter_map(|name| Some((name.clone(), number_at(data, &format!("/{name}"))?))).collect()
}

/// What the instance has, by the answer of the call that shows it.
pub(super) fn shown_values(body: &Value) -> Values {
    let value = |name: &str| Some((name.to_owned(), number_at(body, &format!("/product_spec_data/{name}"))?));
    SHOWN.into_iter().filter_map(value).collect()
}

/// What the instance had before the call, as the plan keeps it.
pub(super) fn before(current: &Current) -> Values {
    let kept = current.facts.get("specification").and_then(Value::as_object);
    kept.into_iter().flatten().filter_map(|(name, value)| Some((name.clone(), value.as_i64()?))).collect()
}

/// Whether something that was asked for was otherwise before, so that seeing it now tells that it was done.
pub(super) fn differs(wanted: &Values, before: &Values) -> bool {
    wanted.iter().any(|(name, value)| before.get(name).is_some_and(|before| before != value))
}

/// How far the specification shows what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reached {
    /// All that can be read back; whether something cannot be.
    Yes {
        /// `basic_qps` was asked for, which no call shows.
        unseen: bool,
    },
    /// These are not there yet.
    NotYet(Vec<String>),
    /// Nothing that was asked for can be read back.
    CannotBeSeen,
}

/// Compares what was asked for with what is shown.
pub(super) fn reached(wanted: &Values, shown: &Values) -> Reached {
    let seen = || wanted.keys().filter(|name| SHOWN.contains(&name.as_str()));
    if seen().next().is_none() {
        return Reached::CannotBeSeen;
    }
    let missing: Vec<String> = seen().filter(|name| shown.get(*name) != wanted.get(*name)).cloned().collect();
    if missing.is_empty() {
        Reached::Yes { unseen: seen().count() < wanted.len() }
    } else {
        Reached::NotYet(missing)
    }
}

/// Asks what the instance has now.
pub(super) async fn ask(look: &Look<'_>) -> Result<Values, AskError> {
    let id = look.inquiry.text("instance_id").unwrap_or_default();
    let body = look.ask("aad.ShowInstanceByInstanceId", json!({"instance_id": id})).await?;
    Ok(shown_values(&body))
}

/// The instance before it is changed.
pub(super) async fn current(inquiry: &Inquiry<'_>) -> Result<Current, AskError> {
    let id = inquiry.text("instance_id").unwrap_or_default();
    let list = inquiry.ask("aad.ListInstance", json!({})).await?;
    let found =
        rows(&list, "/items").iter().find(|row| text_at(row, "/instance_id").eq_ignore_ascii_case(id));
    let Some(row) = found else { return Ok(Current::unseen()) };
    let mut current = Current::default().fact("name", text_at(row, "/instance_name"));
    current.impossible = why_not(row, inquiry.now).map(|why| ("/instance_id".to_owned(), why));
    if current.impossible.is_some() {
        return Ok(current);
    }
    let body = inquiry.ask("aad.ShowInstanceByInstanceId", json!({"instance_id": id})).await?;
    let now = shown_values(&body);
    let wanted = wanted(inquiry.parameters);
    let frozen = !rows(&body, "/instance_config/freeze_type").is_empty();
    let place = Place { overseas: number_at(row, "/overseas_type") == Some(1), access: None };
    let place = place.with_access(wanted.keys(), inquiry, id).await;
    current.impossible = if frozen {
        Some(("/instance_id".to_owned(), text("It is frozen.", "实例已冻结。")))
    } else if changes_nothing(&wanted, &now) {
        Some(("/upgrade_data".to_owned(), same_already()))
    } else {
        wanted.keys().find_map(|name| Some((format!("/upgrade_data/{name}"), place.why_not(name)?)))
    };
    for (name, value) in &now {
        if let Some(field) = field(inquiry.operation, name) {
            current = current.value(&format!("/upgrade_data/{name}"), shown(field, &as_sent(field, *value)));
        }
    }
    current.warnings = warnings(inquiry.operation, &wanted, &now);
    current.warnings.extend(unpaid_orders(inquiry).await);
    Ok(current.fact("specification", json!(now)))
}

/// An order that costs money and changes nothing is nobody's wish.
fn changes_nothing(wanted: &Values, now: &Values) -> bool {
    !wanted.is_empty() && wanted.iter().all(|(name, value)| now.get(name) == Some(value))
}

fn same_already() -> Text {
    text(
        "The instance has all of this already; change at least one value.",
        "实例已是这些规格，请至少修改一个值。",
    )
}

/// An order that waits may be for the same: the call has no token, so two calls are two orders.
async fn unpaid_orders(inquiry: &Inquiry<'_>) -> Option<Text> {
    let parameters = json!({
        "service_type_code": super::order::SERVICE_TYPE, "order_type": "3", "status": 6, "limit": 10,
    });
    // Who may not read orders may still make them.
    let list = inquiry.ask("huaweibss.ListCustomerOrders", parameters).await.ok()?;
    let orders: Vec<String> =
        rows(&list, "/order_infos").iter().map(|row| text_at(row, "/order_id")).collect();
    (!orders.is_empty()).then(|| {
        let orders = orders.join(", ");
        text(
            format!("Orders of this product are still unpaid: {orders}. One may be for this instance."),
            format!("该产品有尚未支付的订单：{orders}，其中可能有该实例的订单。"),
        )
    })
}

fn warnings(operation: &Operation, wanted: &Values, now: &Values) -> Vec<Text> {
    let mut found = Vec::new();
    let titles = |names: Vec<&String>| {
        let fields = || names.iter().filter_map(|name| field(operation, name));
        let en = fields().map(|field| field.title.en.as_str()).collect::<Vec<_>>().join(", ");
        let zh = fields().map(|field| field.title.zh.as_str()).collect::<Vec<_>>().join("、");
        (en, zh)
    };
    let smaller = |(name, value): &(&String, &i64)| {
        *name != "elastic_service_bandwidth_type" && now.get(*name).is_some_and(|now| *value < now)
    };
    let smaller: Vec<&String> = wanted.iter().filter(smaller).map(|(name, _)| name).collect();
    if !smaller.is_empty() {
        let (en, zh) = titles(smaller);
        found.push(text(
            format!("Below what it has now: {en}. Whether the cloud takes less is not documented."),
            format!("低于当前值：{zh}。文档未说明云端是否接受调低。"),
        ));
    }
    let value = |name: &str| wanted.get(name).or_else(|| now.get(name));
    if wanted.contains_key("elastic_bandwidth")
        && value("elastic_bandwidth")
            .zip(value("basic_bandwidth"))
            .is_some_and(|(elastic, basic)| elastic < basic)
    {
        found.push(text(
            "The elastic bandwidth is a ceiling; below the basic bandwidth it means nothing.",
            "弹性带宽是上限，低于保底带宽没有意义。",
        ));
    }
    found
}

fn field<'a>(operation: &'a Operation, name: &str) -> Option<&'a Field> {
    let data = operation.fields.iter().find(|field| field.name == "upgrade_data")?;
    match &data.kind {
        Kind::Object { fields, .. } => fields.iter().find(|field| field.name == name),
        _ => None,
    }
}

/// A number as the call takes it.
fn as_sent(field: &Field, value: i64) -> Value {
    match field.kind {
        Kind::Text { .. } => json!(value.to_string()),
        _ => json!(value),
    }
}

/// What kind of instance it is, as far as that decides what can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    overseas: bool,
    access: Option<Access>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Website,
    Ip,
}

impl Place {
    /// Asks for the kind of access where it matters. The call that tells is not in every SDK, so that it may fail.
    async fn with_access(
        self,
        mut names: impl Iterator<Item = &String>,
        inquiry: &Inquiry<'_>,
        id: &str,
    ) -> Self {
        if !names.any(|name| matches!(name.as_str(), "port_num" | "bind_domain_num" | "basic_qps")) {
            return self;
        }
        match inquiry.ask("aad.ListInstanceV2", json!({})).await {
            Ok(list) => Self { access: access(&list, id), ..self },
            Err(_) => self,
        }
    }

    fn why_not(self, name: &str) -> Option<Text> {
        let words = match name {
            "basic_bandwidth" | "elastic_bandwidth" if self.overseas => text(
                "Basic and elastic bandwidth exist for mainland instances only, and this one is outside the mainland.",
                "保底带宽和弹性带宽只用于中国大陆的实例，该实例在中国大陆以外。",
            ),
            "port_num" if self.access == Some(Access::Website) => text(
                "Ports are for instances with IP access, and this one is for websites.",
                "端口数只用于 IP 接入类实例，该实例为网站类。",
            ),
            "bind_domain_num" | "basic_qps" if self.access == Some(Access::Ip) => text(
                "Domains and QPS are for instances for websites, and this one has IP access.",
                "域名数和 QPS 只用于网站类实例，该实例为 IP 接入类。",
            ),
            _ => return None,
        };
        Some(words)
    }

    /// The range that new instances take: lowest, highest, step.
    fn range(self, name: &str) -> Option<(i64, i64, i64)> {
        match (name, self.overseas) {
            ("port_num", false) => Some((50, 500, 1)),
            ("port_num", true) => Some((5, 200, 1)),
            ("bind_domain_num", false) => Some((50, 500, 5)),
            ("bind_domain_num", true) => Some((10, 200, 5)),
            ("basic_qps", false) => Some((3_000, 100_000, 1)),
            ("basic_qps", true) => Some((1_000, 100_000, 1)),
            _ => None,
        }
    }
}

fn access(list: &Value, id: &str) -> Option<Access> {
    let row =
        rows(list, "/items").iter().find(|row| text_at(row, "/instance_id").eq_ignore_ascii_case(id))?;
    match text_at(row, "/instance_access_type").as_str() {
        "0" => Some(Access::Website),
        "1" => Some(Access::Ip),
        _ => None,
    }
}

/// Every instance, or hints for a value: what it is now, and the ends of the range that new instances take.
pub(super) async fn choices(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let list = choosing.ask("aad.ListInstance", json!({})).await?;
    let Some(name) = choosing.field.strip_prefix("/upgrade_data/") else {
        let found = rows(&list, "/items")
            .iter()
            .filter(|row| choosing.matches(&[&text_at(row, "/instance_name"), &text_at(row, "/instance_id")]))
            .map(|row| instance(row, choosing.profile.now()))
            .collect();
        return Ok(choosing.page(found));
    };
    let id = choosing.text("instance_id").unwrap_or_default();
    let found =
        rows(&list, "/items").iter().find(|row| text_at(row, "/instance_id").eq_ignore_ascii_case(id));
    let (Some(row), Some(field)) = (found, field(choosing.operation, name)) else {
        return Ok(Choices::default());
    };
    let body = choosing.ask("aad.ShowInstanceByInstanceId", json!({"instance_id": id})).await?;
    let kinds = choosing.ask("aad.ListInstanceV2", json!({})).await.ok();
    let place = Place {
        overseas: number_at(row, "/overseas_type") == Some(1),
        access: kinds.and_then(|list| access(&list, id)),
    };
    let mut items = hints(field, place, shown_values(&body).get(name).copied());
    items.retain(|choice| choosing.matches(&[&choice.label]));
    Ok(Choices { items, next: None })
}

fn hints(field: &Field, place: Place, now: Option<i64>) -> Vec<Choice> {
    let choice = |value: i64| {
        let sent = as_sent(field, value);
        Choice { value: sent.clone(), ..Choice::new("", shown(field, &sent).en) }
    };
    let mut found = Vec::new();
    if let Some(now) = now {
        let why = place
            .why_not(&field.name)
            .unwrap_or_else(|| text("This is the present value.", "与当前值相同。"));
        found.push(Choice { unavailable: Some(why), ..choice(now) });
    }
    if place.why_not(&field.name).is_some() {
        return found;
    }
    if let Some((lowest, highest, step)) = place.range(&field.name) {
        let range = if step == 1 {
            same(&format!("{lowest}–{highest}"))
        } else {
            text(
                format!("{lowest}–{highest}, in steps of {step}"),
                format!("{lowest}–{highest}，步长 {step}"),
            )
        };
        let more = [lowest, highest].into_iter().filter(|value| now.is_none_or(|now| *value > now));
        found.extend(more.map(|value| choice(value).detail("New instances take", "新购范围", range.clone())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(of: Value) -> Values {
        let members = of.as_object().unwrap().iter();
        members.map(|(name, value)| (name.clone(), value.as_i64().unwrap())).collect()
    }

    fn with_operation<T>(test: impl FnOnce(&Operation) -> T) -> T {
        let catalogue = catalog::reader::Catalogue::embedded().unwrap();
        test(catalogue.get("aad.UpgradeInstanceSpec").unwrap())
    }

    #[test]
    fn text_and_numbers_are_the_same_value() {
        let parameters = json!({"upgrade_data": {"basic_bandwidth": "20", "service_bandwidth": 200}});
        let wanted = wanted(parameters.as_object().unwrap());
        assert_eq!(wanted, values(json!({"basic_bandwidth": 20, "service_bandwidth": 200})));
        let body = json!({"product_spec_data": {"basic_bandwidth": 20, "service_bandwidth": "200", "isp_spec": "BGP"}});
        assert_eq!(reached(&wanted, &shown_values(&body)), Reached::Yes { unseen: false });
        let body = json!({"product_spec_data": {"basic_bandwidth": 20, "service_bandwidth": 100}});
        let missing = vec!["service_bandwidth".to_owned()];
        assert_eq!(reached(&wanted, &shown_values(&body)), Reached::NotYet(missing));
    }

    #[test]
    fn qps_cannot_be_read_back() {
        let shown = values(json!({"service_bandwidth": 200}));
        let only = values(json!({"basic_qps": 4000}));
        assert_eq!(reached(&only, &shown), Reached::CannotBeSeen);
        let both = values(json!({"basic_qps": 4000, "service_bandwidth": 200}));
        assert_eq!(reached(&both, &shown), Reached::Yes { unseen: true });
    }

    #[test]
    fn what_an_instance_of_its_kind_cannot_have_is_said() {
        let why = |overseas, access, name: &str| Place { overseas, access }.why_not(name).is_some();
        assert!(why(true, None, "basic_bandwidth") && !why(false, None, "basic_bandwidth"));
        assert!(why(false, Some(Access::Website), "port_num") && !why(false, Some(Access::Ip), "port_num"));
        assert!(why(false, Some(Access::Ip), "basic_qps") && !why(false, Some(Access::Website), "basic_qps"));
        assert!(!why(false, None, "port_num"), "what is not known is not forbidden");
    }

    #[test]
    fn less_than_now_is_warned_of_and_the_same_as_now_is_no_change() {
        let warned = |wanted: Value| {
            let now =
                values(json!({"basic_bandwidth": 10, "elastic_bandwidth": 10, "service_bandwidth": 100}));
            with_operation(|operation| warnings(operation, &values(wanted), &now))
                .into_iter()
                .map(|words| words.en)
                .collect::<Vec<_>>()
        };
        assert_eq!(warned(json!({"service_bandwidth": 200})), [] as [&str; 0]);
        assert!(warned(json!({"service_bandwidth": 50}))[0].contains("Service bandwidth"));
        let now = values(json!({"basic_bandwidth": 10, "service_bandwidth": 100}));
        let idle = |wanted: Value| changes_nothing(&values(wanted), &now);
        assert!(
            idle(json!({"service_bandwidth": 100}))
                && idle(json!({"service_bandwidth": 100, "basic_bandwidth": 10}))
        );
        assert!(!idle(json!({})) && !idle(json!({"service_bandwidth": 100, "basic_bandwidth": 20})));
        assert!(warned(json!({"elastic_bandwidth": 15, "basic_bandwidth": 20}))[0].contains("ceiling"));
    }

    #[test]
    fn hints_are_what_it_is_now_and_the_range_of_new_instances() {
        with_operation(|operation| {
            let hints = |name: &str, now| {
                let place = Place { overseas: false, access: Some(Access::Website) };
                hints(field(operation, name).unwrap(), place, now)
            };
            let domains = hints("bind_domain_num", Some(50));
            assert_eq!(domains.len(), 2);
            assert!(domains[0].unavailable.is_some());
            assert_eq!((&domains[1].value, domains[1].label.as_str()), (&json!(500), "500 domains"));
            assert!(domains[1].details[0].1.en.contains("steps of 5"));
            // Bandwidths are text in the call, and their ranges are not known.
            let bandwidth = hints("basic_bandwidth", Some(10));
            assert_eq!((bandwidth.len(), &bandwidth[0].value), (1, &json!("10")));
            assert!(hints("port_num", Some(0))[0].unavailable.as_ref().unwrap().en.contains("websites"));
            assert_eq!(hints("basic_qps", None).len(), 2);
        });
    }
}
