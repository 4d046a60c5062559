"""A relay between a client and a server that keeps a request back as it was on the wire, and tampering with it."""

import socket
import threading


def read_message(connection):
    """One HTTP/1.1 message: its head with the empty line, and its body. Only Content-Length bodies occur here."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return data, b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    head += b"\r\n\r\n"
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        part = connection.recv(65536)
        if not part:
            break
        body += part
    return head, body


def send_raw(address, request):
    """Sends bytes as they are on a new connection; gives the answer's status and the whole answer as text.

    Status 0 means that the connection was closed without an answer.
    """
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request)
        head, body = read_message(connection)
    status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 0
    return status, (head + body).decode("utf-8", "replace")


class Relay:
    """Listens on a free port and passes requests on to the target, one per connection.

    Requests for which `hold` is true are recorded and never passed on: the client's connection is closed without an
    answer, so the recorded request is still unused when a test sends it, changed or not.
    """

    def __init__(self, target, hold=lambda request: False):
        self.target = target
        self.hold = hold
        self.requests = []
        self._held = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(30)
                try:
                    self._exchange(connection)
                except OSError:
                    # The client went away; the next one is served all the same.
                    continue

    def _exchange(self, connection):
        head, body = read_message(connection)
        if not head:
            return
        if self.hold(head + body):
            self.requests.append(head + body)
            self._held.set()
            return
        host, port = self.target.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=30) as onward:
            onward.sendall(head.replace(b"Connection: keep-alive", b"Connection: close") + body)
            answer_head, answer_body = read_message(onward)
            connection.sendall(answer_head + answer_body)
            # What has no Content-Length ends with the connection.
            onward.settimeout(0.2)
            try:
                while part := onward.recv(65536):
                    connection.sendall(part)
            except TimeoutError:
                pass

    def wait_for_one(self):
        """Waits until a request has been kept back."""
        assert self._held.wait(30), "no request came"

    def close(self):
        """Stops listening."""
        self._socket.close()


class Recorded:
    """A signed request as it was on the wire, and which of its bytes the signature covers."""

    def __init__(self, raw):
        self.raw = raw
        head, _, self.body = raw.partition(b"\r\n\r\n")
        self.lines = head.split(b"\r\n")

    def signed_positions(self):
        """Offsets of every byte that is signed, or is the signature: request target, signed headers, body.

        An RPC V1 signature is in the query and covers only that; the headers around it are not signed.
        """
        start = self.lines[0].index(b" ") + 1
        positions = list(range(start, self.lines[0].rindex(b" ")))
        authorization = next((line for line in self.lines if line.lower().startswith(b"authorization:")), None)
        if authorization is not None:
            names = authorization.split(b"SignedHeaders=")[1].split(b",")[0].strip().split(b";")
            signed = {name.lower() for name in names} | {b"authorization"}
            offset = 0
            for line in self.lines:
                if line.partition(b":")[0].lower() in signed:
                    positions.extend(range(offset, offset + len(line)))
                offset += len(line) + 2
            positions.extend(range(len(self.raw) - len(self.body), len(self.raw)))
        return positions

    def tampered(self, position):
        """A copy with one byte replaced by a letter or digit that it cannot be taken for."""
        was = self.raw[position : position + 1]
        # Two that differ even when case is ignored: header names do not mind case.
        put = b"q" if was.lower() != b"q" else b"7"
        return self.raw[:position] + put + self.raw[position + 1 :]

    def with_method(self, method):
        """A copy with another method."""
        return method + self.raw[self.raw.index(b" ") :]
