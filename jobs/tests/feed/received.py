"""What a client's end of a connection receives."""

import select
import socket


def read_until(end: socket.socket, until: bytes) -> bytes:
    """The data received up to the text, or up to the end of the connection."""
    text = b""
    while until not in text:
        more = end.recv(65536)
        if not more:
            return text
        text += more
    return text


def read_to_end(end: socket.socket) -> bytes:
    return read_until(end, b"never sent")


def is_readable(end: socket.socket) -> bool:
    """Whether there is something to read, or the end of the connection."""
    return bool(select.select([end], [], [], 0)[0])
