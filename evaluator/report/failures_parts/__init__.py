"""The parts of the page on failures: groups as cards, their picture and table, the tree, and who may see what."""
