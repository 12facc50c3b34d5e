"""Every task, run for one city with the other one's ids."""

from app.core.jobs import TASKS
from app.testing.leaks.keeping import Keeper
from app.testing.leaks.report import Report
from app.testing.leaks.routes import Unguessed, Values, fill_task, task_owner, where
from app.testing.leaks.twins import Twins, do_work
from worker.run import run


def run_tasks(twins: Twins, keeper: Keeper, report: Report, owners: set[str]) -> None:
    """Run every task of these owners and complain of each that shows, changes or mails anything of the other city."""
    for name in sorted(TASKS):
        if task_owner(name) not in owners:
            continue
        try:
            fill = fill_task(twins, name)
        except Unguessed as error:
            report.complain(f"{error}.")
            continue
        ours = [*fill.both, *fill.only_here]
        theirs = [] if TASKS[name].of_platform else fill.only_there
        for ids in (*theirs, *ours):
            _run(twins, keeper, report, name, ids)
        if not report.tasks[name]:
            report.complain(
                f"the task {name} never ran through: fill in what it needs in {where(task_owner(name))}."
            )


def _run(twins: Twins, keeper: Keeper, report: Report, name: str, ids: Values) -> None:
    schema = None if TASKS[name].of_platform else twins.here.schema
    given = {key: value if isinstance(value, int) else str(value) for key, value in ids.items()}
    try:
        report.tasks[name] += run(twins.app, name, schema, given)
    except Exception as error:
        # A task may refuse ids of nothing; what it did before is undone with its transaction.
        report.refusals.append(f"{name} {given}: {error!r}")
    do_work(twins.app)
    now = keeper.look()
    for what in now.of_there:
        if twins.fillings[task_owner(name)].is_reviewed(f"changes {name}"):
            continue
        report.complain(f"the task {name} {given}, run for {twins.here.slug}, changes {what}.")
    keeper.restore(now)
