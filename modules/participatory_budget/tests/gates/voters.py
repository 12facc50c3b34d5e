"""Who gets in at ways to vote, codes, polling places and ballots on paper."""

from app.testing.matrix.table import EVERYBODY, MANAGERS, NOTHING, REFUSED, SIGNED_IN, Matrix


def add(matrix: Matrix) -> None:
    """Say who gets in; residents without an account vote, officers work at their place, clerks key ballots."""
    matrix.route(
        "participatory_budget_public.ways participatory_budget_public.ask_code participatory_budget_public.type_code"
        " participatory_budget_public.type_letter participatory_budget_public.type_booth"
        " participatory_budget_public.leave",
        EVERYBODY,
    )
    # Whoever is turned away asks for the suite's first edition, a draft, of which residents find nothing.
    matrix.route("participatory_budget_public.receipt", SIGNED_IN, visitor=NOTHING, stranger=NOTHING)
    matrix.route("participatory_budget_admin.stations", "viewer editor administrator visiting")
    # At a place works who is named there; the suite names its editor and its administrator.
    matrix.route("participatory_budget_admin.station", "editor administrator visiting", viewer=NOTHING)
    matrix.route("participatory_budget_admin.journal participatory_budget_admin.desk", "editor administrator")
    # Keying and deciding is done by people with an account of the city, which a visiting operator has not.
    matrix.route(
        "participatory_budget_admin.enter_slip participatory_budget_admin.finish_keying"
        " participatory_budget_admin.forget_entry participatory_budget_admin.key_batch",
        "editor administrator",
    )
    matrix.route(
        "participatory_budget_admin.doubts participatory_budget_admin.burst participatory_budget_admin.finish_paper"
        " participatory_budget_admin.restart_batch",
        MANAGERS,
    )
    matrix.route("participatory_budget_admin.burst", "administrator", method="POST")
    # Two people with an account decide about a doubt.
    matrix.route("participatory_budget_admin.decide_challenge", "administrator", visiting=REFUSED)
