//! Words of the history.

/// Words of the history.
#[derive(Debug)]
pub struct RunsWords {
    pub title: &'static str,
    pub caption: &'static str,
    pub reading: &'static str,
    pub count: fn(usize) -> String,
    pub count_first: fn(usize) -> String,
    pub times_in: fn(&str) -> String,
    pub when: &'static str,
    pub state: &'static str,
    pub run: &'static str,
    pub change: &'static str,
    pub mode_profile: &'static str,
    pub mode: &'static str,
    pub who: &'static str,
    pub older: &'static str,
    pub newer: &'static str,
    pub empty_title: &'static str,
    pub empty_text: &'static str,
    pub choose_operation: &'static str,
    pub today: &'static str,
    pub yesterday: &'static str,
}

/// English.
pub const EN: RunsWords = RunsWords {
    title: "Runs",
    caption: "Runs, newest first",
    reading: "Reading the runs",
    count: |count| if count == 1 { "1 run".into() } else { format!("{count} runs") },
    count_first: |count| format!("{count} runs on this page"),
    times_in: |zone| format!("Times in {zone}"),
    when: "When",
    state: "State",
    run: "Run",
    change: "Target",
    mode_profile: "Mode, profile",
    mode: "Mode",
    who: "Who",
    older: "Older",
    newer: "Newest",
    empty_title: "No run yet",
    empty_text: "A run appears here as soon as a plan is confirmed, simulated ones too.",
    choose_operation: "Choose an operation",
    today: "Today",
    yesterday: "Yesterday",
};

/// Simplified Chinese.
pub const ZH: RunsWords = RunsWords {
    title: "运行记录",
    caption: "运行记录，最新的在前",
    reading: "正在读取运行记录",
    count: |count| format!("{count} 条"),
    count_first: |count| format!("本页 {count} 条"),
    times_in: |zone| format!("时区 {zone}"),
    when: "时间",
    state: "状态",
    run: "运行",
    change: "目标",
    mode_profile: "模式与账号配置",
    mode: "模式",
    who: "操作人",
    older: "更早",
    newer: "最新",
    empty_title: "还没有运行记录",
    empty_text: "计划确认后会出现在这里，模拟运行也一样。",
    choose_operation: "选择操作",
    today: "今天",
    yesterday: "昨天",
};
