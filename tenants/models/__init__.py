"""Tables of the platform (schema `platform`)."""

from app.core.context import CityState
from tenants.models.anchor import AuditAnchor
from tenants.models.city import (
    CityRecord,
    Domain,
    FormerSlug,
    ModuleToggle,
    Quota,
)
from tenants.models.failure import Failure
from tenants.models.operator import Operator, OperatorSession, OperatorVisit, PlatformEntry
from tenants.models.signup import PlatformMail, Signup, SignupState
from tenants.models.upkeep import (
    CityRevision,
    Erasure,
    Measure,
    Operation,
    OperationState,
    Usage,
)

__all__ = [
    "AuditAnchor",
    "CityRecord",
    "CityRevision",
    "CityState",
    "Domain",
    "Erasure",
    "Failure",
    "FormerSlug",
    "Measure",
    "ModuleToggle",
    "Operation",
    "OperationState",
    "Operator",
    "OperatorSession",
    "OperatorVisit",
    "PlatformEntry",
    "PlatformMail",
    "Quota",
    "Signup",
    "SignupState",
    "Usage",
]
