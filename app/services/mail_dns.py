"""What the DNS says about mails from a domain: who may send for it, how they are signed, what receivers should do."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tenants.dns import Answer, texts

Judge = Callable[[tuple[str, ...]], tuple[str, "Said"]]


class Said(StrEnum):
    """What the DNS says about one of the three."""

    GOOD = "good"
    WEAK = "weak"
    """It is there, but lets others send in the domain's name."""
    BAD = "bad"
    """It is there and wrong: receivers will refuse or mistrust."""
    ABSENT = "absent"
    UNKNOWN = "unknown"
    """No name server answered."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked for, under which name, what is there and what it means."""

    kind: str
    name: str
    value: str
    said: Said


def findings(sender: str, selector: str) -> list[Finding]:
    """Return what the DNS says about mails from an address: SPF, DKIM (with a selector) and DMARC."""
    domain = sender.rpartition("@")[2].lower()
    found = [_finding("SPF", domain, spf)]
    if selector:
        found.append(_finding("DKIM", f"{selector}._domainkey.{domain}", dkim))
    found.append(_finding("DMARC", f"_dmarc.{domain}", dmarc))
    return found


def spf(records: tuple[str, ...]) -> tuple[str, Said]:
    """Judge the TXT records of a domain by RFC 7208: exactly one begins with v=spf1, and it ends by refusing others."""
    ours = [r for r in records if re.match(r"v=spf1(\s|$)", r, re.IGNORECASE)]
    if not ours:
        return "", Said.ABSENT
    if len(ours) > 1:
        return ours[1], Said.BAD
    words = ours[0].lower().split()
    if "+all" in words or "all" in words:
        return ours[0], Said.BAD
    strict = {"-all", "~all"} & set(words) or any(word.startswith("redirect=") for word in words)
    return ours[0], Said.GOOD if strict else Said.WEAK


def dkim(records: tuple[str, ...]) -> tuple[str, Said]:
    """Judge the TXT records of a selector by RFC 6376, 3.6.1: a key that is not withdrawn and not for trials."""
    keys = [
        tags for record in records if "p" in (tags := _tags(record)) and tags.get("v", "DKIM1") == "DKIM1"
    ]
    if not keys:
        return "", Said.BAD if records else Said.ABSENT
    tags = keys[0]
    shown = "; ".join(f"{name}={value}" for name, value in tags.items())
    if not tags["p"]:
        return shown, Said.BAD
    return shown, Said.WEAK if "y" in tags.get("t", "").split(":") else Said.GOOD


def dmarc(records: tuple[str, ...]) -> tuple[str, Said]:
    """Judge the TXT records below _dmarc by RFC 7489: one policy; `p=none` only watches."""
    ours = [r for r in records if re.match(r"v=DMARC1\s*(;|$)", r)]
    if not ours:
        return "", Said.ABSENT
    policy = _tags(ours[0]).get("p", "").lower()
    if len(ours) > 1 or policy not in ("none", "quarantine", "reject"):
        return ours[0], Said.BAD
    return ours[0], Said.WEAK if policy == "none" else Said.GOOD


def _finding(kind: str, name: str, judge: Judge) -> Finding:
    answer: Answer = texts(name, wanted="")
    if not answer.known:
        return Finding(kind, name, "", Said.UNKNOWN)
    value, said = judge(answer.values)
    return Finding(kind, name, value[:300], said)


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip(): "".join(value.split()) for name, equals, value in pairs if equals}
