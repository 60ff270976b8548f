"""Chart descriptions as standalone SVG; `picture` draws any of them, the others one kind each."""
