"""Code that can be read: functions and classes lead to their descriptions, variables to nothing.

sphinx-gallery links a variable to the description of its type. On a page of tensors almost every name then leads to
``torch.Tensor``, and the few links that a reader wants drown. There is no setting for it, so those links are
taken out again (https://github.com/sphinx-gallery/sphinx-gallery/issues/1364 is about what such links show).
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from _extensions.stages import PostStage
from facts.generated import VARIABLE_LINK_CLASS


def unlink_variables(document: nodes.document) -> None:
    """Replace each link from a variable to its type by the name itself."""
    for link in list(document.findall(nodes.reference)):
        if VARIABLE_LINK_CLASS in link["classes"]:
            link.replace_self(link.children)


class UnlinkVariables(SphinxPostTransform):
    """Take the links out of one page."""

    formats = ("html",)
    default_priority = PostStage.FINISH

    def run(self, **kwargs: Any) -> None:
        """Change one page."""
        del kwargs
        unlink_variables(self.document)
