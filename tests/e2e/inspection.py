"""What every page has to be: accessible, no wider than the window, with a title and one first heading."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

HEIGHT = 900
_AXE = Axe()


class Inspector:
    """Looks at copies of pages as they stand, so that neither the page nor its city notices.

    axe needs scripts and a page without our content security policy; people keep theirs.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[tuple[int, bool], Page] = {}

    def look(self, page: Page, *, dark: bool = False) -> list[str]:
        """Return what is wrong with a page, in words."""
        size = page.viewport_size
        assert size is not None
        address = page.url.partition("#")[0]
        html = page.content()
        copy = self._copy(size["width"], dark=dark)

        def give(route: Route) -> None:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

        copy.route(address, give)
        try:
            copy.goto(address)
        finally:
            copy.unroute(address)
        return [*_shape(copy), *_violations(copy)]

    def _copy(self, width: int, *, dark: bool) -> Page:
        if (width, dark) not in self._pages:
            context = self._browser.new_context(
                viewport={"width": width, "height": HEIGHT},
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce",
                bypass_csp=True,
            )
            page = context.new_page()
            # What scripts have made of the page is in it already; a second run would ask the city again.
            page.route("**/*.js*", lambda route: route.abort())
            self._pages[width, dark] = page
        return self._pages[width, dark]


def _shape(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = [f"{wide} px too wide"] if wide > 0 else []
    if not page.title().strip(" –"):
        found.append("no title")
    if (headings := page.locator("h1").count()) != 1:
        found.append(f"{headings} first headings")
    return found


def _violations(page: Page) -> list[str]:
    return [
        f"{broken['id']} ({broken['help']}): {node['html'][:160]}"
        for broken in _AXE.run(page).response["violations"]
        for node in broken["nodes"]
    ]
