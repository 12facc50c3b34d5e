"""What files are for: each use says what it accepts and who may read it; a file without a use is given to nobody."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from app.core.context import current_city
from app.registry import modules
from app.services.files.kinds import DOCUMENTS, Kind

MEGABYTE = 1_000_000
USUAL_BYTES = 10 * MEGABYTE
MayRead = Callable[[UUID, str], bool]
"""Tell whether whoever asks now may read the file; gets the purpose that the link was made for, too."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a module has files for."""

    name: str
    may_read: MayRead
    accepts: Collection[Kind] = DOCUMENTS
    most_bytes: int = USUAL_BYTES
    stays: bool = False
    """Whether the city keeps a file when its sender deletes her account, as it does an application it has decided."""

    @property
    def owner(self) -> str:
        """Return the module it belongs to; `platform` for the platform's own."""
        return self.name.partition(".")[0]

    @property
    def is_on(self) -> bool:
        """Tell whether the city being served has the module switched on."""
        return self.owner not in modules() or self.owner in current_city().modules


USES: dict[str, Use] = {}


def serves(
    name: str,
    may_read: MayRead,
    *,
    accepts: Collection[Kind] = DOCUMENTS,
    most_bytes: int = USUAL_BYTES,
    stays: bool = False,
) -> Use:
    """Declare what a module has files for (`<module>.<what>`) and who may read one; asked at every access."""
    USES[name] = Use(name, may_read, tuple(accepts), most_bytes, stays)
    return USES[name]
