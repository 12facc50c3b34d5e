"""What the isolation suite needs of ballots: what stands in columns that are no one's words."""

from app.testing.leaks import Filling


def fill(filling: Filling) -> None:
    """Say what columns of ballots hold."""
    for column in ("ballot.district", "ballot.channel", "draft.district", "draft.marks"):
        filling.review(
            f"no text participatory_budget_{column}",
            "the key of a district, a name that the code gives, numbers",
        )
