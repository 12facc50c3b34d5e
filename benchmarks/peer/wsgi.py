"""The application as a WSGI server imports it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peer.settings")
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
