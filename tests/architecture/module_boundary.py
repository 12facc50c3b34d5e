"""An import contract read from the manifests: who may import whose api."""

import tomllib
from pathlib import Path
from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class ModuleBoundary(Contract):
    """Module A may import B only if A's manifest requires B, and then only B.api."""

    container = fields.StringField()

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        siblings = sorted(graph.find_children(self.container))
        requires = {module: _requires(module) for module in siblings}
        bad = [
            (importer, target, why)
            for source in siblings
            for importer in sorted({source} | graph.find_descendants(source))
            for target in sorted(graph.find_modules_directly_imported_by(importer))
            if (why := _objection(source, target, requires))
        ]
        return ContractCheck(kept=not bad, metadata={"bad": bad})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, target, why in check.metadata["bad"]:
            output.print_error(f"{importer} -> {target}: {why}")


def _objection(source: str, target: str, requires: dict[str, set[str]]) -> str:
    other = ".".join(target.split(".")[:2])
    if other not in requires or other == source:
        return ""
    if other.rpartition(".")[2] not in requires[source]:
        return f"{other} is not in its manifest's requires"
    return "" if target == f"{other}.api" else f"only {other}.api is public"


def _requires(module: str) -> set[str]:
    path = Path(*module.split(".")) / "manifest.toml"
    return set(tomllib.loads(path.read_text()).get("requires", [])) if path.exists() else set()
