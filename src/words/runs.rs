//! Words of the history.

use super::table::table;

table! {
    /// Words of the history.
    RunsWords

    title: "Runs", "运行记录";
    caption: "Runs, newest first", "运行记录，最新的在前";
    reading: "Reading the runs", "正在读取运行记录";
    count[count]: "1 run|{} runs", "{} 条";
    count_first(count: usize): "{} runs on this page", "本页 {} 条";
    times_in(zone: &str): "Times in {}", "时区 {}";
    when: "When", "时间";
    state: "State", "状态";
    run: "Run", "运行";
    change: "Target", "目标";
    mode_profile: "Mode, profile", "模式与账号配置";
    mode: "Mode", "模式";
    who: "Who", "操作人";
    older: "Older", "更早";
    newer: "Newest", "最新";
    empty_title: "No run yet", "还没有运行记录";
    empty_text:
        "A run appears here as soon as a plan is confirmed, simulated ones too.",
        "计划确认后会出现在这里，模拟运行也一样。";
    choose_operation: "Choose an operation", "选择操作";
    today: "Today", "今天";
    yesterday: "Yesterday", "昨天";
    filter_label: "Filter runs", "筛选运行记录";
    filter: "Filter", "筛选";
    clear_filters: "Clear the filters", "清除筛选";
    search: "Search", "搜索";
    search_hint: "Instance, order id, request id", "实例、订单 ID、请求 ID";
    operation: "Operation", "操作";
    all_operations: "All operations", "全部操作";
    all_states: "Any state", "任意状态";
    all_modes: "Both modes", "全部模式";
    all_profiles: "All profiles", "全部账号配置";
    none_title: "No run matches", "没有符合条件的记录";
    none_text: "Widen the filters, or clear them.", "请放宽或清除筛选条件。";
    export_jsonl: "Export JSON Lines", "导出 JSON Lines";
    export_csv: "Export CSV", "导出 CSV";
    again: "Again", "再次";
    again_link: "Fill the form", "填入表单";
    again_named(title: &str, instance: &str, time: &str):
        "Fill the form again: {}, {}, {}",
        "再次填入表单：{}，{}，{}";
}
