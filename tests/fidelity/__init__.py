"""How true the sandbox is to a server: every recorded exchange asked of it again, and compared.

`python -m tests.fidelity`, or `make fidelity`, prints the share that agrees. How it goes: what all
recorded answers tell of people, tasks, jobs... is folded into one world (`rebuilding`); each
exchange starts from that world with what itself implies (`scenes`), is sent as it was recorded by
whoever may have sent it (`asking`), and the two answers are compared (`comparing`, `shapes`).

Rule: no exchange is known by itself. What is done for one is done, by a rule that is written down,
for all that are like it.
"""
