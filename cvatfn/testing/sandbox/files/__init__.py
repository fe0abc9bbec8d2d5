"""What the sandbox reads and writes as files: images, annotations, datasets, buckets."""
