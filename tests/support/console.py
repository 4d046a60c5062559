"""The console's server, `upgrade-proxy serve`, as the browser or a machine client sees it."""

import re

from support.processes import Server, fetch

# People do not click as fast as tests do.
LIMITS = """
[limits]
reads_per_minute = 1000000000
changes_per_minute = 1000000000
previews_per_minute = 1000000000
"""


class Console:
    """A server on a free port, with a folder of its own for whatever it keeps."""

    def __init__(
        self,
        folder,
        profiles="",
        demo=True,
        listen="127.0.0.1:0",
        top="",
        environment=None,
        limits="",
        tables="",
        arguments=(),
    ):
        self.folder = folder
        self.config = folder / "console.toml"
        # TOML wants the keys that belong to no table first.
        self.config.write_text(f"{top}\n{'' if demo else profiles}\n{LIMITS}{limits}\n{tables}")
        self._arguments = ["serve", "--config", str(self.config), *(["--demo"] if demo else []), *arguments]
        self._environment = environment
        # What a machine client has to send besides, e.g. its session at a portal in front.
        self.headers = {}
        self._start(listen)

    def _start(self, listen):
        self.server = Server([*self._arguments, "--listen", listen], self.folder, self._environment)
        self.url = self.server.wait_for(r"Upgrade Console: (http://[\d.]+:\d+\S*)/\n")[1]

    @property
    def address(self):
        """Host and port."""
        return re.match(r"http://([\d.]+:\d+)", self.url)[1]

    def restart(self):
        """A new process at the same address, after `kill` or `stop`."""
        self._start(self.address)

    def stop(self):
        """Ends the server."""
        self.server.stop()

    def call(self, path, body=None, method=None, headers=None):
        """One call of the HTTP API by a machine client: status and parsed body."""
        given = {"X-Upgrade-Console": "1", "Accept-Language": "en", **self.headers, **(headers or {})}
        status, _, answer = fetch(self.url + path, body, method, given)
        return status, answer

    def get(self, path):
        """A read that must succeed."""
        status, answer = self.call(path)
        assert status == 200, f"GET {path}: {status} {answer}"
        return answer

    def plan(self, operation, profile, parameters, **more):
        """Makes a plan."""
        body = {"operation": operation, "profile": profile, "parameters": parameters, **more}
        status, answer = self.call("/api/plans", body)
        assert status == 201, f"{status} {answer}"
        return answer

    def confirm(self, plan, secrets=None, **confirmation):
        """Confirms a plan with all that it needs; the run as it is then."""
        needs = plan["needs"]
        given = {}
        if needs["instance_id"]:
            given["instance_id"] = instance_of(plan["parameters"])
        if needs["accept_unknown_cost"]:
            given["accept_unknown_cost"] = True
        if needs["reason"]:
            given["reason"] = "a test"
        body = {"payload_hash": plan["payload_hash"], "confirmation": {**given, **confirmation}}
        if secrets:
            body["secrets"] = secrets
        status, answer = self.call(f"/api/plans/{plan['id']}/runs", body)
        assert status in (200, 201), f"{status} {answer}"
        return answer

    def scenario(self, name):
        """Picks how the built-in clouds misbehave."""
        status, answer = self.call("/api/simulator/scenario", {"name": name})
        assert status == 200, answer

    def advance(self, seconds):
        """Moves the built-in clouds' clock."""
        status, answer = self.call("/api/simulator/clock", {"advance_seconds": seconds})
        assert status == 200, answer


def instance_of(parameters):
    """The id of the instance among the parameters, whatever the vendor calls it."""
    names = ("ServiceInstanceId", "InstanceId", "server_id", "instance_id")
    return next(parameters[name] for name in names if name in parameters)
