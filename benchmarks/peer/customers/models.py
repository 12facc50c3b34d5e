"""Tenants and their domains."""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Client(TenantMixin):
    """One tenant."""

    name = models.CharField(max_length=100)
    auto_drop_schema = True


class Domain(DomainMixin):
    """One host of a tenant."""
