"""Everything that reads bytes from outside, fed with any bytes: in CI by Hypothesis, in the long run
by a coverage-guided fuzzer (`make fuzz`).
"""
