"""Documents -> files in build/: `build` is the pipeline, which reads top to bottom."""
