"""Programs as users of cvatfn write them: each is whole, strictly typed, and run as a test.

To try one, start `python -m cvatfn.testing.sandbox`: it prints a URL and an access token.
"""
