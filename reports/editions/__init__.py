"""Dataset -> frozen snapshots of it, and the changes between two of them."""
