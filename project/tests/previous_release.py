"""The previous release, as an archive of its Python code and templates: a test runs it against the current schema.

`python -m project.tests.previous_release v1.0` recreates the archive from git; docs/upgrading.md says when.
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
    "jobs/failover_tests",
    "jobs/fault_tests",
    "jobs/proxy_tests",
    "jobs/tests",
    "project/docker",
    "project/local",
    "project/run",
    "project/tests",
)
# The islands are not included; pages find the name of their script in Vite's manifest.
MANIFEST = {"src/main.ts": {"file": "assets/main-00000000.js", "src": "src/main.ts"}}


def create_archive(revision: str) -> None:
    """`zcat previous_release.tar.gz | git get-tar-commit-id` prints the archive's commit."""
    words = ["git", "archive", revision, *SERVED, *(f":(exclude){path}" for path in NOT_SERVED)]
    archive = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    ARCHIVE.write_bytes(gzip.compress(archive, mtime=0))


def unpack(folder: Path) -> None:
    """Unpacks what is needed to serve the JSON API and pages without scripts."""
    with tarfile.open(ARCHIVE) as archive:
        # extractall accepts `filter` only since Python 3.11.4.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)  # noqa: S202  # the archive is ours
    manifest = folder / "islands" / "dist" / ".vite" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps(MANIFEST))


if __name__ == "__main__":
    create_archive(sys.argv[1])
