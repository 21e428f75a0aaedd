"""PostgreSQL's memory settings: shared_buffers is a quarter of the available memory, from 256 MB to 2 GB."""

import os
from pathlib import Path

MEGABYTE = 1024 * 1024
CGROUP_LIMITS = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)


def settings() -> dict[str, str]:
    """The settings that depend on the available memory."""
    total = available() // MEGABYTE
    return {
        "shared_buffers": f"{min(max(total // 4, 256), 2048)}MB",
        "effective_cache_size": f"{max(total // 2, 256)}MB",
    }


def available() -> int:
    """Bytes of memory: the machine's, or the container's limit if that is lower."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in CGROUP_LIMITS:
        try:
            limits.append(int(Path(path).read_text()))
        except (OSError, ValueError):  # no such file, or "max"
            continue
    return min(limits)
