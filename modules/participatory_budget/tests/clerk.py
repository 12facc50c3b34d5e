"""A clerk at her browser, working on the pages for staff."""

import re
from collections.abc import Callable
from html import unescape

PAGES = "/admin/participatory-budget"


class Clerk:
    """Somebody who prepares editions, in English; answers of forms are given by the names of their fields."""

    def __init__(
        self,
        site: Callable[..., object],
        *,
        role: str = "administrator",
        city: str = "paris",
        email: str | None = None,
    ) -> None:
        self.browser = site(city, role=role, email=email)
        self.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        self.first = {"paris": "fr", "budapest": "hu"}[city]
        self.home = PAGES

    def get(self, path: str = "/", **options):
        return self.browser.get(self.home + path, **options)

    def post(self, path: str, data: object = None, **options):
        return self.browser.post(self.home + path, data=data or {}, **options)

    def words(self, path: str = "/") -> str:
        """Return what a page says, without its markup."""
        return words(self.get(path))

    def create(self, title: str = "Budget 2026", **answers: str):
        """Make an edition and go to its page."""
        data = {f"title-{self.first}": title, "slug": "2026", "kind": "all", "choices": "2", "budget": "1000"}
        answer = self.browser.post(f"{PAGES}/new", data={**data, **answers})
        assert answer.status_code == 303, words(answer)
        self.home = answer.location.rstrip("/")
        return answer

    def save(self, path: str, data: dict[str, object]) -> None:
        """Send a form that must be accepted."""
        answer = self.post(path, data)
        assert answer.status_code == 303, words(answer)

    def add(self, title: str, cost: str = "100", **more: object):
        """Put a project on the ballot."""
        self.save("/projects/new", {f"title-{self.first}": title, "cost": cost, **more})

    def take(self, step: str) -> None:
        """Take a step after its page has asked."""
        assert self.get(f"/{step}").status_code == 200
        self.save(f"/{step}", {})

    def sign(self):
        """Sign the draft of a result as its page shows it, and return the answer."""
        return self.post("/certify", {"seen": value_of(self.get("/certify"), "seen")})

    def sign_and_publish(self, colleague: "Clerk") -> None:
        """Publish a result that two people have signed."""
        colleague.home = self.home
        for signer in (self, colleague):
            assert signer.sign().status_code == 303
        self.take("publish")

    def prepare(self, *, closes: str = "2026-12-10") -> None:
        """Make an edition that only waits for its opening."""
        self.create()
        self.save("/texts", {f"title-{self.first}": "Budget 2026", f"summary-{self.first}": "Décidez."})
        for title, cost in (("Jardin", "600"), ("Place", "500"), ("Banc", "50")):
            self.add(title, cost)
        self.save("/dates", {"closes_day": closes, "closes_time": "18:00"})


def words(answer) -> str:
    """Return what a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def value_of(answer, name: str) -> str:
    """Return what stands in an input."""
    found = re.search(rf'name="{re.escape(name)}"[^>]*? value="([^"]*)"', answer.text)
    assert found, f"no input {name}"
    return unescape(found[1])
