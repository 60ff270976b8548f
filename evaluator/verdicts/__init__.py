"""Criteria held against evidence: statuses, rows needed, the recommendation and what decided it."""
