"""The registry of tenants, as the documentation of django-tenants has it."""
