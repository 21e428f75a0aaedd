"""What a page keeps in memory, after the garbage is collected."""

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import CDPSession, Page

COLLECTIONS: Final = 3


@dataclass(frozen=True)
class Kept:
    """`detached`: nodes that scripts hold although they are in no document any more.

    The browser's own count of nodes is of no use: since it measures what is painted after each key press, it keeps the
    nodes of the last ones.
    """

    documents: int
    detached: int
    listeners: int
    megabytes: float


class Memory:
    def __init__(self, page: Page) -> None:
        self._devtools: CDPSession = page.context.new_cdp_session(page)

    def kept(self) -> Kept:
        # Several times: what a finalizer releases, the next collection frees, and a document's nodes take one more.
        detached = min(self._detached() for _ in range(COLLECTIONS))
        counters = self._devtools.send("Memory.getDOMCounters")
        used = self._devtools.send("Runtime.getHeapUsage")["usedSize"]
        listeners = counters["jsEventListeners"]
        return Kept(counters["documents"], detached, listeners, used / 2**20)

    def _detached(self) -> int:
        self._devtools.send("HeapProfiler.collectGarbage")
        self._devtools.send("DOM.enable")
        trees = self._devtools.send("DOM.getDetachedDomNodes")["detachedNodes"]
        self._devtools.send("DOM.disable")
        return sum(size(tree["treeNode"]) for tree in trees)


def size(node: dict[str, Any]) -> int:
    return 1 + sum(size(child) for child in node.get("children", ()))
