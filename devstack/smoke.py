"""Check the running stack from outside, as `make smoke` does."""

from .probe import page_status
from .product import CITIES
from .terminal import say


def check(base: str, port: int) -> bool:
    """Ask for a page of every kind, print what came, and tell whether all was as expected."""
    expected = [(base, "/", 200), (base, "/healthz", 200), (base, "/dev/mail", 200)]
    expected += [(f"{city}.{base}", "/", 200) for city in CITIES]
    expected += [(f"{CITIES[0]}.{base}", "/no-such-page", 404), (f"nowhere.{base}", "/", 404)]
    say("\nChecks:\n")
    unexpected = [page for page in expected if not _is_as_expected(*page, port=port)]
    return not unexpected


def _is_as_expected(host: str, path: str, status: int, *, port: int) -> bool:
    came = page_status(port, host, path)
    verdict = "ok" if came == status else f"expected {status}"
    address = f"http://{host}:{port}{path}"
    say(f"  {address:<56} {came}  {verdict}")
    return came == status
