"""What axe-core says of a page: nothing serious may be wrong on it, folded parts and the end of a long page included."""

from __future__ import annotations

from importlib.resources import files

from driver import MAIN, Watched

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN_AXE = "() => axe.run(document, {resultTypes: ['violations'], preload: false})"
GRAVE = ("serious", "critical")
UNFOLD = """() => document.querySelectorAll('details:not([open]) > summary').forEach(summary => summary.click())"""
UNFOLDED = "() => [...document.querySelectorAll('details')].every(part => part.open)"
AT_REST = "() => document.getAnimations().every(motion => motion.playState !== 'running')"
HEIGHT = "node => node.scrollHeight"


def lay_open(visitor: Watched, width: int) -> None:
    """Unfold what is folded, and make the window as tall as the page: axe-core passes over text scrolled out of sight."""
    visitor.page.evaluate(UNFOLD)
    visitor.page.wait_for_function(UNFOLDED)
    visitor.wait().page.wait_for_function(AT_REST)
    height = int(visitor.page.eval_on_selector(MAIN, HEIGHT))
    visitor.page.set_viewport_size({"width": width, "height": height})
    visitor.wait().page.wait_for_function(AT_REST)


def violations(visitor: Watched) -> list[str]:
    """Every serious or critical finding of axe-core: the rule, where, and what is wrong."""
    visitor.page.evaluate(AXE)
    found = visitor.page.evaluate(RUN_AXE)["violations"]
    return [
        f"{rule['id']} ({rule['impact']}) at {node['target']}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if node["impact"] in GRAVE
    ]


def check(visitor: Watched, *where: object) -> None:
    """Fail with every violation of the page that is open."""
    found = violations(visitor)
    assert not found, "\n".join([f"{len(found)} violations on {where}", *found])
