"""Questions about who gets in, and about what is left of a module that is off."""

from flask import Flask

from app.registry import Module
from app.testing.browsers import open_browser
from app.testing.contract.addresses import ELSEWHERE, HERE, Address, addresses, switched_off

ROLES = (None, "resident", "viewer", "editor", "administrator")


def front_pages_open(app: Flask, module: Module) -> None:
    """Ask whether the addresses that the menus lead to open to those who see the menus."""
    if module.load("public") is not None and module.in_menu:
        status = open_browser(app, HERE).get(f"/{module.path}/").status_code
        assert status == 200, f"/{module.path}/ answers a visitor with {status}"
    if module.load("admin") is not None:
        status = open_browser(app, HERE, role="viewer").get(f"/admin/{module.path}/").status_code
        assert status == 200, f"/admin/{module.path}/ answers a viewer with {status}"


def staff_pages_are_for_staff(app: Flask, module: Module) -> None:
    """Ask whether visitors are led to sign in and residents are turned away."""
    visitor, resident = open_browser(app, HERE), open_browser(app, HERE, role="resident")
    for address in _of_staff(app, module):
        answer = visitor.open(address.path, method=address.method)
        to_sign_in = answer.status_code == 302 and answer.location.startswith("/sign-in")
        assert to_sign_in, f"{address.method} {address.path} answers a visitor with {answer.status_code}"
        status = resident.open(address.path, method=address.method).status_code
        assert status == 403, f"{address.method} {address.path} answers a resident with {status}"


def changes_by_staff_need_a_permission(app: Flask, module: Module) -> None:
    """Ask whether every page for staff that takes a form says which permission it needs."""
    for address in _of_staff(app, module):
        named = getattr(app.view_functions[address.endpoint], "requires", None)
        assert address.method == "GET" or named, f"{address.endpoint} lacks @requires(…)"


def off_means_absent_in_that_city_only(app: Flask, module: Module) -> None:
    """Ask whether a module that is off answers 404 to everybody on every address, and only there."""
    found = addresses(app, module)
    ours = {role: open_browser(app, HERE, role=role) for role in ROLES}
    theirs = open_browser(app, ELSEWHERE, role="administrator")
    lists = [address.path for address in found if address.method == "GET" and address.complete]
    before = [(ours["administrator"].get(path).status_code, theirs.get(path).status_code) for path in lists]
    with switched_off(app, module):
        for role, browser in ours.items():
            for address in found:
                status = browser.open(address.path, method=address.method).status_code
                assert status == 404, (
                    f"off, but {address.method} {address.path} gives {role or 'a visitor'} {status}"
                )
        assert [theirs.get(path).status_code for path in lists] == [there for _here, there in before]
    after = [(ours["administrator"].get(path).status_code, theirs.get(path).status_code) for path in lists]
    assert after == before, f"{module.name} is not what it was after it was switched on again"


def _of_staff(app: Flask, module: Module) -> list[Address]:
    return [address for address in addresses(app, module) if address.for_staff]
