"""The stateful property test of the whole sandbox, an area to a file.

To add an area: what should be there goes into `model`, its rules into a file of their own as a
subclass of `base.Base`, and that class into the bases of `test_machine.Whole`.
"""
