# Only what `benchmarks` uses of cvat-sdk 2.80.
