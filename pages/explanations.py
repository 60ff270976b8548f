"""What does the score lean on?"""

from pages.parts import explanations, shell

page = shell.open_page("explanations")
page.show(explanations.draw)
