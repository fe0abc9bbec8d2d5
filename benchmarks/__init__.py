"""How fast cvatfn is, against CVAT's official client and against bare libraries, in one run.

Rule: contenders take turns in the same process or against the same server, so that whatever else
the machine does hits all alike, and each row first asserts that they all read the same values.
"""
