"""What the parts of the fairness page say: records to sentences, pictures and tables."""
