"""The words of a mail: text and HTML from its templates; of one that goes to many, written once and then filled in."""

import threading
from collections import OrderedDict
from collections.abc import Mapping

import css_inline
from flask import render_template
from flask_babel import force_locale
from markupsafe import escape

from app.core.context import city_or_none

MOST_KEPT = 128
_OPENS, _ENDS = "\ue000", "\ue001"
"""Around the name of a value that is filled in; no template has such characters (Unicode: for private use)."""
_kept: OrderedDict[str, tuple[str, str]] = OrderedDict()
_lock = threading.Lock()


def written(
    template: str, language: str, values: Mapping[str, object], fill: Mapping[str, str] | None
) -> tuple[str, str]:
    """Return a mail as text and as HTML; what is in `fill` is never kept."""
    if fill is None:
        return _write(template, language, values)
    blanks = {name: f"{_OPENS}{name}{_ENDS}" if value else "" for name, value in fill.items()}
    text, html = _once(template, language, {**values, **blanks})
    for name, value in fill.items():
        plain = value.replace(_OPENS, "").replace(_ENDS, "")
        text = text.replace(blanks[name] or _ENDS, plain)
        html = html.replace(blanks[name] or _ENDS, str(escape(plain)))
    return text, html


def _once(template: str, language: str, values: Mapping[str, object]) -> tuple[str, str]:
    """Return a mail written before for the city as it is now, in this language and with these values."""
    key = repr((template, language, city_or_none(), sorted(values.items())))
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = _write(template, language, values)
    with _lock:
        _kept[key] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _write(template: str, language: str, values: Mapping[str, object]) -> tuple[str, str]:
    with force_locale(language):
        text = render_template(f"mail/{template}.txt", language=language, **values)
        html = css_inline.inline(render_template(f"mail/{template}.html", language=language, **values))
    return text, html
