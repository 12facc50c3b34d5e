"""Rules that every template of the platform and of the modules keeps, checked on the source."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "app" / "web" / "static"
TEMPLATES = sorted(
    path
    for pattern in ("app/*/templates/**/*.html", "modules/*/templates/**/*.html")
    for path in ROOT.glob(pattern)
)
JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
TAG = re.compile(r"<(/?)([a-zA-Z⟦][^\s<>]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
ATTRIBUTE = re.compile(r"([^\s\"'=⟦⟧<>/]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'))?")
HOLE = re.compile(r"⟦(\d+)⟧")
# Classes made from a value that the page passes; each is in the style sheet under these beginnings.
DYNAMIC = ("tag--", "notice--", "timeline__", "input--")
# Words that are the same in every language.
NAMES = {"Parvis", "CSV", "JSON", "PDF", "Pabulib", "RSS", "EUPL"}
SAFE_ALLOWED: set[str] = set()


@dataclass(frozen=True)
class Element:
    """A tag as it stands in the source; values keep their Jinja expressions."""

    name: str
    attributes: dict[str, str]
    line: int


class Source:
    """A template taken apart: tags, texts, and the Jinja between them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text()
        self.jinja: list[str] = []
        self.html = JINJA.sub(self._hole, self.text)

    def _hole(self, match: re.Match[str]) -> str:
        self.jinja.append(match[0])
        return f"⟦{len(self.jinja) - 1}⟧" + "\n" * match[0].count("\n")

    def elements(self) -> list[Element]:
        return [
            Element(
                tag[2].lower(),
                {name.lower(): (value or "")[1:-1] for name, value in ATTRIBUTE.findall(tag[3])},
                self.html.count("\n", 0, tag.start()) + 1,
            )
            for tag in TAG.finditer(self.html)
            if not tag[1]
        ]

    def written(self, value: str) -> str:
        return HOLE.sub(lambda hole: self.jinja[int(hole[1])], value)

    def texts(self) -> list[str]:
        translated = r"\{%-?\+?\s*trans\b.*?\bendtrans\s*-?%\}"
        html = JINJA.sub("⟦0⟧", re.sub(translated, "", self.text, flags=re.DOTALL))
        body = re.sub(r"<!doctype[^>]*>|<(style|script|code)\b.*?</\1>", "", html, flags=re.DOTALL)
        return HOLE.sub("\n", TAG.sub("\n", body)).split("\n")

    def classes(self) -> set[str]:
        found: set[str] = set()
        for element in self.elements():
            value = element.attributes.get("class", "")
            found |= self._class_names(value)
        for code in self.jinja:
            for literal in re.findall(r"\bclass=\"([^\"]*)\"", code):
                found |= set(literal.split())
        return found

    def _class_names(self, value: str) -> set[str]:
        names = set(HOLE.sub("\x00", value).split())
        literal = {name.rstrip("\x00") for name in names if not name.startswith("\x00")}
        for number in HOLE.findall(value):
            code = re.sub(r"(?:==|!=|\bin\b)\s*(\"[^\"]*\"|\([^)]*\))", "", self.jinja[int(number)])
            for text in re.findall(r"\"([^\"]*)\"", code):
                literal |= set(text.split())
        return {name.replace("\x00", "") for name in literal}


def where(source: Source, element: Element) -> str:
    return f"{source.path.relative_to(ROOT)}:{element.line} <{element.name}>"


@pytest.fixture(scope="module")
def known_classes() -> set[str]:
    css = (STATIC / "parvis.css").read_text()
    css = re.sub(r"/\*.*?\*/|url\([^)]*\)|format\([^)]*\)", "", css, flags=re.DOTALL)
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", css))


@pytest.fixture(params=TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def source(request: pytest.FixtureRequest) -> Source:
    return Source(request.param)


def in_a_mail(source: Source) -> bool:
    return not {"mail", "notify"}.isdisjoint(source.path.parts) or source.path.name == "mail.html"


def test_there_are_templates_to_check():
    assert len(TEMPLATES) > 10


def test_no_style_or_script_stands_in_a_template(source):
    for element in source.elements():
        assert "style" not in element.attributes, where(source, element)
        assert element.name != "style" or in_a_mail(source), where(source, element)
        assert element.name != "script" or element.attributes.get("src"), where(source, element)


def test_no_attribute_holds_code(source):
    for element in source.elements():
        for name, value in element.attributes.items():
            assert not name.startswith(("on", "hx-on", ":", "@")), where(source, element)
            assert not value.strip().lower().startswith(("js:", "javascript:")), where(source, element)
        assert "[" not in element.attributes.get("hx-trigger", ""), where(source, element)


def test_nothing_is_declared_safe_in_a_template(source):
    found = [code for code in source.jinja if re.search(r"\|\s*safe\b|autoescape\s+false", code)]
    assert not found or str(source.path.relative_to(ROOT)) in SAFE_ALLOWED, found


def test_only_classes_of_the_style_sheet_are_used(source, known_classes):
    if in_a_mail(source):
        known_classes = set(
            re.findall(r"\.([a-z][\w-]*)", (ROOT / "app/web/templates/mail/base.html").read_text())
        )
    unknown = {name for name in source.classes() if name not in known_classes}
    unknown -= {
        name for name in unknown if name in DYNAMIC and any(k.startswith(name) for k in known_classes)
    }
    assert not unknown, f"{source.path.relative_to(ROOT)} uses classes that parvis.css does not have"


def test_what_htmx_enhances_works_without_it(source):
    for element in source.elements():
        if "hx-post" in element.attributes:
            assert element.name == "form", where(source, element)
            action, enhanced = (
                source.written(element.attributes.get(name, "")) for name in ("action", "hx-post")
            )
            assert action == enhanced, where(source, element)
        if "hx-get" in element.attributes and element.attributes.get("hx-trigger", "").split(" ")[0] not in (
            "every",
            "load",
        ):
            assert {"href", "action"} & set(element.attributes), where(source, element)
        assert "hx-boost" not in element.attributes, where(source, element)


def test_every_form_that_posts_carries_its_token(source):
    for start in re.finditer(r"<form\b[^>]*\bmethod=\"post\"[^>]*>", source.html, re.IGNORECASE):
        end = source.html.find("</form>", start.end())
        inside = source.html[start.start() : end]
        code = inside + "".join(source.jinja[int(number)] for number in HOLE.findall(inside))
        line = source.html.count("\n", 0, start.start()) + 1
        assert re.search(r"csrf_token|\bcsrf\(\)", code), f"{source.path.relative_to(ROOT)}:{line}"
        assert "novalidate" in start[0], f"{source.path.relative_to(ROOT)}:{line}"


def test_every_picture_has_its_alternative_and_every_table_its_heads(source):
    for element in source.elements():
        if element.name == "img":
            assert "alt" in element.attributes, where(source, element)
        if element.name == "th":
            assert "scope" in element.attributes, where(source, element)


def test_every_word_can_be_translated(source):
    words = [
        word for text in source.texts() for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", "", text))
    ]
    assert not [word for word in words if word not in NAMES], source.path.relative_to(ROOT)


def test_the_style_sheet_and_the_script_stay_small():
    assert len(gzip.compress((STATIC / "parvis.css").read_bytes(), 9)) <= 12 * 1024
    assert len((STATIC / "app.js").read_bytes()) <= 3 * 1024
    assert len(gzip.compress((STATIC / "icons.svg").read_bytes(), 9)) <= 10 * 1024


def test_every_icon_named_in_a_template_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"(?:\bicon\(|\bicon_text\(|icon_name=)\s*\"([^\"]+)\"", path.read_text())
    }
    assert named
    assert named <= sprite


def test_the_style_sheet_is_written_for_both_directions():
    css = (STATIC / "parvis.css").read_text()
    physical = r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height)\s*:"
    assert re.findall(physical, css) == []
    assert "!important" not in re.sub(r"@layer (?:utilities|print) \{.*", "", css, flags=re.DOTALL)


BAD = {
    '<p style="color: red">{{ text }}</p>': test_no_style_or_script_stands_in_a_template,
    "<script>alert(1)</script>": test_no_style_or_script_stands_in_a_template,
    '<button onclick="go()">{{ text }}</button>': test_no_attribute_holds_code,
    '<a hx-on:click="go()" href="/">{{ text }}</a>': test_no_attribute_holds_code,
    '<a href="javascript:go()">{{ text }}</a>': test_no_attribute_holds_code,
    "{{ text | safe }}": test_nothing_is_declared_safe_in_a_template,
    '<form action="{{ a }}" hx-post="{{ b }}"></form>': test_what_htmx_enhances_works_without_it,
    '<div hx-get="/more" hx-trigger="click"></div>': test_what_htmx_enhances_works_without_it,
    '<form method="post" action="/" novalidate></form>': test_every_form_that_posts_carries_its_token,
    '<img src="/a.png">': test_every_picture_has_its_alternative_and_every_table_its_heads,
    "<p>Hello {{ name }}</p>": test_every_word_can_be_translated,
}


@pytest.mark.parametrize("template", BAD)
def test_each_rule_bites(template, tmp_path):
    (tmp_path / "bad.html").write_text(template)
    broken = Source(tmp_path / "bad.html")
    broken.path = ROOT / "bad.html"
    with pytest.raises(AssertionError):
        BAD[template](broken)


@pytest.mark.parametrize(
    "template", ['<p class="mb-4"></p>', '<p class="card{{ \' x\' }}{{ " float-left" if wide }}"></p>']
)
def test_a_class_that_the_style_sheet_does_not_have_is_found(template, tmp_path, known_classes):
    (tmp_path / "bad.html").write_text(template)
    assert Source(tmp_path / "bad.html").classes() - known_classes
