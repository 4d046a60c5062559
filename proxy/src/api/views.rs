//! A run as a page needs it: with what can be done with it now, and why not.

use super::dto::{ActionView, RunView};
use crate::{
    error::text,
    flows::{self, Undo},
    plan::{Plan, PlanKind, with_masks},
    run::{Run, State},
    state::App,
};
use catalog::{Role, Text, model::Language};
use jiff::SignedDuration;

/// How long an answered check says that the call has not arrived.
const CHECK_HOLDS: SignedDuration = SignedDuration::from_mins(15);

/// The run with its actions.
pub(super) fn run(app: &App, run: &Run, plan: &Plan, language: Language) -> RunView {
    let mut view = RunView::new(run, language);
    if let Some(operation) = app.catalogue.get(&run.operation) {
        view.order_url = run
            .order_id
            .as_deref()
            .zip(app.profile(&run.profile))
            .and_then(|(order, profile)| flows::of(operation).order_url(order, profile.config.site));
        view.actions = actions(app, run, plan)
            .into_iter()
            .map(|(name, why_not)| ActionView {
                name,
                available: why_not.is_none(),
                reason: why_not.map(|why| why.get(language).to_owned()),
                outcomes: if name == "settle" { outcomes(app, run) } else { Vec::new() },
            })
            .collect();
    }
    view
}

/// What makes sense for a run, each with the reason why it cannot be done now.
fn actions(app: &App, run: &Run, plan: &Plan) -> Vec<(&'static str, Option<Text>)> {
    let mut found = Vec::new();
    if check(app, run).is_none() {
        found.push(("check", None));
    }
    if run.state == State::Unknown {
        if run.client_token.is_some() {
            found.push(("resend", resend(app, run, plan)));
        }
        found.push(("settle", None));
    }
    for (name, kind) in [("cancel", PlanKind::Cancel), ("rollback", PlanKind::Rollback)] {
        match undo(app, run, plan, kind) {
            Undo::None => {}
            Undo::Unavailable(why) => found.push((name, Some(why))),
            Undo::By { .. } => found.push((name, None)),
        }
    }
    found
}

/// What a person can settle a run as: how its product can end what it took, or that nothing was done.
pub(super) fn outcomes(app: &App, run: &Run) -> Vec<State> {
    let ends =
        app.catalogue.get(&run.operation).map_or(flows::USUAL_ENDS, |operation| flows::of(operation).ends());
    let comes_to = |state: &State| match state {
        State::Succeeded => true,
        // What takes back succeeds or does not; the run that it takes back is then cancelled or rolled back.
        State::Cancelled | State::RolledBack => run.kind == PlanKind::Upgrade && !run.dry_run,
        // A check leaves nothing behind that could have ended badly.
        _ => !run.dry_run,
    };
    let nothing_done = [State::Refused, State::NotSent];
    ends.iter().copied().filter(comes_to).chain(nothing_done).collect()
}

/// Why a run cannot be checked.
pub(super) fn check(app: &App, run: &Run) -> Option<Text> {
    let can_look = app
        .catalogue
        .get(&run.operation)
        .is_some_and(|operation| flows::of(operation).pace(State::Accepted).is_some());
    match run.state {
        State::Confirmed | State::Sent => Some(text("The call is under way.", "调用正在进行。")),
        _ if run.is_over() => Some(text("The run has ended.", "执行已结束。")),
        _ if !can_look => Some(text("There is nothing that could be asked.", "没有可以查询的接口。")),
        _ => None,
    }
}

/// Why the call of a run cannot be sent again.
pub(super) fn resend(app: &App, run: &Run, plan: &Plan) -> Option<Text> {
    let now = (app.sources.now)();
    let has_token = run.client_token.is_some()
        && app
            .catalogue
            .get(&run.operation)
            .is_some_and(|operation| operation.field_with(Role::ClientToken).is_some());
    if run.state != State::Unknown {
        return Some(text(
            "Only a run of unknown outcome is sent again.",
            "只有结果未知的运行可以重新发送。",
        ));
    }
    if !has_token {
        return Some(text(
            "This API has no idempotency token: a second call could be a second upgrade.",
            "该接口没有幂等令牌，重新发送可能导致重复执行。",
        ));
    }
    // How long a cloud remembers a token is not documented, so only a call that may never have arrived is repeated.
    if run.was_taken() {
        return Some(text(
            "The cloud accepted this call. Sent again it could be a second one: check the status, or record the outcome by hand.",
            "云端已受理该调用，重新发送可能导致重复执行。请查询状态，或人工认定结果。",
        ));
    }
    if plan.expires_at <= now {
        return Some(text(
            "The plan has expired: what the call does and costs may have changed. Check the status, or record the outcome by hand.",
            "计划已过期，该调用的效果和费用可能已变化。请查询状态，或人工认定结果。",
        ));
    }
    if !run.checked {
        return Some(text(
            "Check the status first; a resend is offered when the check has been answered.",
            "请先点击“查询状态”，得到响应后才可重新发送。",
        ));
    }
    let is_old = run.looked_at.is_none_or(|at| now.duration_since(at) > CHECK_HOLDS);
    is_old.then(|| {
        text(
            "The last check is more than 15 minutes old. Check the status again first.",
            "上次查询已超过 15 分钟，请先再次查询状态。",
        )
    })
}

/// How a run can be taken back now.
pub(super) fn undo(app: &App, run: &Run, plan: &Plan, kind: PlanKind) -> Undo {
    let (Some(operation), Some(profile)) = (app.catalogue.get(&run.operation), app.profile(&run.profile))
    else {
        return Undo::None;
    };
    // What takes back is not taken back itself.
    if run.kind != PlanKind::Upgrade || run.dry_run {
        return Undo::None;
    }
    let masked = with_masks(&plan.parameters, plan.secret_hashes.keys());
    let undo = flows::of(operation).undo(kind, run, &masked, profile.now());
    match (&undo, &run.undone_by) {
        (Undo::By { .. }, Some(by)) => Undo::Unavailable(text(
            format!("The run {by} is taking it back."),
            format!("执行 {by} 正在撤销它。"),
        )),
        _ => undo,
    }
}
