"""Who gets in at the addresses of the participatory budget."""

from app.testing.matrix.table import EVERYBODY, MANAGERS, Matrix

from .gates import after, edition, ideas, review, voters

matrix = Matrix()
matrix.blueprint("participatory_budget_public", EVERYBODY)
matrix.blueprint("participatory_budget_admin", "editor administrator visiting")
matrix.route(
    "participatory_budget_admin.index participatory_budget_admin.edition participatory_budget_admin.board"
    " participatory_budget_admin.project_list",
    "viewer editor administrator visiting",
)
matrix.route(
    "participatory_budget_admin.step participatory_budget_admin.extend participatory_budget_admin.exclude_project"
    " participatory_budget_admin.include_project participatory_budget_admin.result"
    " participatory_budget_admin.certify participatory_budget_admin.publish_later",
    MANAGERS,
)
matrix.blueprint("participatory_budget_rest", EVERYBODY)
after.add(matrix)
edition.add(matrix)
review.add(matrix)
ideas.add(matrix)
voters.add(matrix)
