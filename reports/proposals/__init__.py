"""Returned file -> proposals -> decisions -> edits of data/: what others changed in an issued file becomes a reviewed change of the data."""
