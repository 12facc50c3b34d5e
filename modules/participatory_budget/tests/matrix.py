"""Who gets in at the addresses of the participatory budget."""

from app.testing.matrix.table import EVERYBODY, MANAGERS, SIGNED_IN, Matrix

matrix = Matrix()
matrix.blueprint("participatory_budget_public", EVERYBODY)
matrix.blueprint("participatory_budget_admin", "editor administrator visiting")
matrix.route(
    "participatory_budget_admin.index participatory_budget_admin.edition participatory_budget_admin.board"
    " participatory_budget_admin.project_list participatory_budget_admin.result",
    "viewer editor administrator visiting",
)
matrix.route(
    "participatory_budget_admin.step participatory_budget_admin.extend participatory_budget_admin.exclude_project"
    " participatory_budget_admin.include_project",
    MANAGERS,
)
matrix.route("participatory_budget_public.receipt", SIGNED_IN)
matrix.blueprint("participatory_budget_rest", EVERYBODY)
