"""How often a password may be tried and a mail asked for."""

from app.web.throttle import throttle


def password(email: str) -> None:
    """Count one try of a password; raises TooMany."""
    throttle(
        "password",
        email,
        of_both="10 per 15 minutes",
        of_network="120 per 15 minutes",
        of_email="100 per hour",
    )


def mail(email: str) -> None:
    """Count one mail asked for; raises TooMany."""
    throttle("mail", email, of_both="5 per hour", of_network="60 per hour", of_email="20 per hour")
