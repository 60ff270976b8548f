"""Whether explanations can be relied on, what the model relies on, and a small tree that imitates it."""
