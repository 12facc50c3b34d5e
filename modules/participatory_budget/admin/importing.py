"""An edition with its ballots from a file."""

from flask.typing import ResponseReturnValue

from app.sdk import ServiceError, _, db, render, requires

from ..forms.importing import ImportForm
from ..services import editions
from ..services import importing as service
from .blueprint import bp
from .hub import to_hub


@bp.route("/import", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def import_file() -> ResponseReturnValue:
    """Read a file; a wrong one is named with line, column and reason, and nothing of it is kept."""
    form = ImportForm(data={"slug": editions.free_address()})
    if not form.sent():
        return render("participatory_budget/admin/import.html", form=form), form.status
    try:
        made = service.import_pb(form.file.data.stream, form.texts())
    except ServiceError as error:
        db.session.rollback()
        form.refuse(form.file, error)
        return render("participatory_budget/admin/import.html", form=form), form.status
    return to_hub(made, _("The file is imported. Look at the money, then count the ballots."))
