"""A city's home page."""

from app.web.gates import city_blueprint

bp = city_blueprint("portal", __name__)


@bp.get("/home")
def home() -> str:
    """Show what is going on in the city."""
    return "Home"
