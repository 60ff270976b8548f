"""Chart descriptions as plain dictionaries for Plotly; `figures` makes any of them."""
