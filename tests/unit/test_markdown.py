import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.markdown import markdown

TAG = re.compile(r"<\s*/?\s*([a-zA-Z0-9]+)")
ALLOWED = {
    "p",
    "br",
    "strong",
    "em",
    "code",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "hr",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
PIECES = st.lists(
    st.sampled_from(
        [
            "# ",
            "## ",
            "###### ",
            "- ",
            "1. ",
            "> ",
            "**",
            "_",
            "`",
            "\n",
            "\n\n",
            "[a](",
            ")",
            "<b>",
            "&",
            "x",
        ]
    )
)


def test_the_usual_marks_become_elements():
    html = markdown("**b** *i* [l](https://example.org)\n\n- one\n- two\n\n> said")
    for part in (
        "<strong>b</strong>",
        "<em>i</em>",
        'href="https://example.org"',
        "<li>two</li>",
        "<blockquote>",
    ):
        assert part in html


def test_a_line_end_stays_one():
    assert markdown("one\ntwo") == "<p>one<br>\ntwo</p>\n"


def test_headings_begin_at_the_level_asked_for_and_skip_none():
    html = markdown("### A\n\n# B\n\n#### C\n\n## D", top=3)
    assert re.findall(r"<(h\d)>(\w)", html) == [("h3", "A"), ("h3", "B"), ("h4", "C"), ("h4", "D")]


@given(PIECES.map("".join), st.integers(min_value=2, max_value=4))
def test_no_outline_has_a_gap(text, top):
    levels = [int(level) for level in re.findall(r"<h(\d)>", markdown(text, top=top))]
    for before, after in zip([top - 1, *levels], levels, strict=False):
        assert top <= after <= before + 1


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "![a](https://example.org/pixel.png)",
        "<javascript:alert(1)>",
        '[a](https://example.org "onclick=alert(1)")',
        "    <script>alert(1)</script>",
    ],
)
def test_nothing_dangerous_comes_through(text):
    html = markdown(text)
    assert html
    assert set(TAG.findall(html)) <= ALLOWED
    assert not re.search(r'href="(?:javascript|data|vbscript)|<[^>]+\s(?:on\w+|src)=', html, re.IGNORECASE)


@given(st.text() | PIECES.map("".join))
def test_every_text_gives_allowed_elements_only(text):
    assert set(TAG.findall(markdown(text))) <= ALLOWED


def test_relative_links_can_be_made_complete():
    assert 'href="https://paris.example/news/"' in markdown("[a](/news/)", base="https://paris.example/")
    assert 'href="/news/"' in markdown("[a](/news/)")
