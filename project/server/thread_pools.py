"""One thread pool for each class of requests in LANES (request_buffer.py): passwords, changes, static files, health checks.
Another one for all other requests.

If all other threads wait for the database, static files and the health check are still served; if changes wait for a
lock, reads are not affected; and many logins delay only each other.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from gunicorn.workers.gthread import TConn

from project.server.request_buffer import LANES


class ThreadPools:
    """Replaces gunicorn's thread pool with one per lane, and one for all other requests."""

    def __init__(self, threads: int) -> None:
        self._pools = {
            lane: ThreadPoolExecutor(threads if lane == "change" else 1) for lane in LANES
        }
        self._others = ThreadPoolExecutor(threads)

    def submit(self, handle: Callable[[TConn], Any], conn: TConn) -> Future[Any]:
        return self._pools.get(conn.lane, self._others).submit(handle, conn)

    def shutdown(self, wait: bool = True, cancel_futures: bool = False) -> None:
        for pool in (*self._pools.values(), self._others):
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)
