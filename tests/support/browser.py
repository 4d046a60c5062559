"""A person at a browser: finds things by role and name, as a screen reader does; never by class, place or id.

Roles and names come from Chromium's accessibility tree, so that what a test can find, assistive technology can too.
"""

import json
import os
import re
import shutil
import time
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

# A test gives up after this; nothing waits this long when all is well, on however slow a machine.
PATIENCE_SECONDS = 60
TICK_SECONDS = 0.04

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--lang=en-US",
]

# Chromium takes the language of its own controls, e.g. of fields for times, from here; `--lang` is not asked on Linux.
LANGUAGE = {"LANGUAGE": "en_US", "LC_ALL": "en_US.UTF-8"}

# Runs before the page's own code: keeps what the page's rules forbade, for the end of the test.
WATCH = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.__violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""


# A sentence of the server with its instants as the page tells them in English: on the person's clock, and in UTC.
TELL = r"""
return arguments[0].replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (instant) => {
  const on = (timeZone, timeZoneName) => new Date(instant).toLocaleString("en-GB", {
    year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    timeZone, timeZoneName,
  });
  const [mine, utc] = [on(undefined, "shortOffset"), on("UTC", "short")];
  const [[day], [utcDay, utcTime]] = [mine.split(", "), utc.split(", ")];
  return `${mine} (${day === utcDay ? utcTime : utc})`;
});
"""


def axe_source():
    """The accessibility checker's script."""
    tools = os.environ.get("UPGRADE_CONSOLE_TOOLS") or Path(os.environ["HOME"], ".cache", "upgrade-console", "tools")
    return Path(tools, "npm", "node_modules", "axe-core", "axe.min.js").read_text()


def start_chromium(profile):
    """A browser with an empty profile."""
    options = webdriver.ChromeOptions()
    for flag in FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={profile}")
    binary = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if binary:
        options.binary_location = binary
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = Service(os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver"), env={**os.environ, **LANGUAGE})
    driver = webdriver.Chrome(options=options, service=service)
    # The accessibility checker takes its time on a busy machine.
    driver.set_script_timeout(2 * PATIENCE_SECONDS)
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    return driver


def same(one, other):
    """Whether two names are the same to a listener, who hears no spaces."""
    return "".join(one.split()) == "".join(other.split())


class Absent(AssertionError):
    """What was looked for did not come."""


class Person:
    """One person with one browser, at one console."""

    def __init__(self, driver, url):
        self.driver = driver
        self.url = url
        # Method and address of every request that was read from the log, with the page that it left from.
        self.sent_from = []

    # Going

    def open(self, path="/"):
        """A cold start at an address: nothing of the page is left from before."""
        self.driver.get("about:blank")
        self.driver.get(self.url + path)
        self.wait(lambda: self.heading())
        return self

    def reload(self):
        """Loads the same address again."""
        self.driver.refresh()
        self.wait(lambda: self.heading())

    @property
    def path(self):
        """Where the person is, below the console's address."""
        return self.driver.current_url.removeprefix(self.url)

    @property
    def title(self):
        """The title of the window."""
        return self.driver.title

    def heading(self):
        """The text of the page's one h1, or nothing while it is not there."""
        found = self.all("heading", within="main", level=1)
        return found[0].text.strip() if found else ""

    # Waiting

    def wait(self, condition, what=None):
        """Waits until a condition holds; gives what it gave. Says what is on the page when it never does."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if result := condition():
                    return result
            except (StaleElementReferenceException, Absent):
                # The page was drawn anew while it was read.
                pass
            except (ElementClickInterceptedException, ElementNotInteractableException):
                # What came meanwhile has pushed it to another place.
                pass
            except WebDriverException as error:
                if not any(words in str(error) for words in ("node", "context", "navigated")):
                    raise
            if time.monotonic() > deadline:
                raise Absent(
                    f"{what or 'the condition'} did not come at {self.driver.current_url}. The page:\n{self.outline()}"
                )
            # The browser tells nobody about every change of its tree, so it is asked again, many times a second.
            time.sleep(TICK_SECONDS)

    def settle(self):
        """Waits until the page has what it reads from the server."""
        self.wait(
            lambda: (
                not self.driver.execute_script("return document.querySelector('[aria-busy=true]')")
                and not re.search(r"^(Reading|正在读取)", self.text(), re.M)
            ),
            "the end of reading",
        )

    # Finding

    def _query(self, role):
        """Elements and names of a role in the whole page, in the page's order."""
        cdp = self.driver.execute_cdp_cmd
        document = cdp("Runtime.evaluate", {"expression": "document"})["result"]["objectId"]
        nodes = cdp("Accessibility.queryAXTree", {"objectId": document, "role": role})["nodes"]
        found = []
        for node in nodes:
            if node.get("ignored") or "backendDOMNodeId" not in node:
                continue
            level = next((p["value"]["value"] for p in node.get("properties", []) if p["name"] == "level"), None)
            found.append((node["backendDOMNodeId"], node.get("name", {}).get("value", ""), level))
        return found

    def _element(self, backend):
        """The WebDriver element of a node of the tree."""
        cdp = self.driver.execute_cdp_cmd
        resolved = cdp("DOM.resolveNode", {"backendNodeId": backend})["object"]["objectId"]
        cdp(
            "Runtime.callFunctionOn",
            {
                "objectId": resolved,
                "functionDeclaration": "function () { window.__found = this.nodeType === 1 ? this : this.parentElement; }",
            },
        )
        return self.driver.execute_script("const found = window.__found; delete window.__found; return found;")

    def all(self, role, name=None, within=None, level=None):
        """Every element of a role, now. The name is exact text or a compiled expression that is searched for; `within` is
        a role or an element."""
        # In a list, because none is an answer, too; read anew when the page is drawn anew in between.
        [found] = self.wait(lambda: [self._all(role, name, within, level)])
        return found

    def _all(self, role, name, within, level):
        matching = [
            backend
            for backend, found, found_level in self._query(role)
            if (name is None or (name.search(found) if isinstance(name, re.Pattern) else same(found, name)))
            and (level is None or found_level == level)
        ]
        elements = [self._element(backend) for backend in matching]
        if within is not None:
            container = self.get(within) if isinstance(within, str) else within
            elements = [
                element
                for element in elements
                if self.driver.execute_script("return arguments[0].contains(arguments[1])", container, element)
            ]
        return elements

    def get(self, role, name=None, within=None):
        """The one element of a role and name; waits for it."""

        def one():
            found = self.all(role, name, within)
            return found[0] if len(found) == 1 else None

        return self.wait(one, f"exactly one {role} {name.pattern if isinstance(name, re.Pattern) else name!r}")

    def has(self, role, name=None, within=None):
        """Whether there is one, now."""
        return bool(self.all(role, name, within))

    def gone(self, role, name=None):
        """Waits until there is none."""
        self.wait(lambda: not self.all(role, name), f"the end of {role} {name!r}")

    def text(self, element=None):
        """What can be read in an element, or on the whole page."""
        return self.driver.execute_script("return (arguments[0] || document.body).innerText", element)

    def told(self, sentence):
        """What the page makes of a sentence of the server's."""
        return self.driver.execute_script(TELL, sentence)

    def reads(self, *pieces):
        """Waits until the page says each of these."""
        for piece in pieces:
            self.wait(lambda piece=piece: self._said(piece), f"the words {piece!r}")

    def _said(self, piece):
        text = self.text()
        return piece.search(text) if isinstance(piece, re.Pattern) else piece in text

    def focused(self):
        """The element that has the focus."""
        return self.driver.switch_to.active_element

    def focus_within(self, element):
        """Waits until the focus is on an element or in it; gives what has it."""

        def inside():
            focused = self.focused()
            return self.driver.execute_script("return arguments[0].contains(arguments[1])", element, focused) and focused

        return self.wait(inside, "the focus in its place")

    def name_of(self, element):
        """Its accessible name."""
        return element.accessible_name

    def outline(self):
        """The tree as a screen reader meets it, for messages."""
        try:
            nodes = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        except WebDriverException as error:
            return f"(cannot be read: {error.msg})"
        quiet = {
            "none",
            "generic",
            "InlineTextBox",
            "StaticText",
            "ListMarker",
            "LineBreak",
            "paragraph",
            "strong",
            "listitem",
        }
        lines = []
        for node in nodes:
            role, name = node.get("role", {}).get("value", ""), node.get("name", {}).get("value", "")
            if not node.get("ignored") and role not in quiet:
                lines.append(f"  {role} {name!r}")
        return "\n".join(lines[:150])

    # Doing

    def type(self, role, name, text, within=None):
        """Replaces what is in a field."""

        def typed():
            field = self.get(role, name, within)
            field.send_keys(Keys.CONTROL, "a")
            field.send_keys(Keys.DELETE)
            field.send_keys(text)
            return field

        return self.wait(typed, f"a field {role} {name!r} to type in")

    def click(self, role, name, within=None):
        """Presses something."""

        def pressed():
            self.press_on(self.get(role, name, within))
            return True

        self.wait(pressed, f"a press on {role} {name!r}")

    def press_on(self, element):
        """Presses an element, in the middle of the window: a bar that sticks to the edge may lie over what is there."""
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        labels = self.driver.execute_script("return [...(arguments[0].labels || [])]", element)
        try:
            element.click()
        except ElementClickInterceptedException:
            # A label that is the whole row lies over its radio button; a person presses the row.
            if not labels:
                raise
            labels[0].click()

    def choose(self, name, option):
        """Chooses an option of a native select by its visible words (exact text, or an expression)."""
        select = self.get("combobox", name)
        options = self.driver.execute_script(
            "return [...arguments[0].options].map((option) => option.text.trim())", select
        )
        wanted = next(
            (text for text in options if (option.search(text) if isinstance(option, re.Pattern) else text == option)),
            None,
        )
        assert wanted is not None, f"{name!r} has no option {option!r}, only {options}"
        self.driver.execute_script(
            "const [select, text] = arguments;"
            "select.value = [...select.options].find((option) => option.text.trim() === text).value;"
            "select.dispatchEvent(new Event('input', {bubbles: true}));"
            "select.dispatchEvent(new Event('change', {bubbles: true}));",
            select,
            wanted,
        )

    def press(self, *keys):
        """Types keys wherever the focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def press_with(self, held, key):
        """Types a key while another is held down."""
        ActionChains(self.driver).key_down(held).send_keys(key).key_up(held).perform()

    def tab_to(self, role, name, most=150):
        """Presses Tab until the focus is on an element; fails when it never is. Every stop must be visible."""

        def is_there(_, found_role, found):
            return found_role == role and (
                name.search(found) if isinstance(name, re.Pattern) else same(found, name)
            )

        return self._tab_until(is_there, f"{role} {name!r}", most)

    def tab_into(self, container, most=150):
        """The same, until the focus is inside an element."""
        contains = "return arguments[0].contains(arguments[1])"
        return self._tab_until(
            lambda element, *_: self.driver.execute_script(contains, container, element),
            container.accessible_name,
            most,
        )

    def _tab_until(self, is_there, what, most):
        for _ in range(most):
            self.press(Keys.TAB)
            element, role, name = self.wait(self._focus, "the focus")
            if is_there(element, role, name):
                self.assert_focus_is_visible()
                return element
        raise AssertionError(f"{what} cannot be reached with Tab:\n{self.outline()}")

    def _focus(self):
        element = self.focused()
        return element, element.aria_role, element.accessible_name

    def assert_focus_is_visible(self):
        """The focused element is on the screen, has a ring or another mark, and nothing lies over it."""
        # What comes meanwhile may push it out for a moment.
        self.wait(lambda: all(self._seen()[name] for name in ("inside", "marked", "open")), "a focus that can be seen")

    def _seen(self):
        return self.driver.execute_script(
            """
            const element = document.activeElement;
            const box = element.getBoundingClientRect();
            const style = getComputedStyle(element);
            const ringed = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
            const x = box.left + Math.min(box.width, innerWidth) / 2, y = box.top + box.height / 2;
            const top = document.elementFromPoint(x, y);
            return {
              inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
              // A radio button's ring is around the row that it stands in.
              marked: ringed(style) || style.boxShadow !== 'none' || element.type === 'radio' && ringed(getComputedStyle(element.parentElement)),
              open: !top || element.contains(top) || top.contains(element) || (element.labels && [...element.labels].some((label) => label.contains(top))),
            };
            """
        )

    # Conditions of the browser

    def prefer(self, theme=None, motion=None, width=None, height=900, language=None, zone=None):
        """Sets what the system tells the page: colours, motion, size of the window, language, time zone."""
        cdp = self.driver.execute_cdp_cmd
        features = []
        if theme:
            features.append({"name": "prefers-color-scheme", "value": theme})
        if motion:
            features.append({"name": "prefers-reduced-motion", "value": motion})
        if features:
            cdp("Emulation.setEmulatedMedia", {"features": features})
        if width:
            cdp(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
            )
        if language:
            agent = self.driver.execute_script("return navigator.userAgent")
            cdp("Emulation.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": language})
        if zone:
            cdp("Emulation.setTimezoneOverride", {"timezoneId": zone})

    def forget_preferences(self):
        """Back to how the browser started."""
        cdp = self.driver.execute_cdp_cmd
        cdp("Emulation.setEmulatedMedia", {"features": []})
        cdp("Emulation.clearDeviceMetricsOverride", {})
        cdp("Emulation.setUserAgentOverride", {"userAgent": "", "acceptLanguage": ""})
        cdp("Emulation.setTimezoneOverride", {"timezoneId": ""})
        cdp(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
        )

    # Judging

    def assert_accessible(self):
        """Nothing serious or critical for axe-core."""
        if not self.driver.execute_script("return typeof axe === 'object'"):
            self.driver.execute_script(axe_source())
        result = self.driver.execute_async_script(
            "const done = arguments[0];"
            # Colours on their way from one to another are nobody's choice; what turns for ever is left turning.
            "const passing = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);"
            "Promise.allSettled(passing.map((one) => one.finished)).then(() =>"
            "axe.run(document, {resultTypes: ['violations']})).then((found) => done(found.violations), (error) => done(String(error)));"
        )
        assert isinstance(result, list), result
        bad = [
            f"{rule['impact']} {rule['id']}: {rule['help']}\n"
            + "\n".join(
                f"    {node['html'][:200]}  ({node.get('failureSummary', '')[:300]})" for node in rule["nodes"][:5]
            )
            for rule in result
            if rule["impact"] in ("serious", "critical")
        ]
        assert not bad, f"{self.driver.current_url}\n" + "\n".join(bad)

    def assert_nothing_scrolls_sideways(self):
        """Nothing but a `pre` is wider than the window."""
        wide = self.driver.execute_script(
            """
            const page = document.documentElement;
            const found = [];
            if (page.scrollWidth > innerWidth) found.push(`the page: ${page.scrollWidth} of ${innerWidth}`);
            for (const element of document.body.querySelectorAll('*')) {
              const box = element.getBoundingClientRect();
              const style = getComputedStyle(element);
              if (box.width === 0 || element.closest('pre') || style.position === 'fixed') continue;
              // What is there for screen readers alone is one pixel wide.
              if (box.width <= 1 && box.height <= 1) continue;
              if (['auto', 'scroll'].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
                found.push(`scrolls: ${element.outerHTML.slice(0, 150)}`);
              if (box.right > innerWidth + 1 && page.scrollWidth > innerWidth) found.push(`sticks out: ${element.outerHTML.slice(0, 150)}`);
            }
            // A word that is too long leaves its element as wide as it was.
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (page.scrollWidth > innerWidth && texts.nextNode()) {
              const range = document.createRange();
              range.selectNodeContents(texts.currentNode);
              if (range.getBoundingClientRect().right > innerWidth + 1 && !texts.currentNode.parentElement.closest('pre, .vh'))
                found.push(`text sticks out: ${texts.currentNode.parentElement.outerHTML.slice(0, 150)}`);
            }
            return found.slice(0, 8);
            """
        )
        assert not wide, (
            f"{self.driver.current_url} at {self.driver.execute_script('return innerWidth')} px:\n" + "\n".join(wide)
        )

    def forget_origin(self):
        """Takes away what an earlier console at the same address has left in the browser: ports come again."""
        origin = "/".join(self.url.split("/")[:3])
        self.driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})

    def storage(self):
        """Everything that the page has left in the browser."""
        return self.driver.execute_script(
            "return JSON.stringify({local: {...localStorage}, session: {...sessionStorage}, cookies: document.cookie})"
        )

    def browser_log(self):
        """Lines of the console of the browser since the last call."""
        return self.driver.get_log("browser")

    def requests(self):
        """Addresses that the browser asked for since the last call, with their methods."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                request = message["params"]["request"]
                found.append((request["method"], request["url"]))
                self.sent_from.append((request["method"], request["url"], message["params"]["documentURL"]))
        return found

    def violations(self):
        """What the Content-Security-Policy has forbidden on this page."""
        return self.driver.execute_script("return window.__violations || []")
