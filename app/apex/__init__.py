"""The platform's own site: home, catalogue, city sign-up."""

from flask import Blueprint, Flask

from app.apex import (
    arrival,
    catalogue,
    dev_mail,
    home,
    leaving,
    moving,
    operators,
    provision,
    setting_up,
    start,
)


def blueprints(_app: Flask) -> list[Blueprint]:
    """Return the blueprints of the platform's own site, and the door through which a new city is entered."""
    own = [home.bp, catalogue.bp, start.bp, setting_up.bp, dev_mail.bp]
    return [*own, *operators.blueprints(), arrival.bp]


__all__ = ["blueprints", "leaving", "moving", "provision"]
