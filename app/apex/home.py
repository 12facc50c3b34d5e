"""The platform's home page: what it is, who uses it, and the first step."""

from app.apex import facts
from app.apex.forms import StartForm
from app.core.i18n import language
from app.registry import modules
from app.web.gates import apex_blueprint
from app.web.page import render

bp = apex_blueprint("apex", __name__)


@bp.get("/welcome")
def home() -> str:
    """Say what Parvis is; the front door shows this page at `/`."""
    cities = facts.public_cities()
    return render(
        "apex/home.html",
        modules=list(modules().values()),
        uses=facts.uses(cities),
        cities=cities,
        showcase=facts.showcase(cities),
        start=StartForm(data={"language": language()}),
    )
