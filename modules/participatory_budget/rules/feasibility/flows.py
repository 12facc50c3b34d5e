"""The rules of moderation and examination of an edition, as they are stored."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields

from .steps import MOST_DAYS, Flow


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """How staff look at ideas: the way of examination, and days for appeals against a refusal (0: none)."""

    flow: Flow = field(default_factory=Flow)
    refusal_days: int = 14
    needs_consent: bool = True
    """Whether authors are asked about the text that goes on the ballot."""

    def __post_init__(self) -> None:
        if not 0 <= self.refusal_days <= MOST_DAYS:
            raise ValueError(f"days for an appeal: from 0 to {MOST_DAYS}")


_BY_NAME: Mapping[str, type] = {
    **{f"flow_{one.name}": bool if one.name != "appeal_days" else int for one in fields(Flow)},
    "refusal_days": int,
    "needs_consent": bool,
}


def write_review(rules: ReviewRules) -> dict[str, object]:
    """Return the rules as they are stored; what equals the default is left out."""
    usual = _flat(ReviewRules())
    return {name: value for name, value in _flat(rules).items() if value != usual[name]}


def read_review(document: Mapping[str, object]) -> ReviewRules:
    """Return stored rules; ValueError for others."""
    for name, value in document.items():
        kind = _BY_NAME.get(name)
        if kind is None or type(value) is not kind:
            raise ValueError(f"no rule of examination: {name}")
    flow = {name.removeprefix("flow_"): value for name, value in document.items() if name.startswith("flow_")}
    rest = {name: value for name, value in document.items() if not name.startswith("flow_")}
    return ReviewRules(flow=Flow(**flow), **rest)  # type: ignore[arg-type]


def _flat(rules: ReviewRules) -> dict[str, object]:
    flow = {f"flow_{name}": value for name, value in asdict(rules.flow).items()}
    return {**flow, "refusal_days": rules.refusal_days, "needs_consent": rules.needs_consent}
