"""Ideas, their authors, comments and supports."""

revision = "participatory_budget_0010"
down_revision = "participatory_budget_0009"


def upgrade() -> None:
    """Change nothing yet."""
