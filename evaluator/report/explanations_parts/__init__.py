"""The parts of the page on explanations: sets of features, one feature, pairs, one case, ways out, and the small tree."""
