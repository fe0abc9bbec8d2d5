"""How alike annotations are: the mathematics of quality reports and merging, and nothing else."""
