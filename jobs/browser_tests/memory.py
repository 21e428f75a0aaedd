"""What a page keeps in memory, after the garbage is collected."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page


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
        # Twice: what a finalizer releases, the next collection frees.
        for _ in range(2):
            self._devtools.send("HeapProfiler.collectGarbage")
        counters = self._devtools.send("Memory.getDOMCounters")
        used = self._devtools.send("Runtime.getHeapUsage")["usedSize"]
        listeners = counters["jsEventListeners"]
        return Kept(counters["documents"], self._detached(), listeners, used / 2**20)

    def _detached(self) -> int:
        self._devtools.send("DOM.enable")
        trees = self._devtools.send("DOM.getDetachedDomNodes")["detachedNodes"]
        self._devtools.send("DOM.disable")
        return sum(size(tree["treeNode"]) for tree in trees)


def size(node: dict[str, Any]) -> int:
    return 1 + sum(size(child) for child in node.get("children", ()))
