"""Was my ballot counted? Anybody may ask with a code; the answer says nothing of what was chosen."""

from flask.typing import ResponseReturnValue
from wtforms import StringField

from app.sdk import Form, NotFound, _, _l, at_most, given, limit, render, required

from ..rules.proof import ReceiptError, read_receipt
from ..services import ballot_log, editions, receipts
from .blueprint import bp

TRIES = "30/minute"


class ReceiptForm(Form):
    """A receipt code, sent in the body so that it stands in no address and no log."""

    code = StringField(
        _l("Receipt code"),
        [required(_l("Type the code of your receipt.")), at_most(60)],
        description=_l("It is on your receipt and in the mail, for example 7K3M-Q9TD-0V2X-HJ5N-W."),
    )


@bp.route("/<slug>/receipt", methods=["GET", "POST"])
def check_receipt(slug: str) -> ResponseReturnValue:
    """Say where the ballot behind a code is."""
    edition, form = editions.by_slug(slug), ReceiptForm()
    if not receipts.has_receipts(edition):
        raise NotFound(_("The ballots of this vote have no receipts."))
    fate, code = None, ""
    if form.sent():
        limit("participatory_budget.receipt", TRIES)
        try:
            code = read_receipt(given(form.code))
            fate = receipts.fate_of(edition, code)
        except ReceiptError:
            form.code.errors = [
                _(
                    "This is not a receipt code: a character is wrong or missing. Compare it with your receipt."
                )
            ]
    page = render(
        "participatory_budget/public/check_receipt.html",
        edition=edition,
        form=form,
        fate=fate,
        code=code,
        head=ballot_log.head(edition),
    )
    return page, form.status
