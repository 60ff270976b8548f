"""Single cases: which ones, why each got its score, and how the most similar ones ended."""
