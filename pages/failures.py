"""Where does it fail, and why?"""

from pages.parts import failures, shell

page = shell.open_page("failures")
page.show(failures.draw)
