"""The chain over the audit log, and what people ask for about their own data."""

from app.core import audit_chain
from app.testing.leaks.filling import Twin
from app.testing.leaks.platform.owner import filling


@filling.at_the_end
def chains(_twin: Twin) -> None:
    """Seal what was written into the audit log so far."""
    audit_chain.seal()


filling.review("no text audit_seal.*", "hashes, and no words")
filling.command("audit verify", "--city", "{city}", "--json")
