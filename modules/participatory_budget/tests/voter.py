"""A resident at her browser, voting through the pages."""

import re
from collections.abc import Callable, Iterable

PAGES = "/participatory-budget"
HTMX = {"HX-Request": "true"}


class Voter:
    """Somebody in front of the pages of one edition, in English."""

    def __init__(
        self,
        site: Callable[..., object],
        email: str | None = "anna@paris.example",
        *,
        city: str = "paris",
        edition: str = "2026",
        role: str = "resident",
    ) -> None:
        self.browser = site(city, role=role, email=email) if email else site(city)
        self.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        self.base = f"{PAGES}/{edition}"

    def get(self, path: str = "/", **options):
        return self.browser.get(self.base + path, **options)

    def post(self, path: str, data: object = None, **options):
        return self.browser.post(self.base + path, data=data or {}, **options)

    def press(self, number: int, *, add: bool = True, query: str = "", **options):
        return self.post(f"/vote/choose{query}", {"project": number, "add": int(add)}, **options)

    def choose(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            assert self.press(number).status_code == 303

    def paper(self) -> dict[str, object]:
        """Return what the check page would send."""
        page = self.get("/vote/check")
        assert page.status_code == 200
        return fields(page.text)

    def confirm(self, paper: dict[str, object]):
        return self.post("/vote/check", paper)

    def vote(self, numbers: Iterable[int]) -> str:
        """Choose, check and confirm; returns the receipt code."""
        self.choose(numbers)
        assert self.confirm(self.paper()).status_code == 303
        return self.code()

    def code(self) -> str:
        """Return the code on the receipt."""
        found = re.search(r'id="receipt-code">([^<]+)<', self.get("/vote/receipt").text)
        assert found, "no code on the receipt"
        return found[1]


def fields(page: str) -> dict[str, object]:
    """Return the hidden fields of the form that confirms a vote."""
    start = page.index('name="seen_version"')
    form = page[page.rindex("<form", 0, start) : page.index("</form>", start)]
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    found: dict[str, object] = {name: value for name, value in hidden if name != "csrf_token"}
    found["project"] = [value for name, value in hidden if name == "project"]
    return found
