"""The list of what we use without upstream's word is complete, and nothing on it is out of use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from upstream_list import (
    ROOT,
    Use,
    documented,
    importable_uses,
    read_uses,
    resolve,
    sentence,
    supported,
    upstream,
)

USES = read_uses()
GUARDED = {
    "furo": "furo",
    "gettext": "Python",
    "jupyter_cache": "jupyter-cache",
    "myst_nb": "myst-nb",
    "sphinx": "sphinx",
    "sphinx_gallery": "sphinx-gallery",
    "sphinx_intl": "sphinx-intl",
    "sphinx_markdown_builder": "sphinx-markdown-builder",
}
"""Modules of which every import has to be either documented or listed."""
FOLDERS = ("benchmarks", "docs", "gallery", "src", "tools")
_SCRIPT_NAMES = re.compile(
    r"\b(?:Documentation|DOCUMENTATION_OPTIONS|Scorer|Search|SphinxHighlight)\.\w+"
)


def sources(suffix: str) -> Iterator[tuple[str, str]]:
    """Yield the files with ``suffix`` that people wrote, and their texts."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith("docs/gallery/"):  # what the run has made
                yield name, path.read_text(encoding="utf-8")


def own_names() -> set[str]:
    """Return the private names that our own code gives: to functions, classes, variables and attributes."""
    found = set()
    for _, text in sources(".py"):
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    found.add(name)
                case ast.Name(id=name, ctx=ast.Store()):
                    found.add(name)
                case ast.Attribute(attr=name, ctx=ast.Store()):
                    found.add(name)
                case ast.Assign(targets=[ast.Name(id="__slots__")], value=ast.Tuple(elts=slots)):
                    found |= {
                        str(ast.literal_eval(slot))
                        for slot in slots
                        if not isinstance(slot, ast.Starred)
                    }
    return found


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def private_names(text: str) -> set[str]:
    """Return the private names that a Python text asks other objects for."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Attribute(attr=name):
                found.add(name)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                found |= {*module.split("."), *(alias.name for alias in names)}
            case ast.Import(names=names):
                found |= {part for alias in names for part in alias.name.split(".")}
            case ast.Call(
                func=ast.Name(id="getattr" | "hasattr" | "setattr"),
                args=[_, ast.Constant(value=str(name)), *_],
            ):
                found.add(name)
    return set(filter(is_private, found))


def guarded_names(text: str) -> set[str]:
    """Return what a Python text takes of the guarded modules, as dotted names."""
    tree = ast.parse(text)
    found, modules = set(), {}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names, level=0):
                if module.partition(".")[0] in GUARDED:
                    found |= {f"{module}.{alias.name}" for alias in names}
            case ast.Import(names=names):
                for alias in names:
                    if alias.name.partition(".")[0] in GUARDED:
                        modules[alias.asname or alias.name.partition(".")[0]] = alias
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in modules:
                alias = modules[name]
                found.add(f"{alias.name if alias.asname else name}.{attribute}")
    return {name for name in found if not name.endswith("__")}


def is_known(name: str) -> bool:
    """Whether a dotted name of a guarded module is documented, or is (a part of) a listed one."""
    of = GUARDED[name.partition(".")[0]]
    free = documented().get(of, [])
    return any(name == allowed or name.startswith(f"{allowed}.") for allowed in free) or any(
        f"{use.name}.".startswith(f"{name}.") for use in USES.values()
    )


def listed_words(file: str) -> set[str]:
    """Return every word in the names of the uses that name ``file``."""
    uses = (use for use in USES.values() if file in use.files)
    return {word for use in uses for word in re.findall(r"\w+", use.name)}


def test_every_private_name_in_the_code_is_on_the_list() -> None:
    dotted = " ".join(name for names in documented().values() for name in names)
    free = set(dotted.replace(".", " ").split())
    known = own_names() | free | {"_extensions"}
    missing = {
        f"{name}: {word}"
        for name, text in sources(".py")
        for word in private_names(text) - known - listed_words(name)
    }
    assert not missing, "list them in docs/upstream.toml, or use what upstream documents"


def test_every_import_of_what_upstream_does_not_document_is_on_the_list() -> None:
    missing = {
        f"{name}: {guarded}"
        for name, text in sources(".py")
        for guarded in guarded_names(text)
        if not is_known(guarded)
    }
    assert not missing, "list them in docs/upstream.toml, or name them under [documented] there"


def test_every_name_of_the_theme_s_scripts_is_on_the_list() -> None:
    listed = " ".join(USES)
    files = [*sources(".js"), *sources("interface_script.py")]
    missing = {
        f"{name}: {word}"
        for name, text in files
        for word in _SCRIPT_NAMES.findall(text)
        if word not in listed
    }
    assert not missing, "list them in docs/upstream.toml"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x._hidden", {"_hidden"}),
        ("getattr(x, '_hidden', None)", {"_hidden"}),
        ("from one._hidden import _too", {"_hidden", "_too"}),
        ("import one._hidden", {"_hidden"}),
        ("x.__class__, x.shown, _(word)", set()),
    ],
)
def test_private_names_are_found_however_they_are_asked_for(text: str, names: set[str]) -> None:
    assert private_names(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("from sphinx.search import js_index as one", {"sphinx.search.js_index"}),
        ("import furo\nfuro.thing()", {"furo.thing"}),
        ("import sphinx_intl.basic\nsphinx_intl.basic.update()", {"sphinx_intl.basic"}),
        ("import sphinx.util as u\nu.thing", {"sphinx.util.thing"}),
        ("import json\njson.loads", set()),
    ],
)
def test_guarded_names_are_found_however_they_are_imported(text: str, names: set[str]) -> None:
    assert guarded_names(text) == names


@pytest.mark.parametrize("use", USES.values(), ids=lambda use: use.name)
def test_each_use_says_why_and_stands_in_the_files_it_names(use: Use) -> None:
    assert use.why, "say what it is needed for"
    assert use.link or use.reason, "give upstream's issue, or what hinders the documented way"
    assert not use.link or re.fullmatch(r"https://\S+/\d+", use.link)
    assert supported(use.of)
    texts = {file: (ROOT / file).read_text(encoding="utf-8") for file in use.files}
    for file, text in texts.items():
        assert use.says in text, f"{file} no longer uses it"
    if use.link and not use.files[0].startswith("gallery/"):  # a page does not speak of its makers
        assert any(use.link in text for text in texts.values()), "link it beside the code too"


def test_each_use_has_a_test() -> None:
    marked = set()
    for path in [*Path(__file__).parent.glob("test_*.py"), ROOT / "tests/package/test_upstream.py"]:
        marked |= {
            ast.literal_eval(node.args[0])
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "upstream"
            and isinstance(node.args[0], ast.Constant)
        }
    alone = {use.name for use in importable_uses()}
    assert set(USES) - alone - marked == set()


def test_a_broken_use_is_told_in_one_sentence_that_names_version_reason_and_file() -> None:
    use = USES["furo.get_pygments_stylesheet"]
    with pytest.raises(AttributeError) as problem:
        resolve("furo.no_such_thing")
    told = sentence(use, problem.value)
    assert "no_such_thing" in told
    assert supported("furo") in told
    assert "mend docs/_extensions/page/assets.py" in told
    assert use.link in told
    assert "\n" not in told


def test_a_marked_test_fails_with_the_sentence() -> None:
    @upstream("furo.get_pygments_stylesheet")
    def broken() -> None:
        raise KeyError("gone")

    with pytest.raises(pytest.fail.Exception, match=r"“furo\.get_pygments_stylesheet”.*gone"):
        broken()
