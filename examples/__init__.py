"""Programs as users of cvatfn write them: each is whole, strictly typed, and run as a test.

Try one against the sandbox: `python -m cvatfn.testing.sandbox` prints a URL and a login.
"""
