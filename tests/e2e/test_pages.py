"""Every page, in both themes and both languages: readable by everyone, at any width, with nothing to give away."""

import re

import pytest
from journeys import JOURNEYS, Walk
from selenium.webdriver.common.keys import Keys
from support import instances
from support.words import LANGUAGES


@pytest.fixture
def pages(console):
    """Addresses of every page, with something to see on each: forms, a plan, runs that ended in different ways."""
    plan = console.plan(
        "cbh.UpgradeInstance", "demo-huawei", {"server_id": instances.BASTION, "upgrade_time": 4_000_000_000_000}
    )

    def run(scenario, instance):
        console.clouds.scenario(scenario)
        made = console.plan(
            "computenestsupplier.UpgradeServiceInstance",
            "demo-alibaba",
            {"RegionId": "cn-hangzhou", "ServiceInstanceId": instance, "ServiceVersion": "2"},
        )
        return console.confirm(made)["id"]

    runs = [
        run("normal", instances.SERVICE),
        run("no_permission", instances.SERVICE_NEEDS_ZONE),
        run("cut", instances.SERVICE_UPGRADE_FAILS),
    ]
    console.clouds.scenario("normal")
    return [
        "/",
        *(f"/flows/{journey.operation}" for journey in JOURNEYS),
        f"/plans/{plan['id']}",
        *(f"/runs/{identity}" for identity in runs),
        "/runs",
        "/no/such/page",
        "/plans/none",
        "/runs/none",
        "/flows/none",
    ]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(person, pages, theme, language):
    person.prefer(theme=theme, language=language)
    for path in pages:
        person.open(path)
        person.settle()
        assert person.driver.execute_script("return document.documentElement.lang") == language
        person.assert_accessible()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_axe_finds_nothing_serious_in_a_form_with_errors(person, console, language):
    person.prefer(language=language)
    words = LANGUAGES[language[:2]]
    for journey in JOURNEYS:
        Walk(person, console, journey, language[:2]).open_form()
        person.click("button", words["review_button"])
        person.get("heading", words["problem"])
        person.assert_accessible()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_but_code_scrolls_sideways(person, pages, width):
    person.prefer(width=width)
    for path in pages:
        person.open(path)
        person.settle()
        person.assert_nothing_scrolls_sideways()


def test_a_filled_form_fits_into_320_pixels(person, console):
    person.prefer(width=320, height=640)
    for journey in JOURNEYS:
        walk = Walk(person, console, journey).open_form().fill()
        person.assert_nothing_scrolls_sideways()
        walk.review()
        person.assert_nothing_scrolls_sideways()
        walk.give_what_it_needs().confirm()
        walk.answered()
        person.assert_nothing_scrolls_sideways()


def test_every_page_has_its_own_title_and_heading(person, pages):
    titles = {}
    for path in pages:
        person.open(path)
        person.settle()
        heading = person.heading()
        assert heading
        assert person.title.endswith(": Upgrade Console")
        titles.setdefault(person.title, []).append(path)
    found = {path.rsplit("/", 1)[0] for path in pages if path.endswith("/none")}
    shared = {title: paths for title, paths in titles.items() if len(paths) > 1}
    # Pages that do not exist may say so in the same words.
    assert all(
        all(path.rsplit("/", 1)[0] in found or path == "/no/such/page" for path in paths) for paths in shared.values()
    ), shared


def test_home_lists_the_five_and_the_filter_finds_one(person, console):
    person.open("/")
    operations = console.get("/api/operations")["items"]
    assert len(operations) == 5
    for operation in operations:
        person.get("link", operation["title"]["en"])
    person.type("searchbox", "Filter operations", "kafka")
    person.wait(
        lambda: len([o for o in operations if person.has("link", o["title"]["en"], within="main")]) == 1,
        "one operation",
    )
    person.click("link", re.compile("Kafka"), within="main")
    person.wait(lambda: person.path.startswith("/flows/alikafka."), "the form")
    person.wait(lambda: person.focused().aria_role == "heading", "the focus on the heading of the new page")


def test_a_language_and_a_theme_that_are_chosen_stay(person, console):
    person.open("/flows/alikafka.UpgradeInstanceVersion")
    person.type("combobox", "Instance", "typed by hand")
    person.click("button", "中文")
    person.wait(lambda: person.driver.execute_script("return document.documentElement.lang") == "zh-CN", "Chinese")
    assert person.get("combobox", "实例").get_attribute("value") == "typed by hand"
    assert "alikafka.UpgradeInstanceVersion" in person.text()
    person.click("button", re.compile("^主题"))
    chosen = person.driver.execute_script("return document.documentElement.dataset.theme")
    assert chosen in ("light", "dark")
    person.reload()
    assert person.driver.execute_script(
        "return [document.documentElement.lang, document.documentElement.dataset.theme]"
    ) == ["zh-CN", chosen]


def test_mode_and_account_stand_on_every_page(person, pages):
    for path in pages:
        person.open(path)
        person.settle()
        for words in ("simulated", "demo-"):
            person.wait(
                lambda words=words: words in person.text(person.get("region", "Mode and account")).lower(),
                f"{words} in the band of {path}",
            )


def test_the_palette_opens_and_gives_the_focus_back(person, console):
    person.open("/")
    person.type("searchbox", "Filter operations", "")
    before = person.focused()
    person.press_with(Keys.CONTROL, "k")
    person.wait(lambda: person.focused().aria_role == "combobox", "the palette")
    person.press(Keys.ESCAPE)
    person.wait(lambda: person.focused() == before, "the focus where it was")
    person.press_with(Keys.CONTROL, "k")
    person.wait(lambda: person.focused().aria_role == "combobox", "the palette")
    person.press("bastion")
    person.wait(lambda: person.has("option", re.compile("(?i)bastion")), "the operation in the palette")
    person.press(Keys.ENTER)
    person.wait(lambda: person.path.startswith("/flows/cbh."), "the form of the bastion host")


def test_nothing_moves_for_those_who_asked(person, pages):
    person.prefer(motion="reduce")
    for path in pages[:9]:
        person.open(path)
        person.settle()
        moving = person.driver.execute_script(
            "return document.getAnimations().filter((a) => a.playState === 'running' && a.effect.getComputedTiming().duration > 10).length"
        )
        assert moving == 0, path


def test_without_a_network_the_draft_stays_and_nothing_can_be_confirmed(person, console):
    walk = Walk(person, console, JOURNEYS[2]).open_form().fill().review().give_what_it_needs()
    person.driver.execute_cdp_cmd("Network.enable", {})
    person.driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    person.reads("No network")
    person.wait(lambda: not walk.confirm_button().is_enabled(), "a closed button")
    person.driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    person.wait(lambda: walk.confirm_button().is_enabled(), "an open button")
