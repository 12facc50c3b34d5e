"""The peer: a django-tenants project that does the same work."""
