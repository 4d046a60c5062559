"""A browser for all tests; a console with clouds of its own for each."""

import pytest
from journeys import JOURNEYS, Walk
from support.accounts import ALIBABA, HUAWEI
from support.browser import Person, start_chromium
from support.clouds import Clouds
from support.console import Console
from support.processes import ROOT

# Lines in the browser's log that a test causes on purpose: an answer of 4xx or 5xx, or none at all.
EXPECTED_LINES = ("Failed to load resource", "net::ERR_")

# The calls that make a cloud change something, by how their address ends, with the one kind of page that sends them.
HOMES = {"/runs": "plans", "/resend": "runs"}


def profiles(address):
    """The two profiles of the demo, at clouds whose list of calls can be read."""
    text = ""
    for name, cloud, region, account in (
        ("demo-alibaba", "alibaba", "cn-hangzhou", ALIBABA),
        ("demo-huawei", "huawei", "cn-north-4", HUAWEI),
    ):
        prefix = cloud.upper()
        text += f'[[profiles]]\nname = "{name}"\ncloud = "{cloud}"\nmode = "simulated"\nregion = "{region}"\n'
        text += "".join(f'{key} = "{account[key]}"\n' for key in ("project_id", "domain_id") if key in account)
        text += f'endpoint = "http://{address}"\n'
        text += f'credentials = {{ source = "env", access_key = "{prefix}_KEY", secret_key = "{prefix}_SECRET" }}\n'
    return text


ENVIRONMENT = {
    "ALIBABA_KEY": ALIBABA["access_key"],
    "ALIBABA_SECRET": ALIBABA["secret"],
    "HUAWEI_KEY": HUAWEI["access_key"],
    "HUAWEI_SECRET": HUAWEI["secret"],
}


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """One browser."""
    assert (ROOT / "dist" / "index.html").exists(), "the page is not built: make app"
    driver = start_chromium(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def clouds(tmp_path):
    """Clouds with nothing changed yet."""
    running = Clouds(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def console_at():
    """Starts a console whose profiles send to an address, with a folder of its own. Whoever starts it ends it."""
    return lambda address, folder, **more: Console(
        folder, profiles(address), demo=False, environment=ENVIRONMENT, **more
    )


@pytest.fixture
def console(tmp_path, clouds, console_at):
    """A console with nothing in it yet."""
    running = console_at(clouds.address, tmp_path)
    running.clouds = clouds
    yield running
    running.stop()


@pytest.fixture
def demo(tmp_path):
    """The console as `make run` serves it: the clouds are inside."""
    running = Console(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def meet(chromium):
    """Puts a person at a console. At the end: no fault of the page, nothing that its policy forbids, nobody else asked."""
    met = []

    def at(console, url=None, **preferences):
        somebody = Person(chromium, url or console.url)
        somebody.forget_origin()
        somebody.prefer(**{"width": 1280, "language": "en", "zone": "Europe/Berlin", **preferences})
        somebody.requests()
        somebody.sent_from.clear()
        somebody.browser_log()
        met.append(somebody)
        return somebody

    yield at
    for somebody in met:
        lines = [
            line
            for line in somebody.browser_log()
            if line["level"] == "SEVERE" and not any(words in line["message"] for words in EXPECTED_LINES)
        ]
        violations = somebody.violations()
        strangers = [
            address
            for _, address in somebody.requests()
            if not address.startswith((somebody.url + "/", f"blob:{somebody.url}/", "data:", "about:"))
        ]
        changing = [
            (address, page)
            for method, address, page in somebody.sent_from
            for ending, home in HOMES.items()
            if method == "POST" and address.endswith(ending) and f"{somebody.url}/{home}/" not in page
        ]
        somebody.forget_preferences()
        chromium.get("about:blank")
        assert lines == []
        assert violations == []
        assert strangers == []
        assert changing == [], "a changing call left from another page than its own"


@pytest.fixture
def person(meet, console):
    """A person at the console."""
    return meet(console)


@pytest.fixture(params=JOURNEYS, ids=str)
def walk(request, person, console):
    """The person on each of the five journeys, in English."""
    return Walk(person, console, request.param)
