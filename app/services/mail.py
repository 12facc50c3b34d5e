"""What a mail is, and handing it over: to a folder that the dev stack shows, or to nobody (smtp.py: to a server)."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

from app.core.clock import now
from app.core.ids import new_id


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, ready to be handed over."""

    recipient: str
    sender_name: str
    sender: str
    subject: str
    text: str
    html: str
    language: str
    ident: str = ""
    """The same each time the same mail is handed over: receiving servers know a repeated one by it."""
    reply_to: str = ""
    returns_to: str = ""
    """Where the receiving server says that it could not deliver (RFC 5321, reverse-path); the sender when empty."""
    headers: Mapping[str, str] = field(default_factory=dict)


Send = Callable[[Mail], None]


class MailDoor(Protocol):
    """Whatever takes mails; raises OSError when it cannot take one now, Refused when it says why."""

    def session(self) -> AbstractContextManager[Send]:
        """Open the door for several mails."""

    def send(self, mail: Mail) -> None:
        """Hand one mail over."""


class NullDoor:
    """Takes every mail and forgets it."""

    def session(self) -> AbstractContextManager[Send]:
        """Open nothing."""
        return nullcontext(self.send)

    def send(self, mail: Mail) -> None:
        """Do nothing."""


class FolderDoor:
    """Writes each mail into a folder, as JSON; what the dev stack's mail page shows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def session(self) -> AbstractContextManager[Send]:
        """Open nothing: each mail is a file."""
        return nullcontext(self.send)

    def send(self, mail: Mail) -> None:
        """Write one file, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{new_id()}.json"
        draft = self.folder / f".{name}"
        draft.write_text(json.dumps({"at": now().isoformat(), **asdict(mail)}), encoding="utf-8")
        draft.rename(self.folder / name)
