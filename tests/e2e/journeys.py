"""What a person does for each of the five operations, from the form to the answer."""

import re
from dataclasses import dataclass

from selenium.webdriver.common.keys import Keys
from support import instances
from support.words import LANGUAGES


@dataclass(frozen=True)
class Journey:
    """One operation: what is typed, what the clouds are asked, what they refuse, what the form refuses."""

    operation: str
    profile: str
    # The parameter that names the instance, one that can be upgraded, and one that the cloud refuses with a code.
    instance_field: str
    instance: str
    refused_instance: str
    refusal: str
    # What else is given, in the form's order: (how, parameter, value).
    steps: tuple
    # One value that the form must refuse: parameter, what is typed.
    bad: tuple
    # Another value that makes another plan, as in `steps`.
    another: tuple
    # Radio buttons, and which of them the keys go to, in English; the operation is the same upgrade with it.
    radio: tuple = ()
    # What the review must warn of, in its own words.
    warning: str = ""

    def __str__(self):
        return self.operation


JOURNEYS = [
    Journey(
        operation="computenestsupplier.UpgradeServiceInstance",
        profile="demo-alibaba",
        instance_field="ServiceInstanceId",
        instance=instances.SERVICE,
        refused_instance=instances.SERVICE_UNKNOWN,
        refusal="EntityNotExist.ServiceInstance",
        steps=(("text", "ServiceVersion", "2"),),
        bad=("ClientToken", "x" * 65),
        another=("text", "ServiceVersion", "3"),
        radio=("DryRun", "false"),
        warning="deletes resources that the new version does not have",
    ),
    Journey(
        operation="bssopenapi.RenewChangeInstance",
        profile="demo-alibaba",
        instance_field="InstanceId",
        instance=instances.FIREWALL,
        refused_instance=instances.FIREWALL_PROFILE_INCOMPLETE,
        refusal="ORDER.ACCOUNT_STATUS_ILLEGAL",
        steps=(
            ("text", "ProductCode", "vipcloudfw"),
            ("text", "ProductType", "vipcloudfw"),
            ("select", "RenewPeriod", 1),
            ("rows", "Parameter", [{"Code": "Bandwidth", "Value": "100"}]),
        ),
        bad=("ClientToken", "x" * 65),
        another=("select", "RenewPeriod", 2),
    ),
    Journey(
        operation="alikafka.UpgradeInstanceVersion",
        profile="demo-alibaba",
        instance_field="InstanceId",
        instance=instances.KAFKA_OLD,
        refused_instance=instances.KAFKA_LATEST_MINOR,
        refusal="ONS_INIT_ENV_ERROR",
        steps=(("text", "TargetVersion", "2.2.0"),),
        bad=("TargetVersion", "latest"),
        another=("text", "TargetVersion", "2.6.2"),
    ),
    Journey(
        operation="cbh.UpgradeInstance",
        profile="demo-huawei",
        instance_field="server_id",
        instance=instances.BASTION,
        refused_instance=instances.BASTION_AGENT_DOWN,
        refusal="CBH.10027011",
        steps=(("earliest", "upgrade_time", None),),
        bad=("server_id", "6771"),
        another=("text", "server_id", instances.BASTION_CROSS_VERSION),
        radio=("cancel", "No (false)"),
    ),
    Journey(
        operation="aad.UpgradeInstanceSpec",
        profile="demo-huawei",
        instance_field="instance_id",
        instance=instances.SHIELD_WEBSITE,
        refused_instance=instances.SHIELD_RESTRICTED,
        refusal="Anti-DDoS.10000009",
        steps=(("text", "service_bandwidth", "200"), ("text", "basic_bandwidth", "20")),
        bad=("service_bandwidth", "many"),
        another=("text", "service_bandwidth", "300"),
        radio=("elastic_service_bandwidth_type", "0"),
    ),
]


class Walk:
    """A person on a journey, in one language."""

    def __init__(self, person, console, journey, language="en"):
        self.person = person
        self.console = console
        self.journey = journey
        self.language = language
        self.words = LANGUAGES[language]
        self._operation = console.get(f"/api/operations/{journey.operation}")

    def label(self, name):
        """The words beside a field, as the catalogue has them; members are found in objects and lists too."""
        return self._find(self._operation["fields"], name)["title"][self.language]

    def _find(self, fields, name):
        for known in fields:
            if known["name"] == name:
                return known
            kind = known["kind"]
            inner = kind.get("fields") or kind.get("item", {}).get("fields") or []
            if inner and (found := self._find(inner, name)):
                return found
        return None

    def title(self):
        """What the operation is called."""
        return self._operation["title"][self.language]

    def open_form(self, query=""):
        """A cold start at the form."""
        self.person.open(f"/flows/{self.journey.operation}{query}")
        self.person.get("button", self.words["review_button"])
        return self

    def fill(self, instance=None):
        """Types all that is needed."""
        for how, name, value in (
            ("text", self.journey.instance_field, instance or self.journey.instance),
            *self.journey.steps,
        ):
            getattr(self, f"_{how}")(name, value)
        return self

    def change_one_value(self):
        """Gives one field another value."""
        how, name, value = self.journey.another
        getattr(self, f"_{how}")(name, value)
        return self

    @property
    def choices(self):
        """Pointers to the fields that the cloud has lists for."""
        return self._operation["choices"]

    def role(self, name):
        """The role of the input of a field: where the cloud has a list, it is a combobox."""
        picked = any(pointer.rsplit("/", 1)[-1] == name for pointer in self.choices)
        return "combobox" if picked else "textbox"

    def field(self, name):
        """The input of a field."""
        return self.person.get(self.role(name), self.label(name))

    def type(self, name, value, label=None):
        """Types a value; the list that opens beside it is closed again."""
        field = self.person.type(self.role(name), label or self.label(name), value)
        if self.role(name) == "combobox":
            field.send_keys(Keys.ESCAPE)
        return field

    def _text(self, name, value):
        self.type(name, value)

    def _select(self, name, value):
        choices = self._find(self._operation["fields"], name)["kind"]["choices"]
        title = next(choice["title"][self.language] for choice in choices if choice["value"] == value)
        self.person.choose(self.label(name), re.compile(re.escape(title)))

    def _rows(self, name, rows):
        for number, row in enumerate(rows, 1):
            self.person.click("button", self.words["add_row"].format(self.label(name)))
            for member, value in row.items():
                self.type(member, value, self.words["cell"].format(self.label(member), self.label(name), number))

    def _earliest(self, name, value):
        self.person.click("button", self.words["use_time"])

    def fill_by_keys(self):
        """The same as `fill` with Tab, arrows, Enter and typing alone: no mouse, no script, no focus by name."""
        for how, name, value in (("text", self.journey.instance_field, self.journey.instance), *self.journey.steps):
            getattr(self, f"_{how}_by_keys")(name, value)
        if self.journey.radio:
            self._radio_by_keys(*self.journey.radio)
        return self

    def _radio_by_keys(self, name, option):
        group = self.person.get("radiogroup", self.label(name))
        passed = [self.person.tab_into(group)]
        names = [passed[0].accessible_name]
        while names[-1] != option and len(names) <= len(self.person.all("radio", within=group)):
            self.person.press(Keys.ARROW_UP)
            passed.append(self.person.focused())
            names.append(passed[-1].accessible_name)
        assert names[-1] == option and passed[-1].is_selected(), names

    def _text_by_keys(self, name, value, label=None):
        field = self._reach(self.role(name), label or self.label(name))
        if self.role(name) == "combobox":
            self._pick(field, value)
        else:
            self.person.press(value)
        self.person.wait(lambda: field.get_attribute("value") == value, f"{value!r} in {name}")

    def _pick(self, field, value):
        """Opens the list and goes down it to a value; one that is not listed is typed."""
        person = self.person
        person.press(Keys.ARROW_DOWN)
        listed = person.wait(
            lambda: [line.accessible_name for line in person.all("option", within=person.get("listbox"))], "the list"
        )
        whole = re.compile(rf"(?<![\w.-]){re.escape(value)}(?![\w.-])")
        if not any(whole.search(name) for name in listed):
            person.press(Keys.ESCAPE)
            person.press(value, Keys.ESCAPE)
            return
        for _ in listed:
            if whole.search(self._active(field)):
                break
            person.press(Keys.ARROW_DOWN)
        person.press(Keys.ENTER)

    def _active(self, field):
        """What is said of the line that the keys are on."""

        def line():
            identity = field.get_attribute("aria-activedescendant")
            element = identity and self.person.driver.execute_script(
                "return document.getElementById(arguments[0])", identity
            )
            return element and element.accessible_name

        return self.person.wait(line, "a line that the keys are on")

    def _select_by_keys(self, name, value):
        choices = self._find(self._operation["fields"], name)["kind"]["choices"]
        title = next(choice["title"][self.language] for choice in choices if choice["value"] == value)
        field = self._reach("combobox", self.label(name))
        for _ in range(len(choices) + 1):
            if title in self._chosen(field):
                return
            self.person.press(Keys.ARROW_DOWN)
        raise AssertionError(f"{name} has no {title!r}: {self._chosen(field)!r}")

    def _chosen(self, field):
        return self.person.driver.execute_script("return arguments[0].selectedOptions[0]?.text || ''", field)

    def _rows_by_keys(self, name, rows):
        for number, row in enumerate(rows, 1):
            self._reach("button", self.words["add_row"].format(self.label(name)))
            self.person.press(Keys.ENTER)
            for member, value in row.items():
                label = self.words["cell"].format(self.label(member), self.label(name), number)
                self.person.get(self.role(member), label)
                self._text_by_keys(member, value, label)

    def _earliest_by_keys(self, name, value):
        self._reach("button", self.words["use_time"])
        self.person.press(Keys.ENTER)
        self.person.gone("button", self.words["use_time"])

    def _reach(self, role, name):
        """The element with Tab, unless the focus is on it already."""

        def focus():
            element = self.person.focused()
            return element, (element.aria_role, element.accessible_name)

        element, (found_role, found) = self.person.wait(focus, "the focus")
        return element if (found_role, found) == (role, name) else self.person.tab_to(role, name)

    def review(self):
        """From the form to the review."""
        self.person.click("button", self.words["review_button"])
        self.person.wait(lambda: self.person.path.startswith("/plans/"), "the review")
        self.person.get("heading", self.words["confirm_head"])
        return self

    @property
    def plan(self):
        """The plan on the screen, as the server has it."""
        identity = self.person.path.split("/")[2].split("?")[0]
        return self.console.get(f"/api/plans/{identity}")

    def confirm_button(self):
        """The button that starts it; it names the profile."""
        return self.person.get("button", re.compile(re.escape(self.journey.profile)), within="main")

    def give_what_it_needs(self):
        """Types the instance id, accepts the unknown cost, gives a reason: as far as the plan asks for it."""
        plan = self.plan
        if plan["needs"]["instance_id"]:
            self.person.type("textbox", self.words["type_instance"], plan["review"]["instance"])
        if plan["needs"]["accept_unknown_cost"]:
            self.person.click("checkbox", self.words["accept_cost"])
        if plan["needs"]["reason"]:
            self.person.type("textbox", self.words["reason"], "tried in a test")
        self.person.wait(lambda: self.confirm_button().is_enabled(), "the button to open")
        return self

    def confirm(self):
        """Confirms, and is on the run's page."""
        self.press_confirm()
        self.arrive_at_run()
        return self

    def press_confirm(self):
        """Presses the button that starts it."""
        self.person.click("button", re.compile(re.escape(self.journey.profile)), within="main")

    def arrive_at_run(self):
        """Waits for the run's page."""
        self.person.wait(lambda: self.person.path.startswith("/runs/"), "the page of the run")

    @property
    def run(self):
        """The run on the screen, as the server has it."""
        return self.console.get("/api/runs/" + self.person.path.split("/")[2].split("?")[0])

    def answered(self):
        """The run once the cloud's answer is there."""

        def there():
            run = self.run
            return run if run["answer"] else None

        return self.person.wait(there, "the cloud's answer")

    def changes_at_the_cloud(self):
        """The changing calls that reached the clouds."""
        return [call for call in self.console.clouds.calls() if call["changing"]]

    def problems(self):
        """The summary of what is wrong, once it has the focus."""

        def summary():
            heading = self.person.get("heading", self.words["problem"])
            focused = self.person.focused()
            inside = self.person.driver.execute_script("return arguments[0].contains(arguments[1])", focused, heading)
            return focused if inside and focused.tag_name != "body" else None

        return self.person.wait(summary, "the focus on the summary of what is wrong")

    def press_enter(self):
        """Enter, wherever the focus is."""
        self.person.press(Keys.ENTER)
