"""The style sheet of an HTML document, for screens and for paper."""

from __future__ import annotations

from evaluator.catalogue.palette import LIGHT
from evaluator.report.chart_text import font_family

SERIF = "'Source Serif 4','Source Serif',Georgia,'Times New Roman',serif"


def style_sheet(running: str) -> str:
    """The rules; `running` stands at the foot of every printed page."""
    foot = css_string(running)
    return f"{_screen()}\n{_PAPER.replace('FOOT', foot)}"


def css_string(content: str) -> str:
    """A quoted string of CSS in which nothing but letters, digits and spaces stands as it is."""
    kept = "".join(
        char if char.isascii() and (char.isalnum() or char == " ") else f"\\{ord(char):x} " for char in content
    )
    return f'"{kept}"'


def _screen() -> str:
    names = {"INK": LIGHT.ink, "MUTED": LIGHT.muted, "LINE": LIGHT.line, "RAISED": LIGHT.raised, "ACCENT": LIGHT.accent,
             "SANS": font_family(), "SERIF": SERIF}  # fmt: skip
    sheet = _SCREEN
    for name, value in names.items():
        sheet = sheet.replace(name, value)
    return sheet


_SCREEN = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: #fff; color: INK; font: 1rem/1.55 SANS; font-variant-numeric: tabular-nums; }
main, header, footer { max-width: 46rem; margin: 0 auto; padding: 0 1.25rem; overflow-wrap: anywhere; }
header { padding-top: 2rem; }
footer { padding-bottom: 3rem; margin-top: 3rem; border-top: 1px solid LINE; color: MUTED; font-size: .85rem; }
h1, h2, h3 { font-family: SERIF; font-weight: 600; line-height: 1.25; text-wrap: balance; }
h1 { font-size: clamp(1.6rem, 4.5vw, 2.2rem); margin: .2rem 0 1rem; letter-spacing: -.01em; }
h2 { font-size: 1.5rem; margin: 2.6rem 0 .7rem; padding-top: 1.1rem; border-top: 1px solid LINE; }
h3 { font-size: 1.15rem; margin: 1.7rem 0 .45rem; }
h4 { font-size: 1rem; margin: 1.3rem 0 .3rem; line-height: 1.4; }
.brief h2 { font-size: 1.2rem; margin: 1.3rem 0 .5rem; padding-top: .9rem; }
p { margin: 0 0 .7rem; }
.state { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .85rem; color: MUTED; }
.state strong { color: INK; }
.state .draft, .state .withdrawn, .state .superseded { border: 2px solid INK; padding: 0 .5rem; }
.kicker { font-size: .85rem; color: MUTED; margin: 0 0 .2rem; }
.answer { font: 600 1.3rem/1.4 SERIF; margin-bottom: .8rem; }
.lead { font-size: 1.08rem; }
.note, .how { font-size: .88rem; color: MUTED; }
nav { background: RAISED; padding: .9rem 1.2rem; margin: 1rem 0 0; }
nav ol { margin: .3rem 0 0; padding-left: 1.4rem; columns: 2; column-gap: 2rem; }
nav a { color: INK; display: inline-block; padding: .12rem 0; }
a:focus-visible, .scroll:focus-visible, summary:focus-visible { outline: 2px solid ACCENT; outline-offset: 2px; }
.items { padding-left: 1.1rem; margin: 0 0 1rem; }
.items li { margin-bottom: .7rem; }
.sides .items, section[id^="s-requirement-"] > .items { list-style: none; padding-left: 0; }
.lead-words, .said, .add { display: block; }
.status { display: inline-flex; align-items: center; gap: .35rem; font-weight: 600; font-size: .92rem; }
.add { font-size: .88rem; }
code { font-size: .92em; background: RAISED; padding: .05rem .3rem; border-radius: 3px; white-space: pre-wrap; }
dl { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: .3rem 1.2rem; margin: 0 0 1rem; }
dt { color: MUTED; }
dd { margin: 0; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2.2rem; margin: .4rem 0 1rem; }
.sides h2, .sides h3 { font-size: 1.1rem; margin: .6rem 0 .5rem; padding: 0 0 .3rem; border: 0; border-bottom: 2px solid INK; }
.badges { list-style: none; margin: 0 0 1rem; padding: .8rem 1.1rem; background: RAISED; font-size: .92rem; }
.badges li { margin: 0 0 .25rem; }
.badges .attention { border-left: 3px solid INK; padding-left: .6rem; margin-left: -.7rem; }
.missing { margin: 0 0 .8rem; padding: .55rem .9rem .6rem 1.4rem; background: repeating-linear-gradient(135deg, MUTED 0 1.5px, #fff 1.5px 6px) left / .55rem 100% no-repeat; border: 1px solid LINE; }
.missing .kicker { display: block; text-transform: uppercase; letter-spacing: .05em; font-size: .72rem; }
.scroll { overflow-x: auto; margin: 0 0 1.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; line-height: 1.4; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid LINE; font-weight: 400; min-width: 4rem; overflow-wrap: break-word; }
.long { overflow-wrap: anywhere; }
td:empty { height: 2rem; }
thead th { font-weight: 600; border-bottom: 1.5px solid INK; }
.number { text-align: right; }
figure { margin: .9rem 0 1.3rem; }
figcaption strong, .how { display: block; }
figcaption { margin-bottom: .4rem; }
figure svg { max-width: 100%; height: auto; display: block; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .6rem 1.8rem; }
.pair figure { margin: .4rem 0 .8rem; min-width: 0; }
.narrow { display: none; }
details { font-size: .88rem; margin-top: .3rem; }
summary { cursor: pointer; color: MUTED; padding: .15rem 0; }
@media (max-width: 640px) {
  .sides, .pair, dl { grid-template-columns: minmax(0, 1fr); }
  dl { gap: 0; } dd { margin-bottom: .5rem; }
  nav ol { columns: 1; }
  .wide { display: none; } .narrow { display: block; }
}
""".strip()

_PAPER = """
@page { size: A4; margin: 16mm 17mm 20mm;
  @bottom-left { content: FOOT; font: 7.5pt sans-serif; color: #333; width: 85%; text-align: left; vertical-align: top; padding-top: 3mm; }
  @bottom-right { content: counter(page) " of " counter(pages); font: 7.5pt sans-serif; color: #333; vertical-align: top; padding-top: 3mm; } }
@media print {
  html { font-size: 10pt; } html.brief { font-size: 8.8pt; }
  body { line-height: 1.42; } .brief body { line-height: 1.36; }
  main, header, footer { max-width: none; padding: 0; }
  header { padding-top: 0; }
  footer { margin-top: 1.2rem; padding: .4rem 0 0; }
  h1 { font-size: 18pt; } h2 { font-size: 14pt; margin-top: 1.5rem; padding-top: .8rem; } h3 { font-size: 11.5pt; margin-top: 1.1rem; } h4 { font-size: 10.5pt; margin-top: .8rem; }
  h1, h2, h3, h4, caption { break-after: avoid; }
  figure, .missing, .items li, tr, .badges, .badges li, .sides li { break-inside: avoid; }
  p { orphans: 3; widows: 3; margin-bottom: .5rem; }
  nav { break-inside: avoid; background: none; border: 1px solid #999; }
  nav a { text-decoration: none; }
  .new-page { break-before: page; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; } th, td { padding: .15rem .5rem .15rem 0; min-width: 0; }
  details { display: none; }
  .wide { display: block; } .narrow { display: none; }
  .pair { grid-template-columns: 1fr 1fr; }
  .sides { grid-template-columns: 1fr 1fr; } dl { grid-template-columns: 9.5rem minmax(0, 1fr); }
  figure.full svg { max-height: 95mm; }
  .brief h1 { font-size: 15pt; margin-bottom: .4rem; } .brief .answer { font-size: 11.5pt; margin-bottom: .4rem; }
  .brief h2 { font-size: 11pt; margin: .5rem 0 .3rem; padding-top: .4rem; }
  .brief .items li { margin-bottom: .3rem; } .brief .items { margin-bottom: .3rem; } .brief figure { margin: .3rem 0; }
  .badges { columns: 2; column-gap: 2rem; padding: .5rem 1.1rem; }
}
""".strip()
