"""The functions behind the catalogue's metrics: one measurement, with its interval, on one set of rows."""
