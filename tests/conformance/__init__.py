"""Finished documents -> what the validators of their formats say: a tool of this project, no part of the program."""
