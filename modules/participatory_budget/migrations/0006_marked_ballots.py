"""Ballots with points, ranks and grades, in several contests."""

revision = "participatory_budget_0006"
down_revision = "participatory_budget_0005"


def upgrade() -> None:
    """Change nothing yet."""
