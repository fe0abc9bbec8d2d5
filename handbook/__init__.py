"""What the site of the documentation is made of, beside the pages that people write: `make docs`.

The reference is written from the endpoints and models as data, and from docstrings; pictures are
drawn by the code that they show. `sources` lays everything out for Sphinx.

Rule: pages are texts that pure functions make of data; only `__main__` and `sources` touch files,
and only `extension` knows Sphinx. Nothing that is shipped imports this package.
"""
