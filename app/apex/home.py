"""The platform's home page."""

from app.web.gates import apex_blueprint

bp = apex_blueprint("apex", __name__)


@bp.get("/welcome")
def home() -> str:
    """Say what Parvis is."""
    return "Parvis"
