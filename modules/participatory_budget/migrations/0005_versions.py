"""Versions of the rules of an edition, and blueprints."""

revision = "participatory_budget_0005"
down_revision = "participatory_budget_0004"


def upgrade() -> None:
    """Change nothing yet."""
