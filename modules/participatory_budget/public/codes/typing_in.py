"""Typing in a printed code, or one that an officer has handed over."""

from collections.abc import Callable

from flask import Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.sdk import _, current_account, given, render

from ...models import Edition
from ...rules.codes import CodeError
from ...rules.ways import Way
from ...services import access, box, doubts, editions
from ...services.codes import entering
from ..ballot_frame import private
from ..blueprint import bp
from ..voters import voting_now
from .asking import WRONG, CodeForm, code_words, wrong_code

Enter = Callable[[Edition, str, bytes], bool]


@bp.route("/<slug>/vote/letter", methods=["GET", "POST"])
def type_letter(slug: str) -> ResponseReturnValue:
    """Take a printed code, and open the ballot."""
    return _take(slug, Way.LETTER, entering.by_letter, ".type_letter")


@bp.route("/<slug>/vote/booth", methods=["GET", "POST"])
def type_booth(slug: str) -> ResponseReturnValue:
    """Take a code that an officer has handed over, and open the ballot on this screen."""
    return _take(slug, Way.BOOTH, entering.by_booth, ".type_booth")


def _take(slug: str, way: Way, enter: Enter, here: str) -> ResponseReturnValue:
    edition, form = editions.by_slug(slug), CodeForm()
    box.must_be_open(edition)
    if voting_now(edition) is not None:
        return redirect(url_for(".vote", slug=slug))
    if not access.access_of(edition).has(way):
        return redirect(url_for(".ways", slug=slug))
    if not form.sent() or current_account() is not None:
        return _page(edition, way, form, here), form.status
    try:
        known = enter(edition, given(form.code), doubts.network_of(request.remote_addr))
    except CodeError as error:
        form.code.errors = [code_words(error)]
        return _page(edition, way, form, here), 422
    if known:
        return redirect(url_for(".vote", slug=slug), 303)
    # A redirect, not a refusal: what a refused page has written is not kept, and the try must count.
    session[WRONG] = _("This code does not work. Compare it letter by letter; the city can make codes void.")
    return redirect(url_for(here, slug=slug), 303)


def _page(edition: Edition, way: Way, form: CodeForm, here: str) -> Response:
    return private(
        render(
            "participatory_budget/public/codes/type.html",
            edition=edition,
            form=form,
            kind=way.value,
            action=url_for(here, slug=edition.slug),
            again="",
            minutes=0,
            wrong=wrong_code(),
            account=current_account(),
        )
    )
