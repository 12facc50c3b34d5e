"""A resident who writes ideas, at her browser."""

import re
from html import unescape

from ..voter import Voter

TEXT = (
    "Two benches and three trees would give the square shade in summer, so that parents and old people can"
    " wait there for the children after school."
)
HTMX = {"HX-Request": "true"}


class Author(Voter):
    """Somebody in front of the pages about ideas."""

    def begin(self, title: str = "Shade on the school square", category: str = "green") -> str:
        """Begin an idea; returns the address of its steps."""
        answer = self.post("/ideas/new", {"title": title, "category": category})
        assert answer.status_code == 303, words(answer)
        return re.search(r"/ideas/write/[0-9a-f-]+", answer.location)[0]

    def step(self, path: str, name: str, data: dict[str, object], *, status: int = 303):
        """Fill in a step as its page shows it."""
        page = self.get(f"{path}/{name}")
        assert page.status_code == 200, page.status
        answer = self.post(f"{path}/{name}", {**hidden(page), **data})
        assert answer.status_code == status, words(answer)
        return answer

    def write(self, title: str = "Shade on the school square", *, text: str = TEXT, **place: object) -> str:
        """Write a draft up to the check; returns the address of its steps."""
        path = self.begin(title)
        self.step(path, "place", place)
        self.step(path, "text", {"text": text})
        return path

    def hand_in(self, title: str = "Shade on the school square", *, text: str = TEXT, **place: object) -> int:
        """Write an idea and hand it in; returns its number."""
        path = self.write(title, text=text, **place)
        self.step(path, "check", {"stamp": ""})
        return number_of(self.get(f"{path}/sent"))

    def comment(self, number: int, text: str, **more: object):
        page = self.get(f"/ideas/{number}")
        return self.post(f"/ideas/{number}/comments", {**hidden(page, "/comments"), "text": text, **more})

    def support(self, number: int, *, on: bool = True, **options):
        return self.post(f"/ideas/{number}/support", {"support": "1" if on else "0"}, **options)


def hidden(page, action: str = "") -> dict[str, str]:
    """Return the hidden fields of the form of a page that goes to an address, the first one without."""
    forms = re.findall(
        r'<form[^>]*method="post"[^>]*action="([^"]*)"[^>]*>(.*?)</form>', page.text, re.DOTALL
    )
    inside = next(
        (body for address, body in forms if address.endswith(action) and "notifications" not in address), ""
    )
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inside)
    return {name: unescape(value) for name, value in found if name != "csrf_token"}


def number_of(page) -> int:
    """Return the number that the page after handing in tells."""
    found = re.search(r"idea number (\d+)", words(page))
    assert found, words(page)
    return int(found[1])


def words(answer) -> str:
    """Return what a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
