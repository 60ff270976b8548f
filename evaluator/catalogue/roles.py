"""Who may do what. A role holds everything of the roles before it that its entry names."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address


@dataclass(frozen=True, slots=True)
class Role:
    """`sees_drafts`, `sees_people` (row ids, counts below ten), `explores` (what-if), `decides` (records decisions).

    `starts_jobs`: may start work that calls the model, read its result and cancel it.
    """

    name: str
    meaning: str
    sees_drafts: bool = False
    sees_people: bool = False
    explores: bool = False
    decides: bool = False
    starts_jobs: bool = False


ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        Role("viewer", "reads released runs: decisions and evidence, no figure about fewer than ten people"),
        Role(
            "evaluator",
            "reads drafts too, asks what-if questions, sees people's rows, calls the model",
            sees_drafts=True,
            sees_people=True,
            explores=True,
            starts_jobs=True,
        ),
        Role("decider", "reads released runs and records decisions", explores=True, decides=True),
    )
}


def combined(names: tuple[str, ...]) -> Role:
    """What several roles allow together."""
    held = [ROLES[name] for name in names]
    return Role(
        "+".join(names), "", any(role.sees_drafts for role in held), any(role.sees_people for role in held),
        any(role.explores for role in held), any(role.decides for role in held),
        any(role.starts_jobs for role in held),
    )  # fmt: skip


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach an address; a name other than localhost counts as reachable."""
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
