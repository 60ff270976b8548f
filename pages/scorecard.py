"""How well does it work?"""

from pages.parts import scorecard, shell

page = shell.open_page("scorecard")
page.show(scorecard.draw)
