"""Who gets in at ideas: everybody reads, whoever has an account writes."""

from app.testing.matrix.table import SIGNED_IN, Matrix

_PUBLIC = "participatory_budget_public"
OF_RESIDENTS = (
    "new_idea my_ideas idea_title idea_place idea_alike idea_text idea_files remove_file idea_check idea_sent"
    " withdraw_idea support_instead co_authors take_invitation_back leave_idea accept_invitation comment change_comment"
    " remove_comment report support"
)


def add(matrix: Matrix) -> None:
    """Say who gets in."""
    matrix.route(" ".join(f"{_PUBLIC}.{name}" for name in OF_RESIDENTS.split()), SIGNED_IN)
