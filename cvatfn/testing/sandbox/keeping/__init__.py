"""Worlds kept: compared with one another, looked through for loose ends, and saved to a file."""
