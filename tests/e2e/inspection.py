"""What every page has to be: accessible, no wider than the window, with a title and one first heading."""

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

DESK, PHONE = 1280, 360
HEIGHT = 900
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
_AXE = Axe()


class Inspector:
    """Looks at copies of pages as they stand, so that neither the page nor its city notices.

    axe needs scripts and a page without our content security policy; people keep theirs.
    """

    def __init__(self, browser: Browser) -> None:
        context = browser.new_context(
            viewport={"width": DESK, "height": HEIGHT}, reduced_motion="reduce", bypass_csp=True
        )
        self._copy = context.new_page()
        # What scripts have made of the page is in it already; a second run would ask the city again.
        self._copy.route("**/*.js*", lambda route: route.abort())

    def look(self, page: Page, width: int = 0) -> Sequence[str]:
        """Return what is wrong with a page in its own window or in one of this width, in words."""
        assert page.viewport_size is not None
        self._take(page)
        return self._at(width or page.viewport_size["width"])

    def look_from_all_sides(self, page: Page) -> Sequence[str]:
        """Return what is wrong with a page on a desk, on a telephone and in the dark."""
        self._take(page)
        found = [f"{width} px: {trouble}" for width in (DESK, PHONE) for trouble in self._at(width)]
        self._copy.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"dark: {trouble}" for trouble in _violations(self._copy, CONTRAST)]
        self._copy.emulate_media(color_scheme="light", reduced_motion="reduce")
        return found

    def _at(self, width: int) -> Sequence[str]:
        self._copy.set_viewport_size({"width": width, "height": HEIGHT})
        return [*_shape(self._copy), *_violations(self._copy)]

    def _take(self, page: Page) -> None:
        address, html = page.url.partition("#")[0], page.content()

        def give(route: Route) -> None:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

        self._copy.route(address, give)
        try:
            self._copy.goto(address)
        finally:
            self._copy.unroute(address)


def _shape(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = [f"{wide} px too wide"] if wide > 0 else []
    if not page.title().strip(" –"):
        found.append("no title")
    if (headings := page.locator("h1").count()) != 1:
        found.append(f"{headings} first headings")
    return found


def _violations(page: Page, options: dict[str, object] | None = None) -> list[str]:
    results = _AXE.run(page, options=options) if options else _AXE.run(page)
    return [
        f"{broken['id']} ({broken['help']}): {node['html'][:160]}"
        for broken in results.response["violations"]
        for node in broken["nodes"]
    ]
