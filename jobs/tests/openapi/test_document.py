import subprocess
import sys

from django.conf import settings

# The first requests of a process may all need the document.
AT_ONCE = """
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from jobs.api.document import openapi_document
ready = Barrier(8)
def read(_):
    ready.wait(60)
    return openapi_document()
with ThreadPoolExecutor(8) as executor:
    documents = list(executor.map(read, range(8)))
assert all(each is documents[0] for each in documents)
"""


def test_the_document_is_generated_once_for_concurrent_requests() -> None:
    subprocess.run([sys.executable, "-c", AT_ONCE], cwd=settings.BASE_DIR, check=True)
