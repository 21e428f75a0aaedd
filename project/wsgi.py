import os

import django

from project.handler import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
django.setup(set_prefix=False)

application = Handler()
