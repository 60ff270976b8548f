"""Arrays in, numbers out: intervals, influence, resampling, comparisons, multiplicity, power. No global state."""
