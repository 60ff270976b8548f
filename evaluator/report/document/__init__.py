"""Documents about one run: described once as a tree of sections, then drawn as HTML and as PDF."""
