"""The simulated clouds as a server of their own, with the admin door that a presenter uses."""

from support.processes import Server, fetch


class Clouds:
    """`upgrade-proxy simulate` on two free ports."""

    def __init__(self, folder):
        self.server = Server(["simulate", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"], folder)
        self.url = self.server.wait_for(r"simulated clouds: (http://[\d.]+:\d+)")[1]
        self.admin = self.server.wait_for(r"admin: (http://[\d.]+:\d+)")[1]

    @property
    def address(self):
        """Host and port, as the SDKs want their endpoint."""
        return self.url.removeprefix("http://")

    def _post(self, path, body):
        status, _, answer = fetch(self.admin + path, body)
        assert status in (200, 204), f"POST {path} {body}: {status} {answer}"
        return answer

    def reset(self, crowd=None):
        """Instances, orders, scenario and clock as at the start; with a crowd of ordinary instances of each product."""
        self._post("/reset", {} if crowd is None else {"crowd": crowd})

    def advance(self, seconds):
        """Moves the life of instances on."""
        self._post("/clock", {"advance_seconds": seconds})

    def scenario(self, name):
        """Picks how the clouds misbehave; `normal` ends it."""
        self._post("/scenario", {"name": name})

    def calls(self):
        """Every call received, oldest first."""
        status, _, answer = fetch(self.admin + "/calls")
        assert status == 200, answer
        return answer["items"] if isinstance(answer, dict) else answer

    def stop(self):
        """Ends the server."""
        self.server.stop()
