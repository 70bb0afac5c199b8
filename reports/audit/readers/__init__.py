"""Finished file -> what it says, `Shown`: a reader for each format, by a library that did not write it where there is a choice."""
