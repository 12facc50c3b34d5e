"""The block that says where everything is."""

from pathlib import Path

from .product import CITIES
from .terminal import say


def ready(base: str, port: int, *, seconds: float, sign_ins: str, state: Path) -> None:
    """Print the addresses, the sign-ins of the demo cities, and how to stop."""
    at = f"{base}:{port}" if port != 80 else base
    say(f"\nParvis is ready after {seconds:.1f} s.\n")
    places = [("Platform", at), *((city.capitalize(), f"{city}.{at}") for city in CITIES)]
    for title, address in [*places, ("Mail", f"{at}/dev/mail")]:
        say(f"  {title:<11}http://{address}")
    if sign_ins:
        say("\nSign in to a demo city with:\n")
        for line in sign_ins.splitlines():
            say(f"  {line}")
    say(f"\nLogs are in {state}. Ctrl-C stops everything; the data stays.")
