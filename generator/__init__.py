"""Writes `cvatfn/models`, `cvatfn/api` and `cvatfn/filters` from a document and facts in `schema/`.

Rule: nothing here knows a single name of CVAT's API; what is special about one of them stands, with
its reason, in a table in `schema/`. An upgrade is a new document there, a run, and a look at the
diff. `python -m generator --help` says the rest.
"""
