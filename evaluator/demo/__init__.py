"""The demo portfolio: two subjects with plans, one of real data and one synthetic with documented faults."""
