"""A small but real site in a folder of its own: the project's build driver and extensions, two scripts, two languages.

What a test breaks here is broken the way a contributor would break the real site.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import polib

from facts.digests import folder_digests

REPOSITORY = Path(__file__).resolve().parent.parent
REAL_DOCS = (
    "_extensions",
    "_static",
    "_templates",
    "conf.py",
    "facts",
    "front_door",
    "inventories",
    "math_characters",
    "sitebuild",
    "site.toml",
)
OVERRIDING = "locale/vi/LC_MESSAGES/sphinx.po"
INTERFACE = "locale/vi/LC_MESSAGES/autograd_vi.po"

CURRICULUM = """
[[part]]
folder = "first"
pages = [{ name = "plot_square", minutes = 1 }, { name = "plot_line", minutes = 2 }]
"""

SQUARE = r'''r"""
.. _page-square:

The square
==========

How fast does :math:`x^2` grow?
"""

import matplotlib.pyplot as plt
import torch

x = torch.tensor(3.0, requires_grad=True)
(x**2).backward()
print(f"{x.grad = }")
assert x.grad == 6

# %%
# Now see it.
fig, ax = plt.subplots()
ax.plot([0, 1, 2], [0, 1, 4])
ax.set_xlabel("side of the square")
fig.set_label("A parabola that rises.")
'''

LINE = r'''r"""
.. _page-line:

The line
========

**Does a line grow?** Yes.

A line grows everywhere alike. Read :ref:`page-square` first.
"""

print(f"{2 + 3 = }")
'''

PAGES = {
    "gallery/GALLERY_HEADER.rst": "Gallery\n=======\n\nNot shown.\n",
    "gallery/first/GALLERY_HEADER.rst": "First\n=====\n\nTwo pages.\n",
    "gallery/first/plot_square.py": SQUARE,
    "gallery/first/plot_line.py": LINE,
    "docs/curriculum.toml": CURRICULUM,
    "docs/moved_pages.toml": '[moved]\n"gallery/old/plot_square" = "gallery/first/plot_square"\n',
    "docs/glossary.toml": "names = []\n",
    "docs/index.md": "# Welcome\n\nBegin here.\n\n```{toctree}\n:hidden:\n\nlearn\nguide/index\n```\n",
    "docs/learn.md": "# All pages\n\n```{learning-path}\nfirst\n: You can square.\n```\n",
    "docs/guide/index.md": "# Advice\n\n```{toctree}\nsums\n```\n",
    "docs/guide/sums.md": (
        "---\nfile_format: mystnb\n"
        "kernelspec:\n  display_name: Python 3\n  language: python\n  name: python3\n---\n\n"
        "# Sums\n\nPython adds.\n\n```{code-cell}\n1 + 2\n```\n"
    ),
}

VIETNAMESE = {
    "index": {"Welcome": "Chào bạn", "Begin here.": "Hãy bắt đầu ở đây."},
    "learn": {"All pages": "Tất cả các trang", "You can square.": "Bạn biết bình phương."},
    "guide/index": {"Advice": "Lời khuyên"},
    "guide/sums": {"Sums": "Phép cộng", "Python adds.": "Python cộng các số."},
    "gallery/first/index": {"First": "Chương đầu", "Two pages.": "Hai trang."},
    "gallery/first/plot_square": {
        "The square": "Bình phương",
        "How fast does :math:`x^2` grow?": ":math:`x^2` tăng nhanh thế nào?",
        "Now see it.": "Bây giờ hãy nhìn hình.",
        "A parabola that rises.": "Một parabol đi lên.",
        "side of the square": "cạnh hình vuông",
    },
    "gallery/first/plot_line": {
        "The line": "Đường thẳng",
        "**Does a line grow?** Yes.": "**Đường thẳng có tăng không?** Có.",
        "A line grows everywhere alike. Read :ref:`page-square` first.": (
            "Đường thẳng tăng đều ở mọi nơi. Hãy đọc :ref:`page-square` trước."
        ),
    },
}

# Python runs this first, in each process of a build.
WITHOUT = """
import importlib.abc, importlib.metadata, sys

MISSING = {packages!r}
found = importlib.metadata.version

def version(name):
    if name in MISSING:
        raise importlib.metadata.PackageNotFoundError(name)
    return found(name)

class Nothing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in MISSING:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

importlib.metadata.version = version
sys.meta_path.insert(0, Nothing())
"""


@dataclass
class Built:
    """How one run of the driver ended."""

    status: int
    output: str

    @property
    def last_lines(self) -> str:
        """Return the driver's own last message."""
        return self.output[self.output.rfind("\nsitebuild: ") :]


@dataclass
class Sandbox:
    """A copy of the project with a small gallery."""

    root: Path

    @classmethod
    def create(cls, root: Path) -> Sandbox:
        """Make the project's files, its pages and its Vietnamese catalogues in ``root``."""
        docs = root / "docs"
        docs.mkdir(parents=True)
        ignore = shutil.ignore_patterns("__pycache__", "*.mo")
        for name in REAL_DOCS:
            source = REPOSITORY / "docs" / name
            if source.is_dir():
                shutil.copytree(source, docs / name, ignore=ignore)
            else:
                shutil.copy(source, docs / name)
        for name in (
            "src",
            "README.md",
            "LICENSE",
            "LICENSE-TEXT",
            "CHANGELOG.md",
            "pyproject.toml",
        ):
            source = REPOSITORY / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=ignore)
            else:
                shutil.copy(source, root / name)
        sandbox = cls(root)
        for page, text in PAGES.items():
            sandbox.write(page, text)
        (docs / INTERFACE).parent.mkdir(parents=True)
        for name in (INTERFACE, OVERRIDING):
            shutil.copy(REPOSITORY / "docs" / name, docs / name)
        for name, messages in VIETNAMESE.items():
            catalogue = polib.POFile()
            catalogue.metadata = {
                "Language": "vi",
                "MIME-Version": "1.0",
                "Content-Type": "text/plain; charset=UTF-8",
            }
            catalogue.extend(
                polib.POEntry(msgid=english, msgstr=vietnamese)
                for english, vietnamese in messages.items()
            )
            path = sandbox.catalogue(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
        return sandbox

    @property
    def published(self) -> Path:
        return self.root / "build" / "html"

    def catalogue(self, name: str) -> Path:
        return self.root / "docs" / "locale" / "vi" / "LC_MESSAGES" / f"{name}.po"

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        self.write(path, text.replace(old, new))

    def command(self, *verb: str) -> list[str]:
        return [sys.executable, "-m", "sitebuild", *(verb or ("html",))]

    def environment(self) -> dict[str, str]:
        # The installed package is the project's own; here the copy is meant.
        return os.environ | {"PYTHONPATH": str(self.root / "src")}

    def without(self, *packages: str) -> dict[str, str]:
        """Return an environment in which ``packages`` are not installed."""
        folder = self.root / "without"
        self.write("without/sitecustomize.py", WITHOUT.format(packages=set(packages)))
        own = self.environment()
        return own | {"PYTHONPATH": os.pathsep.join((str(folder), own["PYTHONPATH"]))}

    def build(self, *verb: str, environment: dict[str, str] | None = None) -> Built:
        done = subprocess.run(
            self.command(*verb),
            cwd=self.root / "docs",
            env=environment or self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return Built(done.returncode, done.stdout)

    def page(self, name: str) -> str:
        return (self.published / f"{name}.html").read_text(encoding="utf-8")

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of every published file."""
        return folder_digests(self.published)
