"""What we use of Python's own modules although Python does not document it."""

import gettext
import io
from pathlib import Path

import polib
from upstream_list import upstream


def compiled(entries: polib.POFile) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(entries.to_binary()))


@upstream("the attribute _catalog of gettext.GNUTranslations")
def test_a_compiled_catalogue_lists_its_messages_and_numbers_plural_forms() -> None:
    entries = polib.POFile()
    entries.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    entries.append(polib.POEntry(msgid="one", msgstr="một"))
    entries.append(polib.POEntry(msgid="a", msgid_plural="b", msgstr_plural={0: "c", 1: "d"}))
    found = dict(vars(compiled(entries))["_catalog"])
    assert {key: found[key] for key in found if key} == {
        "one": "một",
        ("a", 0): "c",
        ("a", 1): "d",
    }


@upstream("gettext.c2py")
def test_a_formula_of_plurals_is_read_or_refused_with_a_value_error() -> None:
    assert [gettext.c2py("n != 1")(n) for n in (0, 1, 2)] == [1, 0, 1]
    try:
        gettext.c2py("n ! 1")
    except ValueError:
        return
    raise AssertionError("no ValueError for a formula that cannot be read")


@upstream("gettext._translations")
def test_a_catalogue_that_was_read_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "vi" / "LC_MESSAGES" / "one.mo"
    path.parent.mkdir(parents=True)
    for said in ("first", "second"):
        entries = polib.POFile()
        entries.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
        entries.append(polib.POEntry(msgid="word", msgstr=said))
        entries.save_as_mofile(str(path))
        vars(gettext)["_translations"].clear()
        assert gettext.translation("one", tmp_path, ["vi"]).gettext("word") == said
