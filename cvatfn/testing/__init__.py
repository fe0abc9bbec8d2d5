"""What helps to test programs that talk to CVAT; nothing of it is needed to talk to CVAT.

- `sandbox`: a CVAT in memory or over HTTP, with state behind every operation (extra `sandbox`).
- `pytest_plugin`: the fixtures `sandbox` and `sandbox_server`; pytest finds them by itself.
- `strategies`: what Hypothesis draws: models, parameters, calls, answers (extra `testing`).
- `conformance`: a suite of checks that any transport can be put to.
- `filtering`: whether a row is what a filter selects.
- `demo`: the main job from beginning to end, as a program to read and to run.

Rule: importing costs nothing of what an extra brings; who lacks one is told its name on first use.
"""
