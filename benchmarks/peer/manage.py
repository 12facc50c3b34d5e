"""Django's commands for the peer: `python -m benchmarks.peer.manage migrate_schemas`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peer.settings")
    execute_from_command_line(sys.argv)
