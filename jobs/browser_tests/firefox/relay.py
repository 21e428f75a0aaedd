"""Starts Firefox, and stands between it and Playwright, which knows a newer WebDriver BiDi than Firefox ESR does.

Commands that Firefox lacks and that no test depends on get an empty answer. Everything else is passed on as it is.
"""

import json
import os
import re
import signal
import subprocess
import sys
from threading import Thread

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import ServerConnection, serve

# Emulates dark, forced colors and the like. Playwright sends it for each new context.
UNKNOWN = {"emulation.setMediaFeaturesOverride"}
LISTENING = re.compile(r"(?<=WebDriver BiDi listening on )ws://\S+")


def main(firefox: str, arguments: list[str]) -> int:
    """Runs until Firefox ends; returns its exit status."""
    process = subprocess.Popen([firefox, *arguments], stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    for line in process.stderr or ():
        sys.stderr.write(LISTENING.sub(lambda url: relayed(url[0]), line))
        sys.stderr.flush()
    return process.wait()


def relayed(url: str) -> str:
    """The address of a server that passes everything on to this one, and back."""

    def on_connection(playwright: ServerConnection) -> None:
        path = playwright.request.path if playwright.request else ""
        with connect(url + path, max_size=None, compression=None) as firefox:
            Thread(target=pass_back, args=(firefox, playwright), daemon=True).start()
            pass_on(playwright, firefox)

    server = serve(on_connection, "127.0.0.1", 0, max_size=None, compression=None)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"ws://127.0.0.1:{server.socket.getsockname()[1]}"


def pass_on(playwright: ServerConnection, firefox: ClientConnection) -> None:
    for message in playwright:
        command = json.loads(message)
        if command["method"] in UNKNOWN:
            answer = {"type": "success", "id": command["id"], "result": {}}
            playwright.send(json.dumps(answer))
        else:
            firefox.send(message)


def pass_back(firefox: ClientConnection, playwright: ServerConnection) -> None:
    try:
        for message in firefox:
            playwright.send(message)
    except ConnectionClosed:
        return  # the test has ended


if __name__ == "__main__":
    sys.exit(main(os.environ["JOBS_FIREFOX"], sys.argv[1:]))
