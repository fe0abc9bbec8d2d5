"""Quality: what it is judged by, reports, conflicts, and the merging of what is alike."""
