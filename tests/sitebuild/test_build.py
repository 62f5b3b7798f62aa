"""`make html`: one run, two languages, nothing done twice, and no half-built site left looking finished."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from sandbox_site import Sandbox

pytestmark = pytest.mark.xdist_group("sandbox")


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """A small site that has been built once; no test changes it."""
    made = Sandbox.create(tmp_path_factory.mktemp("sandbox") / "project")
    built = made.build()
    assert built.status == 0, built.output[-6000:]
    return made


@pytest.fixture
def sandbox(built_once: Sandbox, tmp_path: Path) -> Sandbox:
    """A copy of the small built site that a test may change."""
    return Sandbox(Path(shutil.copytree(built_once.root, tmp_path / "project", symlinks=True)))


def test_both_languages_show_the_same_run(sandbox: Sandbox) -> None:
    for language, title in (("vi", "Bình phương"), ("en", "The square")):
        page = sandbox.page(f"{language}/gallery/first/plot_square")
        assert f"<h1>{title}" in page
        assert "x.grad = tensor(6.)" in page
    assert "Một parabol đi lên." in sandbox.page("vi/gallery/first/plot_square")
    assert (sandbox.published / "index.html").is_file()


def test_each_page_leads_to_itself_in_the_other_language(sandbox: Sandbox) -> None:
    page = sandbox.page("vi/gallery/first/plot_square")
    assert 'href="../../../en/gallery/first/plot_square.html"' in page


def test_names_in_code_lead_to_the_reference_of_pytorch(sandbox: Sandbox) -> None:
    page = sandbox.page("vi/gallery/first/plot_square")
    assert 'href="https://docs.pytorch.org/docs/stable/generated/torch.tensor.html' in page


def test_a_second_build_runs_nothing_and_gives_the_same_site(sandbox: Sandbox) -> None:
    before = sandbox.digests()
    built = sandbox.build()
    assert built.status == 0, built.output[-3000:]
    assert "run: all 2 scripts and 1 pages with cells are fresh" in built.output
    assert "Executing notebook" not in built.output
    assert sandbox.digests() == before


def test_a_changed_translation_is_shown_without_torch_and_runs_nothing(sandbox: Sandbox) -> None:
    """A translator has the outputs, and no more than the dependency group ``translate`` installs."""
    path = "docs/locale/vi/LC_MESSAGES/gallery/first/plot_line.po"
    sandbox.edit(path, "Đường thẳng tăng đều", "Đường thẳng luôn tăng đều")
    missing = sandbox.without("torch", "torchvision", "matplotlib", "numpy")
    shutil.rmtree(sandbox.root / "build" / "work")  # a translator's first build reads every page
    built = sandbox.build(environment=missing)
    assert built.status == 0, built.output[-3000:]
    assert "run: all 2 scripts and 1 pages with cells are fresh" in built.output
    assert "luôn tăng đều" in sandbox.page("vi/gallery/first/plot_line")
    assert "x.grad = tensor(6.)" in sandbox.page("vi/gallery/first/plot_square")


def test_a_changed_script_is_refused_without_torch(sandbox: Sandbox) -> None:
    before = sandbox.digests()
    sandbox.edit("gallery/first/plot_line.py", "2 + 3", "2 + 4")
    built = sandbox.build(environment=sandbox.without("torch"))
    assert built.status != 0
    assert "first/plot_line.py: no outputs match, and torch is not installed" in built.last_lines
    assert sandbox.digests() == before


def test_a_device_that_does_not_exist_is_refused_before_any_output_is_given_up(
    sandbox: Sandbox,
) -> None:
    before = sandbox.digests()
    built = sandbox.build(environment=sandbox.environment() | {"AUTOGRAD_VI_DEVICE": "quantum"})
    assert built.status != 0
    assert "'quantum' (from the environment variable AUTOGRAD_VI_DEVICE) is no device" in (
        built.last_lines
    )
    assert "this machine has" in built.last_lines
    assert sandbox.digests() == before
    assert (sandbox.root / "docs/gallery/first/plot_square.stamp").is_file()


def test_a_changed_script_is_the_only_one_that_runs(sandbox: Sandbox) -> None:
    sandbox.edit("gallery/first/plot_line.py", "2 + 3", "2 + 4")
    built = sandbox.build()
    assert built.status == 0, built.output[-3000:]
    assert "run: 1 of 2 scripts\n  first/plot_line.py" in built.output
    assert "2 + 4 = 6" in sandbox.page("vi/gallery/first/plot_line")


def test_one_changed_line_of_the_package_runs_every_page_again(sandbox: Sandbox) -> None:
    path = "src/autograd_vi/seed.py"
    text = (sandbox.root / path).read_text(encoding="utf-8")
    sandbox.write(path, text + "\n# changed\n")
    built = sandbox.build()
    assert built.status == 0, built.output[-3000:]
    assert "run: 2 of 2 scripts" in built.output
    assert built.output.count("Executed notebook") == 1
    # Each language read the guide's page again, for its new outputs.
    assert built.output.count("guide/sums.md: Using cached notebook") == 2


def test_damaged_records_and_caches_are_made_anew(sandbox: Sandbox) -> None:
    """All that a build keeps for the next one, each damaged in its own way; the site comes out the same."""
    before = sandbox.digests()
    garbage = b"\xff\x00 no such thing"
    cache, generated = sandbox.root / "build" / "notebooks", sandbox.root / "docs" / "gallery"
    listed = cache / "global.db"
    listed.write_bytes(listed.read_bytes()[:5000])
    (generated / "index.stamp").write_bytes(garbage)
    (generated / "first" / "plot_line.stamp").write_bytes(garbage)
    for path in [
        *generated.rglob("*.md5"),
        *(sandbox.root / "docs" / "locale").rglob("*.mo"),
        *(sandbox.root / "build" / "work").rglob("environment.pickle"),
        *(sandbox.root / "build" / "work").rglob("*.doctree"),
    ]:
        path.chmod(0o644)
        path.write_bytes(garbage)
    books = sandbox.root / "build" / "epub"
    books.mkdir()
    for name in ("sources.sha256", "autograd_vi-vi.epub", "autograd_vi-en.epub"):
        (books / name).write_bytes(garbage)
    built = sandbox.build()
    assert built.status == 0, built.output[-3000:]
    assert "run: 2 of 2 scripts" in built.output
    assert "Executed notebook" in built.output
    assert built.output.count("is not as a finished build left it: making it anew") == 2
    assert sandbox.digests() == before


def test_changed_english_comes_into_the_catalogue_with_its_old_translation(
    sandbox: Sandbox,
) -> None:
    sandbox.edit("docs/guide/sums.md", "Python adds.", "Python adds well.")
    done = sandbox.build("translations")
    assert done.status == 0, done.output[-3000:]
    assert f"updated {sandbox.catalogue('guide/sums')}" in done.output
    (entry,) = [e for e in polib.pofile(str(sandbox.catalogue("guide/sums"))) if e.fuzzy]
    assert (entry.msgid, entry.msgstr, entry.previous_msgid) == (
        "Python adds well.",
        "Python cộng các số.",
        "Python adds.",
    )


def test_translations_are_not_taken_from_pages_that_no_run_has_written(sandbox: Sandbox) -> None:
    (sandbox.root / "docs/gallery/first/plot_line.rst").unlink()
    done = sandbox.build("translations", "vi")
    assert done.status == 1
    assert "the outputs of gallery/first/plot_line are missing: run `make html` first" in (
        done.last_lines
    )


FRENCH = """
[[language]]
code = "fr"
name = "Français"
question = "Comment PyTorch dérive-t-il ?"
prefer = "Lire en français"
not_found = "Rien ici."
moved = "Cette page est ailleurs."
"""
# What is done, and what the build says of it: what is wrong, the file, and what to do.
BREAKAGES: dict[str, tuple[Callable[[Sandbox], object], *tuple[str, ...]]] = {
    "a script that raises": (
        lambda s: s.edit("gallery/first/plot_line.py", "print(", "print(1 / 0, "),
        "ZeroDivisionError",
        "first/plot_line.py",
        "sitebuild: the run failed: the message above names the script or page. Mend it",
    ),
    "a claim that is wrong": (
        lambda s: s.edit("gallery/first/plot_square.py", "x.grad == 6", "x.grad == 7"),
        "AssertionError",
    ),
    "a warning that no script catches": (
        lambda s: s.edit(
            "gallery/first/plot_line.py", "print(", "import warnings\nwarnings.warn('oh')\nprint("
        ),
        "UserWarning: oh",
    ),
    "an address in an output": (
        lambda s: s.edit("gallery/first/plot_line.py", "{2 + 3 = }", "{object()}"),
        "differs from run to run; do not print it",
    ),
    "a figure without a description": (
        lambda s: s.edit(
            "gallery/first/plot_square.py", 'fig.set_label("A parabola that rises.")', ""
        ),
        "a figure has the alternative text",
    ),
    "words beside a formula in a figure": (
        lambda s: s.edit("gallery/first/plot_square.py", "side of the square", "side $x$"),
        "mixes words and a formula",
    ),
    "a word in a figure that nobody has translated": (
        lambda s: s.edit("gallery/first/plot_square.py", "side of the square", "length of a side"),
        "not translated into 'vi': “length of a side”",
    ),
    "a script that is not listed": (
        lambda s: s.write("gallery/first/plot_more.py", "# nothing\n"),
        "plot_more.py is not listed in",
        "curriculum.toml: add it to its part or remove the script",
    ),
    "a listed script that does not exist": (
        lambda s: (s.root / "gallery/first/plot_line.py").unlink(),
        "lists first/plot_line.py, but",
        "does not exist: write it or remove the entry",
    ),
    "a cell of the guide that raises": (
        lambda s: s.edit("docs/guide/sums.md", "1 + 2", "1 / 0"),
        "ZeroDivisionError",
    ),
    "English that changed since the last extraction": (
        lambda s: s.edit("gallery/first/plot_line.py", "A line grows", "Every line grows"),
        "not translated into 'vi'",
    ),
    "an empty translation": (
        lambda s: s.edit("docs/locale/vi/LC_MESSAGES/index.po", "Hãy bắt đầu ở đây.", ""),
        "index.po",
    ),
    "a catalogue with a syntax error": (
        lambda s: s.edit(
            "docs/locale/vi/LC_MESSAGES/index.po", 'msgstr "Chào bạn"', 'msgstr "Chào'
        ),
        "locale/vi/LC_MESSAGES/index.po:",
        "this is no line of a catalogue",
        "write msgid",
    ),
    "a language without catalogues": (
        lambda s: s.write(
            "docs/site.toml",
            (s.root / "docs/site.toml").read_text(encoding="utf-8") + FRENCH,
        ),
        "the language 'fr' has no catalogues",
        "Run `make translations`",
    ),
    "a link that leads nowhere": (
        lambda s: [
            s.edit(path, "Begin here.", "{ref}`Begin <page-nowhere>` here.")
            for path in ("docs/index.md", "docs/locale/vi/LC_MESSAGES/index.po")
        ],
        "index.md:3: WARNING: undefined label: 'page-nowhere'",
    ),
    "a curriculum that is no TOML": (
        lambda s: s.write("docs/curriculum.toml", "[[part"),
        "curriculum.toml is not valid TOML",
    ),
    "a part outside the gallery": (
        lambda s: s.write("docs/curriculum.toml", '[[part]]\nfolder = "../first"\npages = []\n'),
        "a part's folder is '../first'",
    ),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_what_is_broken_fails_every_build_and_leaves_the_old_site(
    sandbox: Sandbox, name: str
) -> None:
    breakage, *messages = BREAKAGES[name]
    before = sandbox.digests()
    breakage(sandbox)
    for attempt in ("at once", "when nothing has changed since"):
        built = sandbox.build()
        assert built.status != 0, attempt
        for message in messages:
            assert message in built.output, (attempt, built.output[-3000:])
        assert "\nsitebuild: " in built.output
        assert sandbox.digests() == before
