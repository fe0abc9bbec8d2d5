"""What a sandbox knows, as immutable values: a module for each kind, and the world of all."""
