"""Who gets in at moderation, the examination of ideas, and what authors answer."""

from app.testing.matrix.table import MANAGERS, NOTHING, Matrix

_BOARD = "feasibility begin_examination feasibility_table"


def add(matrix: Matrix) -> None:
    """Say who gets in; moderators and departments are editors, what is decided for the city is for coordinators.

    Whoever works for one district opens the lists, which hold what is hers.
    """
    matrix.route(_named(_BOARD), f"{MANAGERS} limited")
    matrix.route(_named("examination"), MANAGERS, limited=NOTHING)
    matrix.route(_named("moderation opinions publish_ideas"), "editor administrator limited visiting")
    others = dict.fromkeys(("invited", "viewer", "editor", "administrator", "limited"), NOTHING)
    matrix.route(
        "participatory_budget_public.appeal participatory_budget_public.project_text", "resident", **others
    )


def _named(endpoints: str) -> str:
    return " ".join(f"participatory_budget_admin.{name}" for name in endpoints.split())
