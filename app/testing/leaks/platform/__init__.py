"""What the platform itself brings to the suite: people, files, settings, its own site, its tasks and commands.

Whoever adds a page, a task or a command to the platform adds here what the suite asks for.
"""

from app.testing.leaks.platform import (
    apex,
    city,
    files,
    finding,
    operators,
    people,
    privacy,
    programs,
    reaching,
    residents,
    shell,
    sign_in,
    told,
)
from app.testing.leaks.platform.owner import filling

__all__ = [
    "apex",
    "city",
    "files",
    "filling",
    "finding",
    "operators",
    "people",
    "privacy",
    "programs",
    "reaching",
    "residents",
    "shell",
    "sign_in",
    "told",
]
