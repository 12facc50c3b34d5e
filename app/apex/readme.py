"""A module's README as part of a page: its own markup only, no pictures, no relative links."""

from functools import cache
from pathlib import Path

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.registry import Module

_TAGS = "p h2 h3 h4 ul ol li strong em code pre blockquote a br hr table thead tbody tr th td"
SCHEMES = {"http", "https", "mailto"}
_DEEPER = {"h1": "h2", "h5": "h4", "h6": "h4"}


def readme_of(module: Module) -> Markup:
    """Return the module's README as clean markup; empty where there is none."""
    return _rendered(module.folder / "README.md")


def html_of(text: str) -> Markup:
    """Return Markdown as clean markup; the first heading of the first level is the page's own and is left out."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = _under_a_title(markdown.parse(text))
    html = markdown.renderer.render(tokens, markdown.options, {})
    clean = nh3.clean(
        html, tags=set(_TAGS.split()), attributes={"a": {"href"}}, url_schemes=SCHEMES, url_relative="deny"
    )
    return Markup(clean.replace("<table>", '<table class="table">'))  # noqa: S704  cleaned just before


@cache
def _rendered(path: Path) -> Markup:
    return html_of(path.read_text(encoding="utf-8")) if path.is_file() else Markup()


def _under_a_title(tokens: list[Token]) -> list[Token]:
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        tokens = tokens[3:]
    for token in tokens:
        token.tag = _DEEPER.get(token.tag, token.tag)
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type == "th_open" and not token.content:
            before.tag = after.tag = "td"
    return tokens
