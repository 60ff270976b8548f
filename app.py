"""The landing page: the brief of the run in the link, its meeting when presenting, else the portfolio."""

from pages.parts import shell

page = shell.open_page("app")

if page.run_id is None:
    from pages.parts import portfolio

    page.show(portfolio.draw)
elif page.presenting:
    from pages.parts import meeting

    page.show(meeting.draw)
else:
    from pages.parts import brief

    page.show(brief.draw)
