"""Migrations: one Alembic history for each owner, rendered once, replayed for each city."""
