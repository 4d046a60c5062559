"""A portal: nginx in front of the console, with a login that names the person, as README.md says to set it up."""

import os
import re
import shutil
import socket
import subprocess

from support.processes import ROOT, fetch

PERSON = "li.ming"
EMAIL = "li.ming@example.com"
SESSION = "an-invented-session"
SECRET = "an-invented-secret-0123456789abcdef"
PATH = "/upgrade"


def readme_lines():
    """The lines for nginx that README.md gives an operator."""
    text = (ROOT / "README.md").read_text()
    found = re.search(r"^    location /oauth2/ \{\n(?:    .*\n|\n)*", text, re.M)
    assert found, "README.md has no lines for nginx"
    return found[0]


# In the place of oauth2-proxy: knows one session, and gives it to whoever starts a login.
LOGIN = """
    map $cookie_portal $person { default ""; "%(session)s" "%(person)s"; }
    map $cookie_portal $address { default ""; "%(session)s" "%(email)s"; }
    server {
        listen 127.0.0.1:%(login)s;
        location = /oauth2/auth {
            if ($person = "") { return 401; }
            add_header X-Auth-Request-User $person always;
            add_header X-Auth-Request-Email $address always;
            return 202;
        }
        location = /oauth2/start {
            add_header Set-Cookie "portal=%(session)s; Path=/; HttpOnly; SameSite=Lax";
            return 302 $arg_rd;
        }
    }
"""


class Portal:
    """nginx on two free ports: the portal, and the login behind it. `point_at` starts it."""

    def __init__(self, folder):
        self.folder = folder / "nginx"
        (self.folder / "logs").mkdir(parents=True)
        self.secret_file = folder / "portal-secret"
        self.secret_file.write_text(SECRET + "\n")
        self.secret_file.chmod(0o600)
        # Kept open and handed to nginx: nobody can take a port that was found free.
        self._listeners = [socket.create_server(("127.0.0.1", 0), backlog=511) for _ in range(2)]
        self.port, self._login = (listener.getsockname()[1] for listener in self._listeners)
        self.url = f"http://127.0.0.1:{self.port}"
        self._process = None

    def console_config(self):
        """Keys and tables for a console behind it."""
        return {
            "top": f'allowed_hosts = ["{self.url}"]',
            "tables": f'[identity]\nmode = "forwarded"\ntrusted_peers = ["127.0.0.1"]\n'
            f'secret = {{ source = "file", path = "{self.secret_file}" }}\n',
            "arguments": ["--base-path", PATH],
        }

    def point_at(self, console, leave_out=None):
        """Starts nginx in front of a console, without a line if one is named."""
        binary = shutil.which("nginx") or "/usr/sbin/nginx"
        included = self.folder / "secret.conf"
        included.write_text(f'proxy_set_header X-Upgrade-Console-Secret "{SECRET}";\n')
        lines = readme_lines()
        for told, real in (
            ("http://127.0.0.1:4180", f"http://127.0.0.1:{self._login}"),
            ("http://127.0.0.1:8080", f"http://{console.address}"),
            ("/etc/nginx/upgrade-console-secret.conf", str(included)),
        ):
            assert told in lines, f"the lines for nginx in README.md do not name {told}"
            lines = lines.replace(told, real)
        if leave_out:
            assert leave_out in lines, f"the lines for nginx in README.md do not have {leave_out}"
            lines = lines.replace(leave_out, "")
        values = {"session": SESSION, "person": PERSON, "email": EMAIL, "login": self._login}
        temporary = "".join(
            f"{name}_temp_path {self.folder}/{name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"{'user root;' if os.getuid() == 0 else ''} worker_processes 1; daemon off;"
            f"pid {self.folder}/nginx.pid; error_log {self.folder}/error.log;\n"
            f"events {{ worker_connections 256; }}\n"
            f"http {{ access_log off; {temporary}\n{LOGIN % values}\n"
            f"server {{ listen 127.0.0.1:{self.port};\n{lines}}}\n}}\n"
        )
        handed = [listener.fileno() for listener in self._listeners]
        self._process = subprocess.Popen(
            [binary, "-p", self.folder, "-c", self.folder / "nginx.conf"],
            # As when nginx is replaced by a newer one while it serves.
            env={**os.environ, "NGINX": "".join(f"{number};" for number in handed)},
            pass_fds=handed,
            stderr=subprocess.PIPE,
            text=True,
        )
        for listener in self._listeners:
            listener.close()
        for port in (self.port, self._login):
            try:
                # Whoever asks waits until nginx takes the connection.
                fetch(f"http://127.0.0.1:{port}/")
            except OSError as error:
                self._process.terminate()
                raise AssertionError(f"nginx does not serve ({error}): {self._process.stderr.read()}") from error

    def stop(self):
        """Ends it."""
        if self._process:
            self._process.terminate()
            self._process.wait(20)
            self._process.stderr.close()
