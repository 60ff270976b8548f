"""What does each number mean?"""

from pages.parts import methods, shell

page = shell.open_page("methods")
page.show(methods.draw)
