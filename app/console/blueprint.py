"""The console's one blueprint: `/admin` of a city, for the people who work there."""

from app.web.gates import city_blueprint, staff_only

bp = city_blueprint("console", __package__, "/admin")
bp.before_request(staff_only)
