"""Every kind of operation, named here so that web processes and workers know it."""

from tenants import operations

__all__ = ["operations"]
