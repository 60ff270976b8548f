"""A published run, read once, with what is made of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from explained_prose import explained_blocks
from extra_evidence import EVIDENCE
from failure_prose import failure_blocks
from fairness_prose import fairness_blocks
from figure_oracle import Oracle, Records, records_of
from prose import Block, brief_blocks, document_blocks
from record_checks import record_holds

from evaluator.report.brief import Brief, brief_of
from evaluator.report.document.building import build
from evaluator.report.document.nodes import Document
from evaluator.report.evidence import Evidence, read_evidence
from evaluator.report.standing import Standing, standing_of
from evaluator.report.suppression import suppress
from evaluator.store import RunReader, open_run, read_events

FEWER_THAN = 10


class OneRun:
    """A published run: its records, what a document is built from, and where it lies."""

    def __init__(self, store: Path, run_id: str) -> None:
        self.store, self.run_id = store, run_id
        self.reader: RunReader = open_run(store, run_id)
        self.evidence: Evidence = read_evidence(self.reader)
        self.records: Records = records_of(self.reader)
        self._blocks: dict[str, list[Block]] = {}
        self._documents: dict[tuple[str, bool], Document] = {}

    @property
    def standing(self) -> Standing:
        return standing_of(read_events(self.store, self.run_id))

    @property
    def oracle(self) -> Oracle:
        return Oracle(self.records, self.reader, read_events(self.store, self.run_id), EVIDENCE, record_holds)

    @cached_property
    def brief(self) -> Brief:
        return brief_of(self.evidence)

    def document(self, kind: str, *, for_viewers: bool = False) -> Document:
        """One document, built once; with figures about few people taken out when it is for viewers."""
        key = (kind, for_viewers)
        if key not in self._documents:
            evidence = suppress(self.evidence, FEWER_THAN) if for_viewers else self.evidence
            self._documents[key] = build(kind, evidence, self.standing)
        return self._documents[key]

    def blocks(self, where: str) -> list[Block]:
        """The prose of the page of the brief ("page"), of the page on fairness, failures or explanations, or of a document; made once."""
        if where not in self._blocks:
            self._blocks[where] = self._prose(where)
        return self._blocks[where]

    def _prose(self, where: str) -> list[Block]:
        if where == "fairness":
            return fairness_blocks(self.evidence)
        if where == "failures":
            return failure_blocks(self.evidence)
        if where == "explanations":
            return explained_blocks(self.evidence)
        return list(brief_blocks(self.brief) if where == "page" else document_blocks(self.document(where)))


Published = Callable[[str], OneRun]
