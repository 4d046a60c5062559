"""Filling a form from the clouds' own lists: by keyboard, with what cannot be chosen, with a list that fails, among thousands."""

import re

import pytest
from journeys import JOURNEYS, Walk
from selenium.webdriver.common.keys import Keys
from support import instances

NEST, BSS, KAFKA, CBH, AAD = JOURNEYS


def lines(person):
    """The lines of the list that is open, as a screen reader meets them."""
    return person.all("option", within=person.get("listbox"))


def names(person):
    """Their accessible names."""
    return [line.accessible_name for line in lines(person)]


def wait_for_lines(person, condition=bool):
    """Waits until the open list is read and holds what is wanted."""
    return person.wait(lambda: (found := names(person)) and condition(found) and found, "the lines of the list")


def active(person, field):
    """The line that the keys have moved to."""
    identity = field.get_attribute("aria-activedescendant")
    return person.driver.execute_script("return document.getElementById(arguments[0])", identity) if identity else None


def go_to(person, field, wanted):
    """Presses the arrow until it is on a line with these words."""
    for _ in range(200):
        line = person.wait(lambda: active(person, field), "a line that the keys are on")
        if wanted in line.accessible_name:
            return line
        field.send_keys(Keys.ARROW_DOWN)
    raise AssertionError(f"no line {wanted!r}")


def open_list(person, field):
    """Opens the list with the keyboard; the first line is the one that the keys are on."""
    field.send_keys(Keys.ARROW_DOWN)
    person.wait(lambda: field.get_attribute("aria-expanded") == "true", "an open list")
    wait_for_lines(person)


def value(field):
    """What stands in a field."""
    return field.get_attribute("value")


def test_an_instance_is_found_with_the_keyboard_alone(walk):
    person = walk.person
    walk.open_form()
    label = walk.label(walk.journey.instance_field)
    field = person.tab_to("combobox", label)
    assert field.get_attribute("aria-expanded") == "false"
    open_list(person, field)
    assert person.get("listbox").accessible_name == f"Choices for {label}"
    assert len(lines(person)) <= 20
    # Every line tells the condition of its instance.
    assert all(re.search(r"Status|Not available", name) for name in names(person)), names(person)
    line = go_to(person, field, walk.journey.instance)
    assert line.get_attribute("aria-selected") == "true"
    assert line.get_attribute("aria-disabled") is None
    assert person.focused() == field, "the focus stays in the input"
    field.send_keys(Keys.ENTER)
    assert value(field) == walk.journey.instance
    person.gone("listbox")
    assert field.get_attribute("aria-expanded") == "false"
    assert person.path.startswith("/flows/"), "Enter chose a line and sent nothing"


def test_the_keys_of_the_pattern(person, console):
    walk = Walk(person, console, KAFKA).open_form()
    field = walk.field("InstanceId")
    field.send_keys(Keys.ALT, Keys.ARROW_DOWN, Keys.NULL)
    found = wait_for_lines(person)
    assert active(person, field) is None, "Alt and the arrow only open it"
    field.send_keys(Keys.ARROW_DOWN)
    person.wait(lambda: active(person, field).accessible_name == found[0], "the first line")
    field.send_keys(Keys.END)
    person.wait(lambda: active(person, field).accessible_name == found[-1], "the last line")
    field.send_keys(Keys.HOME)
    person.wait(lambda: active(person, field).accessible_name == found[0], "the first line")
    field.send_keys(Keys.ARROW_UP)
    person.wait(lambda: active(person, field).accessible_name == found[-1], "the last line, around the end")
    field.send_keys(Keys.ESCAPE)
    person.gone("listbox")
    assert value(field) == ""
    person.click("button", "Show the choices for Instance")
    wait_for_lines(person)
    person.wait(lambda: person.focused() == field, "the focus in the input")
    field.send_keys(Keys.TAB)
    person.gone("listbox")
    assert value(field) == "", "leaving chooses nothing"


def test_what_cannot_be_upgraded_is_listed_with_its_reason_and_cannot_be_chosen(person, console):
    for journey, instance, reason in (
        (NEST, instances.SERVICE_UPGRADING, "upgrading"),
        (BSS, instances.FIREWALL_EXPIRED, "expired"),
        (KAFKA, instances.KAFKA_STOPPED, "stopped"),
        (CBH, instances.BASTION_FROZEN, "(?i)frozen"),
        (AAD, instances.SHIELD_FROZEN, "frozen"),
    ):
        walk = Walk(person, console, journey).open_form()
        field = walk.field(journey.instance_field)
        open_list(person, field)
        line = go_to(person, field, instance)
        assert line.get_attribute("aria-disabled") == "true"
        said = line.accessible_name.split("Not available.", 1)
        assert len(said) == 2 and re.search(reason, said[1]), line.accessible_name
        field.send_keys(Keys.ENTER)
        assert value(field) == "", "it cannot be chosen"
        assert field.get_attribute("aria-expanded") == "true"
        person.reads("cannot be chosen")
        line.click()
        assert value(field) == ""


def test_typing_asks_the_cloud_and_what_is_typed_stays_the_value(person, console):
    walk = Walk(person, console, KAFKA).open_form()
    field = walk.field("InstanceId")
    field.send_keys("stopped")
    wait_for_lines(person, lambda found: len(found) == 1 and instances.KAFKA_STOPPED in found[0])
    assert value(field) == "stopped"
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(Keys.NULL, "no-such-instance")
    person.reads("Nothing in the list matches “no-such-instance”")
    assert field.get_attribute("aria-expanded") == "false", "nothing is shown that could be chosen"
    field.send_keys(Keys.TAB)
    assert value(field) == "no-such-instance"


def test_a_row_fills_every_field_that_it_knows(person, console):
    walk = Walk(person, console, BSS).open_form()
    field = walk.field("InstanceId")
    open_list(person, field)
    go_to(person, field, instances.FIREWALL)
    field.send_keys(Keys.ENTER)
    person.wait(lambda: value(walk.field("ProductCode")) == "vipcloudfw", "the product code")
    assert value(walk.field("ProductType")) == "vipcloudfw"
    person.reads("Also filled in")
    # Modules and their values come from the pricing of that product, inside rows too.
    title = walk.label("Parameter")
    person.click("button", walk.words["add_row"].format(title))
    code = person.get("combobox", walk.words["cell"].format(walk.label("Code"), title, 1))
    open_list(person, code)
    go_to(person, code, "IpNumber")
    code.send_keys(Keys.ENTER)
    person.wait(lambda: value(code) == "IpNumber", "the module")
    number = person.get("combobox", walk.words["cell"].format(walk.label("Value"), title, 1))
    open_list(person, number)
    chosen = person.wait(lambda: active(person, number), "the line that the keys are on").accessible_name
    number.send_keys(Keys.ENTER)
    assert value(number) and value(number) in chosen
    # The arrows with Alt still move the row.
    person.click("button", walk.words["add_row"].format(title))
    person.focus_within(person.get("combobox", walk.words["cell"].format(walk.label("Code"), title, 2)))
    person.press_with(Keys.ALT, Keys.ARROW_UP)
    person.wait(
        lambda: value(person.get("combobox", walk.words["cell"].format(walk.label("Code"), title, 2))) == "IpNumber",
        "the row in its new place",
    )


def test_targets_follow_the_instance_and_none_is_below_it(person, console):
    walk = Walk(person, console, KAFKA).open_form()
    walk.type("InstanceId", instances.KAFKA_OLD)
    target = walk.field("TargetVersion")
    open_list(person, target)
    of_old = {line.accessible_name: line.get_attribute("aria-disabled") for line in lines(person)}
    assert any("2.2.0" in name and state is None for name, state in of_old.items()), of_old
    target.send_keys(Keys.ESCAPE)
    # Another instance, another list.
    walk.type("InstanceId", instances.KAFKA_LATEST_MINOR)
    open_list(person, target)
    line = go_to(person, target, "0.10.2")
    assert line.get_attribute("aria-disabled") == "true"
    assert "below" in line.accessible_name
    target.send_keys(Keys.ENTER)
    assert value(target) == ""
    assert "minor update" in next(name for name in names(person) if name.startswith("2.2.0"))
    target.send_keys(Keys.ESCAPE)
    # A version that this console has not heard of can be typed.
    walk.type("TargetVersion", "9.9.9")
    assert value(target) == "9.9.9"
    target.send_keys(Keys.TAB)
    assert target.get_attribute("aria-invalid") is None


def test_a_list_that_fails_leaves_typing_usable_and_can_be_asked_again(walk):
    person = walk.person
    walk.open_form()
    walk.console.clouds.scenario("lists_fail")
    label = walk.label(walk.journey.instance_field)
    field = walk.field(walk.journey.instance_field)
    field.send_keys(Keys.ARROW_DOWN)
    alert = person.wait(lambda: next(iter(person.all("alert", within="main")), None), "the error beside the picker")
    assert "could not be read" in person.text(alert) and "HTTP 500" in person.text(alert)
    walk.console.clouds.scenario("normal")
    again = person.tab_to("button", f"Try again to read the choices for {label}", most=3)
    again.send_keys(Keys.ENTER)
    wait_for_lines(person)
    person.wait(lambda: person.focused() == field, "the focus in the input")
    person.gone("alert")
    field.send_keys(Keys.ESCAPE)
    walk.console.clouds.scenario("lists_fail")
    walk.fill()
    walk.console.clouds.scenario("normal")
    walk.review()
    assert walk.plan["review"]["instance"] == walk.journey.instance


@pytest.mark.parametrize("journey", JOURNEYS, ids=str)
def test_ten_thousand_instances_stay_usable(person, console, journey):
    console.clouds.reset(crowd=10_000)
    walk = Walk(person, console, journey).open_form()
    field = walk.field(journey.instance_field)
    before = person.driver.execute_script("return document.getElementsByTagName('*').length")
    open_list(person, field)
    assert len(lines(person)) == 20
    first = names(person)
    person.click("button", "Show more")
    wait_for_lines(person, lambda found: len(found) == 40 and len(set(found)) == 40)
    # The arrow goes on to the lines after the last one, without a press on the button.
    field.send_keys(Keys.ARROW_DOWN, Keys.END, Keys.ARROW_DOWN)
    found = wait_for_lines(person, lambda found: len(found) == 60 and len(set(found)) == 60)
    person.wait(lambda: active(person, field).accessible_name == found[40], "the first of the new lines")
    assert found[:20] == first
    after = person.driver.execute_script("return document.getElementsByTagName('*').length")
    assert after - before < 60 * 20, "the page holds what was asked for"
    # Somebody in the middle of the crowd is found by typing.
    identity = max(found[50].split(), key=len)
    # The whole of it is as good as a choice: the list gets out of the way and says what was found.
    field.send_keys(identity)
    person.gone("listbox")
    assert value(field) == identity
    person.reads(f"{found[50].split()[0]} chosen")


def test_an_open_list_is_accessible_and_fits(person, console):
    for theme, language, width in (
        ("light", "en", 1280),
        ("dark", "en", 320),
        ("light", "zh-CN", 320),
        ("dark", "zh-CN", 1280),
    ):
        person.prefer(theme=theme, language=language, width=width, height=700)
        walk = Walk(person, console, KAFKA, language[:2]).open_form()
        field = walk.field("InstanceId")
        open_list(person, field)
        person.assert_accessible()
        person.assert_nothing_scrolls_sideways()
        field.send_keys(Keys.ENTER)
        person.assert_accessible()
        person.assert_nothing_scrolls_sideways()


def test_the_dry_run_comes_first_and_what_it_asks_for_becomes_fields(person, console):
    walk = Walk(person, console, NEST).open_form()
    walk.fill(instances.SERVICE_NEEDS_PARAMETERS)
    title = walk.label("Parameters")
    person.click("button", walk.words["add_row"].format(title))
    person.type("textbox", f"Name of {title} 1", "PayType")
    person.type("combobox", f"Value of {title} 1", "PostPaid").send_keys(Keys.ESCAPE)
    walk.review()
    step = person.get("region", "Dry run")
    confirm = walk.confirm_button()
    assert person.driver.execute_script(
        "return !!(arguments[0].compareDocumentPosition(arguments[1]) & Node.DOCUMENT_POSITION_FOLLOWING)", step, confirm
    ), "the dry run stands before the confirmation"
    assert not confirm.is_enabled()
    assert person.has("textbox", "Reason"), "without a passed dry run a reason is asked for"
    person.click("button", "Run the dry run")
    person.click("link", "Add these fields")
    person.wait(lambda: person.path.startswith("/flows/"), "the form")
    # The first field that is new has the focus; what was typed before is still there.
    person.wait(lambda: person.focused().accessible_name == f"Value of {title} 2", "the focus on the first new field")
    assert value(walk.field("ServiceInstanceId")) == instances.SERVICE_NEEDS_PARAMETERS
    rows = [value(person.get("textbox", f"Name of {title} {number}")) for number in (1, 2, 3)]
    assert rows == ["PayType", "EcsInstanceType", "InstancePassword"]
    assert value(person.get("combobox", f"Value of {title} 1")) == "PostPaid"
    assert value(person.get("combobox", f"Type of {title} 3")) == "secret"
    # Left empty, it is said where it is missing and in the summary, which leads there.
    person.get("textbox", f"Value of {title} 3").send_keys("Canary-9f3k-Passw0rd")
    missing = "Fill in EcsInstanceType; the dry run asked for it."
    person.click("button", walk.words["review_button"])
    person.click("link", missing)
    assert person.focused().accessible_name == f"Value of {title} 2"
    assert person.text().count(missing) == 2, "at the field and in the summary"
    # The cloud knows what it can be; what it is not to know is typed.
    server = person.get("combobox", f"Value of {title} 2")
    open_list(person, server)
    wanted = names(person)[0]
    server.send_keys(Keys.ENTER)
    assert value(server) == wanted.strip()
    walk.review()
    assert walk.plan["parameters"]["Parameters"]["EcsInstanceType"] == wanted.strip()
    person.click("button", "Run the dry run")
    person.reads("Passed")
    person.gone("textbox", "Reason")
    assert not any(call["applied"] for call in walk.changes_at_the_cloud())
    assert "Canary" not in person.driver.page_source


def test_a_run_without_a_passed_dry_run_leaves_its_reason_in_the_record(person, console):
    walk = Walk(person, console, NEST).open_form().fill().review()
    person.type("textbox", walk.words["type_instance"], instances.SERVICE)
    person.click("checkbox", walk.words["accept_cost"])
    assert not walk.confirm_button().is_enabled()
    person.type("textbox", "Reason", "the night shift knows this one")
    person.wait(lambda: walk.confirm_button().is_enabled(), "the button to open")
    walk.confirm()
    walk.answered()
    records = console.get("/api/records")["items"]
    assert any("the night shift knows this one" in str(record) for record in records)
