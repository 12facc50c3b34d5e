"""Celery processes: run tasks for cities, relay the outbox, keep the schedule."""
