//! From what a person typed to a plan: one way for previews, plans and what comes after them.

use crate::{
    asking::AskError,
    error::{FieldError, Problem, text},
    flows::{self, Cost, CostKind, Current, Draft, Inquiry, Quoted, Reversible, Review},
    plan::{
        LIFETIME, Needs, Plan, PlanKind, Secrets, intent_hash, take, with_masks, with_secrets, without_place,
    },
    profile::{Profile, ProfileError},
    redact::MASK,
    run::Undoes,
    state::App,
    store::Revision,
};
use catalog::{
    Field, Kind, Operation, Role, Text, Trait, call::CallError, model::Language, strict_json, validate,
};
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, time::Duration};

/// How long a person waits for what the cloud tells of an instance or of a price.
const REVIEW_WAITS: Duration = Duration::from_secs(10);

/// What came in.
pub struct Input {
    /// By the vendor's names.
    pub parameters: Map<String, Value>,
    /// Secret values by pointer.
    pub secrets: Secrets,
    /// More values that are secret, by pointer.
    pub secret_pointers: Vec<String>,
}

/// What to do when a secret was marked and its value is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MissingSecrets {
    /// Say so: a plan needs it.
    Refused,
    /// Put a mask: a preview shows one anyway.
    Masked,
}

/// Input that passed every rule.
pub struct Checked<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The profile.
    pub profile: &'a Profile,
    /// Without secrets.
    pub parameters: Map<String, Value>,
    /// The secrets.
    pub secrets: Secrets,
}

/// Checks input against the catalogue, the profile and the clock.
///
/// # Errors
/// 404, 403 or 400 with every value that is wrong.
pub fn check<'a>(
    app: &'a App,
    operation: &str,
    profile: &str,
    input: Input,
    missing: MissingSecrets,
) -> Result<Checked<'a>, Problem> {
    app.catalogue.public(operation).ok_or_else(Problem::unknown_operation)?;
    check_any(app, operation, profile, input, missing)
}

/// The same for any operation of the catalogue: what takes a run back is often an internal one.
///
/// # Errors
/// As [`check`].
pub fn check_any<'a>(
    app: &'a App,
    operation: &str,
    profile: &str,
    mut input: Input,
    missing: MissingSecrets,
) -> Result<Checked<'a>, Problem> {
    let operation = app.catalogue.get(operation).ok_or_else(Problem::unknown_operation)?;
    let profile = app.profile(profile).ok_or_else(Problem::profile_forbidden)?;
    if profile.config.cloud != operation.cloud {
        return Err(wrong_cloud());
    }
    separate_secrets(operation, &mut input, missing)?;
    let whole = with_secrets(&input.parameters, &input.secrets);
    let mut errors = Vec::new();
    for (name, value) in &input.parameters {
        masks(value, &validate::child("/parameters", name), &mut errors);
    }
    errors.extend(validate::validate(operation, &whole).into_iter().map(|problem| {
        let title = |language: Language| {
            validate::field_at(operation, &problem.pointer)
                .map_or_else(|| problem.pointer.clone(), |field| field.title.get(language).to_owned())
        };
        let words = |language: Language| problem.complaint.words(&title(language), language);
        FieldError {
            pointer: format!("/parameters{}", problem.pointer),
            code: problem.complaint.code().to_owned(),
            detail: Text { en: words(Language::En), zh: words(Language::Zh) },
        }
    }));
    let masked = with_masks(&input.parameters, input.secrets.keys());
    if errors.is_empty() {
        let draft = Draft {
            operation,
            parameters: &masked,
            now: profile.now(),
            confirming: false,
            current: Current::nothing(),
        };
        errors = flows::of(operation).check(&draft);
    }
    if errors.is_empty() {
        Ok(Checked { operation, profile, parameters: input.parameters, secrets: input.secrets })
    } else {
        Err(Problem::invalid(errors))
    }
}

/// Finds what stands for a secret among the values: filled from an earlier plan and not typed again, it would be sent as it
/// stands. A request nests too little for the depth to matter.
fn masks(value: &Value, pointer: &str, errors: &mut Vec<FieldError>) {
    match value {
        Value::String(given) if given == MASK => errors.push(FieldError {
            pointer: pointer.to_owned(),
            code: "masked".to_owned(),
            detail: text(
                "These dots stand for a secret that is not kept; they are not its value. Type the secret again.",
                "这些圆点只表示未保存的密文，不是它的值。请重新输入该密文。",
            ),
        }),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                masks(item, &format!("{pointer}/{index}"), errors);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                masks(member, &validate::child(pointer, name), errors);
            }
        }
        _ => {}
    }
}

/// 400 for a profile of the other cloud.
#[must_use]
pub fn wrong_cloud() -> Problem {
    Problem::invalid_one(
        "/profile",
        "wrong_cloud",
        text("This profile belongs to the other cloud.", "该账号配置属于另一个云。"),
    )
}

/// Moves every value that the catalogue or the person calls secret out of the parameters.
fn separate_secrets(
    operation: &Operation,
    input: &mut Input,
    missing: MissingSecrets,
) -> Result<(), Problem> {
    let mut pointers = input.secret_pointers.clone();
    for field in operation.fields.iter() {
        catalogue_secrets(field, &format!("/{}", field.name), &mut pointers);
    }
    let mut errors = Vec::new();
    for pointer in input.secrets.keys() {
        // Which of the two is meant would be a guess, and one of them would stay in the plan for all to read.
        if take(&mut input.parameters, pointer).is_some() {
            errors.push(FieldError {
                pointer: format!("/parameters{pointer}"),
                code: "given_twice".to_owned(),
                detail: text(
                    "This value stands in the parameters and in the secrets. Give it in one of them.",
                    "该值同时出现在参数和密文中，请只保留一处。",
                ),
            });
        }
    }
    for (index, pointer) in pointers.into_iter().enumerate() {
        if !is_pointer(operation, &pointer) {
            errors.push(no_such_secret(format!("/secret_pointers/{index}")));
            continue;
        }
        let marked = input.secret_pointers.contains(&pointer);
        match take(&mut input.parameters, &pointer) {
            Some(Value::String(value)) => {
                input.secrets.insert(pointer, SecretString::from(value));
            }
            Some(_) => errors.push(FieldError {
                pointer: format!("/parameters{pointer}"),
                code: "wrong_type".to_owned(),
                detail: text("A secret is text.", "密文须为文本。"),
            }),
            None if input.secrets.contains_key(&pointer) || !marked => {}
            None if missing == MissingSecrets::Masked => {
                input.secrets.insert(pointer, SecretString::from(MASK));
            }
            None => errors.push(FieldError {
                pointer: validate::child("/secrets", &pointer),
                code: "missing".to_owned(),
                detail: text(
                    "This value was marked secret and is not there.",
                    "该值已标记为密文，但没有提供。",
                ),
            }),
        }
    }
    for pointer in input.secrets.keys() {
        if !is_pointer(operation, pointer) {
            errors.push(no_such_secret(validate::child("/secrets", pointer)));
        }
    }
    // What was typed never makes room for a secret: the cloud would get something else than was typed.
    if errors.is_empty()
        && let Some(pointer) = without_place(&input.parameters, input.secrets.keys())
    {
        let marked = input.secret_pointers.iter().position(|known| known == pointer);
        errors.push(FieldError {
            pointer: match marked {
                Some(index) => format!("/secret_pointers/{index}"),
                None => validate::child("/secrets", pointer),
            },
            code: "no_place".to_owned(),
            detail: text(
                "There is no place for this value: on the way to it stands something that is neither an object nor a \
                 list with that item.",
                "该值无处可放：指针途经的值既不是对象，也不是包含该项的列表。",
            ),
        });
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

fn no_such_secret(pointer: String) -> FieldError {
    FieldError {
        pointer,
        code: "unknown_pointer".to_owned(),
        detail: text(
            "This names no value of the operation that can be secret. A text field that plays no other part can be, \
             and any text inside an object whose members are free.",
            "该指针不指向此操作中可作为密文的值。没有其他作用的文本字段，以及成员不固定的对象中的任何文本，都可以作为密文。",
        ),
    }
}

fn catalogue_secrets(field: &Field, pointer: &str, found: &mut Vec<String>) {
    if field.secret && !found.iter().any(|known| known == pointer) {
        found.push(pointer.to_owned());
    }
    if let Kind::Object { fields, .. } = &field.kind {
        for inner in fields {
            catalogue_secrets(inner, &format!("{pointer}/{}", inner.name), found);
        }
    }
}

/// A pointer to a value that can be a secret: a text field, or anything below a free-form object, as deep as a request
/// may be. Never a field that plays a part, because the review shows those.
fn is_pointer(operation: &Operation, pointer: &str) -> bool {
    let mut parts = pointer.split('/').skip(1);
    let Some(field) = parts.next().and_then(|name| operation.fields.iter().find(|field| field.name == name))
    else {
        return false;
    };
    let rest: Vec<&str> = parts.collect();
    match &field.kind {
        Kind::FreeObject => {
            (1..strict_json::MAX_DEPTH).contains(&rest.len()) && rest.iter().all(|part| !part.is_empty())
        }
        Kind::Text { .. } => rest.is_empty() && field.role.is_none(),
        _ => validate::field_at(operation, pointer)
            .is_some_and(|inner| matches!(inner.kind, Kind::Text { .. })),
    }
}

/// What the cloud told, and what a person therefore sees and is asked for.
pub struct Reviewed {
    /// The instance as it is now.
    pub current: Current,
    /// What the person sees.
    pub review: Review,
    /// What confirming asks for.
    pub needs: Needs,
}

impl From<Reviewed> for Revision {
    fn from(reviewed: Reviewed) -> Self {
        Self { current: reviewed.current, review: reviewed.review, needs: reviewed.needs }
    }
}

/// Asks the cloud what the instance is now and what the change costs, and makes the review of it. A cloud that does
/// not answer holds nobody up: then the review says what is not known.
pub async fn review(
    app: &App,
    profile: &Profile,
    operation: &Operation,
    masked: &Map<String, Value>,
    kind: PlanKind,
    known: Option<&Current>,
) -> Reviewed {
    let flow = flows::of(operation);
    let inquiry = Inquiry::new(profile, operation, masked);
    let mut unknown = None;
    let current = match in_time(flow.current(&inquiry)).await {
        Ok(current) => current,
        Err(why) => {
            unknown = Some(text(
                format!(
                    "The instance could not be looked at before: {}. Whether it can be changed now is not known.",
                    why.en
                ),
                format!("事先无法查看该实例：{}。目前能否变更尚不可知。", why.zh),
            ));
            // What was known of it still is what was; only whether it can be changed may be otherwise by now.
            known.map_or_else(Current::default, |known| Current { impossible: None, ..known.clone() })
        }
    };
    let draft =
        Draft { operation, parameters: masked, now: profile.now(), confirming: false, current: &current };
    let mut review = flow.review(&draft);
    review.warnings.extend(unknown);
    if !draft.is_dry_run() && kind == PlanKind::Upgrade && current.impossible.is_none() {
        match in_time(flow.price(&inquiry, &current)).await {
            Ok(quoted) => {
                if let Some(Quoted { note, is_estimate: false, .. }) = &quoted {
                    review.cost = Cost { kind: CostKind::Quoted, words: note.clone() };
                }
                review.price = quoted.map(|quoted| quoted.at((app.sources.now)()));
            }
            Err(why) => {
                let Text { en, zh } = &review.cost.words;
                review.cost.words = text(
                    format!("No price could be had: {}. {en}", why.en),
                    format!("无法询价：{}。{zh}", why.zh),
                );
            }
        }
    }
    let changes_something = !draft.is_dry_run();
    let weighty =
        [Trait::Pays, Trait::Irreversible, Trait::MayDelete].iter().any(|risk| operation.has(*risk));
    let needs = Needs {
        instance_id: changes_something
            && (weighty || review.cost.kind != CostKind::Free || review.reversible.0 == Reversible::No),
        accept_unknown_cost: matches!(review.cost.kind, CostKind::Unknown | CostKind::Order),
        reason: asks_for_reason(&draft),
        approvals: 0,
    };
    Reviewed { current, review, needs }
}

/// Whether a plan without a passed dry run is confirmed with a written reason only.
#[must_use]
pub fn asks_for_reason(draft: &Draft<'_>) -> bool {
    draft.operation.has(Trait::DryRun) && !draft.is_dry_run()
}

/// A person waits for it, so it may not take as long as a call may.
async fn in_time<T>(asking: impl Future<Output = Result<T, AskError>>) -> Result<T, Text> {
    match tokio::time::timeout(REVIEW_WAITS, asking).await {
        Ok(outcome) => outcome.map_err(|error| error.words()),
        Err(_) => Err(text("the cloud did not answer in time", "云端没有及时响应")),
    }
}

/// What a plan is called. Where an upgrade is called off by sending its own operation once more, that must not read
/// like another upgrade.
fn title(app: &App, operation: &Operation, kind: PlanKind) -> Text {
    let title = &operation.title;
    if kind == PlanKind::Cancel && app.catalogue.public(&operation.id).is_some() {
        return text(format!("Cancel “{}”", title.en), format!("取消“{}”", title.zh));
    }
    title.clone()
}

/// Makes a plan from input that passed every rule.
///
/// # Errors
/// When the call could not be made from it, or the cloud says that it cannot work.
pub async fn plan(
    app: &App,
    user: &str,
    mut checked: Checked<'_>,
    kind: PlanKind,
    undoes: Option<Undoes>,
) -> Result<Plan, Problem> {
    let operation = checked.operation;
    if let Some(field) = operation.field_with(Role::ClientToken)
        && !checked.parameters.contains_key(&field.name)
    {
        checked.parameters.insert(field.name.clone(), Value::String(app.sources.id("uc-")));
    }
    let client_token = operation
        .field_with(Role::ClientToken)
        .and_then(|field| checked.parameters.get(&field.name)?.as_str())
        .map(ToOwned::to_owned);
    let masked = with_masks(&checked.parameters, checked.secrets.keys());
    prepared(checked.profile, operation, &masked)?;
    let Reviewed { current, review, needs } =
        review(app, checked.profile, operation, &masked, kind, None).await;
    if let Some((pointer, why)) = &current.impossible {
        return Err(Problem::invalid_one(format!("/parameters{pointer}"), "not_possible", why.clone()));
    }
    let secret_hashes: BTreeMap<String, String> = checked
        .secrets
        .iter()
        .map(|(pointer, secret)| (pointer.clone(), app.secret_hasher.hash(pointer, secret)))
        .collect();
    let profile = checked.profile;
    let created_at = (app.sources.now)();
    let mut plan = Plan {
        id: app.sources.id("pl_"),
        operation: operation.id.clone(),
        title: title(app, operation, kind),
        profile: profile.config.name.clone(),
        mode: profile.config.mode,
        kind,
        undoes,
        current,
        payload_hash: String::new(),
        intent_hash: intent_hash(
            &operation.id,
            &profile.config.name,
            profile.config.mode,
            &checked.parameters,
            &secret_hashes,
        ),
        needs,
        review,
        parameters: checked.parameters,
        client_token,
        secret_hashes,
        created_by: user.to_owned(),
        created_at,
        expires_at: created_at + LIFETIME,
        dry_run: None,
    };
    plan.payload_hash = plan.hash_of_what_is_seen();
    Ok(plan)
}

/// Asks the cloud again about a plan that a person has seen, and keeps what it told. Says why the plan is overtaken, if
/// it is: what the person saw is not so any more.
///
/// # Errors
/// When the plan cannot be kept.
pub async fn revise(app: &App, plan: &Plan) -> Result<(Plan, Option<Text>), Problem> {
    let operation = app.catalogue.get(&plan.operation).ok_or_else(Problem::unknown_operation)?;
    let profile = app.profile(&plan.profile).ok_or_else(Problem::profile_forbidden)?;
    let masked = with_masks(&plan.parameters, plan.secret_hashes.keys());
    let reviewed = review(app, profile, operation, &masked, plan.kind, Some(&plan.current)).await;
    let overtaken = overtaken(&plan.review, &reviewed);
    if reviewed.current == plan.current && reviewed.review == plan.review && reviewed.needs == plan.needs {
        return Ok((plan.clone(), overtaken));
    }
    let kept = app.store.revise_plan(&plan.id, reviewed.into()).await?.ok_or_else(Problem::not_found)?;
    Ok((kept, overtaken))
}

fn overtaken(seen: &Review, now: &Reviewed) -> Option<Text> {
    if let Some((_, why)) = &now.current.impossible {
        return Some(why.clone());
    }
    if seen.effect() != now.review.effect() {
        return Some(text(
            "The instance has changed, and with it what the plan would do. Review what it would do now.",
            "实例已变化，计划的效果也随之改变，请重新复核。",
        ));
    }
    match (seen.firm_amounts(), now.review.firm_amounts()) {
        (Some(before), Some(after)) if before == after => None,
        (Some(_), Some(_)) => Some(text(
            "The price has changed since it was shown. Review the new price.",
            "价格与复核时不同，请复核新价格。",
        )),
        (Some(_), None) => Some(text(
            "The price cannot be had any more, so it may have changed. Review the plan again.",
            "目前无法再次询价，价格可能已变化，请重新复核。",
        )),
        // The tick was for a cost that nobody knew.
        (None, Some(_)) => Some(text(
            "A price can be had now, and was not when the plan was reviewed. Review the price.",
            "现在可以询价，而复核时没有价格，请复核该价格。",
        )),
        (None, None) => None,
    }
}

/// Finds out early what the call needs and the profile or the parameters do not have: an unknown region, no site.
/// Ids that IAM must be asked for are not needed to know that.
fn prepared(
    profile: &Profile,
    operation: &Operation,
    parameters: &Map<String, Value>,
) -> Result<(), Problem> {
    let mut context = profile.bare_context();
    let placeholder = "0".repeat(32);
    context.project_id = Some(placeholder.clone());
    context.domain_id = Some(placeholder);
    catalog::call::prepare(operation, parameters, &context)
        .map(|_| ())
        .map_err(|error| not_prepared(operation, &ProfileError::Call(error)))
}

/// Why no request can be made, as a problem of the input where it is one.
#[must_use]
pub fn not_prepared(operation: &Operation, error: &ProfileError) -> Problem {
    let region = operation.field_with(Role::Region).map(|field| format!("/parameters/{}", field.name));
    match error {
        ProfileError::Call(CallError::UnknownRegion { nearest, .. }) => Problem::invalid_one(
            region.unwrap_or_else(|| "/profile".to_owned()),
            "unknown_region",
            text(
                format!("This is not a region of the product. The nearest known is {nearest}."),
                format!("该产品没有这个地域，最接近的是 {nearest}。"),
            ),
        ),
        ProfileError::Call(CallError::NoRegion) => Problem::invalid_one(
            region.unwrap_or_else(|| "/profile".to_owned()),
            "missing",
            text("Choose a region: the profile names none.", "请选择地域：账号配置没有指定。"),
        ),
        other => Problem::from(other),
    }
}
