"""Spawned work with a time and a memory limit: whatever the app computes with a model runs here and nowhere else.

Asking for work gives an id; the id gives the state, the progress and in the end the answer. Requests and answers are
JSON of ids and plain values. Importing this loads nothing heavy.
"""

from __future__ import annotations

from evaluator.jobs.files import JobId
from evaluator.jobs.kinds import KINDS, Field, JobKind
from evaluator.jobs.starting import MOST_AT_ONCE, start_job
from evaluator.jobs.states import JobState, JobStatus, cancel_job, job_state

__all__ = [
    "KINDS",
    "MOST_AT_ONCE",
    "Field",
    "JobId",
    "JobKind",
    "JobState",
    "JobStatus",
    "cancel_job",
    "job_state",
    "start_job",
]
