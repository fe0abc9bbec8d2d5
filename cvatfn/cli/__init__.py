"""The command line: `cvatfn`, or `python -m cvatfn`; it comes with `cvatfn[cli]`.

Rule: it is a caller of the library as any other. Nothing imports this package, nothing but this
package knows click, and a command is imported when it is run.
"""
