"""What is examined: tables read safely, joined, checked, and cut into the planned populations."""
