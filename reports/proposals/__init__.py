"""Returned file -> proposals -> decisions -> edits of data/: changes by others to an issued file, reviewed."""
