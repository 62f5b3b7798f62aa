"""The same commit gives the same bytes, anywhere and at any time."""

from __future__ import annotations

from pathlib import Path

import pytest
from sandbox_site import Sandbox

from facts.digests import folder_digests
from sitebuild.checks.same_bytes import differing


def test_files_that_are_missing_or_not_the_same_differ(tmp_path: Path) -> None:
    for name, text in (("one/a", "1"), ("one/b/c", "2"), ("other/a", "1"), ("other/b/c", "3")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "other" / "new").touch()
    first, second = folder_digests(tmp_path / "one"), folder_digests(tmp_path / "other")
    assert list(first) == ["a", "b/c"]
    assert differing(first, second) == differing(second, first) == ["b/c", "new"]
    assert differing(first, first) == []


@pytest.mark.slow
@pytest.mark.xdist_group("bytes")
def test_a_clean_build_elsewhere_and_later_gives_the_same_bytes(
    undisturbed: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    monkeypatch.setenv("PYTHONHASHSEED", "12345")
    second = Sandbox.create(tmp_path / "another folder" / "project")
    built = second.build()
    assert built.status == 0, built.output[-3000:]
    assert differing(second.digests(), undisturbed.digests()) == []
