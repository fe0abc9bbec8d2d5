"""Everything that reads bytes from outside, fed with any bytes.

In CI it is Hypothesis that feeds it, in the long run a coverage-guided fuzzer (`make fuzz`); both
begin with the same seeds, and with every input that was ever found to break a promise (`corpus`).
"""
