"""What the project is made of: locks of its dependencies, an audit of them, a build that repeats.

For developers; nothing of it is shipped. Each module's answers are values, printed by `__main__`.
"""
