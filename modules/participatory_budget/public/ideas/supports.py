"""The button that supports an idea, or takes the support back."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.sdk import Account, _, is_htmx, render

from ...services.ideas import supporting
from ...services.ideas.seeing import by_number
from ..blueprint import bp
from .guard import not_too_often
from .pages import edition_with_ideas, support_facts
from .signed_in import signed_in


@bp.post("/<slug>/ideas/<int:number>/support")
@signed_in(".idea")
def support(account: Account, slug: str, number: int) -> ResponseReturnValue:
    """Support an idea, or no longer."""
    edition = edition_with_ideas(slug)
    idea, wanted = by_number(edition, number), request.form.get("support") != "0"
    not_too_often("support", account)
    if wanted:
        supporting.support(edition, idea.id, account)
    else:
        supporting.take_back(edition, idea.id, account)
    if is_htmx():
        return render(
            "participatory_budget/public/ideas/_support.html",
            edition=edition,
            idea=idea,
            takes_supports=True,
            said=_("You support this idea.") if wanted else _("You no longer support this idea."),
            **support_facts(edition, idea),
        )
    flash(_("You support this idea.") if wanted else _("You no longer support this idea."), "ok")
    return redirect(url_for(".idea", slug=slug, number=number), 303)
