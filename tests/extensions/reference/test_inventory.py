"""The lists of other projects' names, and the inventories made from them."""

from __future__ import annotations

import builtins
import importlib
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp
from sphinx.util.inventory import InventoryFile

from _extensions.reference.inventory import inventory_bytes, list_to_edit, read_inventory
from facts.folders import INVENTORIES

if TYPE_CHECKING:
    from collections.abc import Callable

LISTS = sorted(INVENTORIES.glob("*.toml"))
SMALL = """
project = "PyTorch"
url = "https://docs.pytorch.org/docs/stable/"
modules = ["torch"]
[[group]]
type = "function"
page = "generated/{name}.html"
names = ["torch.autograd.grad"]
[[group]]
type = "method"
page = "{parent}.html"
names = ["torch.nn.Module.train"]
"""


def resolve(name: str) -> object:
    """Return the object that a dotted name means."""
    first, *rest = name.split(".")
    if not rest:
        return getattr(builtins, first)
    found: object = importlib.import_module(first)
    path = first
    for part in rest:
        path = f"{path}.{part}"
        found = getattr(found, part) if hasattr(found, part) else importlib.import_module(path)
    return found


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_listed_name_exists_and_is_of_the_listed_type(path: Path) -> None:
    fits: dict[str, Callable[[Any], bool]] = {
        "py:class": inspect.isclass,
        "py:exception": lambda found: issubclass(found, BaseException),
        "py:function": callable,
        "py:method": callable,
    }
    for entry in read_inventory(path).entries:
        if entry.type.startswith("py:"):
            found = resolve(entry.name)
            # PyTorch describes the context managers of torch.autograd.graph as classes.
            check = fits.get(entry.type)
            if entry.type == "py:class" and "autograd.graph." in entry.name:
                check = callable
            assert check is None or check(found), f"{path.name}: {entry.name} is no {entry.type}"


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_name_belongs_to_a_module_of_its_list(path: Path) -> None:
    inventory = read_inventory(path)
    for entry in inventory.entries:
        module, dot, _ = entry.name.partition(".")
        assert not dot or module in inventory.modules, entry


def test_sphinx_reads_the_inventory_that_we_write(tmp_path: Path) -> None:
    source = tmp_path / "torch.toml"
    source.write_text(SMALL, encoding="utf-8")
    content = inventory_bytes(read_inventory(source))
    read = InventoryFile.loads(content, uri="https://docs.pytorch.org/docs/stable/").data
    grad = read["py:function"]["torch.autograd.grad"]
    assert grad.uri == (
        "https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html#torch.autograd.grad"
    )
    train = read["py:method"]["torch.nn.Module.train"]
    assert train.uri.endswith("stable/torch.nn.Module.html#torch.nn.Module.train")
    assert content == inventory_bytes(read_inventory(source))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("[[group]]", "[[group"), "not valid TOML"),
        (lambda text: text.replace("project", "projekt"), "did you mean 'project'?"),
        (lambda text: text.replace("type =", "kind ="), "a group has the unknown key 'kind'"),
        (lambda text: text.replace('"torch.nn.Module.train"', '"torch.a", "torch.a"'), "twice"),
    ],
)
def test_a_faulty_list_is_named_with_its_fault(
    tmp_path: Path, change: Callable[[str], str], message: str
) -> None:
    source = tmp_path / "torch.toml"
    source.write_text(change(SMALL), encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape("torch.toml")) as caught:
        read_inventory(source)
    assert message in str(caught.value)


def test_the_list_to_edit_is_that_of_the_module() -> None:
    inventories = {path.stem: read_inventory(path) for path in LISTS}
    assert list_to_edit("torch.foo", inventories) == "torch"
    assert list_to_edit("torchvision.models.alexnet", inventories) == "torchvision"
    assert list_to_edit("copy.replace", inventories) == "python"
    assert list_to_edit("numpy.array", inventories) is None


def build(tmp_path: Path, page: str) -> tuple[str, str]:
    """Build one page and return its HTML and the warnings."""
    source = tmp_path / "source"
    (source / "inventories").mkdir(parents=True)
    (source / "inventories" / "torch.toml").write_text(SMALL, encoding="utf-8")
    (source / "conf.py").write_text(
        "extensions = ['_extensions.reference']\nnitpicky = True\n", encoding="utf-8"
    )
    (source / "index.rst").write_text(f"Title\n=====\n\n{page}\n", encoding="utf-8")
    app = SphinxTestApp(srcdir=source, builddir=tmp_path / "build")
    try:
        app.build()
        return (app.outdir / "index.html").read_text(encoding="utf-8"), app.warning.getvalue()
    finally:
        app.cleanup()


def test_a_page_links_to_a_listed_name(tmp_path: Path) -> None:
    html, warnings = build(tmp_path, ":func:`torch.autograd.grad`")
    assert warnings == ""
    assert 'href="https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html' in html


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (":func:`torch.foo`", "torch.foo is not listed: correct the name, or add it in"),
        (":class:`torch.autograd.grad`", "torch.autograd.grad is listed as function: use the role"),
    ],
)
def test_a_name_that_no_list_has_fails_with_the_file_to_edit(
    tmp_path: Path, page: str, message: str
) -> None:
    _, warnings = build(tmp_path, page)
    assert message in warnings
    assert "docs/inventories/torch.toml" in warnings
    assert "index.rst:4" in warnings
