"""How Sphinx builds the site; `python -m handbook` (`make docs`) lays out what it reads."""

from __future__ import annotations

from cvatfn import __version__

project = "cvatfn"
author = "The cvatfn authors"
project_copyright = "the cvatfn authors"
release = version = __version__

extensions = [
    "sphinx.ext.autodoc",
    "myst_parser",
    "sphinx_copybutton",
    "sphinx_design",
    "handbook.extension",
]
nitpicky = True
root_doc = "index"

# Pages are written for those who read them where the repository is hosted, too.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]
myst_links_external_new_tab = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
add_function_parentheses = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 78
toc_object_entries_show_parents = "hide"

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

pygments_style = "friendly"
pygments_dark_style = "github-dark"

html_theme = "furo"
html_title = "cvatfn"
html_static_path = ["_static"]
html_css_files = ["house.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
