"""The model itself: loaded without running code, or with leave; asked for scores; looked into without loading."""
