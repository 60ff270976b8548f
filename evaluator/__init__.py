"""Plumbline's evaluator: from a plan and a table of predictions to published, verifiable evidence."""

__version__ = "0.1.0"
