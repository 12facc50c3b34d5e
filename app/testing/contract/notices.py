"""Questions about what a module tells people."""

import re

from flask import Flask

from app.notify import kinds
from app.registry import Module

SUBJECT = re.compile(r"{%-?\s*block\s+subject\b")
EXTENDS = re.compile(r'{%-?\s*extends\s+"notify/base\.(?:txt|html)"')


def notices_have_a_topic_and_words(_app: Flask, module: Module) -> None:
    """Ask whether each kind of message has a topic that people can choose about, and templates in the common frame."""
    for topic in module.topics:
        assert topic.label, f"{module.name}: topics.{topic.name} has no label"
        assert topic.sentence.endswith("."), (
            f"{module.name}: topics.{topic.name}: the sentence has a full stop"
        )
    for notice in module.notifications:
        kind = kinds.kind_of(f"{module.name}.{notice.name}")
        where = f"{module.name}: notifications.{notice.name}"
        assert notice.label, f"{where} has no label"
        assert kinds.topic_of(kind), f"{where}: nobody declares the topic {notice.topic}"
        for ending in ("txt", "html"):
            path = module.folder / "templates" / f"{kind.template}.{ending}"
            assert path.is_file(), f"{where} needs templates/{kind.template}.{ending}"
            text = path.read_text(encoding="utf-8")
            assert EXTENDS.search(text), f"{path.name} extends notify/base.{ending}"
            assert SUBJECT.search(text), f"{path.name} has no block subject"


def only_declared_kinds_are_told(_app: Flask, module: Module) -> None:
    """Ask whether every kind that the code tells stands in the manifest, and every kind of the manifest is told."""
    told = re.compile(rf'notify\(\s*"{module.name}\.([a-z_]+)"')
    sources = [p.read_text(encoding="utf-8") for p in module.folder.rglob("*.py") if "tests" not in p.parts]
    found = {name for source in sources for name in told.findall(source)}
    declared = {notice.name for notice in module.notifications}
    assert found == declared, (
        f"{module.name}: [notifications] and notify() differ: {sorted(found ^ declared)}"
    )
