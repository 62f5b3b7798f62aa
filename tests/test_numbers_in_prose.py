"""A number that the README or a page says of the site is the site's own."""

from __future__ import annotations

import ast
import re
import tomllib

import polib
import pytest
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from facts.curriculum import Part, read_curriculum
from facts.folders import DOCS, GALLERY, ROOT
from facts.site import read_site

PARTS = read_curriculum()
SCRIPTS = [page.script for part in PARTS for page in part.pages]
CATALOGUES = DOCS / "locale" / "vi" / "LC_MESSAGES"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

_ENGLISH: list[str] = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
)
_TENS: list[str] = re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety")
_VIETNAMESE: list[str] = re.findall(r"\w+", "không một hai ba bốn năm sáu bảy tám chín")


def english(number: int) -> str:
    """Return a number below a hundred in words."""
    tens, ones = divmod(number, 10)
    if tens < 2:
        return _ENGLISH[number]
    return _TENS[tens - 2] + (f"-{_ENGLISH[ones]}" if ones else "")


def vietnamese(number: int) -> str:
    """Return a number below a hundred in words."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _VIETNAMESE[ones]
    last = {0: "", 1: "mốt" if tens > 1 else "một", 5: "lăm"}.get(ones, _VIETNAMESE[ones])
    return f"{'mười' if tens == 1 else f'{_VIETNAMESE[tens]} mươi'} {last}".strip()


WORDS = {write(number): number for number in range(100) for write in (english, vietnamese)}
_ANY = rf"\b(\d+|{'|'.join(sorted(WORDS, key=len, reverse=True))})"


def value(written: str) -> int:
    """Return a number that is written in words or in figures."""
    return int(written) if written.isdigit() else WORDS[written.lower()]


def said(text: str, sentence: str) -> list[tuple[int, ...]]:
    """Return the numbers that ``text`` says wherever it says ``sentence``, with ``{n}`` where a number stands."""
    pattern = re.compile(re.escape(sentence).replace(r"\{n\}", _ANY), re.IGNORECASE)
    found = pattern.finditer(" ".join(text.split()))
    return [tuple(map(value, match.groups())) for match in found]


def page(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def translation(name: str) -> str:
    """Return all that the Vietnamese catalogue of a page says."""
    return "\n".join(entry.msgstr for entry in polib.pofile(str(CATALOGUES / f"{name}.po")))


def test_numbers_are_read_in_words_and_in_figures() -> None:
    words = [(5, "five", "năm"), (11, "eleven", "mười một"), (15, "fifteen", "mười lăm")]
    words += [(20, "twenty", "hai mươi"), (21, "twenty-one", "hai mươi mốt")]
    for number, *names in words:
        assert [value(name) for name in names] == [number, number]
    assert said("Six or\ntwenty-one pages, 140 pages", "{n} pages") == [(21,), (140,)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (page("README.md"), "{n} parts, {n} pages"),
        (page("README.vi.md"), "{n} phần, {n} trang"),
    ],
    ids=["en", "vi"],
)
def test_the_readme_counts_parts_and_pages(text: str, sentence: str) -> None:
    assert said(text, sentence) == [(len(PARTS), len(SCRIPTS))]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (page("README.md"), "{n} languages, one run"),
        (page("README.vi.md"), "{n} ngôn ngữ, một lần chạy"),
    ],
    ids=["README.md", "README.vi.md"],
)
def test_the_languages_are_counted(text: str, sentence: str) -> None:
    assert said(text, sentence) == [(len(read_site().languages),)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (page("docs/index.md"), "out of {n} notebooks"),
        (translation("index"), "từ {n} notebook"),
    ],
    ids=["en", "vi"],
)
def test_the_home_page_counts_the_notebooks(text: str, sentence: str) -> None:
    notebooks = {page.notebook for part in PARTS for page in part.pages} - {None}
    assert said(text, sentence) == [(len(notebooks),)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (page("docs/index.md"), "one of {n} ways"),
        (translation("index"), "một trong {n} cách"),
    ],
    ids=["en", "vi"],
)
def test_the_home_page_counts_the_ways_to_run_the_code(text: str, sentence: str) -> None:
    ways = [path for path in (DOCS / "start").glob("*.md") if path.stem != "index"]
    assert said(text, sentence) == [(len(ways),)]


@pytest.mark.parametrize(
    ("path", "heading"),
    [("README.md", "## {n} commands"), ("README.vi.md", "## {n} lệnh")],
    ids=["en", "vi"],
)
def test_the_readme_counts_the_commands_below_its_heading(path: str, heading: str) -> None:
    text = page(path)
    ((number,),) = said(text, heading)
    commands = text.partition("```console\n")[2].partition("```")[0]
    assert number == len(commands.splitlines())


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.folder)
def test_a_part_leaves_the_number_of_its_pages_and_their_time_to_the_curriculum(part: Part) -> None:
    for text in (
        page(f"gallery/{part.folder}/GALLERY_HEADER.rst"),
        translation(f"gallery/{part.folder}/index"),
    ):
        assert "minutes" not in text
        assert "phút" not in text


def test_the_versions_that_a_page_asks_for_are_the_package_s() -> None:
    (torch,) = [
        requirement for requirement in PROJECT["dependencies"] if requirement.startswith("torch>=")
    ]
    needed = {
        "Python": PROJECT["requires-python"].removeprefix(">="),
        "PyTorch": torch.removeprefix("torch>="),
    }
    written = [*ROOT.glob("*.md"), *DOCS.glob("*/*.md"), *CATALOGUES.glob("start/*.po")]
    asked = [
        found
        for path in written
        for found in re.findall(
            r"(Python|PyTorch) ([\d.]+\d) (?:or newer|trở lên)",
            re.sub(r'["\s]+', " ", path.read_text(encoding="utf-8")),  # a catalogue breaks lines
        )
    ]
    assert set(asked) == set(needed.items())
    assert len(asked) >= 8


def code_lines(script: str) -> list[int]:
    """Return how many lines of code each code cell of a script has, blank ones left out."""
    _, blocks = split_code_and_text_blocks(GALLERY / script)
    return [
        sum(bool(line.strip()) for line in block.content.splitlines())
        for block in blocks
        if block.type == "code"
    ]


def statements(script: str) -> list[int]:
    """Return how many statements each code cell of a script has, those within others counted too."""
    _, blocks = split_code_and_text_blocks(GALLERY / script)
    trees = [ast.parse(block.content) for block in blocks if block.type == "code"]
    return [sum(isinstance(node, ast.stmt) for node in ast.walk(tree)) for tree in trees]


def points_to_remember(script: str) -> int:
    """Return how many points the section “What to remember” of a script has."""
    _, blocks = split_code_and_text_blocks(GALLERY / script)
    (text,) = [block.content for block in blocks if "What to remember\n---" in block.content]
    section = re.split(r"^What to remember\n-+\n", text, flags=re.MULTILINE)[1]
    section = re.split(r"^.+\n-{4,}\n", section, flags=re.MULTILINE)[0]
    return len(re.findall(r"^[-*] ", section, re.MULTILINE))


def test_scripts_keep_to_the_numbers_of_the_page_about_adding_one() -> None:
    rules = page("docs/contributing/add-a-page.md")
    cells = {script: code_lines(script) for script in SCRIPTS}
    ((shortest, longest),) = said(rules, "has about {n} to {n} lines of code")
    lines = [sum(counts) for counts in cells.values()]
    assert abs(min(lines) - shortest) < 10
    assert abs(max(lines) - longest) < 10
    ((most, longest_cell),) = said(
        rules, "A code cell has at most {n} statements, on at most {n} lines"
    )
    assert {script for script, counts in cells.items() if max(counts) > longest_cell} == set()
    assert {script for script in SCRIPTS if max(statements(script)) > most} == set()
    ((fewest_points, most_points),) = said(rules, "“What to remember” with {n} to {n} points")
    points = {script: points_to_remember(script) for script in SCRIPTS}
    wrong = {script for script, n in points.items() if not fewest_points <= n <= most_points}
    assert wrong == set()
