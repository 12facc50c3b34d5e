"""Every command of the shell, called for one city."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from click.testing import CliRunner

from app.cli import main
from app.registry import modules
from app.testing.leaks.filling import PLATFORM
from app.testing.leaks.keeping import Keeper
from app.testing.leaks.reading import unpacked
from app.testing.leaks.report import Report
from app.testing.leaks.routes import where
from app.testing.leaks.twins import Twins, do_work


def run_commands(twins: Twins, keeper: Keeper, report: Report, owners: set[str]) -> None:
    """Run the commands of these owners and complain of each that shows or changes anything of the other city."""
    for name, owner in commands():
        filling = twins.fillings.get(owner)
        if owner not in owners or filling is None:
            continue
        known = any(name == called for called, _arguments in filling.shell)
        if not known and not filling.is_reviewed(f"command {name}"):
            report.complain(
                f"the command `{name}` is not called: say with command({name!r}, …) in {where(owner)} how it is"
                f" called for one city, or why not with review({f'command {name}'!r}, why)."
            )
    for owner in owners:
        with TemporaryDirectory() as folder:
            for name, content in twins.fillings[owner].files.items():
                (Path(folder) / name).write_text(content, encoding="utf-8")
            for name, arguments in twins.fillings[owner].shell:
                _call(
                    twins,
                    keeper,
                    report,
                    name,
                    [a.format(city=twins.here.slug, folder=folder) for a in arguments],
                )
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file() and twins.there.mark.lower() in unpacked(path.read_bytes()).lower():
                    report.complain(f"a command wrote words of {twins.there.slug} into {path.name}.")
        keeper.restore(keeper.look())


def commands() -> Iterator[tuple[str, str]]:
    """Yield every command by its words, with its owner."""
    owners = {
        loaded.group.name: module.name
        for module in modules().values()
        for loaded in [module.load("commands")]
        if loaded is not None
    }
    for words in _walk(main, ()):
        yield " ".join(words), owners.get(words[0], PLATFORM)


def _walk(group: click.Group, before: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _walk(command, (*before, name))
        else:
            yield (*before, name)


def _call(twins: Twins, keeper: Keeper, report: Report, name: str, arguments: list[str]) -> None:
    result = CliRunner().invoke(main, [*name.split(), *arguments], obj=lambda: twins.app)
    called = f"`parvis {name} {' '.join(arguments)}`"
    if result.exit_code:
        report.complain(f"{called} fails, so nothing is proved of it: {result.output.strip()[-300:]}.")
    for word in (twins.there.mark, twins.there.id):
        if word.lower() in result.output.lower():
            report.complain(f"{called} shows words of {twins.there.slug}.")
    do_work(twins.app)
    for what in keeper.look().of_there:
        report.complain(f"{called} changes {what}.")
