"""What one feature does to the score, who sits where in its range, and which pairs of features do more than their sum."""
