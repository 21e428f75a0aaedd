import os

import django
from django.conf import settings

from project.env import env_list
from project.exposure import LOOPBACK_HOSTS, require_guarded
from project.handler import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup(set_prefix=False)
# Whatever the server: gunicorn's configuration also knows where it listens, and refuses earlier.
require_guarded(
    settings.ACCESS, settings.OPEN_TO_EVERYBODY, env_list("ALLOWED_HOSTS", LOOPBACK_HOSTS)
)

application = Handler()
