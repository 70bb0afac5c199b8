"""Dataset <-> the catalogues of its texts, and the dataset in another language."""
