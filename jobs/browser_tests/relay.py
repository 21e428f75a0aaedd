"""A proxy that delivers each page in two parts, with a pause between them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

Address = tuple[str, int]


def answer(client: socket.socket, server: Address, mark: bytes, pause: float) -> None:
    # Browsers open connections in advance, and close them unused or in the middle of a response.
    with suppress(OSError), client, socket.create_connection(server) as upstream:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            received = client.recv(1)
            if not received:
                return
            head += received
        upstream.sendall(head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        page = b"".join(iter(lambda: upstream.recv(65536), b""))
        at = page.find(mark) + len(mark) if mark in page else len(page)
        client.sendall(page[:at])
        threading.Event().wait(pause if at < len(page) else 0)
        client.sendall(page[at:])


@contextmanager
def relay(base_url: str, mark: str, pause: float = 0.5) -> Iterator[str]:
    """The URL of a proxy that pauses for `pause` seconds after the first `mark` in each response."""
    parts = urlsplit(base_url)
    server = (parts.hostname or "", parts.port or 80)

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(
                target=answer, args=(client, server, mark.encode(), pause), daemon=True
            ).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
