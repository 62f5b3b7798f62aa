"""Whoever translates sees what is missing, and how much."""

from __future__ import annotations

from pathlib import Path

from sitebuild.progress import Progress, progress, report


def test_what_is_translated_missing_and_fuzzy_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "sums.po").write_text(
        'msgid "A."\nmsgstr "Một."\n\n#, fuzzy\nmsgid "B."\nmsgstr "Hai."\n\nmsgid "C."\nmsgstr ""\n\n'
        '#~ msgid "Gone."\n#~ msgstr "Đã mất."\n',
        encoding="utf-8",
    )
    (found,) = progress(tmp_path)
    assert found == Progress("guide/sums.po", 3, ("C.",), ("B.",))
    assert found.translated == 1


def test_the_report_lists_what_is_missing_and_sums_up() -> None:
    text = report(
        "vi", [Progress("a.po", 3, ("One two.",), ("Three.",)), Progress("b.po", 2, (), ())]
    )
    assert text.splitlines() == [
        "  a.po: 1 of 3 translated, 1 missing, 1 fuzzy",
        "    missing: One two.",
        "    fuzzy: Three.",
        "vi: 3 of 5 messages translated, 1 missing, 1 fuzzy",
    ]
