"""data/ -> Dataset: the records, and the rules that they keep."""
