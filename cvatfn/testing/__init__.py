"""What helps to test programs that talk to CVAT; nothing of it is needed to talk to CVAT."""
