"""The shape of a plan file, as pydantic models.

Every key of the plan has its field here, with a default wherever there is a sensible one. Keys that are reserved for
later (`RESERVED`) are part of the schema so that they are refused by name and not as typing mistakes.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator

from evaluator.catalogue.settings import MIN_GROUP


def _no_dots_in_a_row(value: str) -> str:
    if ".." in value:
        raise ValueError("must not contain '..'")
    return value


IDENTIFIER_PATTERN = r"^[a-z0-9][a-z0-9.-]{0,63}$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"
CALL_PATTERN = r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$"
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER_PATTERN), AfterValidator(_no_dots_in_a_row)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True)]
ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Sha256 = Annotated[str, StringConstraints(pattern=SHA256_PATTERN)]
CallName = Annotated[str, StringConstraints(pattern=CALL_PATTERN, max_length=200)]
Number = Annotated[float, Strict()]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Day = Annotated[date, Strict()]
Scalar = str | Flag | Whole | Number | Day
Level = Scalar | None
Edge = Number | Whole | Day
TaskKind = Literal["binary", "multiclass", "regression", "clustering", "text_generation", "tabular_generation"]

SUPPORTED_TASKS: frozenset[str] = frozenset({"binary", "multiclass", "regression"})
RESERVED: dict[str, str] = {
    "policy": "house policy files",
    "claims": "tests of claims made elsewhere",
    "refit": "training the model again",
    "stress": "stress scenarios",
    "data.reference": "reference data",
    "data.current": "production windows",
    "criteria.under": "criteria under a perturbation",
}
"""Reserved keys and what they will do, in words."""


class Part(BaseModel):
    """A mapping of the plan; unknown keys are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, str_max_length=20_000, allow_inf_nan=False
    )


class ArtifactPart(Part):
    """The model itself: a file, or a function that scores rows."""

    path: Text | None = None
    call: CallName | None = None
    source_sha256: Sha256 | None = None


class ModelPart(Part):
    name: Text
    version: Text
    owner: str | None = None
    purpose: str | None = None
    users: tuple[Text, ...] = ()
    affected: tuple[Text, ...] = ()
    out_of_scope: tuple[Text, ...] = ()
    artifact: ArtifactPart | None = None
    trust_sha256: Sha256 | None = None


class WordsPart(Part):
    """The plan's words for one case and its outcomes; see `evaluator.records.Words`."""

    case: tuple[Text, Text] = ("row", "rows")
    positive: Text | None = None
    negative: Text | None = None
    predicted_positive: Text | None = None
    predicted_negative: Text | None = None
    bears_false_positive: Text | None = None
    bears_false_negative: Text | None = None
    people: Flag = True


class Costs(Part):
    false_positive: Number = Field(ge=0)
    false_negative: Number = Field(ge=0)
    unit: Text


class UsePart(Part):
    volume_per_year: Whole | None = Field(default=None, gt=0)
    costs: Costs | None = None


class TaskPart(Part):
    kind: TaskKind
    label: ColumnName
    positive: Scalar | None = None
    score: ColumnName | None = None
    score_prefix: ColumnName | None = None
    scores: dict[str, ColumnName] = {}
    score_kind: Literal["probability", "rank"] = "probability"
    prediction: ColumnName | None = None
    threshold: Number | None = None
    favourable: Scalar | None = None
    unit: str | None = None


class DataFile(Part):
    path: Text
    period: str | None = None
    source: str | None = None
    licence: str | None = None
    sha256: Sha256 | None = None


class JoinFile(DataFile):
    on: ColumnName


class SensitiveColumn(Part):
    column: ColumnName
    bands: tuple[Edge, ...] | None = None


class ColumnPart(Part):
    words: Text | None = None
    unit: str | None = None
    bands: tuple[Edge, ...] | None = None
    levels: dict[str, Text] = {}
    ordered: Flag = False
    immutable: Flag | None = None
    monotone: Literal["increasing", "decreasing"] | None = None
    min: Number | None = None
    max: Number | None = None


class DataPart(Part):
    evaluation: DataFile
    join: tuple[JoinFile, ...] = ()
    training: DataFile | None = None
    reference: DataFile | None = None
    current: DataFile | None = None
    id: ColumnName | None = None
    cluster: ColumnName | None = None
    weight: ColumnName | None = None
    time: ColumnName | None = None
    windows: Literal["month", "quarter", "year"] | tuple[Day, ...] | None = None
    sensitive: tuple[ColumnName | SensitiveColumn, ...] = ()
    features: tuple[ColumnName, ...] | None = None
    columns: dict[str, ColumnPart] = {}
    min_group: Whole = Field(default=MIN_GROUP, ge=10)


class LocalLaw144Part(Part):
    """The choices that the bias audit of New York City's Local Law 144 leaves open."""

    sex: ColumnName
    race_ethnicity: ColumnName
    measure: Literal["selection", "score"] = "selection"
    exclude_below: Number | None = Field(default=None, gt=0, le=0.02)
    exclude_base: Literal["known", "all"] = "known"
    justification: Text | None = None
    median_sample: Literal["all", "known"] = "all"
    data_type: Literal["historical", "test"] = "historical"
    data_explanation: Text | None = None
    tool_name: Text | None = None
    distribution_date: Day | None = None
    independence_statement: Text | None = None

    @model_validator(mode="after")
    def _says_why_it_leaves_out(self) -> LocalLaw144Part:
        if self.exclude_below is not None and self.justification is None:
            raise ValueError("needs justification: why categories with so few people are left out of the comparison")
        return self


class FairnessPart(Part):
    """What the comparison of groups may take into account, and the tables it owes."""

    legitimate: tuple[ColumnName | SensitiveColumn, ...] = ()
    three_way: Flag = True
    nyc_ll144: LocalLaw144Part | None = None


class ComparePart(Part):
    version: Text
    score: ColumnName | None = None
    score_prefix: ColumnName | None = None
    scores: dict[str, ColumnName] = {}
    prediction: ColumnName | None = None
    threshold: Number | None = None

    @model_validator(mode="after")
    def _has_something_to_compare(self) -> ComparePart:
        if self.prediction is None and self.score is None and self.score_prefix is None and not self.scores:
            raise ValueError("needs score or prediction: the column with the earlier model's answer on the same rows")
        return self


class GapPart(Part):
    by: ColumnName | tuple[ColumnName, ...]
    kind: Literal["difference", "ratio"] = "difference"
    against: Scalar = "extremes"


class CriterionPart(Part):
    id: Identifier
    question: Text | None = None
    metric: Text
    class_: Scalar | None = Field(default=None, alias="class")
    population: dict[ColumnName, Level | tuple[Level, ...]] = {}
    gap: GapPart | None = None
    against: Text | None = None
    under: dict[str, Scalar] | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    why: str | None = None
    blocking: Flag = False

    @model_validator(mode="after")
    def _has_a_limit(self) -> CriterionPart:
        if self.at_least is None and self.at_most is None:
            raise ValueError("needs a limit: at_least, at_most, or both for a band")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least {self.at_least:g} is above at_most {self.at_most:g}, so nothing can meet it")
        return self


class Assumption(Part):
    statement: Text
    kind: Literal["data", "statistical", "operational", "legal", "human"] = "data"
    if_wrong: str | None = None


class Limitation(Part):
    statement: Text
    affects: str | None = None
    control: str | None = None


class SettingsPart(Part):
    level: Number = Field(default=0.95, ge=0.5, le=0.999)
    resamples: Whole = Field(default=1024, ge=64, le=65_536)
    seed: Whole = Field(default=7, ge=0, le=2**32 - 1)
    threads: Whole = Field(default=2, ge=1, le=64)
    keep_rows: Flag = True
    keep_model: Flag = False


class GovernancePart(Part):
    jurisdictions: tuple[Text, ...] = ()
    role: str | None = None
    domain: str | None = None
    independent: Flag | None = None
    evaluator: str | None = None


class Plan(Part):
    """A whole plan. Frozen; paths are as written, relative to the plan's folder."""

    plan_version: Literal[1]
    plan: Identifier
    title: Text
    question: Text | None = None
    agreed_with: tuple[Text, ...] = ()
    stage: Literal["before release", "in use", "after change"] = "before release"
    model: ModelPart
    words: WordsPart | None = None
    use: UsePart = UsePart()
    task: TaskPart
    data: DataPart
    fairness: FairnessPart = FairnessPart()
    compare_with: ComparePart | None = None
    policy: str | None = None
    criteria: tuple[CriterionPart, ...] = ()
    claims: tuple[dict[str, Scalar], ...] = ()
    refit: dict[str, str] | None = None
    analyses: Literal["all"] | tuple[Text, ...] = "all"
    stress: dict[str, object] | None = None
    assumptions: tuple[Assumption, ...] = ()
    limitations: tuple[Limitation, ...] = ()
    settings: SettingsPart = SettingsPart()
    governance: GovernancePart = GovernancePart()
