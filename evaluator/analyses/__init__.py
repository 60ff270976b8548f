"""Questions asked of a model: one folder each, found by its name in the catalogue."""
