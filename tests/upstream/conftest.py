"""A name that is gone would end the collection before ``test_names.py`` could say so in a sentence.

So where one is gone, the tests that cannot be imported without it are left out: they have nothing to add.
"""

import runpy
from pathlib import Path

from upstream_list import gone

collect_ignore: list[str] = []
if gone():
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        try:
            runpy.run_path(str(path))
        except (AttributeError, ImportError):
            collect_ignore.append(path.name)
