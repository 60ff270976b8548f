"""What if we ask about other people, or another cut-off?"""

from pages.parts import recompute, shell

page = shell.open_page("recompute")
page.show(recompute.draw)
