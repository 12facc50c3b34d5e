"""Questions about background work."""

from flask import Flask

from app.core.jobs import TASKS
from app.registry import Module
from app.testing.contract.addresses import city_here, switched_off
from worker.run import run


def tasks_do_nothing_while_off(app: Flask, module: Module) -> None:
    """Ask whether the worker leaves the module's tasks alone in a city that has it off."""
    with app.app_context():
        schema = city_here().schema
    own = [task for task in TASKS.values() if task.owner == module.name]
    with switched_off(app, module):
        for task in own:
            assert not task.of_platform, f"{task.name}: a module's task belongs to a city"
            assert not run(app, task.name, schema, {}), f"{task.name} runs although the module is off"
