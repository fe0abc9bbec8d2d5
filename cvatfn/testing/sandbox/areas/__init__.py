"""What the sandbox does: a module for each area of the API, and the tables that lead there."""
