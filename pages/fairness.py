"""For whom does it work less well?"""

from pages.parts import fairness, shell

page = shell.open_page("fairness")
page.show(fairness.draw)
