"""Who gets in at ideas: everybody reads, whoever has an account writes, and nobody finds what is an author's alone."""

from app.testing.matrix.table import NOTHING, SIGNED_IN, Matrix

_PUBLIC = "participatory_budget_public"
OF_RESIDENTS = "new_idea my_ideas comment report support"
OF_AUTHORS = (
    "idea_title idea_place idea_alike idea_text idea_files remove_file idea_check idea_sent withdraw_idea co_authors"
    " leave_idea support_instead"
)
OF_WHO_COMMENTED = "change_comment remove_comment"


def add(matrix: Matrix) -> None:
    """Say who gets in."""
    matrix.route(_named(OF_RESIDENTS), SIGNED_IN)
    others = dict.fromkeys(("invited", "viewer", "editor", "administrator", "limited"), NOTHING)
    matrix.route(_named(OF_AUTHORS), "resident", **others)
    matrix.route(
        _named("take_invitation_back"),
        "resident administrator",
        **{who: NOTHING for who in others if who != "administrator"},
    )
    matrix.route(
        _named(OF_WHO_COMMENTED), "resident editor", **{who: NOTHING for who in others if who != "editor"}
    )
    matrix.route(_named("accept_invitation"), SIGNED_IN)


def _named(endpoints: str) -> str:
    return " ".join(f"{_PUBLIC}.{name}" for name in endpoints.split())
