"""Private PostgreSQL and Valkey servers for development and tests."""

from .errors import StackError
from .postgres import Postgres
from .scratch import scratch_dir
from .valkey import Valkey

__all__ = ["Postgres", "StackError", "Valkey", "scratch_dir"]
