"""Who gets in at calendar, frozen rules and blueprints."""

from app.testing.matrix.table import MANAGERS, Matrix


def add(matrix: Matrix) -> None:
    """Say who gets in; everything else of the set-up is for those who prepare editions."""
    matrix.route(
        "participatory_budget_admin.phase participatory_budget_admin.rule_versions"
        " participatory_budget_admin.rule_change",
        "viewer editor administrator visiting",
    )
    matrix.route("participatory_budget_admin.move_phase participatory_budget_admin.extend_phase", MANAGERS)
    # A change of fixed rules is two people's of the city.
    matrix.route("participatory_budget_admin.confirm_change", "administrator")
    matrix.route("participatory_budget_admin.withdraw_change", "editor administrator")
