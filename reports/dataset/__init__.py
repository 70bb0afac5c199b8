"""data/ -> Dataset: the records, their dates and prose, and the checks that they pass."""
