"""Storage of static files, hashed and compressed."""

from collections.abc import Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

VITE_ASSETS = "assets/"


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Keeps the names of Vite's files, which are hashed already: its modules import each other by name.

    Under a second name a module would load twice, and both copies would define the same custom element.
    """

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        ours = {name: path for name, path in paths.items() if not name.startswith(VITE_ASSETS)}
        yield from super().post_process(ours, dry_run=dry_run, **options)
        if not dry_run:
            for name, compressed in self.compress_files(sorted(paths.keys() - ours.keys())):
                yield name, compressed, True

    def stored_name(self, name: str) -> str:
        return name if name.startswith(VITE_ASSETS) else super().stored_name(name)
