"""No module of the package imports itself by way of others, and what only prints loads no drawing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import autograd_vi

PACKAGE = Path(autograd_vi.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}


def _imports(node: ast.AST, package: str) -> Iterator[str]:
    """Yield the modules that are imported below a node, also inside functions; not those for types alone."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            module = f"{package}.{child.module}" if child.level else child.module or ""
            for alias in child.names:
                full = f"{module}.{alias.name}"
                yield full if full in MODULES else module
        yield from _imports(child, package)


def test_no_imports_form_a_cycle() -> None:
    graph = {}
    for name, path in MODULES.items():
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        found = set(_imports(ast.parse(path.read_text(encoding="utf-8")), package))
        graph[name] = found & MODULES.keys()
    assert "autograd_vi.render.words" in graph["autograd_vi.render"]
    assert "autograd_vi.render.kinds" in graph["autograd_vi.render.words"]
    TopologicalSorter(graph).prepare()  # raises CycleError with the modules of a cycle


def test_what_does_not_draw_loads_no_drawing() -> None:
    program = "import sys, torch, autograd_vi as av; av.print_dag(torch.ones(1, requires_grad=True).exp())"
    asked = "; print(sorted(name for name in sys.modules if name.startswith('autograd_vi.render')))"
    run = subprocess.run(
        [sys.executable, "-c", program + asked], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == "[]"
