"""What is running."""

from typing import Final

VERSION: Final = "1.9.0"
"""Of the dashboard and its API: the minor version rises with what is added, the major one with what clients must follow."""
