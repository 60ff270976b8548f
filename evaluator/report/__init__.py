"""Documents and pictures: one description in, HTML, PDF, PPTX, Markdown, SVG or a Plotly dictionary out."""
