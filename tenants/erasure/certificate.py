"""The certificate of an erased city: what was removed, what is kept, what was searched; without personal data.

Its signature proves that this deployment wrote it and that nobody has changed it since. It cannot prove what happened
to copies that the deployment does not hold (docs/decisions/0012-erasing-a-city.md).
"""

import hmac
import json
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256

from flask import current_app

from app.core.clock import now
from app.core.i18n import gettext as _
from app.core.ids import keyed_hash
from tenants.models.upkeep import Json

PURPOSE = "certificate of erasure"
Certificate = dict[str, Json]


def sign(content: Mapping[str, Json]) -> Certificate:
    """Return the content with its checksum and the deployment's signature."""
    text = canonical(content)
    return {
        "content": dict(content),
        "sha256": sha256(text).hexdigest(),
        "hmac_sha256": keyed_hash(PURPOSE, text).hex(),
    }


def is_genuine(certificate: Mapping[str, Json]) -> bool:
    """Tell whether this deployment, with its present SECRET_KEY, signed exactly this."""
    content, signature = certificate.get("content"), certificate.get("hmac_sha256")
    if not isinstance(content, dict) or not isinstance(signature, str) or not signature.isascii():
        return False
    text = canonical(content)
    same = certificate.get("sha256") == sha256(text).hexdigest()
    return hmac.compare_digest(keyed_hash(PURPOSE, text).hex(), signature) and same


def canonical(content: Mapping[str, Json]) -> bytes:
    """Return the one way to write the content down: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def backups_until() -> date | None:
    """Return the day after which no backup holds the city any more; None where the operator has not said."""
    days = current_app.config["PARVIS"].backup_days
    return None if days is None else (now() + timedelta(days=days)).date()


def as_text(certificate: Mapping[str, Json]) -> str:
    """Return the certificate for people: to be printed, or sent to the city."""
    content = _part(certificate, "content")
    city = _part(content, "city")
    removed, kept = _part(content, "removed"), _part(content, "kept")
    paragraphs = [
        _("Certificate of erasure"),
        _lines(
            (_("City"), city.get("name")),
            (_("Address"), city.get("address")),
            (_("Number of the city"), city.get("id")),
            (_("Asked for by"), content.get("asked_by")),
            (_("Closed on"), content.get("closed_at")),
            (_("Erasure began"), content.get("began_at")),
            (_("Erasure was complete"), content.get("erased_at")),
        ),
        _("Removed") + "\n" + _tree(removed),
        _("Searched afterwards, and found") + "\n" + _tree(_part(content, "found")),
        _("Kept, because the law wants to know who did what") + "\n" + _tree(kept),
        _backup_words(content),
        _(
            "Not covered: mails that were handed over, archives that were downloaded, and what people have saved."
            " They are not in the hands of this deployment."
        ),
        f"SHA-256 {certificate.get('sha256')}\nHMAC-SHA-256 {certificate.get('hmac_sha256')}",
    ]
    return "\n\n".join(paragraphs) + "\n"


def _backup_words(content: Mapping[str, Json]) -> str:
    until = content.get("in_backups_until")
    if until is None:
        return _("Backups made before may still hold the data. The operator has not said for how long.")
    return _("Backups made before may still hold the data until %(day)s; then they are gone.", day=str(until))


def _part(whole: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    part = whole.get(name)
    return part if isinstance(part, dict) else {}


def _tree(part: Mapping[str, Json], depth: int = 1) -> str:
    lines = []
    for name, value in part.items():
        if isinstance(value, dict):
            lines += [f"{'  ' * depth}{name}:", _tree(value, depth + 1)]
        else:
            lines.append(f"{'  ' * depth}{name}: {'-' if value is None else value}")
    return "\n".join(line for line in lines if line)


def _lines(*facts: tuple[str, Json]) -> str:
    return "\n".join(f"{name}: {'-' if value is None else value}" for name, value in facts)
