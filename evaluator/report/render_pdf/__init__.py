"""The document tree as PDF: a fixed template, bundled fonts, and the document as inert data."""
