"""Light Markdown for texts that staff write: paragraphs, lists, links, emphasis, headings; never markup, never pictures."""

from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

LOWEST_HEADING = 6
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}


def markdown(text: str, *, top: int = 2, base: str = "") -> Markup:
    """Return clean HTML whose headings begin at level `top` and skip none; `base` makes relative links absolute."""
    tokens = _parser().parse(text)
    _renumber_headings(tokens, top)
    html = _parser().renderer.render(tokens, _parser().options, {})
    cleaned = nh3.clean(
        html,
        tags=_allowed_tags(),
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        url_relative=("rewrite_with_base", base) if base else None,
    )
    return Markup(cleaned)  # noqa: S704  cleaned on the line above


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "code", "fence"])


@cache
def _allowed_tags() -> set[str]:
    headings = {f"h{level}" for level in range(2, LOWEST_HEADING + 1)}
    return headings | {"p", "br", "strong", "em", "code", "a", "ul", "ol", "li", "blockquote", "hr"}


def _renumber_headings(tokens: list[Token], top: int) -> None:
    """Give the headings levels without gaps: a screen reader's outline must not skip one."""
    open_levels: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(top + len(open_levels) - 1, LOWEST_HEADING)}"
