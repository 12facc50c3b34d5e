"""Errors that mean something to the person who reads them; app.web turns each into one answer."""


class ServiceError(Exception):
    """Base of what a service may raise on purpose; the text is translated and shown."""

    status = 400


class Forbidden(ServiceError):
    """The person is known and may not do this."""

    status = 403


class NotFound(ServiceError):
    """The thing is not there, or not for this person to know of."""

    status = 404


class Conflict(ServiceError):
    """The thing is in a state that does not allow this, or somebody was faster."""

    status = 409


class TooLarge(ServiceError):
    """What was sent is larger than the city accepts."""

    status = 413


class Invalid(ServiceError):
    """What was typed cannot be used; pages show it beside the form with everything kept."""

    status = 422


class TooMany(ServiceError):
    """The same was tried too often; later it will work."""

    status = 429
