"""Starts the project's server and follows what it prints."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
SERVER = TARGET / "debug" / "upgrade-proxy"

# No test waits for the network, only for processes on this machine; a busy machine can still be slow to start one.
START_SECONDS = 60


class Server:
    """One running upgrade-proxy. What it prints is kept, for the wait at the start and for what tests look for."""

    def __init__(self, arguments, folder, environment=None):
        assert SERVER.exists(), f"{SERVER.name} is not built: cargo build -p upgrade-proxy"
        self.arguments = arguments
        self._lines = []
        self._changed = threading.Condition()
        # Only what a process needs to run: no key of the person who runs the tests can reach the server.
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [SERVER, *arguments],
            cwd=folder,
            env={**inherited, "XDG_STATE_HOME": str(folder), "RUST_BACKTRACE": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._changed:
                self._lines.append(line)
                self._changed.notify_all()
        with self._changed:
            self._lines.append("")
            self._changed.notify_all()

    @property
    def output(self):
        """Everything printed so far, standard output and error together."""
        with self._changed:
            return "".join(self._lines)

    def wait_for(self, pattern):
        """The first match of a pattern in what is printed; fails with the output when the server ends without it."""

        def found():
            match = re.search(pattern, "".join(self._lines))
            ended = bool(self._lines) and self._lines[-1] == ""
            return match or (ended and "ended")

        with self._changed:
            match = self._changed.wait_for(found, START_SECONDS)
        assert match and match != "ended", (
            f"upgrade-proxy {' '.join(self.arguments)} did not print {pattern!r}:\n{self.output}"
        )
        return match

    def stop(self):
        """Asks it to end, as a service manager does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join()

    def kill(self):
        """Ends it with no chance to tidy up, as a power cut does."""
        self.process.kill()
        self.process.wait()
        self._reader.join()


# Loopback never goes through a proxy that the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch(url, body=None, method=None, headers=None, timeout=60):
    """One HTTP exchange: status, headers, and the body, parsed when it is JSON. Never raises for a status."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method or ("POST" if body is not None else "GET"))
    if body is not None:
        request.add_header("Content-Type", "application/json")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    try:
        answer = _opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        text = answer.read().decode("utf-8", "replace")
        kind = answer.headers.get("Content-Type", "")
        parsed = json.loads(text) if "json" in kind and "jsonl" not in kind and text else text
        return answer.status, answer.headers, parsed


def free_port():
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for_port(url):
    """Waits until somebody listens at an address."""
    host, port = url.removeprefix("http://").rsplit(":", 1)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, f"nobody listens at {url}"
            time.sleep(0.02)
