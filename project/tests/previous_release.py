"""The release before, as an archive of its Python code and templates: a test runs it beside the present schema.

`python -m project.tests.previous_release v1.0` makes the archive anew from git; docs/upgrading.md says when.
"""

import gzip
import json
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ARCHIVE = Path(__file__).with_name("previous_release.tar.gz")
SERVED = ("manage.py", "jobs", "project", "templates")
NOT_SERVED = (
    "jobs/benchmark",
    "jobs/browser_tests",
    "jobs/contract_tests",
    "jobs/tests",
    "project/docker",
    "project/local",
    "project/run",
    "project/tests",
)
# Without the islands, which are built: pages name their script by Vite's manifest.
MANIFEST = {"src/main.ts": {"file": "assets/main-00000000.js", "src": "src/main.ts"}}


def keep(revision: str) -> None:
    """The archive names the commit: `zcat previous_release.tar.gz | git get-tar-commit-id`."""
    words = ["git", "archive", revision, *SERVED, *(f":(exclude){path}" for path in NOT_SERVED)]
    archive = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    ARCHIVE.write_bytes(gzip.compress(archive, mtime=0))


def unpack(folder: Path) -> None:
    """All that it takes to serve the JSON API, and pages without scripts."""
    with tarfile.open(ARCHIVE) as archive:
        # The argument of extractall is of Python 3.11.4.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)  # noqa: S202  # what we packed ourselves
    manifest = folder / "islands" / "dist" / ".vite" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps(MANIFEST))


if __name__ == "__main__":
    keep(sys.argv[1])
