"""A folder of datasets -> the documents of all: side by side, on this computer or on a cluster, and one table of what came of it."""
