"""What every template gets: the city, the reader, the menus."""

import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, render_template, request, url_for

from app.accounts.current import current_account, current_visit, may, works_here, works_in
from app.core.context import city_or_none, current_city
from app.core.i18n import LANGUAGES, direction, language, offered
from app.core.i18n import gettext as _
from app.core.text import Picked
from app.notify import inbox
from app.registry import modules
from app.web.look.face import said
from app.web.look.palette import palette
from app.web.work import WorkCount, counts

STATIC = Path(__file__).parent / "static"
THEME_COOKIE = "__Host-parvis-theme"
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a menu."""

    label: str
    url: str
    icon: str = ""
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of the console's menu under one heading."""

    heading: str
    entries: list[Entry] = field(default_factory=list)


def is_htmx() -> bool:
    """Tell whether the request wants a part of the page only."""
    return request.headers.get("HX-Request") == "true"


def render(template: str, **values: object) -> str:
    """Return a rendered template."""
    return render_template(template, **values)


@cache
def static_url(name: str) -> str:
    """Return the address of a static file with a version that changes with its content."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def theme() -> str:
    """Return the reader's choice of colours: auto, light or dark."""
    chosen = request.cookies.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def portal_menu() -> list[Entry]:
    """Return a city's main menu: home, then what is switched on."""
    entries = [_entry(_("Home"), url_for("front"), exact=True)]
    if not current_city().published and not works_here():
        return entries
    on = current_city().modules
    for module in modules().values():
        if module.name in on and module.in_menu:
            entries.append(_entry(_(module.title), f"/{module.path}/", icon=module.icon))
    return entries


def _waiting(count: WorkCount | None) -> int | None:
    return count.number or None if count is not None else None


def console_menu() -> list[Group]:
    """Return the console's menu for the person signed in; empty on other pages that look like it."""
    if not request.path.startswith("/admin"):
        return []
    on = current_city().modules
    waiting = counts()
    daily = [
        _entry(_(m.title), f"/admin/{m.path}/", icon=m.icon, count=_waiting(waiting.get(m.name)))
        for m in modules().values()
        if m.name in on and m.load("admin") is not None and works_in(m.name)
    ]
    today = _entry(
        _("Today"),
        "/admin/",
        icon="house",
        exact=True,
        count=_waiting(sum(waiting.values(), WorkCount())),
    )
    groups = [Group("", [today])]
    if daily:
        groups.append(Group(_("Daily work"), daily))
    groups.append(Group("", [_entry(_("Statistics"), "/admin/statistics/", icon="chart-line")]))
    for heading, pages in ((_("Residents"), _resident_pages()), (_("City"), _city_pages())):
        entries = [_entry(label, url, icon=icon) for need, label, url, icon in pages if may(need)]
        if entries:
            groups.append(Group(heading, entries))
    return groups


def _resident_pages() -> list[tuple[str, str, str, str]]:
    """Return (permission, label, address, icon) of the console's pages about residents."""
    return [
        ("people.verify", _("Residents"), "/admin/people/", "id-card"),
        ("people.rolls", _("Lists and letters"), "/admin/rolls/", "list-checks"),
    ]


def _city_pages() -> list[tuple[str, str, str, str]]:
    """Return (permission, label, address, icon) of the console's pages about the city as a whole."""
    return [
        ("console.manage", _("Modules"), "/admin/modules/", "puzzle"),
        ("console.manage", _("Branding"), "/admin/branding", "palette"),
        ("console.manage", _("Staff and roles"), "/admin/staff/", "users"),
        ("console.messages", _("Messages"), "/admin/messages/", "megaphone"),
        ("console.deliveries", _("Delivery log"), "/admin/deliveries", "send"),
        ("console.manage", _("Audit log"), "/admin/audit", "scroll-text"),
        ("console.manage", _("Data protection"), "/admin/privacy", "shield"),
        ("console.manage", _("Settings"), "/admin/settings", "settings"),
    ]


def unread_messages() -> int:
    """Return how many messages in her inbox the person signed in has not read."""
    account = current_account()
    return inbox.unread(account.id) if account else 0


def language_links() -> list[tuple[str, str, str]]:
    """Return (code, own name, address) of this page in each language offered."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    return [(c, LANGUAGES[c], f"{request.path}?{urlencode([*kept, ('lang', c)])}") for c in offered()]


def install(app: Flask) -> None:
    """Give every template what its base needs."""
    # The menus are made by the bases that show them: most of what is drawn is a part of a page.
    app.jinja_env.globals.update(
        static_url=static_url,
        may=may,
        palette=palette,
        city_says=_city_says,
        portal_menu=portal_menu,
        console_menu=console_menu,
        unread_messages=unread_messages,
    )

    @app.context_processor
    def _values() -> dict[str, object]:
        city = city_or_none()
        return {
            "city": city,
            "account": current_account(),
            "visit": current_visit(),
            "language": language(),
            "direction": direction(),
            "languages": language_links() if request else [],
            "theme": theme() if request else "auto",
            "theme_url": f"/theme.css?v={_version(city.brand + city.look.get('font', ''))}"
            if city
            else "/theme.css",
        }


def _city_says(name: str) -> Picked:
    return said(current_city(), name)


@cache
def _version(brand: str) -> str:
    return hashlib.sha256(brand.encode()).hexdigest()[:8]


def _entry(label: str, url: str, *, icon: str = "", exact: bool = False, count: int | None = None) -> Entry:
    here = request.path == url if exact else request.path.startswith(url)
    return Entry(label, url, icon, here, count)
