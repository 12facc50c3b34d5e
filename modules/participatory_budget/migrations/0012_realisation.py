"""The realisation of projects."""

revision = "participatory_budget_0012"
down_revision = "participatory_budget_0011"


def upgrade() -> None:
    """Change nothing yet."""
