"""A city's way to telephones: the provider that it has named, and in the dev stack a folder."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from app.core.context import City
from app.core.sealing import seal, unseal
from app.core.settings import PLATFORM, store, stored
from app.services.sms import HttpDoor, ShownDoor, SmsDoor

_DOCUMENT = f"{PLATFORM}sms"
_SEALED = "a city's provider of text messages"


@dataclass(frozen=True, slots=True)
class Provider:
    """What a city has said about its provider."""

    address: str
    body: str
    authorization: str


def provider_of(city: City) -> Provider | None:
    """Return the provider that the city being served has named."""
    kept = stored(_DOCUMENT)
    if not kept:
        return None
    secret = unseal(_SEALED, city.id.encode(), kept["authorization"]) or ""
    return Provider(kept["address"], kept["body"], secret)


def use_provider(city: City, provider: Provider | None) -> None:
    """Keep the provider, what it is signed in with sealed; None ends text messages."""
    if provider is None:
        store(_DOCUMENT, {})
        return
    sealed = seal(_SEALED, city.id.encode(), provider.authorization)
    store(_DOCUMENT, {"address": provider.address, "body": provider.body, "authorization": sealed})


def door_of(city: City) -> SmsDoor | None:
    """Return the city's way to telephones, None when it has none."""
    provider = provider_of(city)
    if provider is not None:
        return HttpDoor(provider.address, provider.body, provider.authorization)
    folder = urlsplit(str(current_app.config["PARVIS"].sms_url))
    return ShownDoor(Path(folder.path)) if folder.scheme == "file" else None
