"""Work queues: what waits for the people who work here, in one list, whichever module it is about."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask import g

from app.accounts.current import current_account, may
from app.core.clock import today
from app.core.context import current_city
from app.registry import module_of

PLATFORM = "platform"
MOST_OF_QUEUE = 50


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to be done, in the reader's language."""

    subject: str
    """What the queue calls it; the address of its page holds it."""
    title: str
    url: str
    status: str
    """A word that `status_tag` knows."""
    since: datetime
    due: date | None = None
    assigned_to: UUID | None = None
    reference: str = ""
    note: str = ""
    """What has just happened to it: `The resident has answered.`"""


@dataclass(frozen=True, slots=True)
class WorkCount:
    """How much is open in a queue for one person: hers, nobody's, and how much of these is late."""

    mine: int = 0
    unassigned: int = 0
    overdue: int = 0

    def __add__(self, other: "WorkCount") -> "WorkCount":
        return WorkCount(
            self.mine + other.mine, self.unassigned + other.unassigned, self.overdue + other.overdue
        )

    @property
    def number(self) -> int:
        """Return how much waits for this person or for anybody."""
        return self.mine + self.unassigned


Count = Callable[[UUID | None], WorkCount]
Items = Callable[[UUID | None, int], Iterable[WorkItem]]
HandOver = Callable[[UUID, UUID], int]


@dataclass(frozen=True, slots=True)
class WorkQueue:
    """One kind of work of a module; what it counts and lists is hers and nobody's, never other people's."""

    module: str
    kind: str
    title: str
    permission: str
    """Who may do it."""
    count: Count
    items: Items
    url: str = ""
    hand_over: HandOver | None = None
    """Gives what the first account has open to the second and returns how many items; None where nobody is in charge."""

    @property
    def name(self) -> str:
        """Return the name it is known by."""
        return f"{self.module}.{self.kind}"


@dataclass(frozen=True, slots=True)
class Work:
    """Items as Today shows them: late ones first, then hers, then nobody's; each by its due date."""

    overdue: Sequence[WorkItem] = ()
    mine: Sequence[WorkItem] = ()
    unassigned: Sequence[WorkItem] = ()

    @property
    def number(self) -> int:
        """Return how many items there are."""
        return len(self.overdue) + len(self.mine) + len(self.unassigned)

    @property
    def in_order(self) -> list[WorkItem]:
        """Return all of them, the most urgent first."""
        return [*self.overdue, *self.mine, *self.unassigned]


QUEUES: dict[str, WorkQueue] = {}


def work_queue(
    kind: str,
    title: str,
    *,
    permission: str,
    count: Count,
    url: str = "",
    hand_over: HandOver | None = None,
) -> Callable[[Items], Items]:
    """Declare a kind of work: `title` is its name in the plural, lazily translated, `url` the page of the whole queue.

    The function yields what is open for an account (hers and nobody's) or, for None, nobody's, the most urgent first,
    as many as it is asked for at most; `count` counts the same. A queue whose items are assigned to people says with
    `hand_over` how a colleague gets all of them when somebody leaves.
    """

    def declare(items: Items) -> Items:
        try:
            module = module_of(items.__module__).name
        except LookupError:
            module = PLATFORM
        queue = WorkQueue(module, kind, title, permission, count, items, url, hand_over)
        QUEUES[queue.name] = queue
        return items

    return declare


def queues() -> list[WorkQueue]:
    """Return the queues of the city in which the one signed in may work."""
    return [queue for queue in _of_city() if may(queue.permission)]


def counts() -> dict[str, WorkCount]:
    """Return how much waits in each module for the one signed in."""
    found: dict[str, WorkCount] = {}
    for queue, counted in _counted():
        found[queue.module] = found.get(queue.module, WorkCount()) + counted
    return found


def work() -> Work:
    """Return what waits for the one signed in, of all queues."""
    busy = [queue for queue, counted in _counted() if counted.number]
    return arranged((item for queue in busy for item in queue.items(_me(), MOST_OF_QUEUE)), today())


def open_work(account_id: UUID) -> list[tuple[WorkQueue, list[WorkItem]]]:
    """Return what is assigned to somebody of the staff, by queue, whoever asks; the most urgent of each."""
    found = ((queue, list(queue.items(account_id, MOST_OF_QUEUE))) for queue in _of_city())
    hers = ((queue, [one for one in items if one.assigned_to == account_id]) for queue, items in found)
    return [(queue, items) for queue, items in hers if items]


def hand_over_work(account_id: UUID, to_id: UUID) -> int:
    """Give all that somebody has open to a colleague; returns how many items that were."""
    return sum(queue.hand_over(account_id, to_id) for queue in _of_city() if queue.hand_over)


def next_item(kind: str, *, after: str) -> WorkItem | None:
    """Return what comes next in a queue (`module.kind`) when one item is done; None when nothing is left."""
    items = arranged(QUEUES[kind].items(_me(), MOST_OF_QUEUE), today()).in_order
    return next((item for item in items if item.subject != after), None)


def arranged(items: Iterable[WorkItem], day: date) -> Work:
    """Return items as they are shown on a day."""
    ordered = sorted(items, key=lambda item: (item.due or date.max, item.since, item.subject))
    late = [item for item in ordered if item.due is not None and item.due < day]
    rest = [item for item in ordered if item.due is None or item.due >= day]
    return Work(
        overdue=late,
        mine=[item for item in rest if item.assigned_to is not None],
        unassigned=[item for item in rest if item.assigned_to is None],
    )


def _of_city() -> list[WorkQueue]:
    on = current_city().modules | {PLATFORM}
    return [queue for queue in QUEUES.values() if queue.module in on]


def _counted() -> list[tuple[WorkQueue, WorkCount]]:
    """Return the queues with what waits in each, asked once for a page and its menu."""
    if "work_counted" not in g:
        g.work_counted = [(queue, queue.count(_me())) for queue in queues()]
    counted: list[tuple[WorkQueue, WorkCount]] = g.work_counted
    return counted


def _me() -> UUID | None:
    account = current_account()
    return account.id if account is not None else None
