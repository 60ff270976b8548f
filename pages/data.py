"""Can we trust the data, and what was tested?"""

from pages.parts import data, shell

page = shell.open_page("data")
page.show(data.draw)
