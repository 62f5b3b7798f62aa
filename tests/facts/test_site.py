"""``site.toml`` is read whole, and each mistake names the file."""

from pathlib import Path

import pytest

from facts.site import SiteConfigError, read_site

SITE = """
[site]
title = "T"
source_language = "en"
default_language = "vi"
url = ""
repository = ""
[[language]]
code = "vi"
name = "Tiếng Việt"
question = "Gì?"
prefer = "Đọc"
not_found = "Không có."
moved = "Đã chuyển."
[[language]]
code = "en"
name = "English"
question = "What?"
prefer = "Read"
not_found = "None."
moved = "Moved."
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "file.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_translations_are_all_languages_but_the_source(tmp_path: Path) -> None:
    assert read_site(write(tmp_path, SITE)).translations == ("vi",)


def test_pages_name_a_language_of_a_country_as_browsers_do(tmp_path: Path) -> None:
    assert read_site(write(tmp_path, SITE.replace('"vi"', '"zh_CN"'))).default_language == "zh_CN"
    site = read_site(write(tmp_path, SITE.replace('"vi"', '"pt_BR"')))
    assert (site.default_language, site.default_tag) == ("pt_BR", "pt-BR")
    assert [(language.code, language.tag) for language in site.languages] == [
        ("pt_BR", "pt-BR"),
        ("en", "en"),
    ]


def test_the_environment_gives_address_and_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRAD_VI_SITE_URL", "https://example.org/")
    monkeypatch.setenv("AUTOGRAD_VI_REPOSITORY", "owner/name")
    site = read_site(write(tmp_path, SITE))
    assert (site.url, site.repository) == ("https://example.org/", "owner/name")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[site", "not valid TOML"),
        ("", "the file lacks the key 'site'"),
        (SITE.replace('code = "en"', 'code = "../en"'), "'../en' is no language code"),
        (SITE.replace('code = "en"', 'code = "xx"'), "'xx' is no language code that Unicode"),
        (SITE.replace('default_language = "vi"', 'default_language = "fr"'), "'fr' is not among"),
        (SITE.replace('name = "English"', ""), "a language lacks the key 'name'"),
        (SITE.replace('"T"', "3"), "title is 3; it has to be one line of plain text"),
        (SITE.replace('"T"', "'<img src=x>'"), "title is '<img src=x>'"),
        (SITE.replace('"English"', """'E" onclick="f()'"""), "name is 'E\" onclick"),
        (SITE.replace('"Read"', "['Read']"), "prefer is ['Read']"),
        (SITE.replace('code = "en"', 'code = "vi"'), "'vi' is listed twice"),
        (SITE.replace('url = ""', 'url = "javascript:alert(1)//"'), "url is 'javascript:"),
        (SITE.replace('url = ""', """url = 'https://a.b/"><script>/'"""), "url is 'https:"),
        (SITE.replace('repository = ""', 'repository = "../x/y"'), "repository is '../x/y'"),
        ('site = "T"\nlanguage = []', "site is 'T'; it has to be a table"),
        (SITE.partition("[[")[0] + "[language]\ncode = 'vi'", "it has to be a list of tables"),
    ],
)
def test_a_bad_site_file_is_named_with_its_mistake(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SiteConfigError) as caught:
        read_site(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SiteConfigError, match=r"nowhere\.toml is missing"):
        read_site(tmp_path / "nowhere.toml")


def test_a_file_that_is_no_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_bytes(b"title = '\xff'")
    with pytest.raises(SiteConfigError, match=r"file\.toml: not UTF-8 at byte 9"):
        read_site(path)
