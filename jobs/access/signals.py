"""What others may want to know of logins, beside the signals of Django and django-allauth."""

from typing import Final

from django.dispatch import Signal

attempts_refused: Final = Signal()
"""Too many attempts to log in: `request`, and the `name` that was sent, or an empty text."""
