"""How sphinx-gallery runs the scripts: its settings, a fresh start for each, figures, the order of the pages."""
