"""Sphinx configuration: values only. What needs a function is an extension in ``_extensions/``.

The build driver (``sitebuild``) starts Sphinx once with the tag ``run``, to execute scripts and
notebook cells, and then once for every language.
"""

import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path[:0] = [str(DOCS), str(DOCS.parent / "src")]

from _extensions.run.settings import SETTINGS  # noqa: E402
from facts.folders import EXECUTED_PAGES, GLOSSARY_FILE, LOCALE, NOTEBOOK_CACHE  # noqa: E402
from facts.site import read_site  # noqa: E402

site = read_site()
project = site.title
author = "autograd_vi contributors"
copyright = "autograd_vi · CC BY 4.0 · BSD-3-Clause"  # noqa: A001  # the name is Sphinx's
language = site.source_language

executing = tags.has("run")  # type: ignore[name-defined]  # noqa: F821  # Sphinx provides `tags`
extensions = (
    ["myst_nb", "sphinx_gallery.gen_gallery"]
    if executing
    else [
        "myst_nb",
        "sphinx.ext.autodoc",
        "sphinx.ext.napoleon",
        "sphinx.ext.intersphinx",
        "sphinx_copybutton",
        "_extensions.translation",
        "_extensions.reference",
        "_extensions.glossary",
        "_extensions.search",
        "_extensions.formulas",
        "_extensions.gallery",
        "_extensions.path",
        "_extensions.exhibits",
        "_extensions.page",
        "_extensions.downloads",
        "_extensions.book",
        "_extensions.architecture",
    ]
)

# The run reads only the pages whose cells it executes; the languages read everything.
include_patterns = list(EXECUTED_PAGES) if executing else ["**"]
exclude_patterns = [
    "_extensions",
    "_templates",
    "facts",
    "front_door",
    "gallery/index.rst",  # docs/learn.md takes its place
    "gallery/**/*.ipynb",
    "gallery/**/*.py",
    "gallery/**/*.md5",
    "gallery/sg_api_usage*",
    "inventories",
    "locale",
    "sitebuild",
]
sphinx_gallery_conf = SETTINGS if executing else SETTINGS | {"prefer_full_module": set()}
nitpicky = not executing
suppress_warnings = ["myst", "ref", "toc"] if executing else []
templates_path = ["_templates"]

# Languages. An absolute locale_dirs lets our sphinx.po override the strings of Sphinx and furo.
locale_dirs = [str(LOCALE)]
gettext_compact = False
gettext_uuid = False
gettext_location = True
figure_language_filename = "{root}{ext}"
translation_source_language = site.source_language
glossary_file = GLOSSARY_FILE.name
glossary_languages = {language.code: language.name for language in site.languages}

# Pages in MyST; the cells of the guide are executed once and cached for all languages.
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_cache_path = str(NOTEBOOK_CACHE)
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_execution_timeout = 120
nb_output_stderr = "show" if executing else "error"
nb_merge_streams = True

# The reference is made without torch, so that a translator needs none.
autodoc_mock_imports = ["numpy", "torch"]
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = site.title
html_favicon = "_static/favicon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css", "path.css"]
html_js_files = [
    "copy_button_words.js",
    "glossary_hints.js",
    "keep_place.js",
    "reading_marks.js",
    "scrolling_boxes.js",
    "wrap_code.js",
]
html_theme_options = {
    "light_css_variables": {
        "passed": "#00734a",
        "mistake": "#b0482f",
        "flow": "#b34700",
        "begin": "#0062a3",
    },
    "dark_css_variables": {
        "passed": "#4cd3a5",
        "mistake": "#ff9a57",
        "flow": "#ff9a57",
        "begin": "#74b9f2",
    },
}
html_copy_source = False
html_show_sourcelink = False
html_domain_indices = False
html_use_index = False
html_permalinks_icon = "#"
html_scaled_image_link = False
# One button for a whole cell: also where its checks are folded.
copybutton_selector = ", ".join(
    (
        "div.checked-code",
        *(
            f"div.highlight-{name} pre:not(.checked-code pre)"
            for name in ("Python", "python", "console", "ipython3")
        ),
    )
)
copybutton_exclude = ".linenos, summary"
