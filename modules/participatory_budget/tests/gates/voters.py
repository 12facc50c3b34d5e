"""Who gets in at ways to vote, codes, polling places and ballots on paper."""

from app.testing.matrix.table import EVERYBODY, MANAGERS, Matrix


def add(matrix: Matrix) -> None:
    """Say who gets in; residents without an account vote, officers work at their place, clerks key ballots."""
    matrix.route(
        "participatory_budget_public.ways participatory_budget_public.ask_code participatory_budget_public.type_code"
        " participatory_budget_public.type_letter participatory_budget_public.type_booth"
        " participatory_budget_public.leave participatory_budget_public.receipt",
        EVERYBODY,
    )
    matrix.route(
        "participatory_budget_admin.stations participatory_budget_admin.station"
        " participatory_budget_admin.journal participatory_budget_admin.desk",
        "viewer editor administrator visiting",
    )
    matrix.route(
        "participatory_budget_admin.doubts participatory_budget_admin.burst"
        " participatory_budget_admin.decide_challenge participatory_budget_admin.finish_paper"
        " participatory_budget_admin.restart_batch",
        MANAGERS,
    )
