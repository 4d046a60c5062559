//! Words of the form.

use crate::form::json_text::JsonSlip;
use crate::form::time::Civil;
use catalog::model::Language;
use catalog::strict_json::JsonError;
use catalog::text::Joined;

use super::table::table;

table! {
    /// Words of the form.
    FormWords

    section_instance: "Which instance", "选择实例";
    section_target: "Change to", "变更目标";
    section_when: "When it starts", "开始时间";
    section_safety: "Safety", "安全措施";
    required: "required", "必填";
    optional: "optional", "选填";
    comma: ", ", "，";
    stop: ". ", "。";
    list_of(what: &str): "array of {}", "由 {} 组成的 array";
    and: " and ", " 和 ";
    up_to_rows(most: u64): "up to {}", "最多 {} 项";
    characters_exactly(count: u64): "{} characters", "{} 个字符";
    characters_between(least: u64, most: u64): "{} to {} characters", "{} 到 {} 个字符";
    characters_at_most(most: u64): "up to {} characters", "最多 {} 个字符";
    characters_at_least(least: u64): "{} or more characters", "至少 {} 个字符";
    numbers_between(least: &str, most: &str): "{} to {}", "{} 到 {}";
    numbers_at_most(most: &str): "{} or less", "不大于 {}";
    numbers_at_least(least: &str): "{} or more", "不小于 {}";
    instant_type: "ms since 1970", "1970 年起的毫秒数";
    error: "Error: ", "错误：";
    example(value: &str): "Example: {}", "示例：{}";
    use_example: "Use example", "使用示例";
    use_example_of(title: &str): "Use example for {}", "使用示例：{}";
    not_sent: "Not sent", "不发送";
    not_sent_hint: "The value is left out of the request.", "请求中不包含此参数。";
    choose: "Choose", "请选择";
    other: "Other value", "其他值";
    other_of(title: &str): "Other value for {}", "“{}”的其他值";
    odd_choice(value: &str): "{} (not a known value)", "{}（不是已知的值）";
    choice_hint:
        "Type to search the cloud's own list, or type a value that it does not have.",
        "输入以搜索云端列表；列表中没有的值，也可以直接输入。";
    choices_show(title: &str): "Show the choices for {}", "显示“{}”的可选项";
    choices_of(title: &str): "Choices for {}", "“{}”的可选项";
    choices_reading: "Reading the list", "正在读取列表";
    choices_all(all: usize): "{} found", "共 {} 项";
    choices_first(all: usize): "The first {}", "前 {} 项";
    choices_none_can(shown: &str): "{}, none can be chosen", "{}，均不可选";
    choices_some_can(shown: &str, can: usize): "{}, {} can be chosen", "{}，其中 {} 项可选";
    choices_none:
        "The list has nothing for what is filled in so far. Type the value.",
        "按目前填写的内容，列表中没有可选项。请直接输入。";
    choices_no_match(typed: &str):
        "Nothing in the list matches “{}”. It is used as typed.",
        "列表中没有与“{}”匹配的项，将按输入的内容使用。";
    choices_more: "Show more", "显示更多";
    choices_failed: "The list could not be read.", "无法读取列表。";
    choices_again_of(title: &str): "Try again to read the choices for {}", "重试，读取“{}”的可选项";
    choice_unavailable: "Not available.", "不可选。";
    choice_refused(name: &str, why: &str): "{} cannot be chosen. {}", "{} 不可选。{}";
    choice_filled(names: &str): "Also filled in: {}", "同时填入：{}";
    choice_chosen(name: &str): "{} chosen", "已选择 {}";
    yes: "Yes (true)", "是（true）";
    no: "No (false)", "否（false）";
    show_secret(title: &str): "Show {}", "显示“{}”";
    hide_secret(title: &str): "Hide {}", "隐藏“{}”";
    secret_hint:
        "Sent once, never kept: not in drafts, links, history or samples.",
        "只发送一次，不会保存：草稿、链接、历史和示例代码中都没有。";
    change: "Change", "更改";
    change_of(title: &str): "Change {}", "更改“{}”";
    new_token: "Make a new one", "重新生成";
    token_hint: "Made for this form. A new one is made when another value changes.", "为本表单生成。其他值改变时会重新生成。";
    own_token_hint: "Your own: it stays when other values change.", "由您指定：其他值改变时保持不变。";
    row_of(title: &str, number: usize): "{} {}", "{}第 {} 行";
    named_row_of(title: &str, name: &str): "{}, {}", "{}中的 {}";
    title_join: ", ", "，";
    cell_of(list: &str, number: usize): " of {} {}", "（{}第 {} 行）";
    add_row: "Add a row", "添加一行";
    add_row_to(title: &str): " to {}", "到“{}”";
    move_up(row: &str): "Move {} up", "上移{}";
    move_down(row: &str): "Move {} down", "下移{}";
    remove(row: &str): "Remove {}", "删除{}";
    rows_count[count]: "1 row|{} rows", "{} 行";
    rows_of(count: usize, most: u64): "{} of {}", "{} / {} 行";
    rows_full(most: u64):
        "{} is the most that the API takes. Remove one to add another.",
        "接口最多接受 {} 行。要再添加，请先删除一行。";
    order_kept: "Order is kept as sent", "按此顺序发送";
    row_added(row: &str): "Added: {}", "已添加{}";
    row_moved(row: &str, place: usize): "{} is now in place {}", "{}已移到第 {} 位";
    row_removed(row: &str): "{} removed", "已删除{}";
    no_rows: "Nothing yet. Left empty, it is not sent.", "暂无内容；留空则不发送。";
    object_hint: "What is left empty is not sent. 0 is a value and is sent.", "留空的项不发送；0 是有效值，会发送。";
    not_shown_as_rows(value: &str):
        "The JSON beside the form gives {} here, which has no rows.",
        "旁边的 JSON 在此处给出的是 {}，无法按行显示。";
    free_name: "Name", "名称";
    free_kind: "Type", "类型";
    free_value: "Value", "值";
    free_text: "text", "文本";
    free_number: "number", "数字";
    free_boolean: "true or false", "true 或 false";
    free_json: "JSON", "JSON";
    free_secret: "secret", "敏感值";
    edit_as_json: "Edit as JSON", "按 JSON 编辑";
    edit_as_rows: "Edit as rows", "按行编辑";
    json_of(title: &str): "JSON of {}", "“{}”的 JSON";
    clock_choice: "Clock you type in", "输入所用的时钟";
    clock_here(zone: &str, offset: &str): "Your clock, {1} ({0})", "本机时钟，{1}（{0}）";
    clock_here_short(zone: &str): "Your clock, {}", "本机时钟，{}";
    clock_utc: "UTC", "UTC";
    clock_beijing: "Beijing", "北京";
    clock_beijing_option: "Beijing (GMT+8)", "北京（GMT+8）";
    weekdays:
        "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
        "星期日 星期一 星期二 星期三 星期四 星期五 星期六";
    months: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "1 2 3 4 5 6 7 8 9 10 11 12";
    day_of(weekday: &str, date: &str): "{} {}", "{1} {0}";
    date_of(day: u32, month: &str, year: i32): "{} {} {}", "{2} 年 {1} 月 {0} 日";
    day_time_of(day: u32, month: &str, time: &str): "{} {} {}", "{1} 月 {0} 日 {2}";
    next_day: "next day", "次日";
    day_before: "day before", "前一日";
    start_hint: "24 hours ahead, and 5 minutes more for clocks that differ", "至少提前 24 小时，另留 5 分钟以应对时钟误差";
    now: "Now", "现在";
    now_simulated: "Now, on the simulated clock", "现在（模拟时钟）";
    earliest: "Earliest allowed", "最早可选";
    chosen: "Chosen", "已选";
    sent_as: "Sent as", "发送值";
    ahead(span: &str): "{} ahead", "{}之后";
    past(span: &str): "{} ago", "{}之前";
    span_units: "d h min", "天 小时 分钟";
    use_earliest(time: &str): "Use {}", "改用 {}";
    too_early(earliest: &str, chosen: &str, ahead: &str):
        "choose {} or later. {} is {} ahead, it needs 24 h 5 min",
        "请选择 {} 或更晚的时间，{} 距现在 {}，至少需要 24 小时 5 分钟";
    too_early_past(earliest: &str, chosen: &str):
        "choose {} or later. {} is in the past",
        "请选择 {} 或更晚的时间，{} 已经过去";
    ruler_open(ahead: &str):
        "The first 24 hours are closed. The chosen time is {} ahead, in the open part.",
        "最初 24 小时不可选。所选时间在 {}之后，位于可选部分。";
    ruler_closed(ahead: &str):
        "The chosen time is {} ahead, in the closed first 24 hours.",
        "所选时间在 {}之后，位于不可选的最初 24 小时内。";
    ruler_none: "The first 24 hours are closed. No time is chosen.", "最初 24 小时不可选。尚未选择时间。";
    checked_again:
        "Checked again when you confirm: if Review stays open too long, the time can become too early.",
        "确认时会再次检查：复核停留过久，所选时间可能变得过早。";
    twice: "The clock shows this time twice that night. Which one?", "当晚时钟会两次显示这个时间，是哪一次？";
    twice_first(offset: &str): "The first time, {}", "第一次，{}";
    twice_second(offset: &str): "The second time, an hour later, {}", "第二次，晚一小时，{}";
    slip_partial_time: "enter the whole date and time", "请填写完整的日期和时间";
    slip_bad_time: "enter a date and time", "请填写日期和时间";
    slip_blank_row: "enter a value, or remove the row", "请填写值，或删除该行";
    slip_no_name: "enter a name, or remove the row", "请填写名称，或删除该行";
    slip_same_name(name: &str):
        "“{}” stands in another row already, remove one of them",
        "“{}”已在另一行中，请删除其中一行";
    slip_no_number: "enter a number", "请填写数字";
    slip_bad_number(text: &str):
        "enter a number that fits into 64 bits, you typed “{}”",
        "请填写 64 位以内的数字，输入的是“{}”";
    slip_no_boolean: "choose true or false", "请选择 true 或 false";
    slip_no_secret: "enter the secret, or remove the row", "请填写敏感值，或删除该行";
    slip_not_an_object: "write an object, in braces: { }", "请写成花括号括起的对象：{ }";
    json_unreadable(line: usize, column: usize, what: &str): "line {}, column {}: {}", "第 {} 行第 {} 列：{}";
    json_as_said(message: &str): "{}", "不是有效的 JSON（{}）";
    json_refused_duplicate_key: "", "同一名称出现了两次";
    json_refused_too_deep: "", "嵌套层数过多";
    json_refused_too_many_values: "", "值的数量过多";
    json_refused_bad_number: "", "数字超出可表示的范围";
    json_refused_bad_encoding: "", "不是 UTF-8 文本";
    skipped(nearest: &str):
        "that night the clocks go forward over this time, choose {} instead",
        "当晚时钟拨快，会跳过这个时间，请改选 {}";
    request_so_far: "The request so far", "当前请求";
    tab_json: "JSON", "JSON";
    tab_request: "Request", "请求";
    json_head: "Parameters, as they will be sent", "将要发送的参数";
    json_label: "JSON of the parameters", "参数 JSON";
    json_edit: "Edit", "编辑";
    json_done: "Done", "完成";
    json_kept:
        "Your text stays here until you leave the page. The form shows the last text that could be read.",
        "离开页面之前会保留您的文本；表单显示的是上一次可以读取的内容。";
    json_problem(why: &str): "JSON of the parameters: {}", "参数 JSON：{}";
    valid: "Valid", "有效";
    not_valid[count]: "Not valid: 1 problem|Not valid: {} problems", "无效：{} 处需要修改";
    secrets_masked: "Secrets masked", "敏感值已遮盖";
    bytes(count: usize): "{} B", "{} B";
    preview_head: "What will be sent", "将要发送的内容";
    preview_waiting[count]:
        "Shown when the form is valid; 1 problem is left.|Shown when the form is valid; {} problems are left.",
        "表单有效后显示，还有 {} 处需要修改。";
    preview_masked: "Key id masked, signature cut", "密钥 ID 已遮盖，签名已截断";
    preview_label: "The exact request", "完整请求";
    canonical: "Canonical request", "规范请求";
    to_sign: "String to sign", "待签名字符串";
    reading_request: "Reading the request", "正在读取请求";
    review: "Review the change", "复核变更";
    making_plan: "Checking and freezing the plan", "正在检查并生成计划";
    clear: "Clear", "清空";
    cleared: "Form cleared, draft removed", "已清空，草稿已删除";
    draft_saved(time: &str): "Draft saved {}", "草稿已保存 {}";
    draft_saved_no_secrets(time: &str): "Draft saved {}, without secrets", "草稿已保存 {}，不含敏感值";
    draft_restored(time: &str): "Your draft from {} is back; secrets are never kept", "已恢复 {} 的草稿；敏感值从不保存";
    draft_not_saved: "This browser does not allow drafts to be saved", "此浏览器不允许保存草稿";
    problems_left[count]: "1 problem to solve|{} problems to solve", "还有 {} 处需要修改";
    not_made:
        "No plan was made. Nothing was sent to a cloud, and what you typed is still here.",
        "没有生成计划，也没有向云发送任何内容；已填写的内容仍在这里。";
    link_filled[count]:
        "1 value was filled in from the link. Nothing was sent.|{} values were filled in from the link. Nothing was sent.",
        "已从链接填入 {} 个值，没有发送任何内容。";
    link_unknown(names: &str):
        "The link also names what this operation does not have: {}.",
        "链接中还有此操作没有的参数：{}。";
    link_secret(names: &str):
        "Secrets are not taken from a link: {}. The link itself may be stored in histories.",
        "不会从链接读取敏感值：{}。链接本身可能留在历史记录中。";
    link_repeated(names: &str): "The link says more than once: {}. The last value was taken.", "链接中重复给出了：{}，已采用最后一个值。";
    refilled:
        "Filled in from an earlier plan. This will be a new plan, with a new token where the API has one.",
        "已按之前的计划填好。这将是一个新计划；接口支持时会使用新的幂等令牌。";
    refill_failed: "The earlier plan could not be read.", "无法读取之前的计划。";
    refill_other:
        "The earlier plan belongs to another operation; nothing was filled in.",
        "之前的计划属于另一个操作，没有填入任何内容。";
    refill_secrets: "Its secrets were never kept: type them again.", "它的敏感值从未保存，请重新填写。";
    refill_added(names: &str):
        "The dry run asked for more: {}. Added below; what you had typed is unchanged.",
        "预检还要求：{}。已添加在下方，原有内容保持不变。";
    asked_for(name: &str): "Fill in {}; the dry run asked for it.", "请填写 {}，预检要求填写。";
    fresh_row: "Asked for by the dry run.", "预检要求填写。";
    draft_replaced: "It took the place of your draft.", "它替换了您的草稿。";
    draft_back: "Put my draft back", "恢复我的草稿";
    loading: "Reading the operation", "正在读取操作";
    not_read: "The operation could not be read.", "无法读取该操作。";
    unknown_operation: "There is no such operation", "没有这个操作";
    unknown_operation_text:
        "The link may be old, or the catalogue of this console does not have it.",
        "链接可能已经过期，或者此控制台的目录中没有它。";
    all_operations: "All operations", "全部操作";
    no_profile:
        "No profile for this cloud is configured, so no plan can be made. The form can still be filled in.",
        "没有配置这个云的账号，因此无法生成计划。表单仍可填写。";
    no_such_profile(name: &str):
        "The link names the profile “{}”, which is not one of yours.",
        "链接指定的账号配置“{}”不在您可用的配置中。";
    profile_of_other_cloud(name: &str):
        "The link names the profile “{}”, which belongs to the other cloud.",
        "链接指定的账号配置“{}”属于另一个云。";
    answer_title(title: &str): "{}: ", "{}：";
}

impl FormWords {
    /// How long a text may be.
    #[must_use]
    pub fn characters(&self, least: Option<u64>, most: Option<u64>) -> String {
        match (least, most) {
            (Some(least), Some(most)) if least == most => self.characters_exactly(least),
            (Some(least), Some(most)) => self.characters_between(least, most),
            (None, Some(most)) => self.characters_at_most(most),
            (Some(least), None) => self.characters_at_least(least),
            (None, None) => String::new(),
        }
    }

    /// How great a number may be.
    #[must_use]
    pub fn numbers(&self, least: Option<String>, most: Option<String>) -> String {
        match (least, most) {
            (Some(least), Some(most)) => self.numbers_between(&least, &most),
            (None, Some(most)) => self.numbers_at_most(&most),
            (Some(least), None) => self.numbers_at_least(&least),
            (None, None) => String::new(),
        }
    }

    /// How many choices were found, how many of them can be chosen, and whether there are more.
    #[must_use]
    pub fn choices_found(&self, all: usize, can: usize, more: bool) -> String {
        let shown = if more { self.choices_first(all) } else { self.choices_all(all) };
        match can {
            _ if can == all => shown,
            0 => self.choices_none_can(&shown),
            _ => self.choices_some_can(&shown, can),
        }
    }

    /// The kinds of a member that the catalogue does not name.
    #[must_use]
    pub fn free_kinds(&self) -> [&'static str; 5] {
        [self.free_text(), self.free_number(), self.free_boolean(), self.free_json(), self.free_secret()]
    }

    /// `Sunday 22 Nov 2026`.
    #[must_use]
    pub fn day(&self, civil: &Civil) -> String {
        self.day_of(nth(self.weekdays(), civil.weekday()), &self.date(civil))
    }

    /// `22 Nov 19:00`.
    #[must_use]
    pub fn day_time(&self, civil: &Civil) -> String {
        self.day_time_of(civil.day, self.month(civil), &civil.time_of_day())
    }

    /// `22 Nov 2026 19:00`.
    #[must_use]
    pub fn date_time(&self, civil: &Civil) -> String {
        [self.date(civil), civil.time_of_day()].joined(" ")
    }

    fn date(&self, civil: &Civil) -> String {
        self.date_of(civil.day, self.month(civil), civil.year)
    }

    fn month(&self, civil: &Civil) -> &'static str {
        nth(self.months(), (civil.month as usize).saturating_sub(1))
    }

    /// A span of minutes: `26 h 15 min`.
    #[must_use]
    pub fn span(&self, minutes: i64) -> String {
        let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
        let part = |amount: i64, unit| format!("{amount} {}", nth(self.span_units(), unit));
        match (days, hours, rest) {
            (days, 0, 0) if days > 0 => part(days, 0),
            (days, hours, _) if days > 2 => [part(days, 0), part(hours, 1)].joined(" "),
            (0, 0, rest) => part(rest, 2),
            (days, hours, 0) => part(days * 24 + hours, 1),
            (days, hours, rest) => [part(days * 24 + hours, 1), part(rest, 2)].joined(" "),
        }
    }

    /// Why the JSON beside the form is not the parameters of a request.
    #[must_use]
    pub fn json_slip(&self, slip: &JsonSlip) -> String {
        match slip {
            JsonSlip::Unreadable(error) => self.unreadable(error),
            JsonSlip::NotAnObject => self.slip_not_an_object().to_owned(),
        }
    }

    /// Why a text is no JSON, and where. The reader speaks English; what it refuses has words in Chinese.
    #[must_use]
    pub fn unreadable(&self, error: &JsonError) -> String {
        let refused = match error.code {
            "duplicate_key" => self.json_refused_duplicate_key(),
            "too_deep" => self.json_refused_too_deep(),
            "too_many_values" => self.json_refused_too_many_values(),
            "number" => self.json_refused_bad_number(),
            "encoding" => self.json_refused_bad_encoding(),
            _ => "",
        };
        let what = if refused.is_empty() { self.json_as_said(&error.message) } else { refused.to_owned() };
        self.json_unreadable(error.line, error.column, &what)
    }
}

/// One of several words with blanks between them.
fn nth(words: &'static str, index: usize) -> &'static str {
    words.split(' ').nth(index).unwrap_or_default()
}

/// The table of a language.
#[must_use]
pub fn words(language: Language) -> &'static FormWords {
    &super::words(language).form
}
