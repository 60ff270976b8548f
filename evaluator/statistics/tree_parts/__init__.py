"""Exact parts of the scores of tree ensembles."""
