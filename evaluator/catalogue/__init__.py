"""What exists: metrics, analyses, pages, statuses, finding codes, settings. Pure data, standard library only."""
