"""Secrets are in no place where they can be read: the finder, the walk, and the names."""
