"""Every kind of operation and task of the platform itself, named here so that web processes and workers know it."""

from tenants import anchors, operations, usage
from tenants.erasure import erase
from tenants.migrate import asked

__all__ = ["anchors", "asked", "erase", "operations", "usage"]
