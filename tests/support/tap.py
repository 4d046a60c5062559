"""A tap on the wire between browser and server: everything that the browser receives, byte for byte."""

import socket
import threading


class Tap:
    """Listens on a free port, passes bytes both ways, and keeps what the server sends.

    Browsers ask for compressed answers; that header is spoilt on the way, so that what is kept can be read.
    """

    def __init__(self):
        # Host and port of the server, once it is there.
        self.target = None
        self._received = []
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def received(self):
        """Everything that the server has sent so far, as text."""
        with self._lock:
            return b"".join(self._received).decode("utf-8", "replace")

    def _serve(self):
        while True:
            try:
                browser, _ = self._socket.accept()
            except OSError:
                return
            host, port = self.target.rsplit(":", 1)
            try:
                server = socket.create_connection((host, int(port)))
            except OSError:
                browser.close()
                continue
            threading.Thread(target=self._pump, args=(browser, server, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, browser, True), daemon=True).start()

    def _pump(self, source, sink, keep):
        try:
            while data := source.recv(65536):
                if keep:
                    with self._lock:
                        self._received.append(data)
                else:
                    data = data.replace(b"\r\nAccept-Encoding:", b"\r\nX-ccept-Encoding:").replace(
                        b"\r\naccept-encoding:", b"\r\nx-ccept-encoding:"
                    )
                sink.sendall(data)
        except OSError:
            # One side has gone; the other is told below.
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        """Stops listening."""
        self._socket.close()
