"""Who gets in at turnout, realisation, open data and pieces for other sites."""

from app.testing.matrix.table import Matrix


def add(matrix: Matrix) -> None:
    """Say who gets in; what is for residents is for everybody, what changes something for those who prepare editions."""
    matrix.route(
        "participatory_budget_admin.realisation participatory_budget_admin.monitor"
        " participatory_budget_admin.monitor_table",
        "viewer editor administrator visiting",
    )
    matrix.route(
        "participatory_budget_admin.realised participatory_budget_admin.spend participatory_budget_admin.tell_news",
        "editor administrator visiting",
        absent="the number asked for is that of a project without a board",
    )
