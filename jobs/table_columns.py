"""The columns of the job table on the pages: their labels, and which cannot be hidden."""

from __future__ import annotations

from typing import Final

# In their default order: the status stands beside the name.
LABELS: Final = {
    "current_status": "Status",
    "name": "Name",
    "duration": "Duration",
    "created_at": "Created",
    "updated_at": "Updated",
}
# A row is not recognizable without them.
REQUIRED: Final = frozenset({"current_status", "name"})
