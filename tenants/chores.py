"""Every kind of operation, named here so that web processes and workers know it."""

from tenants import operations
from tenants.erasure import erase
from tenants.migrate import asked

__all__ = ["asked", "erase", "operations"]
