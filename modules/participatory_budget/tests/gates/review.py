"""Who gets in at moderation, the examination of ideas, and what authors answer."""

from app.testing.matrix.table import MANAGERS, SIGNED_IN, Matrix


def add(matrix: Matrix) -> None:
    """Say who gets in; moderators and departments are editors, what is decided for the city is for coordinators."""
    matrix.route(
        "participatory_budget_admin.feasibility participatory_budget_admin.begin_examination"
        " participatory_budget_admin.feasibility_table participatory_budget_admin.examination",
        MANAGERS,
    )
    matrix.route("participatory_budget_public.appeal participatory_budget_public.project_text", SIGNED_IN)
