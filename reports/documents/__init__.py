"""Dataset + document -> View: what one document shows."""
