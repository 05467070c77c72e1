"""How Sphinx makes our pages: `python3 run.py docs`."""

from __future__ import annotations

from typing import Any, Final, get_type_hints

from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import goodword

project = "goodword"
author = "goodword contributors"
copyright = "goodword contributors"
version = release = goodword.__version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3

# A name between backticks leads to where it is explained, if it is.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_default_options = {"members": True, "undoc-members": True}
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = f"goodword {release}"
html_copy_source = False
html_show_copyright = False

WINGS: Final = {
    name: f"interface.wings.{kind.__name__}"
    for name, kind in get_type_hints(goodword.Referrals).items()
}


def setup(app: Sphinx) -> None:
    """Let docstrings name things as code does: `UnknownCode`, `programs.save`."""
    app.connect("missing-reference", find)


def find(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: Any) -> Any:
    """Return a link to what is called so in ``import goodword``; None for what is no name of ours.

    Values are shown as ``goodword.Order`` and annotated as ``goodword.model.order.Order``.
    """
    if node.get("refdomain") != "py":
        return None
    wing, _, verb = node["reftarget"].rpartition(".")
    name = f"{WINGS[wing]}.{verb}" if wing in WINGS else verb
    python = env.domains["py"]
    return python.resolve_xref(
        env, node["refdoc"], app.builder, "obj", f"goodword.{name}", node, content
    )
