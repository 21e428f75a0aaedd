import os

import django
from django.conf import settings

from project.exposure import require_guarded
from project.handler import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup(set_prefix=False)
# Whatever the server: gunicorn's configuration also knows where it listens, and refuses earlier.
require_guarded(settings.ACCESS, settings.OPEN_TO_EVERYBODY, settings.ALLOWED_HOSTS)

application = Handler()
