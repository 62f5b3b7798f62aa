"""Every page loads one style sheet and one script, and what only some pages use apart from them."""

from pathlib import Path

import pytest

from _extensions.page.assets import (
    is_joined,
    join,
    sources_digest,
    split,
    without_comments,
    write_joined,
)


@pytest.mark.parametrize("name", ["_static/styles/furo.css", "_static/copybutton.js"])
def test_what_every_page_uses_is_joined(name: str) -> None:
    assert is_joined(name)


@pytest.mark.parametrize("name", ["_static/maths.css", "_static/stepper.js", "graph.css"])
def test_what_some_pages_use_stays_apart(name: str) -> None:
    assert is_joined(name) is False


def test_the_notebook_style_is_never_loaded() -> None:
    assert is_joined("_static/mystnb.0a1b.css") is None


def test_names_and_objects_are_sorted_into_the_two_kinds() -> None:
    class Script:
        filename = "_static/stepper.js"

    script = Script()
    files = ["_static/doctools.js", script, "_static/mystnb.0.css"]
    assert split(files) == (["_static/doctools.js"], [script])


def test_files_stand_in_the_order_of_their_priorities() -> None:
    class File:
        def __init__(self, filename: str, priority: int) -> None:
            self.filename, self.priority = filename, priority

    files = [File("words.js", 800), File("copy.js", 500), File("first.js", 200)]
    assert split(files) == (["first.js", "copy.js", "words.js"], [])


def test_files_are_joined_in_order_and_name_no_source_map() -> None:
    texts = [
        "a {}\n/*# sourceMappingURL=a.css.map*/",
        "let b;\n//# sourceMappingURL=b.js.map\n",
        "c",
    ]
    assert join(texts) == "a {}\nlet b;\nc\n"


def test_the_name_changes_with_the_content(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("a;")
    first = write_joined(tmp_path, ["a.js"], "page.js")
    assert (tmp_path / "page.js").read_text() == "a;;\n"
    assert write_joined(tmp_path, ["a.js"], "page.js") == first
    (tmp_path / "a.js").write_text("b;")
    assert write_joined(tmp_path, ["a.js"], "page.js") != first


def test_a_changed_file_of_the_site_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "site.css").write_text("a {}")
    before = sources_digest([tmp_path], tmp_path)
    (tmp_path / "notes.txt").write_text("no matter")
    assert sources_digest([tmp_path], tmp_path) == before
    (tmp_path / "site.css").write_text("b {}")
    assert sources_digest([tmp_path], tmp_path) != before


def test_a_joined_script_never_calls_the_end_of_the_one_before() -> None:
    joined = join(["start(one)", "(() => {})()"], end=";\n")
    assert joined == "start(one);\n(() => {})();\n"


def test_comments_of_ours_on_lines_of_their_own_are_not_sent() -> None:
    style = '/* one\n   two */\na { color: red; } /* stays */\n  /* three */\nb { content: "/* no */"; }\n'
    assert without_comments(style, ".css") == (
        'a { color: red; } /* stays */\nb { content: "/* no */"; }\n'
    )
    script = '// one\nlet x = "a//b"; // stays\n  // two\nx;\n'
    assert without_comments(script, ".js") == 'let x = "a//b"; // stays\nx;\n'
