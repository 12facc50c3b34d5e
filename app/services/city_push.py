"""A city's key for messages to browsers: made when it first switches them on, and kept while it switches them off."""

from app.core.context import City
from app.core.sealing import seal, unseal
from app.core.settings import PLATFORM, store, stored
from app.services.push import Signer, new_private_key

_DOCUMENT = f"{PLATFORM}push"
_SEALED = "a city's push key"


def signer_of(city: City) -> Signer | None:
    """Return who signs the messages of the city being served; None when it sends none to browsers."""
    kept = stored(_DOCUMENT)
    key = unseal(_SEALED, city.id.encode(), kept.get("key")) if kept.get("on") else None
    return Signer(key, f"mailto:{city.contact_email}") if key else None


def switch(city: City, *, on: bool) -> None:
    """Send messages to browsers, or no longer; browsers that subscribed under a key stay subscribed under it."""
    key = stored(_DOCUMENT).get("key")
    if unseal(_SEALED, city.id.encode(), key) is None:
        # A restore elsewhere cannot open the old key: browsers subscribe anew.
        key = seal(_SEALED, city.id.encode(), new_private_key())
    store(_DOCUMENT, {"on": on, "key": key})
