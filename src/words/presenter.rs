//! Words of the presenter's panel.

use super::table::table;

table! {
    /// Words of the presenter's panel.
    PresenterWords

    title: "Presenter", "演示控制";
    scenario: "Scenario", "场景";
    scenario_is(title: &str): "Scenario: {}", "场景：{}";
    scenario_hint: "What the simulated clouds do to changing calls from now on", "模拟云从现在起如何响应变更调用";
    clock: "Simulated clock", "模拟时钟";
    clock_is(clock: &str): "Clock: {}", "时钟：{}";
    clock_ahead(span: &str): "{} ahead of real time", "比实际时间快 {}";
    clock_real: "real time", "实际时间";
    advance_by: "Advance the simulated clock", "推进模拟时钟";
    step_minute: "+1 min", "+1 分钟";
    step_ten_minutes: "+10 min", "+10 分钟";
    step_hour: "+1 h", "+1 小时";
    step_day: "+1 day", "+1 天";
    amount: "Advance by", "推进";
    unit: "Unit", "单位";
    minutes: "minutes", "分钟";
    hours: "hours", "小时";
    days: "days", "天";
    advance: "Advance", "推进";
    advance_bad: "Type a whole number from 1 on.", "请输入不小于 1 的整数。";
    advanced(clock: &str): "The simulated clock shows {}", "模拟时钟现在是 {}";
    order: "Order id", "订单 ID";
    order_hint: "Pays a simulated order that waits for payment", "支付一个待支付的模拟订单";
    order_missing: "Type the id of an order that waits for payment.", "请输入待支付订单的 ID。";
    pay: "Pay", "支付";
    paid(order: &str): "The simulated order {} is paid", "模拟订单 {} 已支付";
    reset: "Reset the clouds", "重置模拟云";
    reset_title: "Reset the simulated clouds?", "要重置模拟云吗？";
    reset_text:
        "Instances, orders and schedules go back to the start, the scenario to normal and the clock to real time, for everybody who uses this console. Open runs end as failed; all runs and records stay.",
        "实例、订单和预约会恢复到初始状态，场景恢复正常，时钟恢复为实际时间，对所有使用本控制台的人生效。未结束的运行记为失败，所有运行和记录会保留。";
    reset_do: "Reset the clouds", "重置模拟云";
    reset_keep: "Keep them", "保持不变";
    reset_done: "The simulated clouds are as at the start", "模拟云已恢复到初始状态";
}

impl PresenterWords {
    /// The steps that have a button.
    #[must_use]
    pub fn steps(&self) -> [&'static str; 4] {
        [self.step_minute(), self.step_ten_minutes(), self.step_hour(), self.step_day()]
    }

    /// The units of a step of any length.
    #[must_use]
    pub fn units(&self) -> [&'static str; 3] {
        [self.minutes(), self.hours(), self.days()]
    }
}
