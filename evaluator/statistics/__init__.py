"""Arrays in, numbers out: intervals, influence functions, comparisons, power. NumPy and SciPy only, no global state."""
